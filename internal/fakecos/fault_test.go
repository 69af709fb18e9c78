// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// over sends a signed call over the network and returns the answer with its body read.
func over(ctx context.Context, l *fakecos.Listener, method, query, body string) (*http.Response, string, error) {
	r := newRequest(method, query, body).WithContext(ctx)
	fakecos.Sign(r, fakecos.DefaultCredential(), time.Now())
	return send(l, r)
}

// send sends a request to the listener, whatever host it is for, and returns the answer with its
// body read.
func send(l *fakecos.Listener, r *http.Request) (*http.Response, string, error) {
	r.URL.Scheme, r.URL.Host, r.RequestURI = "http", strings.TrimPrefix(l.URL, "http://"), ""
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(r)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	return response, string(read), err
}

func TestFault_Reset(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		l := listen(t, fakecos.Options{})
		l.Inject(fakecos.Fault{Reset: true, AfterEffect: after, Times: 1})
		_, _, err := over(t.Context(), l, http.MethodPut, "inventory&id=a", minimal("a"))
		if !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("after effect %t: %v, want ECONNRESET", after, err)
		}
		if _, took := l.Document(bucketName, "a"); took != after {
			t.Errorf("after effect %t: took effect: %t", after, took)
		}
		if r := l.Requests()[0]; r.Status != 0 || !r.Fault || r.Op != "PutBucketInventory" {
			t.Errorf("logged %+v", r)
		}
	}
}

func TestFault_HangUntilClientLeaves(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	reached := make(chan struct{})
	l.Intercept(func(fakecos.Request) *fakecos.Fault {
		close(reached)
		return &fakecos.Fault{Hang: true, AfterEffect: true}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	if _, _, err := over(ctx, l, http.MethodPut, "inventory&id=a", minimal("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestFault_HangUntilClose(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakecos.Fault{"hang": {Hang: true}, "delay": {Delay: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := listen(t, fakecos.Options{})
			l.Intercept(func(fakecos.Request) *fakecos.Fault {
				go l.Server.Close()
				return &fault
			})
			if _, _, err := over(t.Context(), l, http.MethodPut, "inventory&id=a", minimal("a")); !errors.Is(err, io.EOF) {
				t.Errorf("%v, want EOF", err)
			}
			if len(l.Jobs(bucketName)) != 0 {
				t.Error("took effect")
			}
		})
	}
}

func TestFault_Delay(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	l.Inject(fakecos.Fault{Delay: time.Millisecond})
	for range 2 {
		if response, _, err := over(t.Context(), l, http.MethodPut, "inventory&id=a", minimal("a")); err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%v, %v", response, err)
		}
	}
}

func TestFault_Truncate(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	l.Inject(fakecos.Fault{Truncate: true})
	// An empty answer is cut inside its head.
	if _, _, err := over(t.Context(), l, http.MethodPut, "inventory&id=a", minimal("a")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("PUT: %v, want an unexpected EOF", err)
	}
	if len(l.Jobs(bucketName)) != 1 {
		t.Error("PUT took no effect")
	}
	response, body, err := over(t.Context(), l, http.MethodGet, "inventory&id=a", "")
	want := minimal("a")
	if !errors.Is(err, io.ErrUnexpectedEOF) || response.ContentLength != int64(len(want)) || body != want[:len(want)/2] {
		t.Errorf("GET: %v, length %d, body %q", err, response.ContentLength, body)
	}
}

func TestFault_Answers(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	for name, test := range map[string]struct {
		fault       fakecos.Fault
		status      int
		code        string // of a COS error
		message     string
		contentType string
		body        string // of a plain answer
	}{
		"status and code":    {fault: fakecos.Fault{Status: 503, Code: "SlowDown", Message: "Reduce your rate."}, status: 503, code: "SlowDown", message: "Reduce your rate."},
		"status alone":       {fault: fakecos.Fault{Status: 503}, status: 503, code: "ServiceUnavailable", message: "Service Unavailable"},
		"internal error":     {fault: fakecos.Fault{Status: 500}, status: 500, code: "InternalError", message: "Internal Server Error"},
		"code alone":         {fault: fakecos.Fault{Code: "KmsInternalException"}, status: 500, code: "KmsInternalException", message: "Internal Server Error"},
		"redirect":           {fault: fakecos.Fault{Status: 307, Header: http.Header{"Location": {"http://elsewhere.example/"}}}, status: 307, code: "TemporaryRedirect", message: "Temporary Redirect"},
		"empty success":      {fault: fakecos.Fault{Status: 200}, status: 200},
		"captive portal":     {fault: fakecos.Fault{Body: text("<html>"), ContentType: "text/html"}, status: 200, contentType: "text/html", body: "<html>"},
		"bare 404":           {fault: fakecos.Fault{Status: 404, Body: text("")}, status: 404},
		"proxy error":        {fault: fakecos.Fault{Status: 502, Body: text("bad gateway"), ContentType: "text/plain"}, status: 502, contentType: "text/plain", body: "bad gateway"},
		"no content, a body": {fault: fakecos.Fault{Status: 204, Body: text("x")}, status: 204, body: ""},
	} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after effect %t", name, after), func(t *testing.T) {
				t.Parallel()
				l := listen(t, fakecos.Options{})
				fault := test.fault
				fault.AfterEffect = after
				l.Inject(fault)
				response, body, err := over(t.Context(), l, http.MethodPut, "inventory&id=a", minimal("a"))
				if err != nil {
					t.Fatal(err)
				}
				if response.StatusCode != test.status {
					t.Errorf("status %d, want %d", response.StatusCode, test.status)
				}
				if test.code != "" {
					for _, element := range []string{"<Code>" + test.code + "</Code>", "<Message>" + test.message + "</Message>"} {
						if !strings.Contains(body, element) {
							t.Errorf("body %q lacks %q", body, element)
						}
					}
				} else if body != test.body || response.Header.Get("Content-Type") != test.contentType {
					t.Errorf("%q body %q, want %q %q", response.Header.Get("Content-Type"), body, test.contentType, test.body)
				}
				for name := range test.fault.Header {
					if got, want := response.Header.Get(name), test.fault.Header.Get(name); got != want {
						t.Errorf("%s %q, want %q", name, got, want)
					}
				}
				if took := len(l.Jobs(bucketName)) == 1; took != after {
					t.Errorf("took effect: %t", took)
				}
				if r := l.Requests()[0]; r.Status != test.status || r.Code != test.code || !r.Fault {
					t.Errorf("logged %d %q", r.Status, r.Code)
				}
			})
		}
	}
}

