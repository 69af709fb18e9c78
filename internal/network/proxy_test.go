// SPDX-License-Identifier: MPL-2.0

package network

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestFindProxy(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":                                 "",
		"http://proxy.example:3128":        "http://proxy.example:3128",
		"proxy_1:3128":                     "http://proxy_1:3128",
		"me:p%23ss@proxy:3128/":            "http://me:p%23ss@proxy:3128/",
		"http://me:p@ss@proxy":             "http://me:p%40ss@proxy",
		"https://[::1]:3128":               "https://[::1]:3128",
		"socks5://proxy:1080":              "socks5://proxy:1080",
		"socks5h://me:p%25ss@10.0.0.1:108": "socks5h://me:p%25ss@10.0.0.1:108",
	} {
		for _, variable := range []string{"HTTPS_PROXY", "https_proxy"} {
			proxy, err := FindProxy(environment{variable: value, "NO_PROXY": "direct.example"}.get)
			if err != nil {
				t.Errorf("%s=%s: %v", variable, value, err)
				continue
			}
			got := ""
			if u, err := proxy.forRequest(get(t, "https://cos.example/")); err != nil {
				t.Error(err)
			} else if u != nil {
				got = u.String()
			}
			if got != want {
				t.Errorf("%s=%s: got %q, want %q", variable, value, got, want)
			}
			for _, direct := range []string{"https://direct.example/", "https://127.0.0.1/", "http://cos.example/"} {
				if u, err := proxy.forRequest(get(t, direct)); u != nil || err != nil {
					t.Errorf("%s: by %v, %v", direct, u, err)
				}
			}
		}
	}
}

// TestFindProxyRefuses: net/http would send the requests past each of these, or to a host that is a
// part of the password.
func TestFindProxyRefuses(t *testing.T) {
	t.Parallel()
	const form = "the value is not the address of a proxy, such as user:password@proxy.example:3128, in which special characters"
	for value, want := range map[string]string{
		"http://me:hush%zz@proxy:3128": form,
		"http://me:hush#1@proxy:3128":  form,
		"http://me:12#hush@proxy:3128": form,
		"http://me:12/hush@proxy:3128": form,
		"http://me:12?hush@proxy:3128": form,
		"http://me:hu sh@proxy:3128":   form,
		"me:hush%@proxy:3128":          form,
		"http://proxy:hush":            form,
		"http://":                      form,
		" ":                            form,
		"ftp://hush@proxy:21":          "the proxy's scheme is http, https, socks5 or socks5h",
		"http://me:hush@proxy:99999":   "the proxy's port is a number from 1 to 65535",
		"http://me:hush@pro..xy":       "the proxy's host is an IP address, or a name",
	} {
		for _, variable := range []string{"HTTPS_PROXY", "https_proxy"} {
			proxy, err := FindProxy(environment{variable: value}.get)
			if err == nil || !strings.HasPrefix(err.Error(), "the environment variable "+variable+": "+want) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%s=%s: got %v, %v", variable, value, proxy, err)
			}
		}
	}
	if _, err := FindProxy(environment{"HTTPS_PROXY": "http://proxy", "https_proxy": "%"}.get); err != nil {
		t.Errorf("a variable that is not used: %v", err)
	}
}

// TestProxyError: of a proxy that refuses, only the status is shown. Credentials that it refused
// are not sent to it again.
func TestProxyError(t *testing.T) {
	t.Parallel()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:hush"))
	for status, want := range map[string]struct {
		text, remedy string
		final        bool
		connects     int32 // of two requests
	}{
		"407 ": {"status 407 Proxy Authentication Required", "Check the user and the password in HTTPS_PROXY", true, 1},
		"403 ": {"status 403 Forbidden", "The proxy's policy must allow connections to cos.example:443.", true, 2},
		"204 ": {"status 204 No Content", "The proxy's policy must allow", true, 2},
		"503 ": {"status 503 Service Unavailable", "The proxy cannot reach cos.example:443, or has a fault", false, 2},
		"599 ": {"status 599", "The proxy cannot reach", false, 2},
	} {
		server, connects := answering(t, "HTTP/1.1 "+status+basic+"\r\n\r\n")
		proxy, err := FindProxy(environment{"HTTPS_PROXY": "http://me:hush@" + server, "NO_PROXY": "direct.example"}.get)
		if err != nil {
			t.Fatal(err)
		}
		transport := NewTransport(proxy)
		for range 2 {
			_, err := transport.RoundTrip(get(t, "https://cos.example/"))
			var refused *ProxyError
			if text := "the proxy " + server + " made no connection: " + want.text; !errors.As(err, &refused) || err.Error() != text || Describe(err) != text {
				t.Errorf("%s: got %v, want %s", status, err, text)
			}
			if IsFinal(err) != want.final || !strings.HasPrefix(Remedy(err), want.remedy) {
				t.Errorf("%s: final %t, %s", status, IsFinal(err), Remedy(err))
			}
		}
		if n := connects.Load(); n != want.connects {
			t.Errorf("%s: %d requests to the proxy, want %d", status, n, want.connects)
		}
		if u, err := proxy.forRequest(get(t, "https://direct.example/")); u != nil || err != nil {
			t.Errorf("%s: a host of NO_PROXY then goes by %v, %v", status, u, err)
		}
	}
}

// TestNotHTTP: what does not speak HTTP is not quoted.
func TestNotHTTP(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"hush\r\n\r\n", "HTTP/1.1 hush x\r\n\r\n", "HTTP/hush 200 x\r\n\r\n", "HTTP/1.1 407 x\r\nhush\r\n\r\n"} {
		server, _ := answering(t, answer)
		proxy, err := FindProxy(environment{"HTTPS_PROXY": server}.get)
		if err != nil {
			t.Fatal(err)
		}
		_, err = NewTransport(proxy).RoundTrip(get(t, "https://cos.example/"))
		if text := Describe(err); text != "the other side does not speak HTTP" {
			t.Errorf("%q: %s", answer, text)
		}
	}
}

type environment map[string]string

func (e environment) get(name string) string { return e[name] }

func get(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// answering is a server that has one answer to every request, and counts them.
func answering(t *testing.T, answer string) (address string, requests *atomic.Int32) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	requests = new(atomic.Int32)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				requests.Add(1)
				_, _ = io.WriteString(conn, answer)
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String(), requests
}
