// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

const (
	// destinationWait is how long a written job waits for the look at its destination, which has
	// begun before the write.
	destinationWait = 500 * time.Millisecond
	// sourceWait is how long a create waits for the look at its bucket, beyond its own read.
	sourceWait = time.Second
	// maxBucketLook bounds the look at a bucket, after which nothing is known of it.
	maxBucketLook = 10 * time.Second
	// maxPlanLook bounds all looks of a plan at the jobs of one bucket, and each look at a job at stake.
	maxPlanLook = 2 * time.Second
	// maxPlanLooks is how many of them are made at a time.
	maxPlanLooks = 32
	// maxSilentLooks is how many buckets in a row may give no answer: a plan without a network ends
	// soon.
	maxSilentLooks = 3
)

// bucketLooks looks at buckets for plans and writes, which do not depend on it: a look that fails
// changes nothing.
type bucketLooks struct {
	client          *cos.Client
	destinationWait time.Duration
	slots           chan struct{} // of the plans

	mu      sync.Mutex
	buckets map[cos.Bucket]*lookedAt
	silent  int // buckets in a row that gave no answer
}

// lookedAt is a bucket that was looked at.
type lookedAt struct {
	head         *bucketLook // under way, or of a bucket that is there
	isToldAbsent bool        // a warning has named it
	isToldExtra  bool        // a warning has named elements of its jobs
	until        time.Time   // the end of a plan's looks
	isSkipped    bool        // a plan's look has failed
	isUnlisted   bool        // COS refuses LIST
}

func newBucketLooks(client *cos.Client, wait time.Duration) *bucketLooks {
	return &bucketLooks{client: client, destinationWait: wait, slots: make(chan struct{}, maxPlanLooks), buckets: map[cos.Bucket]*lookedAt{}}
}

// change reads or changes what is known of a bucket.
func (l *bucketLooks) change(bucket cos.Bucket, change func(*lookedAt)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[bucket]
	if b == nil {
		b = &lookedAt{}
		l.buckets[bucket] = b
	}
	change(b)
}

// bucketLook is a look at one bucket, with HEAD.
type bucketLook struct {
	bucket cos.Bucket
	done   chan struct{}
	// Once done is closed. Both are false if the bucket could not be looked at.
	isMissing, isOFS bool
}

// start begins to look at a bucket, and returns at once. The result holds for the run, unless the
// bucket is missing, or has to be made again for another kind of bucket: that may happen meanwhile.
func (l *bucketLooks) start(ctx context.Context, bucket cos.Bucket) (look *bucketLook) {
	l.change(bucket, func(b *lookedAt) {
		if b.head == nil {
			b.head = &bucketLook{bucket: bucket, done: make(chan struct{})}
			go l.run(outliving(ctx), b.head) // other jobs need the result too
		}
		look = b.head
	})
	return look
}

func (l *bucketLooks) run(ctx context.Context, look *bucketLook) {
	defer close(look.done)
	ctx, cancel := context.WithTimeout(ctx, maxBucketLook)
	defer cancel()
	info, err := l.client.HeadBucket(ctx, look.bucket)
	look.isOFS = info.IsOFS
	// Behind a domain that does not tell its region, the bucket may be in another one.
	look.isMissing = cos.IsNoSuchBucket(err) && !l.client.HidesRegion()
	if look.isMissing || look.isOFS {
		l.change(look.bucket, func(b *lookedAt) { b.head = nil })
	}
	if err != nil && !look.isMissing {
		logBucketLook(ctx, look.bucket, err)
	}
}

