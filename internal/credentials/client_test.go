// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestClient: COS takes what a source gives, and hears of nothing where it gives none.
func TestClient(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options credentials.Options
		want    error
		asked   int
	}{
		"a role":   {options: credentials.Options{Static: given, AssumeRole: &credentials.AssumeRole{RoleARN: roleCI}}, asked: 2},
		"no keys":  {want: credentials.ErrNoCredentials},
		"no fetch": {options: credentials.Options{Static: given, AssumeRole: &credentials.AssumeRole{RoleARN: roleDeploy}}, want: cos.ErrCredentialSource, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const region, bucket = "ap-shanghai", "sourcebucket-1258888888"
			fake, err := fakecos.Listen(roles(roleCI))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(fake.Close)
			fake.AddBucket(region, bucket)
			domain, err := cos.ParseDomain(fake.URL)
			if err != nil {
				t.Fatal(err)
			}
			if test.options.STS, err = url.Parse(fake.URL); err != nil {
				t.Fatal(err)
			}
			client := cos.New(cos.Config{Credentials: mustFind(t, test.options).Source, Domain: domain, MaxRetries: 3})
			err = client.DeleteInventory(t.Context(), cos.Bucket{Region: region, Name: bucket}.Job("nightly"))
			if cos.IsNotFound(err) {
				err = nil // COS took the keys, and has no such job
			}
			if !errors.Is(err, test.want) {
				t.Errorf("got %v", err)
			}
			if n := len(fake.Requests()); n != test.asked {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestClientOfBrokenSource: a source that fails is asked once, whatever its error's text is.
func TestClientOfBrokenSource(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{"broken", "of two\nlines", strings.Repeat("x", 1<<20)} {
		asked := 0
		client := cos.New(cos.Config{MaxRetries: 6, Credentials: func(context.Context) (credentials.Credentials, error) {
			asked++
			return credentials.Credentials{}, errors.New(broken)
		}})
		err := client.DeleteInventory(t.Context(), cos.Bucket{Region: "ap-shanghai", Name: "sourcebucket-1258888888"}.Job("nightly"))
		if asked != 1 || !errors.Is(err, cos.ErrCredentialSource) || len(err.Error()) > 3<<10 {
			t.Errorf("asked %d times: %.300v", asked, err)
		}
	}
}
