package credentials_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestOwnTransport: without one given, both services are reached over connections of the package's own.
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
	if e := failure(t, mustFind(t, o)); !strings.Contains(e.Problem, "reading the answer: unexpected EOF") {
		t.Errorf("got %v", e)
	}
}

// TestProxy: a proxy's address is not repeated, because its password is part of it.
func TestProxy(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://sts.tencentcloudapi.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	good := &url.URL{Scheme: "http", Host: "proxy:3128"}
	for _, want := range []*url.URL{good, nil} {
		proxy := credentials.FromEnvironment(func(*http.Request) (*url.URL, error) { return want, nil })
		if got, err := proxy(r); got != want || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
	}
	bad := credentials.FromEnvironment(func(*http.Request) (*url.URL, error) {
		return nil, errors.New("invalid proxy address http://me:password@proxy")
	})
	if _, err := bad(r); err == nil || strings.Contains(err.Error(), "password") {
		t.Errorf("got %v", err)
	}
}
