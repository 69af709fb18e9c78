// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func ciRole(o credentials.Options) credentials.Options {
	o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
	return o
}

// TestLongRun: twenty minutes with keys that last one, ten users, and no call that waits or fails,
// though each renewal takes a second. What is handed out is good for seconds yet.
func TestLongRun(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*credentials.Options){
		"a role":              func(o *credentials.Options) { *o = ciRole(*o) },
		"the instance's role": func(o *credentials.Options) { o.Static, o.CAMRole = credentials.Credentials{}, "ci" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := roles(roleCI)
			fake.KeyLife = time.Minute
			inBubble(t, fake, func(t *testing.T, s *services, o credentials.Options) {
				change(&o)
				o.RenewalFailed = func(_ context.Context, err error) { t.Errorf("a renewal failed: %v", err) }
				found := mustFind(t, o)
				mustGet(t, found)
				s.Inject(fakecos.Fault{Delay: time.Second})
				born := &sync.Map{}
				var users sync.WaitGroup
				for user := range 10 {
					users.Go(func() {
						time.Sleep(time.Duration(user) * 100 * time.Millisecond)
						for range 1200 {
							start := time.Now()
							k, err := found.Source(t.Context())
							if err != nil || time.Since(start) != 0 {
								t.Errorf("after %v: %v", time.Since(start), err)
								return
							}
							first, _ := born.LoadOrStore(k.SecretID, start)
							if birth, ok := first.(time.Time); !ok || start.Sub(birth) > 50*time.Second {
								t.Errorf("keys used for %v", start.Sub(birth))
							}
							time.Sleep(time.Second)
						}
					})
				}
				users.Wait()
				if n := len(s.Requests()); n != 30 { // every 41 s of 1200
					t.Errorf("%d fetches", n)
				}
			})
		})
	}
}

// TestSharedFetch: a thousand callers at once make one call, and each leaves it when its own
// context ends. That the first of them has left is no failure.
func TestSharedFetch(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		s.Inject(fakecos.Fault{Delay: 10 * time.Second, Times: 1})
		found := mustFind(t, ciRole(o))
		start := time.Now()
		for contacts, life := range []time.Duration{0, time.Second} {
			ctx, cancel := context.WithTimeout(t.Context(), life)
			defer cancel()
			_, err := found.Source(ctx)
			if synctest.Wait(); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != life || s.contacts != contacts {
				t.Errorf("got %v after %v and %d contacts", err, time.Since(start), s.contacts)
			}
		}
		var callers sync.WaitGroup
		for range 1000 {
			callers.Go(func() {
				if k, err := found.Source(t.Context()); err != nil || !isTemporary(k) || time.Since(start) != 10*time.Second {
					t.Errorf("got %v, %v after %v", k, err, time.Since(start))
				}
			})
		}
		callers.Wait()
		if asked := s.asked(); asked != "AssumeRole" {
			t.Errorf("asked %s", asked)
		}
	})
}

// TestFailedRenewal: as long as the old keys are good, only the log hears of it, which belongs to
// the call that began it; attempts are made until then.
func TestFailedRenewal(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		type key struct{}
		told := 0
		o.RenewalFailed = func(ctx context.Context, err error) {
			if e := asError(t, err); e.Code != "UnauthorizedOperation" || ctx.Err() != nil || ctx.Value(key{}) != "log" {
				t.Errorf("told %v, %v", e, ctx)
			}
			told++
		}
		found := mustFind(t, ciRole(o))
		first := mustGet(t, found)
		s.Inject(fakecos.Fault{Code: "UnauthorizedOperation"})
		for end := time.Now().Add(2*time.Hour - 10*time.Second); time.Now().Before(end); time.Sleep(time.Second) {
			ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "log"))
			if k, err := found.Source(ctx); err != nil || k != first {
				t.Fatalf("got %v, %v", k, err)
			}
			cancel()
		}
		if n := len(s.Requests()); n != 6 || told != 5 { // the first, and one a minute from five minutes before the end on
			t.Errorf("%d fetches, %d told", n, told)
		}
		if e := failure(t, found); e.Code != "UnauthorizedOperation" {
			t.Errorf("got %v", e)
		}
		s.ClearFaults()
		time.Sleep(time.Minute)
		if k := mustGet(t, found); k == first || told != 5 {
			t.Errorf("got the old keys, or %d told", told)
		}
	})
}

