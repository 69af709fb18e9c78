// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const proxyLogin = "deploy:hush-hush-hush"

// refusingProxy refuses each CONNECT with the status, and repeats the credentials that came with
// it in its reason phrase.
type refusingProxy struct {
	*httptest.Server
	connects atomic.Int32
}

func newRefusingProxy(t *testing.T, status int) *refusingProxy {
	t.Helper()
	p := &refusingProxy{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		p.connects.Add(1)
		if r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte(proxyLogin)) {
			t.Error("the proxy got no login that it could repeat")
		}
		conn, _, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\n\r\n", status, r.Header.Get("Proxy-Authorization"))
		_, _ = io.Copy(io.Discard, conn)
	}))
	t.Cleanup(p.Close)
	return p
}

// environment leads everything through the proxy, with a user and a password.
func (p *refusingProxy) environment() environment {
	credential := fakecos.DefaultCredential()
	return environment{
		envRegion: testRegion, envSecretID: credential.SecretID, envSecretKey: credential.SecretKey,
		"HTTPS_PROXY": strings.Replace(p.URL, "//", "//"+proxyLogin+"@", 1),
	}
}

func expectNoProxyPassword(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "hush") || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(proxyLogin))) {
		t.Errorf("this shows the proxy's password: %s", text)
	}
}

// TestProxy_refuses: nothing was sent, and all say so. A password that a proxy refused is sent once
// in a run, however many jobs there are.
func TestProxy_refuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		text, remedy string
		connects     int32 // of three calls; 0: more
	}{
		407: {"status 407 Proxy Authentication Required", "Check the user and the password in HTTPS_PROXY", 1},
		403: {"status 403 Forbidden", "The proxy's policy must allow connections to " + testHostPort, 0},
		503: {"status 503 Service Unavailable", "The proxy cannot reach " + testHostPort, 0},
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			job := w.configured().create(newValue(t, w.configured().typ(), jobObject(nil)))
			proxy := newRefusingProxy(t, status)
			w.provider.getenv = proxy.environment().get
			p := w.configured()
			refuses := ": the proxy " + strings.TrimPrefix(proxy.URL, "http://") + " made no connection: " + want.text + "."

			left, ds := p.destroy(t.Context(), job)
			_, run := p.invoke(runObject(nil))
			_, refreshed := p.refresh(t.Context(), job)
			for _, text := range []string{ds.String(), lines(run), refreshed.String()} {
				if !strings.Contains(text, "was not sent") || !strings.Contains(text, refuses) || !strings.Contains(text, want.remedy) || strings.Contains(text, "It is not known") {
					t.Errorf("%d: %s", status, text)
				}
				expectNoProxyPassword(t, text)
			}
			if left.state.IsNull() {
				t.Errorf("%d: the job left the state", status)
			}
			if n := proxy.connects.Load(); want.connects != 0 && n != want.connects || n < 3 && want.connects == 0 {
				t.Errorf("%d: the proxy was asked %d times, want %d", status, n, want.connects)
			}
		})
	}
}

// TestProxy_refusesSTS: the same for STS, before the first job.
func TestProxy_refusesSTS(t *testing.T) {
	t.Parallel()
	proxy := newRefusingProxy(t, http.StatusProxyAuthRequired)
	env := proxy.environment()
	env[envAssumeRoleARN] = "qcs::cam::uin/100000000001:roleName/ci"
	found := newProtocol(t, cosProvider{getenv: env.get}).configureAs("1.0.0", object{})
	expectFindings(t, found, finding{summary: "Unable to Obtain Credentials", detail: "STS (sts.tencentcloudapi.com) could not be reached: " +
		"the proxy " + strings.TrimPrefix(proxy.URL, "http://") + " made no connection: status 407 Proxy Authentication Required.\n\nCheck the user and the password in HTTPS_PROXY"})
	expectNoProxyPassword(t, lines(found))
	if n := proxy.connects.Load(); n != 1 {
		t.Errorf("the proxy was asked %d times", n)
	}
}

// TestProxy_address: what is not the address of a proxy is an error before anything is sent.
func TestProxy_address(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"http://deploy:hush%zz@proxy:3128", "http://deploy:hush#1@proxy:3128", "http://deploy:hu sh@proxy:3128", "ftp://hush@proxy"} {
		w := newWorld(t, fakecos.Options{})
		w.setenv("https_proxy", value)
		found := newProtocol(t, w.provider).configureAs("1.0.0", object{})
		expectFindings(t, found, finding{summary: invalidProvider, detail: "he environment variable https_proxy: the "})
		expectNoProxyPassword(t, lines(found))
	}
}

// TestProxy_manyJobs: the jobs that are under way when the proxy refuses the password are as many
// logins, and no others follow.
func TestProxy_manyJobs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	proxy := newRefusingProxy(t, http.StatusProxyAuthRequired)
	w.provider.getenv = proxy.environment().get
	p := w.configured()
	forEach(3*parallelism, func(i int) {
		_, ds := p.destroy(t.Context(), kept{state: newValue(t, p.typ(), storedJob(object{"id": fmt.Sprint("job", i)}))})
		if !strings.Contains(ds.errors(), "status 407 Proxy Authentication Required") {
			t.Error(ds)
		}
		expectNoProxyPassword(t, ds.String())
	})
	if n := proxy.connects.Load(); n < 1 || n > parallelism {
		t.Errorf("the proxy was asked %d times, want at most %d", n, parallelism)
	}
}