// isDone waits for the look, for so long at most.
func (l *bucketLook) isDone(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-l.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// refusal refuses a job in a bucket with metadata acceleration: COS accepts such a job, and never
// shows it.
func (l *bucketLook) refusal(ctx context.Context, job cos.Job) (diags diag.Diagnostics) {
	if l.isDone(ctx, sourceWait) && l.isOFS {
		diags.Append(bucketIsOFS(job))
	}
	return diags
}

// startDestination is start for a job's destination. It returns nil for a text that names no bucket,
// for the source bucket itself, which is there, and for a bucket that a warning has named.
func (l *bucketLooks) startDestination(ctx context.Context, job cos.Job, destination string) *bucketLook {
	bucket, err := cos.ParseBucketQCS(destination)
	isToldAbsent := false
	l.change(bucket, func(b *lookedAt) { isToldAbsent = b.isToldAbsent })
	if err != nil || bucket == job.Bucket || isToldAbsent {
		return nil
	}
	return l.start(ctx, bucket)
}

// warning warns, once for each bucket, if the destination of a written job does not exist: COS
// accepts such a job, and never delivers. It waits only a moment for the result: a later job with
// the same destination can still warn.
func (l *bucketLooks) warning(look *bucketLook, job cos.Job) (diags diag.Diagnostics) {
	// The write has succeeded, so the end of its context does not matter.
	if look == nil || !look.isDone(context.Background(), l.destinationWait) || !look.isMissing {
		return nil
	}
	l.change(look.bucket, func(b *lookedAt) {
		if !b.isToldAbsent {
			b.isToldAbsent = true
			diags.Append(destinationMissing(job, look.bucket))
		}
	})
	return diags
}

// extraLost warns, once for each bucket, of elements beside a job's settings that the planned change
// would remove. COS may show such elements of every job.
func (l *bucketLooks) extraLost(job cos.Job, names []string) (diags diag.Diagnostics) {
	if len(names) == 0 {
		return nil
	}
	l.change(job.Bucket, func(b *lookedAt) {
		if !b.isToldExtra {
			b.isToldExtra = true
			diags.Append(extraLost(job, names, max(1, l.client.CountExtra(job.Bucket))))
		}
	})
	return diags
}

var errNoLook = errors.New("no look is made at the bucket")

// find returns a job that a plan is to create, if COS has it already, or an error for which COS would
// refuse the apply too, once for each bucket. The bucket's shared LIST result says which jobs are
// worth a GET, which proves them. If a job is at stake, LIST is not asked: it may not show the job.
func (l *bucketLooks) find(ctx context.Context, job cos.Job, isAtStake bool) (held *cos.Inventory, refusal error) {
	held, err := l.look(ctx, job, isAtStake)
	if cos.IsNoSuchJob(err) {
		err = nil
	}
	failure, _ := errors.AsType[*cos.Error](err)
	isAnswer, isFirst := failure != nil && failure.Status != 0, false
	l.change(job.Bucket, func(b *lookedAt) {
		switch isFirst = !b.isSkipped; {
		case errors.Is(err, errNoLook) || ctx.Err() != nil:
			return
		case err == nil || isAnswer:
			l.silent = 0
		case isFirst:
			l.silent++
		}
		b.isSkipped = b.isSkipped || err != nil
	})
	if err == nil {
		return held, nil
	}
	logPlanLook(ctx, job.Bucket, err)
	if isFirst && isAnswer && failure.Code != "" && !failure.IsPassing() {
		return nil, err
	}
	return nil, nil
}

func (l *bucketLooks) look(caller context.Context, job cos.Job, isAtStake bool) (*cos.Inventory, error) {
	var b lookedAt
	isSilent := false
	l.change(job.Bucket, func(known *lookedAt) {
		if known.until.IsZero() {
			known.until = time.Now().Add(maxPlanLook)
		}
		b, isSilent = *known, l.silent >= maxSilentLooks
	})
	if isAtStake { // whatever the bucket's other looks took, and came to
		b.until, b.isSkipped = time.Now().Add(maxPlanLook), false
	} else {
		caller = cos.Once(caller)
	}
	if b.isSkipped || isSilent {
		return nil, errNoLook
	}
	ctx, cancel := context.WithDeadline(caller, b.until)
	defer cancel()
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return nil, errNoLook
	}
	if !isAtStake && !b.isUnlisted {
		found, err := l.client.FindListed(ctx, job)
		switch {
		case cos.IsDenied(err) || cos.IsUnsupported(err): // of LIST alone: the job's GET may be allowed
			l.change(job.Bucket, func(b *lookedAt) { b.isUnlisted = true })
		case errors.Is(err, cos.ErrNotListed): // since it failed for a refresh
		case err != nil || !found:
			return nil, err
		}
	}
	inv, err := l.client.GetInventory(ctx, job)
	if err != nil {
		return nil, err
	}
	return &inv, nil
}