// TestRemembered: a failure stands for a minute, so that not every job waits for an address that is
// dead.
func TestRemembered(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		s.instead(func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() })
		o.Static, o.CAMRole = credentials.Credentials{}, "ci"
		found, start := mustFind(t, o), time.Now()
		first := failure(t, found)
		for range 1000 {
			if e := failure(t, found); e.Error() != first.Error() {
				t.Fatalf("got %v", e)
			}
		}
		if took := time.Since(start); took != 2*time.Second || s.contacts != 1 {
			t.Errorf("%d contacts in %v", s.contacts, took)
		}
		s.instead(nil)
		time.Sleep(time.Minute)
		mustGet(t, found)
	})
}

// TestInvalidate: keys that the service no longer takes are replaced, each once. Permanent ones are
// never dropped.
func TestInvalidate(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		permanent := mustFind(t, o)
		if permanent.Invalidate(mustGet(t, permanent)) || mustGet(t, permanent) != given {
			t.Error("permanent keys were dropped")
		}
		found := mustFind(t, ciRole(o))
		first := mustGet(t, found)
		found.Invalidate(credentials.Credentials{SecretID: "another's"})
		if mustGet(t, found) != first {
			t.Error("keys were dropped for another's")
		}
		found.Invalidate(first)
		second := mustGet(t, found)
		found.Invalidate(first) // by another job, that had them too
		if second == first || mustGet(t, found) != second {
			t.Error("keys were not dropped once")
		}
		if asked := s.asked(); asked != "AssumeRole AssumeRole" {
			t.Errorf("asked %s", asked)
		}
	})
}

// TestSameKeys: keys that come back every time, until others come at their end, are not asked for
// in a frenzy. Those that come back after they were dropped are kept.
func TestSameKeys(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, func(t *testing.T, s *services, o credentials.Options) {
		end := time.Now().Add(time.Minute)
		s.instead(func(*http.Request) (*http.Response, error) {
			if !time.Now().Before(end.Add(-time.Second)) {
				end = end.Add(time.Minute)
			}
			return answer(http.StatusOK, nil, fmt.Sprintf(`{"Code": "Success", "TmpSecretId": "ID-%[1]d", "TmpSecretKey": "KEY", "Token": "TOKEN", "ExpiredTime": %[1]d}`, end.Unix())), nil
		})
		o.Static, o.CAMRole = credentials.Credentials{}, "ci"
		found := mustFind(t, o)
		for range 3 {
			found.Invalidate(mustGet(t, found))
		}
		if s.contacts != 2 {
			t.Errorf("%d contacts", s.contacts)
		}
		for range 10 * 60 * 1000 { // ten minutes
			mustGet(t, found)
			time.Sleep(time.Millisecond)
		}
		if s.contacts > 60 {
			t.Errorf("%d contacts", s.contacts)
		}
	})
}

// TestRevokedBeneath: when STS no longer takes the keys that a role is assumed with, others are
// fetched for the next attempt.
func TestRevokedBeneath(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI, roleDeploy), func(t *testing.T, s *services, o credentials.Options) {
		o.Static, o.CAMRole, o.AssumeRole = credentials.Credentials{}, "ci", &credentials.AssumeRole{RoleARN: roleDeploy, SessionDuration: time.Minute}
		found := mustFind(t, o)
		mustGet(t, found)
		s.RevokeIssued()
		time.Sleep(time.Hour)
		if e := failure(t, found); e.Code != "AuthFailure.TokenFailure" {
			t.Errorf("got %v", e)
		}
		time.Sleep(time.Minute)
		mustGet(t, found)
		if asked := s.asked(); asked != "GetMetadata AssumeRole AssumeRole GetMetadata AssumeRole" {
			t.Errorf("asked %s", asked)
		}
	})
}

