// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
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
