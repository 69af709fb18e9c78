// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"net/http"
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