// TestSlowClock: keys do not last longer than was asked for, whatever this machine's clock makes of
// STS's word.
func TestSlowClock(t *testing.T) {
	t.Parallel()
	ahead := roles(roleCI)
	ahead.Clock = func() time.Time { return time.Now().Add(4 * time.Minute) }
	inBubble(t, ahead, func(t *testing.T, s *services, o credentials.Options) {
		o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI, SessionDuration: time.Minute}
		found := mustFind(t, o)
		first := mustGet(t, found)
		time.Sleep(time.Minute)
		if mustGet(t, found) == first {
			t.Error("keys outlived their duration")
		}
	})
}

// TestAccounts: the account is asked for before any keys are handed out, and again for renewed
// keys, which have another id.
func TestAccounts(t *testing.T) {
	t.Parallel()
	const user, owner = "100000000001", "100000000002" // of the given keys, and of the role
	got := map[string]string{}
	for name, test := range map[string]struct {
		role               bool
		allowed, forbidden []string
	}{
		"nothing to check": {},
		"allowed":          {allowed: []string{"1", user}},
		"not allowed":      {allowed: []string{"1", "2"}},
		"forbidden":        {forbidden: []string{user}},
		"both":             {allowed: []string{user}, forbidden: []string{"1", user}},
		"not forbidden":    {forbidden: []string{"1"}},
		"role":             {role: true, allowed: []string{owner}, forbidden: []string{user}},
		"wrong role":       {role: true, allowed: []string{user}},
	} {
		inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
			if test.role {
				o = ciRole(o)
			}
			o.AllowedAccounts, o.ForbiddenAccounts = test.allowed, test.forbidden
			found := mustFind(t, o)
			for range 2 {
				var callers sync.WaitGroup
				told := make([]string, 10)
				for i := range told {
					callers.Go(func() {
						_, err := found.Source(t.Context())
						told[i] = tell(found, err)
					})
				}
				callers.Wait()
				if told = slices.Compact(told); len(told) != 1 {
					t.Errorf("%s: %q", name, told)
				}
				got[name] += fmt.Sprintf("asked %q: %s; ", s.asked(), told[0])
				time.Sleep(3 * time.Hour)
			}
		})
	}
	golden(t, got)
}

// TestAccountsOfLogin: a login file that is read again may hold another account's keys by then.
func TestAccountsOfLogin(t *testing.T) {
	t.Parallel()
	const other = "AKIDOTHER00000000000000000000000000"
	h := newHome(t)
	login := func(id string, expires time.Time) {
		h.write(".tccli/default.credential", fmt.Sprintf(`{"secretId": %q, "secretKey": %q, "token": "TOKENTOKENTOKENTOKEN", "expiresAt": %d}`, id, secretKey, expires.Unix()))
	}
	mine := fakecos.Credential{SecretID: secretID, SecretKey: secretKey, Token: "TOKENTOKENTOKENTOKEN", AccountID: "100000000001"}
	theirs := mine
	theirs.SecretID, theirs.AccountID = other, "100000000009"
	inBubble(t, fakecos.Options{Credentials: []fakecos.Credential{mine, theirs}}, func(t *testing.T, s *services, o credentials.Options) {
		login(secretID, time.Now().Add(time.Hour))
		o.Static, o.Getenv, o.AllowedAccounts = credentials.Credentials{}, h.getenv, []string{"100000000001"}
		found := mustFind(t, o)
		mustGet(t, found)
		login(secretID, time.Now().Add(3*time.Hour)) // renewed: of the same id, so of the same account
		time.Sleep(2 * time.Hour)
		mustGet(t, found)
		if asked := s.asked(); asked != "GetCallerIdentity" {
			t.Errorf("asked %s", asked)
		}
		login(other, time.Now().Add(9*time.Hour))
		time.Sleep(2 * time.Hour)
		if e := failure(t, found); !strings.Contains(e.Problem, "the keys belong to the account 100000000009, which is not among those allowed") {
			t.Errorf("got %v", e)
		}
	})
}
