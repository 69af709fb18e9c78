// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"errors"
	"sync"
	"time"
)

// maxListingAge is how long a listing is used.
const maxListingAge = 30 * time.Second

// ConfirmInventory reports whether COS shows a job exactly as known from an
// earlier read, with nothing in it that [Inventory] does not model. If not, that
// says nothing yet: GetInventory alone decides.
//
// It asks a listing that the jobs of a bucket share, which reads a hundred of
// them with one request. The first question about a bucket is answered with no,
// so that a single job costs a single GET.
func (c *Client) ConfirmInventory(ctx context.Context, job Job, known Inventory) bool {
	b := c.bucket(job)
	if b.countRefresh() == 1 {
		return false
	}
	listed, found, err := b.find(ctx, job.ID)
	return err == nil && found && len(listed.Unmodelled) == 0 && listed.Equal(known)
}

// bucket returns what this client knows of the job's bucket.
func (c *Client) bucket(job Job) *sharedBucket {
	job.ID = ""
	c.mu.Lock()
	defer c.mu.Unlock()
	b, ok := c.buckets[job]
	if !ok {
		b = &sharedBucket{client: c, job: job, written: map[string]struct{}{}}
		c.buckets[job] = b
	}
	return b
}

var (
	errNotListed = errors.New("the bucket is not listed")
	errWritten   = errors.New("the job was written by this process")
)

// sharedBucket is a bucket's part in the sharing of listings.
type sharedBucket struct {
	client *Client
	job    Job // without an id

	mu        sync.Mutex
	refreshes int
	written   map[string]struct{} // jobs that a listing may show as they were before
	unlisted  bool                // a listing failed, and there is to be no other
	current   *listing
}

func (b *sharedBucket) countRefresh() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refreshes++
	return b.refreshes
}

// wrote excludes a job from listings for good: a page may be older than the write.
func (b *sharedBucket) wrote(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.written[id] = struct{}{}
}

// find looks a job up in the current listing. An error means that the listing
// has nothing to say about it.
func (b *sharedBucket) find(ctx context.Context, id string) (inv Inventory, found bool, err error) {
	l, err := b.listing(id)
	if err != nil {
		return Inventory{}, false, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		// A listing that hangs leaves time for a GET.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	inv, found, err = l.find(ctx, id)
	if err != nil && ctx.Err() == nil {
		b.giveUp(ctx, err)
	}
	if err != nil {
		return Inventory{}, false, err
	}
	// A write meanwhile, or the listing's age, takes its word from it.
	if again, err := b.listing(id); err != nil || again != l {
		return Inventory{}, false, errNotListed
	}
	return inv, found, nil
}

// listing returns the listing that may speak about the job, a new one if need be.
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
		b.current = newListing(b.client, b.job)
	}
	return b.current, nil
}

// giveUp ends the listing of the bucket for good: every job gets its own GET.
func (b *sharedBucket) giveUp(ctx context.Context, err error) {
	b.mu.Lock()
	first := !b.unlisted
	b.unlisted, b.current = true, nil
	b.mu.Unlock()
	if first {
		b.client.config.ListingFailed(ctx, b.job, err)
	}
}

// listing is one reading of a bucket's jobs, page by page, as far as somebody
// wants to know.
type listing struct {
	client  *Client
	bucket  Job
	started time.Time
	turn    chan struct{} // who holds its one token reads the next page
	pages   pagination    // read and written by who has the turn

	mu       sync.Mutex
	jobs     map[string]Inventory
	complete bool
	err      error
}

func newListing(client *Client, bucket Job) *listing {
	l := &listing{client: client, bucket: bucket, started: time.Now(), turn: make(chan struct{}, 1), jobs: map[string]Inventory{}}
	l.turn <- struct{}{}
	return l
}

// find reads on until the job shows or the listing is complete. Callers share
// the pages: one reads, with its own context, and the others wait; if it is
// cancelled, another one reads instead.
func (l *listing) find(ctx context.Context, id string) (inv Inventory, found bool, err error) {
	for {
		inv, found, settled, err := l.look(id)
		if settled {
			return inv, found, err
		}
		select {
		case <-ctx.Done():
			return Inventory{}, false, ctx.Err()
		case <-l.turn:
		}
		if _, _, settled, _ := l.look(id); !settled {
			l.readPage(ctx)
		}
		l.turn <- struct{}{}
		if ctx.Err() != nil {
			return Inventory{}, false, ctx.Err()
		}
	}
}

// look says what is known without another page; settled means that no page to
// come would change it.
func (l *listing) look(id string) (inv Inventory, found, settled bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return Inventory{}, false, true, l.err
	}
	inv, found = l.jobs[id]
	return inv, found, found || l.complete, nil
}

// readPage reads the next page. Only the holder of the turn calls it. A page that
// was read is kept, even if the caller's context has ended meanwhile: the next
// reader goes on behind it.
func (l *listing) readPage(ctx context.Context) {
	page, err := l.pages.next(ctx, l.client, l.bucket)
	if err != nil && ctx.Err() != nil {
		return // this caller's end, not the listing's
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, inv := range page {
		l.jobs[inv.ID] = inv
	}
	l.complete, l.err = l.pages.complete, err
}
