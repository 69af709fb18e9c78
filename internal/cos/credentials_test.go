// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestTemporaryCredentials: with a token the fake wants it signed for; a wrong or an old one is a
// final answer. The fake's clock, not the client's, judges the signature.
func TestTemporaryCredentials(t *testing.T) {
	t.Parallel()
	good := fakecos.Credential{SecretID: "AKIDTEMP", SecretKey: "temp-key", Token: "temp-token", Expires: time.Now().Add(time.Hour)}
	expired := fakecos.Credential{SecretID: "AKIDGONE", SecretKey: "gone-key", Token: "gone-token", Expires: time.Now().Add(-time.Hour)}
	for name, test := range map[string]struct {
		use   credentials.Credentials
		ahead time.Duration // the service, of this machine
		code  string
	}{
		"good":        {use: keys(good)},
		"expired":     {use: keys(expired), code: cos.CodeExpiredToken},
		"no token":    {use: credentials.Credentials{SecretID: good.SecretID, SecretKey: good.SecretKey}, code: cos.CodeAccessDenied},
		"wrong key":   {use: credentials.Credentials{SecretID: good.SecretID, SecretKey: "wrong", Token: good.Token}, code: cos.CodeSignatureDoesNotMatch},
		"unknown key": {use: credentials.Credentials{SecretID: "AKIDUNKNOWN", SecretKey: "wrong"}, code: cos.CodeInvalidAccessKeyID},
		"clock":       {use: keys(good), ahead: -time.Hour, code: cos.CodeRequestTimeTooSkewed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{
				Credentials: []fakecos.Credential{good, expired}, Clock: func() time.Time { return time.Now().Add(test.ahead) },
			})
			c := config(t, fake.URL)
			c.Credentials = credentials.StaticSource(test.use)
			err := cos.New(c).PutInventory(t.Context(), jobOf("nightly"), nightly("nightly"))
			if n := len(fake.Requests()); n != 1 {
				t.Errorf("%d requests", n)
			}
			if (err == nil) != (test.code == "") || err != nil && failure(t, err).Code != test.code {
				t.Errorf("got %v, want %s", err, test.code)
			}
		})
	}
}

// TestNoCredentials: a request is never sent unsigned. A source that fails has repeated its own question
// as often as it is worth, whatever its error's text is.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	broken := errors.New("of two\nlines, and long: " + strings.Repeat("x", 1<<20))
	for name, source := range map[string]credentials.Source{
		"broken": func(context.Context) (credentials.Credentials, error) {
			return credentials.Credentials{SecretID: "AKIDEXAMPLE", SecretKey: "key"}, broken
		},
		"no source": nil,
		"nothing":   credentials.StaticSource(credentials.Credentials{}),
		"id alone":  credentials.StaticSource(credentials.Credentials{SecretID: "AKIDEXAMPLE"}),
		"key alone": credentials.StaticSource(credentials.Credentials{SecretKey: "key"}),
		"token":     credentials.StaticSource(credentials.Credentials{Token: "token"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCall(t, func(t *testing.T, _ cos.Operation, do func(context.Context, *cos.Client, string) error) {
				t.Helper()
				fake := startFake(t, fakecos.Options{})
				c := config(t, fake.URL)
				c.Credentials = source
				want := credentials.ErrNoCredentials
				if name == "broken" {
					want = broken
				}
				if e := failure(t, do(t.Context(), cos.New(c), "nightly")); !errors.Is(e, want) || e.Attempts != 1 || fake.Connections() != 0 || len(e.Error()) > 3<<10 {
					t.Errorf("got %.300v, %d connections", e, fake.Connections())
				}
			})
		})
	}
}

// TestExpired: credentials that COS calls expired get one more attempt if there may be others,
// whatever the call.
func TestExpired(t *testing.T) {
	t.Parallel()
	old := fakecos.Credential{SecretID: "AKIDOLD", SecretKey: "old-key", Token: "old-token", Expires: time.Now().Add(-time.Hour)}
	fresh := fakecos.Credential{SecretID: "AKIDNEW", SecretKey: "new-key", Token: "new-token", Expires: time.Now().Add(time.Hour)}
	for name, test := range map[string]struct {
		others   bool
		next     fakecos.Credential
		attempts int
		fails    bool
	}{
		"others":               {true, fresh, 2, false},
		"others as old":        {true, old, 2, true},
		"none but these":       {false, fresh, 1, true},
		"nobody to be told of": {false, old, 1, true},
	} {
		eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
			t.Helper()
			fake := startFake(t, fakecos.Options{Credentials: []fakecos.Credential{old, fresh}})
			if op != cos.PostInventory {
				fake.Seed(bucket, "nightly", document("nightly"))
			}
			now := old
			var told []credentials.Credentials
			c := config(t, fake.URL)
			c.MaxRetries = 0 // the attempt is no retry
			c.Credentials = func(context.Context) (credentials.Credentials, error) { return keys(now), nil }
			c.Expired = func(expired credentials.Credentials) bool {
				told = append(told, expired)
				now = test.next
				return test.others
			}
			if name == "nobody to be told of" {
				c.Expired = nil
				told = append(told, keys(old))
			}
			err := do(t.Context(), cos.New(c), "nightly")
			if (err != nil) != test.fails || len(fake.Requests()) != test.attempts {
				t.Errorf("%s: %d attempts, then %v", name, len(fake.Requests()), err)
			}
			if len(told) != 1 || told[0] != keys(old) {
				t.Errorf("%s: told of %d credentials", name, len(told))
			}
		})
	}
}
