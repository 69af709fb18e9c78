// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

const (
	// maxPlanLook bounds all looks of a plan at one bucket, so that a plan without a network ends.
	maxPlanLook = 2 * time.Second

	// maxPlanLooks is how many looks are made at a time.
	maxPlanLooks = 32
)

// plannedJobs watches which jobs a run plans to create and to delete, and warns of what their apply
// would meet. A warning never rests on a listing alone, and a look that fails says nothing: the
// plan is then what it would have been.
type plannedJobs struct {
	slots         chan struct{}
	isUnreachable atomic.Bool // COS gave no response
	isApplied     atomic.Bool // this process has written: Terraform plans again while it applies

	mu      sync.Mutex
	jobs    map[cos.Job]*plannedJob
	buckets map[cos.Bucket]*plannedBucket

	// Configurations that were validated are read when a job is planned twice, which is rare, and
	// once.
	unread      [][]byte
	validations map[jobName]int
	hasUnnamed  bool // a validated configuration has no known name yet
	nameOf      func(config []byte) (name jobName, isKnown bool)
}

// jobName is a job as its configuration names it, which may leave the region to the provider.
type jobName struct{ bucket, id string }

// plannedJob is what the run knows of a job.
type plannedJob struct {
	isInState bool
	isEnding  bool // its resource is to be destroyed, or to be replaced by another job
	isRefused bool // a create found it
	creates   int
	kept      []byte // the configuration of the resource that keeps it; nil: none is known
}

// plannedBucket is what the run knows of a bucket.
type plannedBucket struct {
	lookUntil       time.Time
	isSkipped       bool // a look has failed
	isToldFull      bool
	created, ending int // jobs
}

func newPlannedJobs() *plannedJobs {
	return &plannedJobs{slots: make(chan struct{}, maxPlanLooks), jobs: map[cos.Job]*plannedJob{}, buckets: map[cos.Bucket]*plannedBucket{}, validations: map[jobName]int{}}
}

// update changes what is known of a job and of its bucket.
func (p *plannedJobs) update(job cos.Job, change func(*plannedJob, *plannedBucket)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.jobs[job] == nil {
		p.jobs[job] = &plannedJob{}
	}
	if p.buckets[job.Bucket] == nil {
		p.buckets[job.Bucket] = &plannedBucket{}
	}
	change(p.jobs[job], p.buckets[job.Bucket])
}

// seeState records a job of a prior state.
func (p *plannedJobs) seeState(job cos.Job) {
	p.update(job, func(j *plannedJob, _ *plannedBucket) { j.isInState = true })
}

// isInState reports whether a prior state that this run has seen has the job.
func (p *plannedJobs) isInState(job cos.Job) (found bool) {
	p.update(job, func(j *plannedJob, _ *plannedBucket) { found = j.isInState })
	return found
}

// refuse records that a create found the job.
func (p *plannedJobs) refuse(job cos.Job) {
	p.update(job, func(j *plannedJob, _ *plannedBucket) { j.isRefused = true })
}

// isRefused reports whether a create of this run found the job.
func (p *plannedJobs) isRefused(job cos.Job) (refused bool) {
	p.update(job, func(j *plannedJob, _ *plannedBucket) { refused = j.isRefused })
	return refused
}

// seeValidation records that Terraform has validated the configuration of a job.
func (p *plannedJobs) seeValidation(config []byte) {
	if p.isApplied.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unread = append(p.unread, config)
}

// isPlannedAgain reports whether a job that is created by so many plans may be one resource's: the
// runs of terraform test share a configured provider, and validate there, too, what they plan. A
// plan has one validation for each resource. p.mu is held.
func (p *plannedJobs) isPlannedAgain(job cos.Job, plans int) bool {
	for _, config := range p.unread {
		name, isKnown := p.nameOf(config)
		p.validations[name]++
		p.hasUnnamed = p.hasUnnamed || !isKnown
	}
	p.unread = nil
	return p.hasUnnamed || p.validations[jobName{job.Name, job.ID}] > plans
}

// end records that the job's resource is to be destroyed or replaced by another job.
func (p *plannedJobs) end(job cos.Job) (diags diag.Diagnostics) {
	p.update(job, func(j *plannedJob, b *plannedBucket) {
		j.isEnding = true
		b.ending++
		if j.creates > 0 {
			diags.Append(deletedAndCreated(job))
		}
	})
	return diags
}

// keep records that a resource with this configuration keeps the job.
func (p *plannedJobs) keep(job cos.Job, config []byte) (diags diag.Diagnostics) {
	p.update(job, func(j *plannedJob, _ *plannedBucket) {
		j.kept = config
		if j.creates > 0 {
			diags.Append(managedAlready(job))
		}
	})
	return diags
}

// create records that a resource with this configuration is to create the job, and looks for it.
func (p *plannedJobs) create(ctx context.Context, client *cos.Client, providerRegion string, job cos.Job, config []byte) (diags diag.Diagnostics) {
	isKnown := true
	p.update(job, func(j *plannedJob, b *plannedBucket) {
		j.creates++
		if j.creates == 1 {
			b.created++
		}
		switch {
		case j.creates > 1 && p.isPlannedAgain(job, j.creates):
		case j.creates > 1:
			diags.Append(createdTwice(job))
		case j.isEnding:
			diags.Append(deletedAndCreated(job))
		case j.kept != nil && string(j.kept) != string(config):
			diags.Append(managedAlready(job))
		case j.isInState: // taint and -replace create the same job again
		default:
			isKnown = false
		}
	})
	if isKnown {
		return diags
	}
	held, jobs, err := p.look(ctx, client, job)
	switch {
	case err != nil:
		logPlanLook(ctx, job.Bucket, err)
	case held != nil:
		diags.Append(willExist(job, providerRegion, *held))
	default:
		p.update(job, func(_ *plannedJob, b *plannedBucket) {
			if jobs+b.created-b.ending > cos.MaxBucketJobs && !b.isToldFull {
				b.isToldFull = true
				diags.Append(bucketWillBeFull(job.Bucket, jobs, b.created, b.ending))
			}
		})
	}
	return diags
}

var errNoLook = errors.New("no look is made at the bucket")

// look returns the job if COS has it, and how many jobs its bucket has otherwise.
func (p *plannedJobs) look(caller context.Context, client *cos.Client, job cos.Job) (held *cos.Inventory, jobs int, err error) {
	var until time.Time
	p.update(job, func(_ *plannedJob, b *plannedBucket) {
		if b.lookUntil.IsZero() {
			b.lookUntil = time.Now().Add(maxPlanLook)
		}
		if !b.isSkipped {
			until = b.lookUntil
		}
	})
	if until.IsZero() || p.isUnreachable.Load() {
		return nil, 0, errNoLook
	}
	ctx, cancel := context.WithDeadline(cos.Once(caller), until)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	found, err := client.FindListed(ctx, job)
	if err == nil && found {
		var inv cos.Inventory
		if inv, err = client.GetInventory(ctx, job); err == nil {
			return &inv, 0, nil
		}
	}
	if err != nil {
		p.fail(job, err, true)
	}
	return nil, 0, err
}

// fail ends the looks at the job's bucket, and at all buckets if there was no response.
func (p *plannedJobs) fail(job cos.Job, err error, isFirstPage bool) {
	var failure *cos.Error
	if isFirstPage && (!errors.As(err, &failure) || failure.Status == 0) {
		p.isUnreachable.Store(true)
	}
	p.update(job, func(_ *plannedJob, b *plannedBucket) { b.isSkipped = b.isSkipped || !cos.IsNoSuchJob(err) })
}
