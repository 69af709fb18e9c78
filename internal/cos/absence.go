// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"fmt"
	"time"
)

// FindInventory is [Client.GetInventory] for a caller that forgets a job whose bucket is gone. It
// returns NoSuchBucket only after COS has returned it for Config.Settle.
func (c *Client) FindInventory(ctx context.Context, job Job) (Inventory, error) {
	return c.findInventory(ctx, job, c.config.Settle)
}

// FindInNewBucket is [Client.GetInventory] for a job that is about to be created. It returns
// NoSuchBucket only after COS has returned it for Config.NewBucket.
func (c *Client) FindInNewBucket(ctx context.Context, job Job) (Inventory, error) {
	return c.findInventory(ctx, job, c.config.NewBucket)
}

func (c *Client) findInventory(ctx context.Context, job Job, patience time.Duration) (inv Inventory, err error) {
	err = c.insist(ctx, job.Bucket, patience, func() error {
		inv, err = c.GetInventory(ctx, job)
		return err
	})
	return inv, err
}

// insist repeats a call while COS returns NoSuchBucket, until it is believed. A single response may
// be wrong: a failure may pass, and a new bucket may not be known everywhere yet.
func (c *Client) insist(ctx context.Context, bucket Bucket, patience time.Duration, call func() error) error {
	b := c.shared(bucket)
	var last error
	err := c.poll(ctx, func() (bool, error) {
		last = call()
		return !IsNoSuchBucket(last) || b.isMissingFor(patience), nil
	})
	if err != nil {
		return fmt.Errorf("COS returned NoSuchBucket, and was to be asked again: %w", err)
	}
	if !IsNoSuchBucket(last) {
		b.isThere()
	}
	return last
}

// maxAbsenceGap is above every pause of [Client.insist]. Without a response for so long, the bucket
// may have been created meanwhile.
const maxAbsenceGap = 10 * time.Second

// isMissingFor records that COS returned NoSuchBucket, and reports whether it has returned nothing
// else for as long as patience. The jobs of a bucket share that time: many jobs wait once.
func (b *sharedBucket) isMissingFor(patience time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if now.Sub(b.missingLast) > maxAbsenceGap {
		b.missingSince = now
	}
	b.missingLast = now
	return now.Sub(b.missingSince) >= patience
}

// isThere records that COS returned something else.
func (b *sharedBucket) isThere() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.missingLast = time.Time{}
}
