// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	testHost        = testBucket + ".cos." + testRegion + ".myqcloud.com"
	destinationHost = testDestinationBucket + ".cos." + testRegion + ".myqcloud.com"
)

// newTLSWorld is a COS with a certificate for the hosts, and an environment that leaves the address
// to the default.
func newTLSWorld(t *testing.T, hosts ...string) *world {
	t.Helper()
	listener, err := fakecos.ListenTLS(fakecos.Options{}, hosts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(listener.Close)
	w := worldAround(t, fakecos.Options{}, listener)
	w.setenv(envCOSDomain, "")
	return w
}

// trusting makes the provider's client trust the world, and find it under every name.
func (w *world) trusting(t *testing.T) *world {
	t.Helper()
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM([]byte(w.CA)) {
		t.Fatal("no certificate")
	}
	w.connect = func(client *cos.Client) {
		transport := transportOf(client)
		transport.TLSClientConfig.RootCAs = authorities
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(w.Listener.URL, "https://"))
		}
	}
	return w
}

// tunnel is an HTTP proxy that leads every CONNECT to one address.
type tunnel struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newTunnel(t *testing.T, address string) *tunnel {
	t.Helper()
	p := &tunnel{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.Method+" "+r.Host)
		p.mu.Unlock()
		to, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", address)
		if err != nil || r.Method != http.MethodConnect {
			http.Error(rw, "only CONNECT, and only where it leads", http.StatusBadGateway)
			return
		}
		defer func() { _ = to.Close() }()
		from, _, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = from.Close() }()
		if _, err := io.WriteString(from, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			return
		}
		// The first direction to end closes both connections, and so ends the other.
		var both sync.WaitGroup
		pipe := func(to, from net.Conn) {
			_, _ = io.Copy(to, from)
			_, _ = to.Close(), from.Close()
		}
		both.Go(func() { pipe(to, from) })
		both.Go(func() { pipe(from, to) })
		both.Wait()
	}))
	t.Cleanup(p.CloseClientConnections)
	t.Cleanup(p.Close)
	return p
}

// connects returns what the proxy was asked for, each once.
func (p *tunnel) connects() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	slices.Sort(p.asked)
	return slices.Compact(slices.Clone(p.asked))
}

// With nothing configured, the bucket's public address is used, over TLS with the system's
// certificates, and through the proxy of the environment.
func TestBucketInventoryResource_defaultAddress(t *testing.T) {
	t.Parallel()
	w := newTLSWorld(t, "*.cos."+testRegion+".myqcloud.com")
	proxy := newTunnel(t, strings.TrimPrefix(w.Listener.URL, "https://"))
	c := newCLI(t, w)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, []byte(w.CA), 0o600); err != nil {
		t.Fatal(err)
	}
	c.env = append(c.env, "SSL_CERT_FILE="+authority, "SSL_CERT_DIR="+t.TempDir(), "HTTPS_PROXY="+proxy.URL)
	c.write("main.tf", jobConfig())
	code, output := c.run("apply", "-auto-approve", "-no-color")
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" { // where SSL_CERT_FILE means nothing
		if code != 1 || !strings.Contains(output, "certificate") {
			t.Errorf("want exit code 1 and word of the certificate, not %d:\n%s", code, output)
		}
		return
	}
	if code != 0 {
		t.Fatal(output)
	}
	w.document("nightly")
	if got := proxy.connects(); !slices.Equal(got, []string{"CONNECT " + testHost + ":443", "CONNECT " + destinationHost + ":443"}) {
		t.Errorf("the proxy was asked for %q", got)
	}
	for _, r := range w.work() {
		if r.Host != testHost {
			t.Errorf("%s was sent to %s", r.Op, r.Host)
		}
	}
}

// Nothing is sent to an address that does not prove to be the bucket's public host, and no second
// attempt could change it.
func TestBucketInventoryResource_dialledAddress(t *testing.T) {
	t.Parallel()
	for _, isTrusted := range []bool{true, false} {
		w := newTLSWorld(t, testHost)
		if isTrusted {
			w.trusting(t)
		}
		w.setenv(envCOSDomain, w.Listener.URL)
		w.setenv("HTTPS_PROXY", "http://127.0.0.1:1") // which is not asked for an address of this machine
		p := w.configured()
		before := w.Connections()
		read, ds := p.refresh(t.Context(), kept{state: newValue(t, p.typ(), storedJob(nil))})
		switch connections, requests := w.Connections()-before, w.Requests(); {
		case isTrusted && (len(ds) > 0 || !read.state.IsNull() || len(requests) == 0 || requests[0].Host != testHost):
			t.Errorf("want the job to be gone, not %s, %s, after %+v", read.state, ds, requests)
		case !isTrusted && (!strings.Contains(ds.errors(), "certificate signed by unknown authority") || len(requests) > 0 || connections != 2):
			t.Errorf("%d requests and %d connections, want two, for LIST and GET: %s", len(requests), connections, ds)
		}
	}
}

const otherDomain = "cos.example.onion" // whose name tells no region

// A domain may serve another region than the bucket's. That it knows no such bucket is then no proof
// that a job is deleted.
func TestBucketInventoryResource_deleteBehindDomain(t *testing.T) {
	t.Parallel()
	w := newTLSWorld(t, testHost, testBucket+"."+otherDomain).trusting(t)
	p := w.configured()
	job := p.create(p.complete(nil))
	w.setenv(envCOSDomain, "https://"+otherDomain)
	left, ds := w.configured().destroy(t.Context(), job)
	for _, want := range []string{"could not be deleted, and stays in the state", "NoSuchBucket"} {
		if !strings.Contains(ds.errors(), want) {
			t.Errorf("want %q, not %s", want, ds)
		}
	}
	p.expectState(left, job.state)
	w.document("nightly")
}

// Behind a domain that does not tell its region, a destination that is not found may be elsewhere.
func TestDestinationLook_behindDomain(t *testing.T) {
	t.Parallel()
	w := newTLSWorld(t, "*."+otherDomain).trusting(t)
	w.patient()
	var written atomic.Bool
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		switch {
		case r.Method == http.MethodHead:
			return nil // no such bucket
		case r.Method == http.MethodPut:
			written.Store(true)
			return &fakecos.Fault{Body: new("")}
		case written.Load():
			return &fakecos.Fault{Body: new(nightlyDocument)}
		}
		return &fakecos.Fault{Status: http.StatusNotFound, Code: cos.CodeNoSuchJob}
	})
	w.setenv(envCOSDomain, "https://"+otherDomain)
	p := w.configured()
	p.create(newValue(t, p.typ(), jobObject(nil)))
	if !written.Load() {
		t.Error("nothing was written")
	}
	if !slices.ContainsFunc(w.Requests(), func(r fakecos.Request) bool {
		return r.Method == http.MethodHead && r.Host == testDestinationBucket+"."+otherDomain && r.Status == http.StatusNotFound
	}) {
		t.Error("nothing looked for the destination")
	}
}
