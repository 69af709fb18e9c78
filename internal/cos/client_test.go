// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// TestRequests: what each call sends. The fake refuses a signature that does not cover the host,
// the query and the digest.
func TestRequests(t *testing.T) {
	t.Parallel()
	run := strings.Replace(document("job.1_a-B"), "<IsEnabled>true</IsEnabled>", "", 1)
	run = strings.Replace(run, "<Schedule><Frequency>Daily</Frequency></Schedule>", "", 1)
	wants := map[cos.Operation]fakecos.Request{
		cos.PutInventory:    {Method: "PUT", Query: "inventory&id=job.1_a-B", Body: document("job.1_a-B"), Status: 200},
		cos.GetInventory:    {Method: "GET", Query: "inventory&id=job.1_a-B", Status: 200},
		cos.ListInventories: {Method: "GET", Query: "inventory", Status: 200},
		cos.DeleteInventory: {Method: "DELETE", Query: "inventory&id=job.1_a-B", Status: 204},
		cos.PostInventory:   {Method: "POST", Query: "inventory&id=job.1_a-B", Body: run, Status: 200},
	}
	eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
		t.Helper()
		want := wants[op]
		fake := startFake(t, fakecos.Options{})
		if op != cos.PostInventory {
			fake.Seed(bucket, "job.1_a-B", document("job.1_a-B"))
		}
		if err := do(t.Context(), cos.New(config(t, fake.URL)), "job.1_a-B"); err != nil {
			t.Fatal(err)
		}
		requests := fake.Requests()
		if len(requests) != 1 {
			t.Fatalf("%d requests", len(requests))
		}
		got := requests[0]
		if got.Op != string(op) || got.Method != want.Method || got.Query != want.Query || got.Body != want.Body || got.Status != want.Status {
			t.Errorf("got %s %s %d, body %s", got.Method, got.Query, got.Status, got.Body)
		}
		if got.Host != bucket+".cos.ap-shanghai.myqcloud.com" {
			t.Errorf("the host is %s", got.Host)
		}
		header := map[string]string{"User-Agent": "inventory-test/1.0", "Content-Md5": "", "Content-Type": "", "X-Cos-Security-Token": ""}
		if want.Body != "" {
			sum := md5.Sum([]byte(want.Body))
			header["Content-Md5"] = base64.StdEncoding.EncodeToString(sum[:])
			header["Content-Type"] = "application/xml"
		}
		for name, value := range header {
			if got.Header.Get(name) != value {
				t.Errorf("%s is %q, want %q", name, got.Header.Get(name), value)
			}
		}
	})
}

func TestListInventories(t *testing.T) {
	t.Parallel()
	ids := []string{"a", "b", "c", "d", "e"}
	for name, test := range map[string]struct {
		limit    int64
		failing  bool // from the second page on
		want     string
		requests int
	}{
		"all pages":             {0, false, "[a b c d e] false", 3},
		"up to the limit":       {3, false, "[a b c d] true", 2},
		"a limit that ends all": {5, false, "[a b c d e] false", 3},
		"up to the first error": {0, true, "[a b] false", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{PageSize: 2})
			for _, id := range ids {
				fake.Seed(bucket, id, document(id))
			}
			if test.failing {
				fake.Inject(fakecos.Fault{Skip: 1, Status: http.StatusForbidden, Code: "AccessDenied"})
			}
			for read := range cos.New(config(t, fake.URL)).ListInventories(t.Context(), []cos.Bucket{jobOf("").Bucket}, test.limit) {
				var got []string
				for _, inv := range read.Inventories {
					got = append(got, inv.ID)
				}
				if got := fmt.Sprint(got, read.IsCut); got != test.want || cos.IsDenied(read.Err) != test.failing || len(fake.Requests()) != test.requests {
					t.Errorf("got %s after %d requests, %v", got, len(fake.Requests()), read.Err)
				}
			}
		})
	}
}

// TestPostInventory: a run's id comes back, also that of an older service, which has none.
func TestPostInventory(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{})
	client := cos.New(config(t, fake.URL))
	jobID, err := client.PostInventory(t.Context(), jobOf("once"), nightly("once"))
	if err != nil {
		t.Fatal(err)
	}
	if runs := fake.Runs(bucket); len(runs) != 1 || runs[0].JobID != jobID || jobID == "" {
		t.Errorf("got %q of %+v", jobID, runs)
	}
	empty := ""
	fake.Inject(fakecos.Fault{Body: &empty, AfterEffect: true})
	if jobID, err := client.PostInventory(t.Context(), jobOf("older"), nightly("older")); jobID != "" || err != nil {
		t.Errorf("got %q, %v", jobID, err)
	}
}

