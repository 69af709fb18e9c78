// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// page is one of a list, and the last one if next is "".
func page(root, inner, marker, next string) *string {
	text := fmt.Sprintf("<%[1]s>%[2]s<IsTruncated>%[3]t</IsTruncated><%[4]s>%[5]s</%[4]s></%[1]s>", root, inner, next != "", marker, next)
	return &text
}

func listPage(jobs, next string) *string {
	return page("ListInventoryConfigurationResult", jobs, "NextContinuationToken", next)
}

func bucketPage(rows, next string) *string {
	return page("ListAllMyBucketsResult", "<Buckets>"+rows+"</Buckets>", "NextMarker", next)
}

func objectPage(next string, keys ...string) *string {
	return page("ListBucketResult", "<Contents><Key>"+strings.Join(keys, "</Key></Contents><Contents><Key>")+"</Key></Contents>", "NextMarker", next)
}

func row(name, region string) string {
	return "<Bucket><Name>" + name + "</Name><Location>" + region + "</Location></Bucket>"
}

// listJobs, listBuckets and newestReport read lists of each kind.
func listJobs(ctx context.Context, c *cos.Client) error { return listAll(ctx, c).Err }

func listBuckets(ctx context.Context, c *cos.Client) error {
	_, err := c.ListBuckets(ctx, cos.BucketFilter{})
	return err
}

func newestReport(ctx context.Context, c *cos.Client) error {
	_, err := c.NewestReport(ctx, placeOf("nightly"), time.Now())
	return err
}

// A bucket without jobs may answer LIST as it answers GET for a job that is not there.
func TestListInventories_notFoundIsNone(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		none := fakecos.Fault{Op: list, Status: http.StatusNotFound, Code: cos.CodeNoSuchJob}
		fake.Inject(none)
		if read := listAll(t.Context(), client); read.Err != nil || len(read.Inventories) != 0 {
			t.Errorf("got %+v", read)
		}
		fake.ClearFaults()
		fake.Inject(fakecos.Fault{Op: list, Times: 1, Body: listPage(document("a"), "t")})
		fake.Inject(none)
		if read := listAll(t.Context(), client); !cos.IsNoSuchJob(read.Err) || len(read.Inventories) != 1 {
			t.Errorf("on the second page: %+v", read)
		}
	})
}

// A job that two pages show is listed once, and a document that cannot be read hides no other.
func TestListInventories_oddPages(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		const odd = "<InventoryConfiguration><Id>odd</Id></InventoryConfiguration>"
		fake.Inject(fakecos.Fault{Op: list, Times: 1, Body: listPage(document("a")+document("b")+document("b"), "t")})
		fake.Inject(fakecos.Fault{Op: list, Body: listPage(document("b")+odd+document("c"), "")})
		var got []string
		read := listAll(t.Context(), client)
		for _, job := range read.Inventories {
			got = append(got, job.ID)
		}
		if read.Err != nil || !slices.Equal(got, []string{"a", "b", "c"}) || len(read.Unreadable) != 1 || read.Unreadable[0].ID != "odd" {
			t.Errorf("got %q, %+v", got, read)
		}
		fake.ClearFaults()
		fake.Inject(fakecos.Fault{Op: list, Body: listPage(odd+document("c"), "")})
		fake.Seed(bucket, "b", document("b"))
		fake.Seed(bucket, "c", document("c"))
		refresh(t.Context(), t, client, "b")
		if !refresh(t.Context(), t, client, "c") {
			t.Error("a listing with an odd document confirms no other job")
		}
	})
}

// TestListBuckets: the region is the filter's, also where the service ignores it, and rows that name
// no bucket are not lost.
func TestListBuckets(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		fake.Inject(fakecos.Fault{Body: bucketPage(row("b-1", region)+row("a-1", "ap-elsewhere")+row("b-1", region)+row("c-1", ""), "")})
		for filter, want := range map[string]string{region: "[b-1@" + region + " c-1@]", "": "[a-1@ap-elsewhere b-1@" + region + " c-1@]"} {
			buckets, err := client.ListBuckets(t.Context(), cos.BucketFilter{Region: filter})
			if err != nil || fmt.Sprint(buckets) != want {
				t.Errorf("%q: %v, %v", filter, buckets, err)
			}
		}
	})
}

// A list that does not end is an error, whether its pages are full, empty, or lead in a circle.
func TestEndless(t *testing.T) {
	t.Parallel()
	manyJobs := func(n int) (jobs string) {
		for i := range 1000 {
			jobs += fmt.Sprintf("<InventoryConfiguration><Id>%d-%d</Id></InventoryConfiguration>", n, i)
		}
		return jobs
	}
	for name, test := range map[string]struct {
		read  func(context.Context, *cos.Client) error
		page  func(n int, next string) *string
		want  string
		pages int
	}{
		"jobs, empty pages":    {listJobs, func(_ int, next string) *string { return listPage("", next) }, "the listing does not end: 1000 pages have come", 1001},
		"jobs, full pages":     {listJobs, func(n int, next string) *string { return listPage(manyJobs(n), next) }, "the listing does not end: more than 10000 jobs have come", 11},
		"jobs, in a circle":    {listJobs, func(n int, _ string) *string { return listPage("", []string{"there", "back"}[n%2]) }, "the listing does not go on", 3},
		"buckets, empty pages": {listBuckets, func(_ int, next string) *string { return bucketPage("", next) }, "1000 pages have come", 1001},
		"buckets, full pages":  {listBuckets, func(_ int, next string) *string { return bucketPage(strings.Repeat(row("a-1", region), 6_000), next) }, "more than 10000 buckets have come", 2},
		"buckets, in a circle": {listBuckets, func(int, string) *string { return bucketPage("", "there") }, "the listing does not go on", 2},
		"objects":              {newestReport, func(_ int, next string) *string { return objectPage(next, "a") }, "the listing does not end: 1000 pages have come", 1001},
		"objects, in a circle": {newestReport, func(int, string) *string { return objectPage("there", "a") }, "the listing does not go on", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, withBudget(100<<20), func(t *testing.T, fake *memory, client *cos.Client) {
				pages := 0
				fake.Intercept(func(fakecos.Request) *fakecos.Fault {
					pages++
					if pages > test.pages {
						return &fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied} // the end is not seen
					}
					return &fakecos.Fault{Body: test.page(pages, fmt.Sprintf("%05d", pages))}
				})
				if err := test.read(t.Context(), client); err == nil || !strings.Contains(err.Error(), test.want) || pages != test.pages {
					t.Errorf("after %d pages: %v", pages, err)
				}
			})
		})
	}
}
