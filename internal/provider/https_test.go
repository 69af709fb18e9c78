// SPDX-License-Identifier: MPL-2.0

//go:build unix && !darwin

// SSL_CERT_FILE, which these tests use to be trusted, means nothing to macOS.

package provider

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	w := newWorld(t, fakecos.Options{})
	w.Listener = listener
	w.AddBucket(testRegion, testBucket)
	credential := fakecos.DefaultCredential()
	w.provider.getenv = environment{envRegion: testRegion, envSecretID: credential.SecretID, envSecretKey: credential.SecretKey}.get
	return w
}

// trust makes the CLI's plugins trust the world's certificate authority.
func (c *cli) trust(w *world) {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(w.CA), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.env = append(c.env, "SSL_CERT_FILE="+file, "SSL_CERT_DIR="+c.t.TempDir())
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

// With nothing configured, the bucket's public address is used, over TLS and through the proxy of
// the environment.
func TestBucketInventoryResource_defaultAddress(t *testing.T) {
	t.Parallel()
	w := newTLSWorld(t, "*.cos."+testRegion+".myqcloud.com")
	proxy := newTunnel(t, w.Listener.URL[len("https://"):])
	c := newCLI(t, w)
	c.trust(w)
	c.env = append(c.env, "HTTPS_PROXY="+proxy.URL)
	c.write("main.tf", jobConfig())
	c.mustRun("apply", "-auto-approve", "-no-color")
	w.document("nightly")
	c.mustRun("plan", "-detailed-exitcode", "-no-color")

	// The proxy would see a redirect being followed.
	w.Inject(fakecos.Fault{Times: 2, Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://elsewhere.example/"}}})
	if code, output := c.run("plan", "-no-color"); code != 1 || !strings.Contains(unwrapped(output), "the host elsewhere.example") {
		t.Errorf("a redirect: want exit code 1 and the other host's name, not %d:\n%s", code, output)
	}
	c.mustRun("destroy", "-auto-approve", "-no-color")
	if jobs := w.Jobs(testBucket); len(jobs) != 0 {
		t.Errorf("destroy left %q", jobs)
	}
	if got := proxy.connects(); !slices.Equal(got, []string{"CONNECT " + testHost + ":443", "CONNECT " + destinationHost + ":443"}) {
		t.Errorf("the proxy was asked for %q", got)
	}
	for _, r := range w.work() {
		if r.Host != testHost {
			t.Errorf("%s was sent to %s", r.Op, r.Host)
		}
	}
}

// A certificate that nobody vouches for ends the call at once: nothing is sent, and no second
// attempt could change it.
func TestBucketInventoryResource_untrustedCertificate(t *testing.T) {
	t.Parallel()
	w := newTLSWorld(t, testHost)
	proxy := newTunnel(t, w.Listener.URL[len("https://"):])
	c := newCLI(t, w)
	c.trust(newTLSWorld(t, testHost))
	c.env = append(c.env, "HTTPS_PROXY="+proxy.URL)
	c.write("main.tf", jobConfig())
	code, output := c.run("apply", "-auto-approve", "-no-color")
	if code != 1 || !strings.Contains(unwrapped(output), "certificate signed by unknown authority") {
		t.Errorf("want exit code 1 and word of the certificate, not %d:\n%s", code, output)
	}
	// The plan looks for the job, and so does the apply before its create, which also looks at the
	// bucket.
	if requests, connections := w.Requests(), w.Connections(); len(requests) != 0 || connections != 4 {
		t.Errorf("want a connection for each look and one for the create, and nothing sent, not %d and %v", connections, requests)
	}
}

// NO_PROXY takes a host from the proxy. Names under .onion are never looked up in DNS (RFC 7686),
// so the direct way ends on this machine.
func TestBucketInventoryResource_noProxy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		exempt string
		asked  []string
	}{
		{"", []string{"CONNECT " + testBucket + ".cos.example.onion:443"}},
		{".example.onion", nil},
	} {
		w := newTLSWorld(t, testHost)
		proxy := newTunnel(t, w.Listener.URL[len("https://"):])
		c := newCLI(t, w)
		c.trust(w)
		c.env = append(c.env, "HTTPS_PROXY="+proxy.URL, "NO_PROXY="+tc.exempt, "GODEBUG=netdns=go", envCOSDomain+"=https://cos.example.onion")
		c.write("main.tf", jobConfig())
		code, output := c.run("apply", "-auto-approve", "-no-color")
		if code != 1 || !strings.Contains(output, "Unable to Create COS Bucket Inventory") {
			t.Errorf("NO_PROXY=%s: want exit code 1, not %d:\n%s", tc.exempt, code, output)
		}
		if got := proxy.connects(); !slices.Equal(got, tc.asked) {
			t.Errorf("NO_PROXY=%s: the proxy was asked for %q, not %q", tc.exempt, got, tc.asked)
		}
	}
}

// An address in cos_domain is only dialled: whoever answers there must prove to be the bucket's
// public host.
func TestBucketInventoryResource_dialledAddress(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, host string
		code       int
	}{
		{"the bucket's certificate", testHost, 0},
		{"the address's own certificate", "localhost", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newTLSWorld(t, tc.host)
			c := newCLI(t, w)
			c.trust(w)
			c.env = append(c.env, envCOSDomain+"="+w.Listener.URL, "HTTPS_PROXY=http://127.0.0.1:1")
			c.write("main.tf", jobConfig())
			code, output := c.run("apply", "-auto-approve", "-no-color")
			if code != tc.code || strings.Contains(unwrapped(output), ", not "+testHost) != (tc.code != 0) {
				t.Errorf("want exit code %d, not %d:\n%s", tc.code, code, output)
			}
			for _, r := range w.Requests() {
				if tc.code != 0 || r.Host != testHost {
					t.Errorf("%s was sent to %s", r.Op, r.Host)
				}
			}
		})
	}
}

