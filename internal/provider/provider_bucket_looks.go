// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// bucketLooks looks at the buckets of written jobs, once for each bucket and run. COS accepts a job
// whose destination does not exist, and never delivers. It accepts a job in a bucket with metadata
// acceleration, and never shows it.
type bucketLooks struct {
	wait       time.Duration // for a destination, once a job is written
	sourceWait time.Duration // for the source bucket, before a job is created

	mu   sync.Mutex
	seen map[cos.Bucket]*bucketLook
}

// bucketLook is the look at one bucket.
type bucketLook struct {
	bucket cos.Bucket
	done   chan struct{}
	told   sync.Once

	// Once done is closed. Both are false if the bucket could not be looked at.
	isMissing, isOFS bool
}

// maxBucketLook bounds a look, after which nothing is known.
const maxBucketLook = 10 * time.Second

// start begins to look at a bucket, unless this run has done so, and returns at once.
func (l *bucketLooks) start(ctx context.Context, client *cos.Client, bucket cos.Bucket) *bucketLook {
	l.mu.Lock()
	defer l.mu.Unlock()
	if look, ok := l.seen[bucket]; ok {
		return look
	}
	look := &bucketLook{bucket: bucket, done: make(chan struct{})}
	if l.seen == nil {
		l.seen = map[cos.Bucket]*bucketLook{}
	}
	l.seen[bucket] = look
	go look.run(context.WithoutCancel(ctx), client) // later jobs need the result too
	return look
}

// startDestination is start for a job's destination. It returns nil for a text that names no
// bucket, and for the source bucket itself, which is there.
func (l *bucketLooks) startDestination(ctx context.Context, client *cos.Client, job cos.Job, destination string) *bucketLook {
	bucket, err := cos.ParseBucketQCS(destination)
	if err != nil || bucket == job.Bucket {
		return nil
	}
	return l.start(ctx, client, bucket)
}

func (l *bucketLook) run(ctx context.Context, client *cos.Client) {
	defer close(l.done)
	ctx, cancel := context.WithTimeout(ctx, maxBucketLook)
	defer cancel()
	info, err := client.HeadBucket(ctx, l.bucket)
	l.isOFS = info.IsOFS
	// Behind a domain that does not tell its region, the bucket may be in another one.
	l.isMissing = cos.IsNoSuchBucket(err) && !client.HidesRegion()
	if err != nil && !l.isMissing {
		logBucketLook(ctx, l.bucket, err)
	}
}

// checkSource refuses a job in a bucket with metadata acceleration. A look that fails, or does not
// end in time, changes nothing.
func (l *bucketLooks) checkSource(ctx context.Context, client *cos.Client, job cos.Job) (diags diag.Diagnostics) {
	look := l.start(ctx, client, job.Bucket)
	timer := time.NewTimer(l.sourceWait)
	defer timer.Stop()
	select {
	case <-look.done:
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return nil // the next call ends with the reason
	}
	if look.isOFS {
		diags.Append(bucketIsOFS(job))
	}
	return diags
}

// warning warns, once for each bucket, if the destination of a written job does not exist. It waits
// only a moment for the result: a later job with the same destination can still warn.
func (l *bucketLooks) warning(look *bucketLook, job cos.Job) (diags diag.Diagnostics) {
	if look == nil {
		return nil
	}
	timer := time.NewTimer(l.wait)
	defer timer.Stop()
	select {
	case <-look.done:
	case <-timer.C:
		return nil
	}
	if look.isMissing {
		look.told.Do(func() { diags.Append(destinationMissing(job, look.bucket)) })
	}
	return diags
}
