// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"sync"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// bucketRegions remembers, for the time of a run, in which region a bucket is. Terraform plans the
// re-creation of a job without its prior state, and after terraform taint without its private state
// too. A bucket is in one region only, so the states that the run has seen tell where the job
// belongs.
//
// The zero value is ready, and safe for concurrent use.
type bucketRegions struct {
	mu      sync.Mutex
	seen    map[string]string // region by bucket, from prior states
	deleted map[string]string // region by bucket, of jobs that this run has deleted
}

// see records the bucket of a prior state.
func (b *bucketRegions) see(bucket cos.Bucket) { b.record(&b.seen, bucket) }

// delete records a bucket in which this run has deleted a job.
func (b *bucketRegions) delete(bucket cos.Bucket) { b.record(&b.deleted, bucket) }

func (b *bucketRegions) record(regions *map[string]string, bucket cos.Bucket) {
	if bucket.Name == "" || bucket.Region == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if *regions == nil {
		*regions = map[string]string{}
	}
	(*regions)[bucket.Name] = bucket.Region
}

// forget drops a bucket that COS does not find in the region of the state.
func (b *bucketRegions) forget(bucket cos.Bucket) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen[bucket.Name] == bucket.Region {
		delete(b.seen, bucket.Name)
	}
}

// of returns the bucket's region, "" if no state has named it. deleted reports whether this run has
// deleted a job there: only an apply does that, and a job that it creates next in the bucket may be
// that job's replacement.
func (b *bucketRegions) of(bucket string) (region string, deleted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if region, deleted = b.deleted[bucket]; deleted {
		return region, true
	}
	return b.seen[bucket], false
}
