// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// seed puts n jobs into the bucket and returns their ids.
func seed(fake *memory, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("job-%04d", i)
		fake.Seed(bucket, ids[i], document(ids[i]))
	}
	return ids
}

// sent counts the requests by operation.
func sent(fake *memory) map[string]int {
	counts := map[string]int{}
	for _, request := range fake.Requests() {
		counts[request.Op]++
	}
	return counts
}

func wantSent(t *testing.T, fake *memory, want map[string]int) {
	t.Helper()
	if got := sent(fake); !maps.Equal(got, want) {
		t.Errorf("requests: %v, want %v", got, want)
	}
}

const (
	get  = string(cos.GetInventory)
	list = string(cos.ListInventories)
)

// refreshed is a job that is known from an earlier read: confirmed, or read anew.
func refreshed(ctx context.Context, client *cos.Client, job cos.Job, known cos.Inventory) (inv cos.Inventory, confirmed bool, err error) {
	if _, ok := client.ConfirmInventory(ctx, job, known); ok {
		return known, true, nil
	}
	inv, err = client.GetInventory(ctx, job)
	return inv, false, err
}

// refresh reads a job that is known as [nightly].
func refresh(ctx context.Context, t *testing.T, client *cos.Client, id string) (confirmed bool) {
	t.Helper()
	inv, confirmed, err := refreshed(ctx, client, jobOf(id), nightly(id))
	if err != nil {
		t.Errorf("%s: %v", id, err)
	}
	if !inv.Equal(nightly(id)) {
		t.Errorf("%s: read as %+v", id, inv)
	}
	return confirmed
}

func TestConfirmInventory_sharesOneListing(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		ids := seed(fake, 1000)
		slices.Reverse(ids)              // the first job is not on the first page
		slots := make(chan struct{}, 10) // Terraform's parallelism
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				refresh(t.Context(), t, client, id)
			})
		}
		wg.Wait()
		wantSent(t, fake, map[string]int{list: 10})
	})
}

// A single job must not cost the pages of a large bucket, and no other one pages that it does not need.
func TestConfirmInventory_readsNoPageThatNobodyNeeds(t *testing.T) {
	t.Parallel()
	for first, isConfirmed := range map[int]bool{0: true, 950: false} {
		inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
			ids := seed(fake, 1000)
			want := map[string]int{list: 1}
			if !isConfirmed {
				want[get] = 1
			}
			if refresh(t.Context(), t, client, ids[first]) != isConfirmed {
				t.Errorf("the job %d was confirmed: %t", first, !isConfirmed)
			}
			wantSent(t, fake, want)
			for _, id := range ids[1:150] {
				if !refresh(t.Context(), t, client, id) {
					t.Errorf("%s was read, not confirmed", id)
				}
			}
			want[list] = 2
			wantSent(t, fake, want)
		})
	}
}

// A bucket that cannot be listed costs the other buckets nothing, and its own jobs one LIST.
func TestConfirmInventory_trouble(t *testing.T) {
	t.Parallel()
	hangs := fakecos.Fault{Hang: true}
	for name, test := range map[string]struct {
		listing   fakecos.Fault
		buckets   int // at which it is
		confirmed int // of ten
		took      time.Duration
	}{
		"one is refused":    {fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}, 1, 9, 0},
		"each is refused":   {fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}, 10, 0, 0},
		"one hangs":         {hangs, 1, 9, 10 * time.Second},
		"two hang":          {hangs, 2, 8, 20 * time.Second},
		"each hangs":        {hangs, 10, 0, 100 * time.Second},
		"a late answer":     {fakecos.Fault{Delay: 11 * time.Second}, 1, 9, 10 * time.Second},
		"a page of a proxy": {fakecos.Fault{Body: new(string)}, 10, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := map[string]int{}
			tell := func(c *cos.Config) {
				c.ListingFailed = func(_ context.Context, bucket cos.Bucket, _ error) { told[bucket.Name]++ }
			}
			inBubble(t, fakecos.Options{}, tell, func(t *testing.T, fake *memory, client *cos.Client) {
				at := func(n int) cos.Bucket {
					return cos.Bucket{Region: region, Name: fmt.Sprintf("bucket%d-1250000000", n)}
				}
				for n := range 10 {
					fake.AddBucket(region, at(n).Name)
					fake.Seed(at(n).Name, "a", document("a"))
				}
				fake.Intercept(func(r fakecos.Request) *fakecos.Fault {
					for n := range test.buckets {
						if r.Op == list && r.Bucket == at(n).Name {
							return &test.listing
						}
					}
					return nil
				})
				began, confirmed := time.Now(), 0
				read := func(n int) {
					ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
					defer cancel()
					inv, isConfirmed, err := refreshed(ctx, client, at(n).Job("a"), nightly("a"))
					if err != nil || !inv.Equal(nightly("a")) {
						t.Errorf("%d: %+v, %v", n, inv, err)
					}
					if isConfirmed {
						confirmed++
					}
				}
				for n := range 10 {
					read(n)
				}
				if took := time.Since(began); took != test.took || confirmed != test.confirmed {
					t.Errorf("%d confirmed in %v, want %d in %v", confirmed, took, test.confirmed, test.took)
				}
				read(0) // which is not listed again
				wantSent(t, fake, map[string]int{list: 10, get: 11 - test.confirmed})
				if failed := 10 - test.confirmed; len(told) != failed || told[at(0).Name] != 1 {
					t.Errorf("told of %v, want each of %d once", told, failed)
				}
			})
		})
	}
}

