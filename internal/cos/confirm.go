// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxListingAge is how long a LIST result is used.
	maxListingAge = 30 * time.Second

	// maxFirstLook bounds the look of a bucket's first job, which could have its GET at once.
	maxFirstLook = 10 * time.Second
)

// ConfirmInventory reports whether a LIST result shows a job as known from an earlier read, without
// unsupported settings, and what it shows besides. If it does not, nothing is proved: call
// GetInventory.
//
// The jobs of a bucket share one LIST result, which has a hundred of them in one response. The
// first call for a bucket reads one page only, unless another call comes meanwhile: further pages
// are for the bucket's other jobs.
func (c *Client) ConfirmInventory(ctx context.Context, job Job, known Inventory) (extra []string, ok bool) {
	b := c.shared(job.Bucket)
	b.refreshes.Add(1)
	listed, found, err := b.find(ctx, job.ID, func() bool { return b.refreshes.Load() == 1 })
	return listed.Extra, err == nil && found && len(listed.Unmodelled) == 0 && listed.Spelled(known).Equal(known)
}

// CountExtra counts the jobs that the bucket's LIST result shows, as far as it was read, with
// elements beside their settings.
func (c *Client) CountExtra(bucket Bucket) (n int) {
	b := c.shared(bucket)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current != nil {
		for _, inv := range b.current.jobs {
			if len(inv.Extra) > 0 {
				n++
			}
		}
	}
	return n
}

// FindListed looks for a job that is to be created in the LIST result that the jobs of its bucket
// share. A job that is found may be gone since; one that is not found may exist: call GetInventory.
// With a context of [Once], an error has no effect on the calls after it.
func (c *Client) FindListed(ctx context.Context, job Job) (found bool, err error) {
	_, found, err = c.shared(job.Bucket).find(ctx, job.ID, func() bool { return false })
	return found, err
}

// shared returns what the jobs of the bucket share.
func (c *Client) shared(bucket Bucket) *sharedBucket {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.buckets[bucket]
	if !ok {
		b = &sharedBucket{client: c, bucket: bucket, written: map[string]bool{}, absences: map[absence]spell{}}
		c.buckets[bucket] = b
	}
	return b
}

// ErrNotListed is the error of a job that no LIST result may show. Nothing was sent for it.
var ErrNotListed = errors.New("the job's bucket is not listed, or the job was written by this process")

// sharedBucket is a bucket whose jobs share a LIST result.
type sharedBucket struct {
	client *Client
	bucket Bucket

	refreshes atomic.Int64 // jobs that were to be confirmed

	mu       sync.Mutex
	written  map[string]bool // jobs that a LIST result may show as they were before the write
	unlisted bool            // LIST has failed, and is not called again
	current  *listing
	absences map[absence]spell
}

// listing is a LIST result that is read page by page, as far as a caller needs it. Its bucket's
// mutex guards what has no other guard.
//
// The readers are not those of golang.org/x/sync/singleflight: the others must outlive one that is
// cancelled, wait no longer than their own contexts, and go on behind its page.
type listing struct {
	started time.Time
	turn    chan struct{} // whoever has put its token in reads the next page
	pages   pagination    // for the holder of the turn
	jobs    map[string]Inventory
	isRead  bool // a page, at least
	isWhole bool
}

// markWritten permanently excludes a job from shared LIST results: a page may be older than the
// write.
func (b *sharedBucket) markWritten(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.written[id] = true
}

// listing returns a LIST result that may confirm the job, a new one if necessary, or nil.
func (b *sharedBucket) listing(id string) *listing {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.unlisted || b.written[id] {
		return nil
	}
	if b.current == nil || time.Since(b.current.started) > maxListingAge {
		l := &listing{started: time.Now(), turn: make(chan struct{}, 1), jobs: map[string]Inventory{}}
		l.pages.share = b.client.budget.share(ListInventories)
		time.AfterFunc(maxListingAge+time.Second, func() { b.drop(l) })
		b.current = l
	}
	return b.current
}

// drop frees the memory of a LIST result that is too old, once nobody reads a page of it.
func (b *sharedBucket) drop(l *listing) {
	l.turn <- struct{}{}
	b.mu.Lock()
	if b.current == l {
		b.current = nil
	}
	l.jobs, l.isWhole = nil, true
	b.mu.Unlock()
	l.pages.share.close()
	<-l.turn
}

// find looks a job up in the current LIST result. It reads pages until one has the job, or there are
// no more; while the caller is alone, only one. After an error, nothing is known about the job.
func (b *sharedBucket) find(caller context.Context, id string, isAlone func() bool) (inv Inventory, found bool, err error) {
	l := b.listing(id)
	if l == nil {
		return Inventory{}, false, ErrNotListed
	}
	ctx, cancel := halfOf(caller)
	defer cancel()
	isDone := func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.unlisted {
			err = ErrNotListed
		}
		inv, found = l.jobs[id]
		return err != nil || found || l.isWhole || l.isRead && isAlone()
	}
	for err == nil && !isDone() {
		select {
		case <-ctx.Done():
			err = b.failed(caller, ctx.Err())
		case l.turn <- struct{}{}:
			if !isDone() {
				err = b.failed(caller, b.readPage(ctx, l, isAlone))
			}
			<-l.turn
		}
	}
	if err == nil && b.listing(id) != l { // a write meanwhile, or its age, made the result useless
		err = ErrNotListed
	}
	return inv, found, err
}

// halfOf leaves half of the time for what follows a LIST, if that hangs.
func halfOf(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithTimeout(ctx, time.Until(deadline)/2)
	}
	return ctx, func() {}
}

// readPage reads the next page. Only the holder of the turn calls it. A page that was read is kept,
// even if the reader's context has ended meanwhile: the next reader continues after it.
func (b *sharedBucket) readPage(ctx context.Context, l *listing, isAlone func() bool) error {
	if isAlone() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, maxFirstLook)
		defer cancel()
	}
	page, err := l.pages.next(ctx, b.client, b.bucket)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, job := range page {
		if job.unreadable == nil {
			l.jobs[job.ID] = job.Inventory
		}
	}
	l.isRead, l.isWhole = true, l.pages.complete
	return nil
}

// failed returns the error of a look, if there is one. Unless the error is the caller's own, LIST is
// not called again for the bucket: one that hangs must not cost the next job its time, too.
func (b *sharedBucket) failed(caller context.Context, err error) error {
	if err == nil || caller.Err() != nil || isOnce(caller) {
		return err
	}
	b.mu.Lock()
	isFirst := !b.unlisted
	if b.current != nil {
		b.current.pages.share.close()
	}
	b.unlisted, b.current = true, nil
	b.mu.Unlock()
	if isFirst {
		b.client.config.ListingFailed(caller, b.bucket, err)
	}
	return err
}
