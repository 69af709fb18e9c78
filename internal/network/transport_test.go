// SPDX-License-Identifier: MPL-2.0

package network

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestTLSVersions: a server that speaks nothing newer than TLS 1.1 is refused.
func TestTLSVersions(t *testing.T) {
	t.Parallel()
	for newest, accepted := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: newest}
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		t.Cleanup(server.Close)
		transport := NewTransport(nil)
		t.Cleanup(transport.CloseIdleConnections)
		transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs //nolint:forcetypeassert // it is one
		response, err := transport.RoundTrip(get(t, server.URL))
		if err == nil {
			_ = response.Body.Close()
		}
		if (err == nil) != accepted || err != nil && !strings.Contains(err.Error(), "protocol version not supported") {
			t.Errorf("%s: %v", tls.VersionName(newest), err)
		}
	}
}

// TestLargeHeader: what a service or a proxy puts before the body is bounded.
func TestLargeHeader(t *testing.T) {
	t.Parallel()
	large := "HTTP/1.1 503 " + strings.Repeat("x", 300<<10) + "\r\n\r\n"
	for name, url := range map[string]string{"service": "http://%s/", "proxy": "https://cos.example/"} {
		server, requests := answering(t, large)
		proxy, err := FindProxy(environment{"HTTPS_PROXY": server}.get)
		if err != nil {
			t.Fatal(err)
		}
		_, err = NewTransport(proxy).RoundTrip(get(t, strings.Replace(url, "%s", server, 1)))
		if requests.Load() != 1 || err == nil || len(err.Error()) > 200 || strings.Contains(err.Error(), "503") {
			t.Errorf("%s: %d requests, %.200v", name, requests.Load(), err)
		}
		// What a proxy answers to CONNECT looks like a connection that was cut.
		if IsFinal(err) != (name == "service") {
			t.Errorf("%s: final %t: %v", name, IsFinal(err), err)
		}
	}
}
