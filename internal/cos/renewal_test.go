// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const role = "qcs::cam::uin/100000000002:roleName/ci"

// TestRenewal_longRun: with keys of a minute's life, ten workers go on for twenty minutes without a
// call that fails or is repeated, whichever way the keys come. The keys are fetched as often as
// their life asks for, not once a worker.
func TestRenewal_longRun(t *testing.T) {
	t.Parallel()
	const (
		workers = 10
		length  = 20 * time.Minute
		life    = time.Minute
		pause   = 15 * time.Second
	)
	key := fakecos.DefaultCredential()
	services := &url.URL{Scheme: "http", Host: "127.0.0.1"}
	for name, test := range map[string]struct {
		options credentials.Options
		op      string
	}{
		"role": {credentials.Options{
			Static:     credentials.Credentials{SecretID: key.SecretID, SecretKey: key.SecretKey},
			AssumeRole: &credentials.AssumeRole{RoleARN: role},
		}, "AssumeRole"},
		"role of an instance": {credentials.Options{CAMRole: "ci"}, "GetMetadata"},
		"web identity":        {credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: role, Token: "token"}}, "AssumeRoleWithWebIdentity"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := fakecos.Options{KeyLife: life, Roles: []fakecos.Role{{
				ARN: role, CVM: true, Identities: []fakecos.Identity{{ProviderID: credentials.DefaultProviderID, Token: "token"}},
			}}}
			inBubble(t, options, nil, func(t *testing.T, fake *memory, _ *cos.Client) {
				t.Helper()
				network := &http.Transport{DialContext: fake.dial, MaxIdleConnsPerHost: workers}
				t.Cleanup(network.CloseIdleConnections)
				o := test.options
				o.Getenv = func(string) string { return "" }
				o.STS, o.Metadata, o.Transport = services, services, network
				found, err := credentials.Find(o)
				if err != nil {
					t.Fatal(err)
				}
				c := config(t, "http://127.0.0.1")
				c.Credentials, c.Expired = found.Source, found.Invalidate
				client := cos.New(c)
				client.DialWith(fake.dial)

				end := time.Now().Add(length)
				var working sync.WaitGroup
				for worker := range workers {
					working.Go(func() {
						id := fmt.Sprintf("job-%d", worker)
						for time.Now().Before(end) {
							err := errors.Join(client.PutInventory(t.Context(), jobOf(id), nightly(id)), exists(t.Context(), client, id))
							if err != nil {
								t.Error(err)
								return
							}
							time.Sleep(pause)
						}
					})
				}
				working.Wait()

				fetched := 0
				for _, request := range fake.Requests() {
					if request.Op == test.op {
						fetched++
					}
					if request.Status != http.StatusOK || request.Code != "" {
						t.Errorf("%s was answered with %d %s", request.Op, request.Status, request.Code)
					}
				}
				// Renewed when a third of their life is left.
				if least, most := int(length/life), int(length/(life*2/3))+1; fetched < least || fetched > most {
					t.Errorf("the keys were fetched %d times, not %d to %d", fetched, least, most)
				}
			})
		})
	}
}

func exists(ctx context.Context, client *cos.Client, id string) error {
	_, err := client.GetInventory(ctx, jobOf(id))
	return err
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
