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
		server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: newest} //nolint:gosec // this is the test
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
