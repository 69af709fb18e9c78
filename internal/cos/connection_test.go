// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestConnections: a connection is used again, also after an error with a body, and ten of them are
// enough for ten calls at a time.
func TestConnections(t *testing.T) {
	t.Parallel()
	const parallel = 10
	fake := startFake(t, fakecos.Options{})
	fake.Seed(bucket, "nightly", document("nightly"))
	c := config(t, fake.URL)
	c.MaxRetries = 1
	client := cos.New(c)
	page := "<html>" + string(make([]byte, 64<<10)) + "</html>"
	faults := []*fakecos.Fault{
		nil,
		{Status: http.StatusServiceUnavailable, Code: "SlowDown"},
		{Status: http.StatusForbidden, Code: "AccessDenied"},
		{Status: http.StatusNotFound, Body: &page, ContentType: "text/html"},
		{Status: http.StatusOK, Body: &page, ContentType: "text/html"},
	}
	call := func(i int) {
		switch i % 3 {
		case 0:
			_ = client.PutInventory(t.Context(), jobOf("nightly"), nightly("nightly"))
		case 1:
			_, _ = client.GetInventory(t.Context(), jobOf("nightly"))
		default:
			_ = client.DeleteInventory(t.Context(), jobOf("none"))
		}
	}
	var mu sync.Mutex
	turn := 0
	mixed := func(fakecos.Request) *fakecos.Fault {
		mu.Lock()
		defer mu.Unlock()
		turn++
		return faults[turn%len(faults)]
	}

	fake.Intercept(mixed)
	for i := range 50 {
		call(i)
	}
	if n := fake.Connections(); n != 1 {
		t.Errorf("%d connections for one call after the other", n)
	}

	// All ten connections are open once ten requests wait for each other.
	var together sync.WaitGroup
	together.Add(parallel)
	fake.Intercept(func(fakecos.Request) *fakecos.Fault {
		together.Done()
		together.Wait()
		return nil
	})
	var callers sync.WaitGroup
	for range parallel {
		callers.Go(func() { call(1) })
	}
	callers.Wait()

	fake.Intercept(mixed)
	for i := range parallel {
		callers.Go(func() {
			for j := range 5 {
				call(i + j)
			}
		})
	}
	callers.Wait()
	if n := fake.Connections(); n != parallel {
		t.Errorf("%d connections for %d calls at a time", n, parallel)
	}
	if n := fake.InFlightMax(); n != parallel {
		t.Errorf("%d requests at a time", n)
	}
}

// TestConcurrency: many clients, regions and buckets at a time, and each call gets the answer that
// is its own.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{PageSize: 3})
	buckets := []cos.Bucket{
		{Region: "ap-shanghai", Name: "a-1258888888"},
		{Region: "ap-shanghai", Name: "b-1258888888"},
		{Region: "ap-guangzhou", Name: "c-1258888888"},
		{Region: "eu-frankfurt", Name: "d-1258888888"},
	}
	for _, bucket := range buckets {
		fake.AddBucket(bucket.Region, bucket.Name)
	}
	var callers sync.WaitGroup
	for i := range 10 {
		client := cos.New(config(t, fake.URL))
		for _, bucket := range buckets {
			callers.Go(func() {
				job := bucket.Job(fmt.Sprintf("job-%d", i))
				sent := nightly(job.ID)
				sent.Destination.Prefix = job.String()
				if err := client.PutInventory(t.Context(), job, sent); err != nil {
					t.Error(err)
				}
				got, err := client.GetInventory(t.Context(), job)
				if err != nil || !got.Equal(sent) {
					t.Errorf("%s: got %+v, %v", job, got, err)
				}
				if _, err := client.PostInventory(t.Context(), bucket.Job(job.ID+"-run"), nightly(job.ID+"-run")); err != nil {
					t.Error(err)
				}
				mine := 0
				for inv, err := range client.ListInventories(t.Context(), bucket) {
					if err != nil {
						t.Errorf("%s: %v", job, err)
						continue
					}
					if want := bucket.Job(inv.ID).String(); inv.Destination.Prefix != want {
						t.Errorf("%s is listed as %s", inv.Destination.Prefix, want)
					}
					if inv.ID == job.ID {
						mine++
					}
				}
				if mine != 1 {
					t.Errorf("%s is listed %d times", job, mine)
				}
				if i%2 == 0 {
					if err := client.DeleteInventory(t.Context(), job); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	callers.Wait()
	for _, bucket := range buckets {
		if got, want := fake.Jobs(bucket.Name), []string{"job-1", "job-3", "job-5", "job-7", "job-9"}; !slices.Equal(got, want) {
			t.Errorf("%s holds %q", bucket.Name, got)
		}
		if n := len(fake.Runs(bucket.Name)); n != 10 {
			t.Errorf("%s had %d runs", bucket.Name, n)
		}
	}
}