func TestFault_HeaderOnTheRealAnswer(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Inject(fakecos.Fault{Header: http.Header{"retry-after": {"7"}}})
	w := call(s, http.MethodGet, "inventory&id=none", "")
	wantError(t, w, http.StatusNotFound, "InventoryConfigurationNotFoundError")
	if got := w.Header().Get("Retry-After"); got != "7" {
		t.Errorf("Retry-After %q", got)
	}
}

func TestFault_Queue(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.AddBucket(region, "other-1250000000")
	s.Inject(fakecos.Fault{Op: "GetBucketInventory", ID: "a", Skip: 1, Times: 2, Status: 500})
	s.Inject(fakecos.Fault{Bucket: "other-1250000000", Times: 1, Status: 501})
	s.Inject(fakecos.Fault{Op: "DeleteBucketInventory", Status: 503})
	s.Seed(bucketName, "a", minimal("a"))

	get := func(id string) int { return call(s, http.MethodGet, "inventory&id="+id, "").Code }
	got := []int{get("a"), get("b"), get("a"), get("a"), get("a")}
	if want := []int{200, 404, 500, 500, 200}; !slices.Equal(got, want) {
		t.Errorf("GET %v, want %v", got, want)
	}
	remove := func() int { return call(s, http.MethodDelete, "inventory&id=a", "").Code }
	got = []int{remove(), remove()}
	s.ClearFaults()
	got = append(got, remove())
	if want := []int{503, 503, 204}; !slices.Equal(got, want) {
		t.Errorf("DELETE %v, want %v", got, want)
	}
	faults := 0
	for _, r := range s.Requests() {
		if r.Fault {
			faults++
		}
	}
	if faults != 4 {
		t.Errorf("%d requests are logged as struck, want 4", faults)
	}
}

func TestFault_OfOneBucket(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Inject(fakecos.Fault{Bucket: "other-1250000000", Status: 500})
	wantStatus(t, call(s, http.MethodGet, "inventory", ""), http.StatusOK)
	s.Inject(fakecos.Fault{Bucket: bucketName, Status: 500})
	wantError(t, call(s, http.MethodGet, "inventory", ""), http.StatusInternalServerError, "InternalError")
}

func TestIntercept_GoesBeforeTheQueue(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Inject(fakecos.Fault{Status: 500})
	s.Intercept(func(r fakecos.Request) *fakecos.Fault {
		s.Seed(bucketName, "from-the-hook", minimal("from-the-hook")) // the hook may use the server
		if r.ID == "a" {
			return &fakecos.Fault{Status: 503}
		}
		return nil
	})
	status := func(id string) int { return call(s, http.MethodGet, "inventory&id="+id, "").Code }
	got := []int{status("a"), status("b")}
	s.Intercept(nil)
	got = append(got, status("a"))
	if want := []int{503, 500, 500}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if !slices.Equal(s.Jobs(bucketName), []string{"from-the-hook"}) {
		t.Errorf("jobs %q", s.Jobs(bucketName))
	}
}

// Half the writers hit faults that take effect first; whatever the interleaving, every job must be
// there in the end.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{PageSize: 3})
	l.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Method == http.MethodPut && strings.HasSuffix(r.ID, "1") {
			return &fakecos.Fault{Status: 503, AfterEffect: true}
		}
		return nil
	})
	var writers sync.WaitGroup
	for writer := range 8 {
		writers.Go(func() {
			for job := range 10 {
				id := fmt.Sprintf("job-%d-%d", writer, job)
				for _, call := range []struct{ method, query, body string }{
					{http.MethodPut, "inventory&id=" + id, minimal(id)},
					{http.MethodGet, "inventory&id=" + id, ""},
					{http.MethodGet, "inventory", ""},
				} {
					if _, _, err := over(t.Context(), l, call.method, call.query, call.body); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	writers.Wait()
	if jobs := l.Jobs(bucketName); len(jobs) != 80 {
		t.Errorf("%d jobs, want 80", len(jobs))
	}
	if requests := l.Requests(); len(requests) != 240 {
		t.Errorf("%d requests, want 240", len(requests))
	}
	if got := l.Connections(); got != 240 {
		t.Errorf("%d connections, want 240", got)
	}
	if got := l.InFlightMax(); got < 1 || got > 8 {
		t.Errorf("%d in flight at once", got)
	}
}