// A listing may be stale, incomplete, wrong or refused: what the caller sees is what a GET says.
func TestConfirmInventory_listingOnlyConfirms(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	shown := func(from, to string) *string { return listPage(strings.Replace(document("b"), from, to, 1), "") }
	for name, listing := range map[string]fakecos.Fault{
		"shows the job otherwise":     {Body: shown("Daily", "Weekly")},
		"does not show the job":       {Body: listPage("", "")},
		"shows settings of the newer": {Body: shown("</Frequency>", "</Frequency><Hour>3</Hour>")},
		"is refused":                  {Status: http.StatusForbidden, Code: cos.CodeAccessDenied},
		"fails":                       {Status: http.StatusInternalServerError, Code: "InternalError"},
		"is a web page":               {Body: text("<html></html>"), ContentType: "text/html"},
		"is empty":                    {Body: text("")},
		"holds a broken document":     {Body: listPage("<InventoryConfiguration><Id>b</Id></InventoryConfiguration>", "")},
		"goes on without a token":     {Body: text("<ListInventoryConfigurationResult><IsTruncated>true</IsTruncated></ListInventoryConfigurationResult>")},
		"breaks off":                  {Truncate: true},
		"is cut":                      {Reset: true},
		"never comes":                 {Hang: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				fake.Seed(bucket, "a", document("a"))
				fake.Seed(bucket, "b", document("b"))
				listing.Op = list
				fake.Inject(listing)

				refresh(t.Context(), t, client, "a")
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				if refresh(ctx, t, client, "b") {
					t.Error("the listing was believed")
				}
				if got := sent(fake); got[get] != 2 || got[list] == 0 {
					t.Errorf("requests: %v, want a GET each, and a listing tried", got)
				}

				// What is gone is gone by a GET's word only, and what is back, is back.
				fake.Remove(bucket, "b")
				if _, _, err := refreshed(ctx, client, jobOf("b"), nightly("b")); !cos.IsNotFound(err) {
					t.Errorf("a deleted job: %v", err)
				}
			})
		})
	}
}

// A look for a job that is to be created reads all pages. If it fails with a context of its own, that
// has no effect on the looks after it.
func TestFindListed(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakecos.Fault{"hangs": {Hang: true, Times: 1}, "is refused": {Status: http.StatusServiceUnavailable, Code: "SlowDown", Times: 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				ids := seed(fake, 150)
				fake.Inject(fault)
				ctx, cancel := context.WithTimeout(cos.Once(t.Context()), 2*time.Second)
				defer cancel()
				if found, err := client.FindListed(ctx, jobOf(ids[0])); found || err == nil {
					t.Errorf("found %t, %v", found, err)
				}
				for id, want := range map[string]bool{ids[149]: true, ids[0]: true, "another": false} {
					if found, err := client.FindListed(t.Context(), jobOf(id)); found != want || err != nil {
						t.Errorf("%s: found %t, %v", id, found, err)
					}
				}
				wantSent(t, fake, map[string]int{list: 3})
			})
		})
	}
}

func TestConfirmInventory_afterAWriteIsAGet(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		ids := seed(fake, 3)
		refresh(t.Context(), t, client, ids[0])
		refresh(t.Context(), t, client, ids[1])

		changed := nightly(ids[2])
		changed.Schedule.Frequency = "Weekly"
		if err := client.PutInventory(t.Context(), jobOf(ids[2]), changed); err != nil {
			t.Fatal(err)
		}
		// The listing still shows the job as it was, which is what the caller asks about.
		inv, confirmed, err := refreshed(t.Context(), client, jobOf(ids[2]), nightly(ids[2]))
		if err != nil || confirmed || !inv.Equal(changed) {
			t.Errorf("read as %+v, confirmed %t, %v", inv, confirmed, err)
		}
		if err := client.DeleteInventory(t.Context(), jobOf(ids[1])); err != nil {
			t.Fatal(err)
		}
		if _, _, err := refreshed(t.Context(), client, jobOf(ids[1]), nightly(ids[1])); !cos.IsNotFound(err) {
			t.Errorf("a deleted job: %v", err)
		}
	})
}

