// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// TestOwnTransport: without one given, both services are reached over connections of the package's
// own.
func TestOwnTransport(t *testing.T) {
	t.Parallel()
	fake, err := fakecos.Listen(roles(roleCI, roleDeploy))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	address, err := url.Parse(fake.URL)
	if err != nil {
		t.Fatal(err)
	}
	o := credentials.Options{CAMRole: "ci", AssumeRole: &credentials.AssumeRole{RoleARN: roleDeploy}, STS: address, Metadata: address}
	if k := mustGet(t, mustFind(t, o)); !isTemporary(k) {
		t.Errorf("got %v", k)
	}
	fake.Inject(fakecos.Fault{Truncate: true})
	if e := failure(t, mustFind(t, o)); !strings.Contains(e.Problem, "the connection was closed before a complete answer came") {
		t.Errorf("got %v", e)
	}
}

// TestProxyOfSTS: STS is asked through the proxy, the metadata service never is.
func TestProxyOfSTS(t *testing.T) {
	t.Parallel()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.Host) // one after the other
		rw.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	proxy, err := network.FindProxy(func(string) string { return server.URL })
	if err != nil {
		t.Fatal(err)
	}
	e := failure(t, mustFind(t, credentials.Options{Static: given, AssumeRole: &credentials.AssumeRole{RoleARN: roleCI}, Proxy: proxy}))
	if !strings.Contains(e.Problem, "made no connection: status 403 Forbidden") || !strings.HasPrefix(e.Remedy, "The proxy's policy must allow connections to sts.tencentcloudapi.com:443") {
		t.Errorf("got %v", e)
	}
	// Names under .onion are never looked up in DNS (RFC 7686).
	metadata := &url.URL{Scheme: "https", Host: "metadata.example.onion"}
	e = failure(t, mustFind(t, credentials.Options{CAMRole: "ci", Metadata: metadata, Proxy: proxy}))
	if !strings.Contains(e.Problem, "could not be reached") || len(asked) != 1 || asked[0] != "CONNECT sts.tencentcloudapi.com:443" {
		t.Errorf("the proxy was asked for %q: %v", asked, e)
	}
}
