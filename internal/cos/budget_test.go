// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// withBudget gives a client a small budget, for the size of what a test reads.
func withBudget(size int) func(*cos.Config) {
	return func(c *cos.Config) { c.Budget = size }
}

func wantBudget(t *testing.T, what string, client *cos.Client, want bool) {
	t.Helper()
	synctest.Wait() // for what ends with a context
	if taken := client.Taken(); taken > 0 != want {
		t.Errorf("%s: %d bytes are taken", what, taken)
	}
}

// What is larger than its part of the budget is one error, that is not tried again, and keeps none of
// it.
func TestBudget_refusals(t *testing.T) {
	t.Parallel()
	const size = 24_000 // of which 8,000 for a bucket, and 2,000 for the list of them
	large := strings.Repeat(" ", size/2-1000)
	tried := large[:size/4]
	readAll := func(ctx context.Context, c *cos.Client) (err error) {
		for read := range c.ListInventories(ctx, slices.Repeat([]cos.Bucket{jobOf("").Bucket}, 2), 0) {
			err = read.Err
		}
		return err
	}
	report := func(ctx context.Context, c *cos.Client) error {
		_, err := c.Report(ctx, placeOf("nightly"), "20261125")
		return err
	}
	manifest := func(n int) string { return `{"fileFormat":"` + strings.Repeat(" ", n) + `"}` }
	for name, test := range map[string]struct {
		read     func(context.Context, *cos.Client) error
		answer   fakecos.Fault
		manifest string
		want     cos.BudgetError // none, if it is empty
		requests int
	}{
		"a page":                    {listJobs, fakecos.Fault{Body: listPage(document("a")+large, "t")}, "", cos.BudgetError{Op: cos.ListInventories, Limit: size / 3}, 1},
		"a page of many buckets":    {readAll, fakecos.Fault{Body: listPage(document("a")+large, "t")}, "", cos.BudgetError{Op: cos.ListInventories, Limit: size / 3}, 2},
		"all pages":                 {listJobs, fakecos.Fault{Body: listPage(document("a")+large[:size/6], "t")}, "", cos.BudgetError{Op: cos.ListInventories, Limit: size / 3}, 2},
		"jobs, which weigh":         {listJobs, fakecos.Fault{Body: listPage(document("a")+document("b")+document("c")+document("d")+document("e"), "t")}, "", cos.BudgetError{Op: cos.ListInventories, Limit: size / 3}, 1},
		"jobs below it":             {listJobs, fakecos.Fault{Body: listPage(document("a")+document("b")+document("c"), "")}, "", cos.BudgetError{}, 1},
		"a page below it":           {listJobs, fakecos.Fault{Body: listPage(document("a")+large[:size/3-3000], "")}, "", cos.BudgetError{}, 1},
		"the list of buckets":       {listBuckets, fakecos.Fault{Body: bucketPage(row(bucket, region)+large[:size/12], "")}, "", cos.BudgetError{Op: cos.GetService, Limit: size / 12}, 1},
		"a report":                  {report, fakecos.Fault{}, manifest(size), cos.BudgetError{Op: cos.GetObject, Limit: size, Shared: true}, 1},
		"a report below it":         {report, fakecos.Fault{}, manifest(1000), cos.BudgetError{}, 2},
		"the list of report's keys": {newestReport, fakecos.Fault{Body: bucketPage(strings.Repeat(large, 3), "")}, "", cos.BudgetError{Op: cos.ListObjects, Limit: size, Shared: true}, 1},
		"what was tried before":     {listJobs, fakecos.Fault{Status: http.StatusServiceUnavailable, Body: &tried, Times: 2}, "", cos.BudgetError{}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, withBudget(size), func(t *testing.T, fake *memory, client *cos.Client) {
				fake.Inject(test.answer)
				if test.manifest != "" {
					deliver(fake, "20261125", test.manifest, checksum(test.manifest))
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				err := test.read(ctx, client)
				var over *cos.BudgetError
				switch {
				case test.want == (cos.BudgetError{}):
					if err != nil {
						t.Errorf("below the budget: %v", err)
					}
					wantBudget(t, "while it is kept", client, true)
				case !errors.As(err, &over) || *over != test.want:
					t.Errorf("got %v, want %v", err, &test.want)
				case test.want.Op != cos.GetService: // which ends all that would follow
					wantBudget(t, "after the error", client, false)
				}
				if n := len(fake.Requests()); n != test.requests {
					t.Errorf("%d requests, want %d", n, test.requests)
				}
				cancel()
				wantBudget(t, "at the end", client, false)
			})
		})
	}
}

// All that is kept at the same time counts together, until the context of its reader ends.
func TestBudget_shared(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, withBudget(24_000), func(t *testing.T, fake *memory, client *cos.Client) {
		fake.Inject(fakecos.Fault{Body: listPage(document("a")+strings.Repeat(" ", 5000), "")})
		first, end := context.WithCancel(t.Context())
		defer end()
		var errs []error
		for range 4 {
			errs = append(errs, listAll(first, client).Err)
		}
		var over *cos.BudgetError
		if errors.Join(errs[:3]...) != nil || !errors.As(errs[3], &over) || !over.Shared {
			t.Errorf("got %v", errs)
		}
		end()
		synctest.Wait()
		if err := listAll(t.Context(), client).Err; err != nil {
			t.Errorf("after the end of the first: %v", err)
		}
	})
}

// What was read and is not kept gives its bytes back at once.
func TestBudget_notKept(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		manifest := placeOf("nightly").ManifestKey("20261125")
		fake.PutObject(reports, fakecos.Object{Key: manifest, Content: "{}"})
		_, object := client.GetObject(t.Context(), placeOf("").Bucket, manifest)
		report, unfinished := client.Report(t.Context(), placeOf("nightly"), "20261125")
		_, none := client.NewestReport(t.Context(), placeOf("nightly"), time.Now())
		if err := errors.Join(object, unfinished, none); err != nil || report != nil {
			t.Errorf("got %+v, %v", report, err)
		}
		wantBudget(t, "after all", client, false)
	})
}

// A LIST that never ends costs its part of the budget, once. Then each job has its own GET.
func TestBudget_listingFallsBack(t *testing.T) {
	t.Parallel()
	var told []error
	tune := func(c *cos.Config) {
		c.Budget = 24_000
		c.ListingFailed = func(_ context.Context, _ cos.Bucket, err error) { told = append(told, err) }
	}
	inBubble(t, fakecos.Options{}, tune, func(t *testing.T, fake *memory, client *cos.Client) {
		ids := seed(fake, 3)
		pages := 0
		fake.Intercept(func(r fakecos.Request) *fakecos.Fault {
			if r.Op != list {
				return nil
			}
			pages++
			return &fakecos.Fault{Body: listPage(strings.Repeat(" ", 3000), fmt.Sprint(pages))}
		})
		for _, id := range ids {
			refresh(t.Context(), t, client, id)
		}
		wantSent(t, fake, map[string]int{list: 3, get: 3})
		var over *cos.BudgetError
		if len(told) != 1 || !errors.As(told[0], &over) {
			t.Errorf("told of %v", told)
		}
		wantBudget(t, "after the listing", client, false)
	})
}