// TestRefusedBeforehand: names that would change the host or the query, texts that XML cannot carry
// and regions that the domain does not serve are not sent.
func TestRefusedBeforehand(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{})
	client := cos.New(config(t, fake.URL))
	eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
		t.Helper()
		if op == cos.ListInventories {
			return // it has no id
		}
		e := failure(t, do(t.Context(), client, "a&delete"))
		if !strings.Contains(e.Error(), `id "a&delete": `) || e.Attempts != 0 || e.Op != op || e.ID != "a&delete" {
			t.Errorf("got %v after %d attempts", e, e.Attempts)
		}
	})
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		inv := nightly("a")
		inv.Destination.Prefix = "a\x00b"
		_, post := client.PostInventory(t.Context(), jobOf("a"), inv)
		for _, err := range []error{client.PutInventory(t.Context(), jobOf("a"), inv), post} {
			if e := failure(t, err); e.Attempts != 0 || !strings.Contains(err.Error(), "U+0000") {
				t.Errorf("got %v after %d attempts", err, e.Attempts)
			}
		}
	})
	t.Run("domain of another region", func(t *testing.T) {
		t.Parallel()
		other := cos.New(config(t, "https://cos.ap-guangzhou.myqcloud.com"))
		_, err := other.GetInventory(t.Context(), jobOf("a"))
		if e := failure(t, err); e.Attempts != 0 || cos.IsNotFound(err) || !strings.Contains(err.Error(), "ap-guangzhou") || !strings.Contains(err.Error(), "ap-shanghai") {
			t.Errorf("got %v after %d attempts", err, e.Attempts)
		}
	})
	t.Cleanup(func() {
		if requests := fake.Requests(); len(requests) != 0 {
			t.Errorf("sent all the same: %+v", requests)
		}
	})
}

// TestProxy: a proxy that refuses is asked once, one that fails as often as COS would be, also for
// a one-time job, of which nothing was sent.
func TestProxy(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int32{http.StatusForbidden: 1, http.StatusProxyAuthRequired: 1, http.StatusServiceUnavailable: 4} {
		for _, op := range []cos.Operation{cos.DeleteInventory, cos.PostInventory} {
			var connects atomic.Int32
			server := startServer(t, func(rw http.ResponseWriter, _ *http.Request) {
				connects.Add(1)
				rw.WriteHeader(status)
			})
			proxy, err := network.FindProxy(func(name string) string { return map[string]string{"HTTPS_PROXY": server.URL}[name] })
			if err != nil {
				t.Fatal(err)
			}
			c := config(t, server.URL)
			c.Domain, c.Proxy = cos.Domain{}, proxy
			err = calls[op](t.Context(), cos.New(c), "nightly")
			var refused *network.ProxyError
			if !errors.As(err, &refused) || refused.Status != status || refused.Host != bucket+".cos."+region+".myqcloud.com:443" {
				t.Errorf("%s, status %d: %v", op, status, err)
			}
			if n := connects.Load(); n != want {
				t.Errorf("%s, status %d: the proxy was asked %d times, not %d", op, status, n, want)
			}
		}
	}
}

// recorder keeps what a client tells.
type recorder []cos.Exchange

func (r *recorder) observe(_ context.Context, e cos.Exchange) { *r = append(*r, e) }

// TestObserve: one exchange for each attempt, with what came of it and how long it took.
func TestObserve(t *testing.T) {
	t.Parallel()
	eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
		t.Helper()
		var told recorder
		change := func(c *cos.Config) { c.Observe, c.AttemptTimeout = told.observe, 5*time.Second }
		inBubble(t, fakecos.Options{}, change, func(t *testing.T, fake *memory, client *cos.Client) {
			slow := slowDown
			slow.Times, slow.Delay = 1, 2*time.Second
			fake.Inject(slow)
			fake.Inject(fakecos.Fault{Times: 1, Hang: true})
			err := do(t.Context(), client, "nightly")

			requests, attempts := fake.Requests(), len(told)
			if attempts != len(requests) || attempts < 2 {
				t.Fatalf("told of %d attempts, %d requests: %v", attempts, len(requests), err)
			}
			for i, e := range told {
				want := requests[i]
				job := jobOf("nightly")
				if op == cos.ListInventories {
					job.ID = ""
				}
				if e.Op != op || e.Bucket.Job(e.ID) != job || e.Attempt != i+1 || e.Status != want.Status || e.Code != want.Code {
					t.Errorf("told %+v of %s %d", e, want.Op, want.Status)
				}
				if i == 1 {
					if e.Err == nil || e.Duration != 5*time.Second || e.RequestID != "" {
						t.Errorf("of the attempt that hung: %+v", e)
					}
				} else if e.Err != nil || e.RequestID != want.RequestID {
					t.Errorf("told %+v of request %s", e, want.RequestID)
				}
			}
			if first := told[0]; first.Duration != 2*time.Second || first.Status != http.StatusServiceUnavailable {
				t.Errorf("of the first attempt: %+v", first)
			}
		})
	})
}

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
