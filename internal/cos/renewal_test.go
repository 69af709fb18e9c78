// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

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
