// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	clock := newClock()
	var mu sync.Mutex
	var logged []fakecos.Request
	s := newServer(t, fakecos.Options{Clock: clock.Now, Log: func(r fakecos.Request) {
		mu.Lock()
		defer mu.Unlock()
		logged = append(logged, r)
	}})
	call(s, http.MethodPut, "inventory&id=a", minimal("a"))
	call(s, http.MethodPost, "inventory&id=b", oneTime("b"))
	call(s, http.MethodGet, "inventory&id=a", "")
	call(s, http.MethodGet, "inventory", "")
	call(s, http.MethodDelete, "inventory&id=a", "")
	call(s, http.MethodDelete, "inventory&id=a", "")
	call(s, http.MethodHead, "inventory", "")
	serve(s, newRequest(http.MethodGet, "inventory", "")) // unsigned

	type entry struct {
		op, id string
		status int
		code   string
	}
	var got []entry
	requests := s.Requests()
	for _, r := range requests {
		got = append(got, entry{r.Op, r.ID, r.Status, r.Code})
		if r.Bucket != bucketName || r.Region != region || r.Host != host || !r.Time.Equal(clock.Now()) || r.Fault {
			t.Errorf("logged %+v", r)
		}
	}
	if want := []entry{
		{"PutBucketInventory", "a", 200, ""},
		{"PostBucketInventory", "b", 200, ""},
		{"GetBucketInventory", "a", 200, ""},
		{"ListBucketInventory", "", 200, ""},
		{"DeleteBucketInventory", "a", 204, ""},
		{"DeleteBucketInventory", "a", 404, "InventoryConfigurationNotFoundError"},
		{"", "", 405, "MethodNotAllowed"},
		{"ListBucketInventory", "", 403, "AccessDenied"},
	}; !slices.Equal(got, want) {
		t.Errorf("logged\n%v, want\n%v", got, want)
	}
	put := requests[0]
	if put.Body != minimal("a") || put.Query != "inventory&id=a" || !strings.HasPrefix(put.Header.Get("Authorization"), "q-sign-algorithm=sha1&") {
		t.Errorf("PUT logged as %+v", put)
	}
	put.Header.Set("Authorization", "changed")
	if s.Requests()[0].Header.Get("Authorization") == "changed" {
		t.Error("the log can be changed from outside")
	}
	if len(logged) != len(requests) || logged[5].Code != "InventoryConfigurationNotFoundError" {
		t.Errorf("Log was called with %+v", logged)
	}
	s.ResetRequests()
	if left := s.Requests(); len(left) != 0 {
		t.Errorf("left in the log: %+v", left)
	}
}

func TestConnections_KeepAlive(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	bucket := sdk(t, l, fakecos.DefaultCredential()).Bucket
	for range 3 {
		if _, _, err := bucket.ListInventoryConfigurations(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.Connections(); got != 1 {
		t.Errorf("%d connections, want 1", got)
	}
	if got := l.InFlightMax(); got != 1 {
		t.Errorf("%d in flight at once, want 1", got)
	}
}

func TestInFlightMax_CountsHangingRequests(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	var here sync.WaitGroup
	here.Add(3)
	l.Intercept(func(fakecos.Request) *fakecos.Fault {
		here.Done()
		here.Wait()
		return nil
	})
	var clients sync.WaitGroup
	for range 3 {
		clients.Go(func() {
			if _, _, err := over(t.Context(), l, http.MethodGet, "inventory", ""); err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
	if got := l.InFlightMax(); got != 3 {
		t.Errorf("%d in flight at once, want 3", got)
	}
}

func TestListenTLS(t *testing.T) {
	t.Parallel()
	l, err := fakecos.ListenTLS(fakecos.Options{}, "*.cos.ap-guangzhou.myqcloud.com")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.AddBucket(region, bucketName)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(l.CA)) {
		t.Fatalf("CA %q", l.CA)
	}
	base, err := url.Parse(l.URL)
	if err != nil || base.Scheme != "https" {
		t.Fatalf("URL %q: %v", l.URL, err)
	}
	for name, test := range map[string]struct {
		serverName string
		roots      *x509.CertPool
		ok         bool
	}{
		"virtual host": {host, roots, true},
		"address":      {"127.0.0.1", roots, true},
		"other host":   {"elsewhere.example", roots, false},
		"no CA":        {host, x509.NewCertPool(), false},
	} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{ServerName: test.serverName, RootCAs: test.roots, MinVersion: tls.VersionTLS12}}
		client := sdkOver(redirect{base, transport}, fakecos.DefaultCredential())
		_, _, err := client.Bucket.ListInventoryConfigurations(t.Context(), "")
		transport.CloseIdleConnections()
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}

	l.Inject(fakecos.Fault{Reset: true})
	transport := &http.Transport{TLSClientConfig: &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	if _, _, err := sdkOver(redirect{base, transport}, fakecos.DefaultCredential()).Bucket.ListInventoryConfigurations(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "reset by peer") {
		t.Errorf("reset: %v", err)
	}
}

// redirect connects to base and leaves the Host header as it was signed.
type redirect struct {
	base      *url.URL
	transport http.RoundTripper
}

func (r redirect) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Host = request.URL.Host
	request.URL.Scheme, request.URL.Host = r.base.Scheme, r.base.Host
	return r.transport.RoundTrip(request)
}

func TestListenAddr_localhost(t *testing.T) {
	t.Parallel()
	l, err := fakecos.ListenAddr("localhost:0", fakecos.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if host := strings.TrimPrefix(l.URL, "http://"); !strings.HasPrefix(host, "127.0.0.1:") && !strings.HasPrefix(host, "[::1]:") {
		t.Errorf("listens on %s", host)
	}
}

func TestListenAddr_Refusals(t *testing.T) {
	t.Parallel()
	for address, message := range map[string]string{
		"0.0.0.0:0":      "not loopback",
		":0":             "not loopback",
		"192.0.2.1:0":    "not loopback",
		"127.0.0.1":      "missing port",
		"127.0.0.1:none": "listen",
	} {
		l, err := fakecos.ListenAddr(address, fakecos.Options{})
		if err == nil {
			l.Close()
		}
		if err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v, want %q", address, err, message)
		}
	}
}

func TestListener_CloseFreesThePort(t *testing.T) {
	t.Parallel()
	l, err := fakecos.Listen(fakecos.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	l.Close()
	if _, _, err := over(t.Context(), l, http.MethodGet, "inventory", ""); err == nil {
		t.Error("still answers")
	}
}
