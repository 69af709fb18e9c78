// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// destinationLooks looks whether the destinations of written jobs exist, once for each bucket and
// run. COS accepts a job whose destination does not exist, and never delivers.
type destinationLooks struct {
	wait time.Duration // for a result, once a job is written

	mu   sync.Mutex
	seen map[cos.Bucket]*destinationLook
}

// destinationLook is the look at one bucket.
type destinationLook struct {
	bucket  cos.Bucket
	done    chan struct{}
	missing bool // once done is closed
	told    sync.Once
}

// maxDestinationLook bounds a look, after which nothing is known.
const maxDestinationLook = 10 * time.Second

// start begins to look at a job's destination, unless this run has done so, and returns at once. It
// returns nil for a text that names no bucket, and for the source bucket itself, which is there.
func (d *destinationLooks) start(ctx context.Context, client *cos.Client, job cos.Job, destination string) *destinationLook {
	bucket, err := cos.ParseBucketQCS(destination)
	if err != nil || bucket == job.Bucket {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if look, ok := d.seen[bucket]; ok {
		return look
	}
	look := &destinationLook{bucket: bucket, done: make(chan struct{})}
	if d.seen == nil {
		d.seen = map[cos.Bucket]*destinationLook{}
	}
	d.seen[bucket] = look
	go look.run(context.WithoutCancel(ctx), client) // later jobs need the result too
	return look
}

func (l *destinationLook) run(ctx context.Context, client *cos.Client) {
	defer close(l.done)
	ctx, cancel := context.WithTimeout(ctx, maxDestinationLook)
	defer cancel()
	err := client.HeadBucket(ctx, l.bucket)
	// Behind a domain that does not tell its region, the bucket may be in another one.
	l.missing = cos.IsNoSuchBucket(err) && !client.HidesRegion()
	if err != nil && !l.missing {
		logDestination(ctx, l.bucket, err)
	}
}

// warning warns, once for each bucket, if the destination of a written job does not exist. It waits
// only a moment for the result: a later job with the same destination can still warn.
func (d *destinationLooks) warning(look *destinationLook, job cos.Job) (diags diag.Diagnostics) {
	if look == nil {
		return nil
	}
	timer := time.NewTimer(d.wait)
	defer timer.Stop()
	select {
	case <-look.done:
	case <-timer.C:
		return nil
	}
	if look.missing {
		look.told.Do(func() { diags.Append(destinationMissing(job, look.bucket)) })
	}
	return diags
}