// A write while the listing is under way: its page may be older than the write.
func TestConfirmInventory_writeDuringTheListing(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		ids := seed(fake, 2)
		fake.Inject(fakecos.Fault{Op: list, Delay: 5 * time.Second})

		changed := nightly(ids[1])
		changed.Schedule.Frequency = "Weekly"
		var wg sync.WaitGroup
		wg.Go(func() {
			inv, confirmed, err := refreshed(t.Context(), client, jobOf(ids[1]), nightly(ids[1]))
			if err != nil || confirmed || !inv.Equal(changed) {
				t.Errorf("read as %+v, confirmed %t, %v", inv, confirmed, err)
			}
		})
		synctest.Wait()
		if err := client.PutInventory(t.Context(), jobOf(ids[1]), changed); err != nil {
			t.Error(err)
		}
		wg.Wait()
	})
}

func TestConfirmInventory_listingAges(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		ids := seed(fake, 2)
		refresh(t.Context(), t, client, ids[0])
		refresh(t.Context(), t, client, ids[1])
		time.Sleep(30 * time.Second) // of the bubble's time
		refresh(t.Context(), t, client, ids[1])
		wantSent(t, fake, map[string]int{list: 1})
		wantBudget(t, "while the listing is used", client, true)
		time.Sleep(time.Second)
		wantBudget(t, "when it is too old", client, false)
		fake.Remove(bucket, ids[1])
		if _, _, err := refreshed(t.Context(), client, jobOf(ids[1]), nightly(ids[1])); !cos.IsNotFound(err) {
			t.Errorf("a deleted job: %v", err)
		}
		wantSent(t, fake, map[string]int{get: 1, list: 2})
	})
}

// A page that hangs leaves time for a GET. One that comes when the listing has become too old confirms
// nothing, and none is read after it.
func TestConfirmInventory_latePages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		page  fakecos.Fault
		limit time.Duration // of the call
		id    int
		lists int
	}{
		"never":            {fakecos.Fault{Hang: true}, 20 * time.Second, 1, 2},
		"too late":         {fakecos.Fault{Hang: true, Times: 1}, time.Hour, 1, 3}, // after the attempt's 30 s
		"before the job's": {fakecos.Fault{Delay: 29 * time.Second}, time.Hour, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{PageSize: 1}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				ids := seed(fake, 3)
				refresh(t.Context(), t, client, ids[0])
				time.Sleep(5 * time.Second)
				test.page.Op = list
				fake.Inject(test.page)
				ctx, cancel := context.WithTimeout(t.Context(), test.limit)
				defer cancel()
				if refresh(ctx, t, client, ids[test.id]) {
					t.Error("confirmed by a page that did not come, or was too late")
				}
				wantSent(t, fake, map[string]int{get: 1, list: test.lists})
			})
		})
	}
}

// Who reads the page may be cancelled; those who wait for it are served all the same.
func TestConfirmInventory_cancelledReaderIsReplaced(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{PageSize: 1}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		ids := seed(fake, 3)
		refresh(t.Context(), t, client, ids[0])
		fake.Inject(fakecos.Fault{Op: list, Times: 1, Hang: true})

		cancelled, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, _, err := refreshed(cancelled, client, jobOf(ids[1]), nightly(ids[1])); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if !refresh(t.Context(), t, client, ids[2]) {
				t.Error("the listing was given up with its first reader")
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		wantSent(t, fake, map[string]int{list: 4})
	})
}

// The reader's context ends when its page has come, but is not read yet. The next reader must not
// go on behind a gap.
func TestConfirmInventory_pageOfCancelledReaderIsKept(t *testing.T) {
	t.Parallel()
	var cancelReader context.CancelFunc
	change := func(c *cos.Config) {
		c.Observe = func(_ context.Context, e cos.Exchange) {
			if e.Op == cos.ListInventories && cancelReader != nil {
				cancelReader()
			}
		}
	}
	inBubble(t, fakecos.Options{PageSize: 1}, change, func(t *testing.T, fake *memory, client *cos.Client) {
		ids := seed(fake, 3)
		refresh(t.Context(), t, client, ids[0])
		var cancelled context.Context
		cancelled, cancelReader = context.WithCancel(t.Context())
		client.ConfirmInventory(cancelled, jobOf(ids[2]), nightly(ids[2]))
		cancelReader = nil
		for _, id := range ids {
			if !refresh(t.Context(), t, client, id) {
				t.Errorf("%s was read, not confirmed: its page is lost", id)
			}
		}
		wantSent(t, fake, map[string]int{list: 3})
	})
}
