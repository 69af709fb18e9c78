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

// TestSignedAfresh: keys that change between two attempts are good for the second.
func TestSignedAfresh(t *testing.T) {
	t.Parallel()
	older := fakecos.Credential{SecretID: "AKIDOLDER", SecretKey: "older-key", Token: "older-token", Expires: time.Now().Add(time.Hour)}
	newer := fakecos.Credential{SecretID: "AKIDNEWER", SecretKey: "newer-key"}
	eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
		t.Helper()
		fake := startFake(t, fakecos.Options{Credentials: []fakecos.Credential{older}})
		if op != cos.PostInventory {
			fake.Seed(bucket, "nightly", document("nightly"))
		}
		fault := slowDown
		fault.Times = 1
		fake.Inject(fault)
		asked := 0
		c := config(t, fake.URL)
		c.Credentials = func(context.Context) (credentials.Credentials, error) {
			asked++
			if asked == 1 {
				return keys(older), nil
			}
			fake.SetCredentials(newer)
			return keys(newer), nil
		}
		if err := do(t.Context(), cos.New(c), "nightly"); err != nil {
			t.Fatal(err)
		}
		requests := fake.Requests()
		if len(requests) != 2 || asked != 2 {
			t.Fatalf("%d requests, %d questions", len(requests), asked)
		}
		for i, want := range []fakecos.Credential{older, newer} {
			header := requests[i].Header
			if !strings.Contains(header.Get("Authorization"), "q-ak="+want.SecretID+"&") || header.Get("X-Cos-Security-Token") != want.Token {
				t.Errorf("attempt %d has %v", i, header)
			}
		}
	})
}

// TestTemporaryCredentials: with a token the fake wants it signed for; a wrong or an old one is a
// final answer.
func TestTemporaryCredentials(t *testing.T) {
	t.Parallel()
	good := fakecos.Credential{SecretID: "AKIDTEMP", SecretKey: "temp-key", Token: "temp-token", Expires: time.Now().Add(time.Hour)}
	expired := fakecos.Credential{SecretID: "AKIDGONE", SecretKey: "gone-key", Token: "gone-token", Expires: time.Now().Add(-time.Hour)}
	for name, test := range map[string]struct {
		use  credentials.Credentials
		code string
	}{
		"good":        {keys(good), ""},
		"expired":     {keys(expired), cos.CodeExpiredToken},
		"no token":    {credentials.Credentials{SecretID: good.SecretID, SecretKey: good.SecretKey}, cos.CodeAccessDenied},
		"wrong key":   {credentials.Credentials{SecretID: good.SecretID, SecretKey: "wrong", Token: good.Token}, cos.CodeSignatureDoesNotMatch},
		"unknown key": {credentials.Credentials{SecretID: "AKIDUNKNOWN", SecretKey: "wrong"}, cos.CodeInvalidAccessKeyID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{Credentials: []fakecos.Credential{good, expired}})
			c := config(t, fake.URL)
			c.Credentials = credentials.StaticSource(test.use)
			err := cos.New(c).PutInventory(t.Context(), jobOf("nightly"), nightly("nightly"))
			if n := len(fake.Requests()); n != 1 {
				t.Errorf("%d requests", n)
			}
			if test.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e := failure(t, err); e.Code != test.code {
				t.Errorf("got %v, want %s", err, test.code)
			}
		})
	}
}

// TestClockSkew: the fake's clock, not the client's, judges the signature.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{Clock: func() time.Time { return time.Now().Add(-time.Hour) }})
	err := cos.New(config(t, fake.URL)).PutInventory(t.Context(), jobOf("nightly"), nightly("nightly"))
	if e := failure(t, err); e.Code != cos.CodeRequestTimeTooSkewed || e.Attempts != 1 {
		t.Errorf("got %v", err)
	}
}

// TestNoCredentials: a request is never sent unsigned.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]credentials.Source{
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
				err := do(t.Context(), cos.New(c), "nightly")
				if !errors.Is(failure(t, err), credentials.ErrNoCredentials) {
					t.Errorf("got %v", err)
				}
				if fake.Connections() != 0 {
					t.Errorf("%d connections, %d requests", fake.Connections(), len(fake.Requests()))
				}
			})
		})
	}
}

// TestCredentialSourceFails: the source has repeated its own question as often as it is worth.
func TestCredentialSourceFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the metadata service does not answer")
	eachCall(t, func(t *testing.T, _ cos.Operation, do func(context.Context, *cos.Client, string) error) {
		t.Helper()
		fake := startFake(t, fakecos.Options{})
		asked := 0
		c := config(t, fake.URL)
		c.Credentials = func(context.Context) (credentials.Credentials, error) {
			asked++
			return credentials.Credentials{SecretID: "AKIDEXAMPLE", SecretKey: "key"}, broken
		}
		err := do(t.Context(), cos.New(c), "nightly")
		if !errors.Is(failure(t, err), broken) || asked != 1 || fake.Connections() != 0 {
			t.Errorf("got %v after %d questions, %d connections", err, asked, fake.Connections())
		}
	})
}