// A domain whose name tells no region may serve another one than the bucket's. That it knows no
// such bucket is then no proof that a job is deleted.
func TestBucketInventoryResource_deleteBehindDomain(t *testing.T) {
	t.Parallel()
	const domain = "cos.example.onion"
	w := newTLSWorld(t, testHost, testBucket+"."+domain)
	c := newCLI(t, w)
	c.trust(w)
	c.env = append(c.env, "HTTPS_PROXY="+newTunnel(t, w.Listener.URL[len("https://"):]).URL)
	c.write("main.tf", jobConfig())
	c.mustRun("apply", "-auto-approve", "-no-color")
	c.env = append(c.env, envCOSDomain+"=https://"+domain)
	code, output := c.run("destroy", "-auto-approve", "-no-color", "-refresh=false")
	if code != 1 || !strings.Contains(unwrapped(output), "could not be deleted, and stays in the state") || !strings.Contains(output, "NoSuchBucket") {
		t.Errorf("want exit code 1 and the reason, not %d:\n%s", code, output)
	}
	if state := c.read("terraform.tfstate"); !strings.Contains(state, `"id": "nightly"`) {
		t.Errorf("the job is no longer in the state:\n%s", state)
	}
	w.document("nightly")
}

// Behind a domain that does not tell its region, a destination that is not found may be elsewhere.
func TestDestinationLook_behindDomain(t *testing.T) {
	t.Parallel()
	const domain = "cos.example.onion"
	w := newTLSWorld(t, "*."+domain)
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
	c := newCLI(t, w)
	c.trust(w)
	c.env = append(c.env, "HTTPS_PROXY="+newTunnel(t, w.Listener.URL[len("https://"):]).URL, envCOSDomain+"=https://"+domain)
	c.write("main.tf", jobConfig())
	if output := c.mustRun("apply", "-auto-approve", "-no-color"); !written.Load() || strings.Contains(output, "Destination Bucket Not Found") {
		t.Errorf("written: %t\n%s", written.Load(), output)
	}
	if !slices.ContainsFunc(w.Requests(), func(r fakecos.Request) bool {
		return r.Method == http.MethodHead && r.Host == testDestinationBucket+"."+domain && r.Status == http.StatusNotFound
	}) {
		t.Error("nothing looked for the destination")
	}
}
