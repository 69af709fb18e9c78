// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"
)

// maxListingAge is how long a LIST result is used.
const maxListingAge = 30 * time.Second

// maxFirstLook bounds the look of a bucket's first job, which could have its GET at once.
const maxFirstLook = 10 * time.Second

// ConfirmInventory reports whether a LIST result shows a job exactly as known from an earlier read,
// without unsupported settings. If it does not, nothing is proved: call GetInventory.
//
// The jobs of a bucket share one LIST result, which has a hundred of them in one response. The
// first call for a bucket reads one page only, unless another call comes meanwhile: further pages
// are for the bucket's other jobs. Once a bucket could not be listed, the first calls for others
// return false at once.
func (c *Client) ConfirmInventory(ctx context.Context, job Job, known Inventory) bool {
	b := c.shared(job.Bucket)
	listed, found, err := b.look(ctx, job.ID, b.countRefresh())
	return err == nil && found && len(listed.Unmodelled) == 0 && listed.Equal(known)
}

// FindListed looks for a job that is to be created in the LIST result that the jobs of its bucket
// share, and returns how many jobs the result has. A job that is found may be gone since; one that
// is not found may exist: call GetInventory. With a context of [Once], an error has no effect on
// the calls after it.
func (c *Client) FindListed(ctx context.Context, job Job) (found bool, jobs int, err error) {
	l, err := c.shared(job.Bucket).listing(job.ID)
	if err != nil {
		return false, 0, err
	}
	_, found, err = l.find(ctx, job.ID, maxPages)
	return found, l.count(), err
}

// look is find for the n-th refresh of a job in the bucket.
func (b *sharedBucket) look(ctx context.Context, id string, n int) (inv Inventory, found bool, err error) {
	if n == 1 {
		if b.client.isListingFailing.Load() {
			return Inventory{}, false, errNotListed
		}
		bounded, cancel := context.WithTimeout(ctx, 2*maxFirstLook) // of which find takes half
		defer cancel()
		if inv, found, err = b.find(bounded, id, 1); found || err != nil || !b.isShared() {
			return inv, found, err
		}
	}
	return b.find(ctx, id, maxPages)
}

// shared returns what the jobs of the bucket share.
func (c *Client) shared(bucket Bucket) *sharedBucket {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.buckets[bucket]
	if !ok {
		b = &sharedBucket{client: c, bucket: bucket, written: map[string]struct{}{}, absences: map[absence]spell{}}
		c.buckets[bucket] = b
	}
	return b
}

var (
	errNotListed = errors.New("the bucket is not listed")
	errWritten   = errors.New("the job was written by this process")
)

// sharedBucket is a bucket whose jobs share a LIST result.
type sharedBucket struct {
	client *Client
	bucket Bucket

	mu        sync.Mutex
	refreshes int
	written   map[string]struct{} // jobs that a LIST result may show as they were before the write
	unlisted  bool                // LIST has failed, and is not called again
	current   *listing

	absences map[absence]spell
}

func (b *sharedBucket) countRefresh() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refreshes++
	return b.refreshes
}

// isShared reports whether more than one job of the bucket was to be confirmed.
func (b *sharedBucket) isShared() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refreshes > 1
}

// markWritten permanently excludes a job from shared LIST results: a page may be older than the
// write.
func (b *sharedBucket) markWritten(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.written[id] = struct{}{}
}

// find looks a job up in the current LIST result, of which it reads some pages at most. After an
// error, nothing is known about the job.
func (b *sharedBucket) find(caller context.Context, id string, pages int) (inv Inventory, found bool, err error) {
	l, err := b.listing(id)
	if err != nil {
		return Inventory{}, false, err
	}
	ctx := caller
	if deadline, ok := ctx.Deadline(); ok {
		// If LIST hangs, half of the time remains for a GET.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	inv, found, err = l.find(ctx, id, pages)
	if err != nil && caller.Err() == nil {
		b.giveUp(caller, err) // a LIST that hangs must not cost the next job its time, too
	}
	if err != nil {
		return Inventory{}, false, err
	}
	// After a write meanwhile, or maxListingAge, the result is useless.
	if again, err := b.listing(id); err != nil || again != l {
		return Inventory{}, false, errNotListed
	}
	return inv, found, nil
}

// listing returns a LIST result that may confirm the job, a new one if necessary.
func (b *sharedBucket) listing(id string) (*listing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.unlisted {
		return nil, errNotListed
	}
	if _, ok := b.written[id]; ok {
		return nil, errWritten
	}
	if b.current == nil || time.Since(b.current.started) > maxListingAge {
		b.current = newListing(b.client, b.bucket)
	}
	return b.current, nil
}

// giveUp stops calling LIST for the bucket: every job gets its own GET.
func (b *sharedBucket) giveUp(ctx context.Context, err error) {
	b.mu.Lock()
	first := !b.unlisted
	b.unlisted, b.current = true, nil
	b.mu.Unlock()
	b.client.isListingFailing.Store(true)
	if first {
		b.client.config.ListingFailed(ctx, b.bucket, err)
	}
}

// listing is a LIST result that is read page by page, as far as a caller needs it.
type listing struct {
	client  *Client
	bucket  Bucket
	started time.Time
	turn    chan struct{} // the holder of its one token reads the next page
	pages   pagination    // for the holder of the turn

	mu       sync.Mutex
	jobs     map[string]Inventory
	read     int // pages
	listed   int // jobs on them, those that cannot be read included
	complete bool
	err      error
}

func newListing(client *Client, bucket Bucket) *listing {
	l := &listing{client: client, bucket: bucket, started: time.Now(), turn: make(chan struct{}, 1), jobs: map[string]Inventory{}}
	l.turn <- struct{}{}
	return l
}

// find reads pages until one has the job, there are no more, or so many are read. Callers share the
// pages: one reads, with its own context, and the others wait. If that caller is cancelled, another
// one reads.
func (l *listing) find(ctx context.Context, id string, pages int) (inv Inventory, found bool, err error) {
	for {
		inv, found, final, err := l.look(id, pages)
		if final {
			return inv, found, err
		}
		select {
		case <-ctx.Done():
			return Inventory{}, false, ctx.Err()
		case <-l.turn:
		}
		if _, _, final, _ := l.look(id, pages); !final {
			err = l.readPage(ctx)
		}
		l.turn <- struct{}{}
		if err != nil || ctx.Err() != nil {
			return Inventory{}, false, cmp.Or(ctx.Err(), err)
		}
	}
}

// count returns how many jobs the pages so far have.
func (l *listing) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.listed
}

// look returns the job if the pages so far contain it. The result is final if no further page is to
// be read for it.
func (l *listing) look(id string, pages int) (inv Inventory, found, final bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return Inventory{}, false, true, l.err
	}
	inv, found = l.jobs[id]
	return inv, found, found || l.complete || l.read >= pages, nil
}

// readPage reads the next page. Only the holder of the turn calls it. A page that was read is kept,
// even if the caller's context has ended meanwhile: the next reader continues after it. An error
// that is only about this caller is returned, and not the listing's.
func (l *listing) readPage(ctx context.Context) error {
	page, err := l.pages.next(ctx, l.client, l.bucket)
	if err != nil && (ctx.Err() != nil || isOnce(ctx)) {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, job := range page {
		if job.Err == nil {
			l.jobs[job.ID] = job.Inventory
		}
	}
	l.read++
	l.listed, l.complete, l.err = len(l.pages.ids), l.pages.complete, err
	return nil
}
