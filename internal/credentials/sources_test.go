// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func isTemporary(k credentials.Credentials) bool {
	return k.SecretID != "" && k.SecretID != secretID && k.SecretKey != "" && k.Token != ""
}

// show writes a request on one line, without what is another in each run.
func show(t *testing.T, r *http.Request) string {
	t.Helper()
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			t.Fatal(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	signed := r.Header.Get("Authorization")
	switch {
	case strings.Contains(signed, "Credential="+secretID+"/"):
		signed = "by the given keys"
	case strings.Contains(signed, "Credential="):
		signed = "by temporary keys"
	}
	return fmt.Sprintf("%s by %s, region %q, language %q, signed %q, with a token %t: %s", r.URL, r.Header.Get("User-Agent"),
		r.Header.Get("X-Tc-Region"), r.Header.Get("X-Tc-Language"), signed, r.Header.Get("X-Tc-Token") != "", body)
}

// TestRequests: every setting arrives as the service wants it, and a token file is read anew for
// each call. What is sent within four hours stands in testdata.
func TestRequests(t *testing.T) {
	t.Parallel()
	type (
		options = credentials.Options
		role    = credentials.AssumeRole
		web     = credentials.WebIdentity
	)
	const policy = `{"version": "2.0", "statement": [{"effect": "allow", "action": ["cos:*"], "resource": "*"}]}`
	fake := roles(roleCI, roleDeploy, "qcs::cam::uin/100000000004:roleName/guarded")
	fake.Roles[2].ExternalID = "tenant:7/a"
	for _, token := range []string{"first.token", "second.token"} {
		for _, provider := range []string{"OIDC", "cls-1"} {
			fake.Roles[0].Identities = append(fake.Roles[0].Identities, fakecos.Identity{ProviderID: provider, Token: token})
		}
	}
	got := map[string]string{}
	for name, test := range map[string]struct {
		options options
		env     map[string]string
		profile string
	}{
		"role": {options: options{Static: given, Region: "ap-nanjing", AssumeRole: &role{
			RoleARN: fake.Roles[2].ARN, SessionName: "pipeline@7", SessionDuration: 3 * time.Hour, ExternalID: "tenant:7/a", Policy: policy,
		}}},
		"role, defaults":         {options: options{Static: given, AssumeRole: &role{RoleARN: roleCI}}},
		"instance":               {options: options{CAMRole: "ci"}},
		"instance, odd name":     {options: options{CAMRole: "../ci?"}},
		"web identity":           {options: options{WebIdentity: &web{RoleARN: roleCI, Token: "first.token\n"}}},
		"web identity in a file": {options: options{WebIdentity: &web{RoleARN: roleCI, TokenFile: "~/token"}}},
		"pod": {env: map[string]string{
			"TKE_REGION": "ap-beijing", "TKE_PROVIDER_ID": "cls-1", "TKE_ROLE_ARN": roleCI, "TKE_WEB_IDENTITY_TOKEN_FILE": "$HOME/token",
		}},
		"role with a profile's": { // whose keys are still good for the second call
			options: options{AssumeRole: &role{RoleARN: roleDeploy, SessionDuration: 90 * time.Minute}},
			profile: fmt.Sprintf(`{"secretId": %q, "secretKey": %q, "role-arn": %q, "role-session-name": "me"}`, secretID, secretKey, roleCI),
		},
		"other hosts": {options: options{
			CAMRole: "ci", AssumeRole: &role{RoleARN: roleDeploy, SessionDuration: 3 * time.Hour},
			STS: &url.URL{Scheme: "http", Host: "sts.private:8080"}, Metadata: &url.URL{Scheme: "http", Host: "127.0.0.1:8081", Path: "/"},
		}},
	} {
		h := newHome(t)
		h.write("token", "first.token\n")
		if test.profile != "" {
			h.write(".tccli/default.credential", test.profile)
		}
		for variable, value := range test.env {
			h.env[variable] = strings.ReplaceAll(value, "$HOME", h.dir)
		}
		inBubble(t, fake, func(t *testing.T, s *services, o credentials.Options) {
			var sent []string
			s.instead(func(r *http.Request) (*http.Response, error) {
				sent = append(sent, show(t, r))
				return nil, nil
			})
			test.options.Transport, test.options.UserAgent, test.options.Getenv = s, o.UserAgent, h.getenv
			found := mustFind(t, test.options)
			for range 3 {
				if k, err := found.Source(t.Context()); err != nil {
					sent = append(sent, tell(nil, err))
				} else if !isTemporary(k) {
					t.Errorf("%s: got %v", name, k)
				}
				h.write("token", "{\n  \"web_identity_token\": \"second.token\"\n}\n") // the tencentcloud provider's form
				time.Sleep(100 * time.Minute)
			}
			got[name] = strings.Join(sent, " | ")
		})
	}
	golden(t, got)
}

// TestLogin: a login's keys have an end, and are read again then.
func TestLogin(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	synctest.Test(t, func(t *testing.T) {
		login := func(id string, life time.Duration) {
			h.write(".tccli/default.credential", fmt.Sprintf(`{"type": "oauth", "secretId": %q, "secretKey": "KEY", "token": "TOKEN", "expiresAt": %d}`,
				id, time.Now().Add(life).Unix()))
		}
		login("ID-1", time.Hour)
		found, err := h.find(credentials.Options{Transport: nobody{t}})
		if err != nil {
			t.Fatal(err)
		}
		if k := mustGet(t, found); k != (credentials.Credentials{SecretID: "ID-1", SecretKey: "KEY", Token: "TOKEN"}) {
			t.Errorf("got %v", k)
		}
		time.Sleep(2 * time.Hour)
		login("ID-2", time.Hour)
		if k := mustGet(t, found); k.SecretID != "ID-2" {
			t.Errorf("got %v", k)
		}
		time.Sleep(2 * time.Hour)
		h.write(".tccli/default.credential", keysFile("ID-3", "")) // without a key
		if e := failure(t, found); e.Problem != "the file has a secretId, but no secretKey" {
			t.Errorf("got %v", e)
		}
		time.Sleep(time.Minute)
		h.write(".tccli/default.credential", "broken")
		if e := failure(t, found); filepath.ToSlash(e.Problem) != "~/.tccli/default.credential is not JSON (line 1)" {
			t.Errorf("got %v", e)
		}
		time.Sleep(time.Minute)
		login("ID-4", -61*time.Minute)
		e := failure(t, found)
		if got := filepath.ToSlash(e.Error()); got != `the profile "default" (~/.tccli/default.credential): the login expired at 2000-01-01T03:01:00Z. Log in again with tccli.` {
			t.Error(got)
		}
	})
}

// jwt is a token with an end, as far as anyone here looks at it.
func jwt(end time.Time) string {
	claims := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp": %d}`, end.Unix()))
	return "eyJhbGciOiJub25lIn0." + claims + ".c2lnbmF0dXJl"
}
