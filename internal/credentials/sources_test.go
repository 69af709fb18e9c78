// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// parameters is what an action was called with.
func parameters(t *testing.T, r fakecos.Request) map[string]any {
	t.Helper()
	var given map[string]any
	if err := json.Unmarshal([]byte(r.Body), &given); err != nil {
		t.Fatal(err)
	}
	return given
}

func isTemporary(k credentials.Credentials) bool {
	return k.SecretID != "" && k.SecretID != secretID && k.SecretKey != "" && k.Token != ""
}

// TestAssumeRole: every setting arrives as STS wants it, signed with the keys beneath.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	o := roles(roleCI)
	o.Roles[0].ExternalID = "tenant:7/a"
	inBubble(t, o, func(t *testing.T, s *services, o credentials.Options) {
		const policy = `{"version": "2.0", "statement": [{"effect": "allow", "action": ["cos:*"], "resource": "*"}]}`
		o.Region = "ap-nanjing"
		o.AssumeRole = &credentials.AssumeRole{
			RoleARN: roleCI, SessionName: "pipeline@7", SessionDuration: time.Hour, ExternalID: "tenant:7/a", Policy: policy,
		}
		found := mustFind(t, o)
		if k := mustGet(t, found); !isTemporary(k) {
			t.Errorf("got %v", k)
		}
		r := s.Requests()[0]
		p := parameters(t, r)
		if p["RoleArn"] != roleCI || p["RoleSessionName"] != "pipeline@7" || p["DurationSeconds"] != 3600.0 ||
			p["ExternalId"] != "tenant:7/a" || p["Policy"] != url.QueryEscape(policy) {
			t.Errorf("got %v", p)
		}
		if r.Host != "sts.tencentcloudapi.com" || r.Header.Get("X-Tc-Region") != "ap-nanjing" || r.Header.Get("User-Agent") != "test/1.0" ||
			r.Header.Get("X-Tc-Language") != "en-US" || !strings.Contains(r.Header.Get("Authorization"), "Credential="+secretID+"/") {
			t.Errorf("got %s, %v", r.Host, r.Header)
		}
	})
}

// TestDefaults: what is not set has the defaults that other tools have.
func TestDefaults(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
		mustGet(t, mustFind(t, o))
		r := s.Requests()[0]
		p := parameters(t, r)
		if p["RoleSessionName"] != "terraform-provider-cos" || p["DurationSeconds"] != 7200.0 || len(p) != 3 || r.Header.Get("X-Tc-Region") != "ap-guangzhou" {
			t.Errorf("got %v, %v", p, r.Header)
		}
	})
}

// TestOtherHosts: both services may be elsewhere, with a port and without TLS.
func TestOtherHosts(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI, roleDeploy), func(t *testing.T, s *services, o credentials.Options) {
		var addresses []string
		s.instead(func(r *http.Request) (*http.Response, error) {
			addresses = append(addresses, r.URL.String())
			return nil, nil
		})
		o.Static, o.CAMRole, o.AssumeRole = credentials.Credentials{}, "ci", &credentials.AssumeRole{RoleARN: roleDeploy}
		o.STS = &url.URL{Scheme: "http", Host: "sts.private:8080"}
		o.Metadata = &url.URL{Scheme: "http", Host: "127.0.0.1:8081", Path: "/"}
		mustGet(t, mustFind(t, o))
		if got := fmt.Sprint(addresses); got != "[http://127.0.0.1:8081/latest/meta-data/cam/security-credentials/ci http://sts.private:8080/]" {
			t.Error(got)
		}
		if host := s.Requests()[1].Host; host != "sts.private:8080" {
			t.Errorf("signed for %s", host)
		}
	})
}

// TestCAMRole: the metadata service is asked once, for the role by its name.
func TestCAMRole(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		o.Static, o.CAMRole = credentials.Credentials{}, "ci"
		found := mustFind(t, o)
		if k := mustGet(t, found); !isTemporary(k) || k != mustGet(t, found) {
			t.Errorf("got %v", k)
		}
		r := s.Requests()[0]
		if asked := s.asked(); asked != "GetMetadata" || r.Host != "metadata.tencentyun.com" || r.Header.Get("User-Agent") != "test/1.0" {
			t.Errorf("asked %s of %s", asked, r.Host)
		}
	})
}

func web(r *fakecos.Role, provider, token string) {
	r.Identities = append(r.Identities, fakecos.Identity{ProviderID: provider, Token: token})
}

// TestWebIdentity: no key signs the call; a file is read anew for each.
func TestWebIdentity(t *testing.T) {
	t.Parallel()
	for name, inFile := range map[string]bool{"token": false, "file": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			path := h.write("token", "first.token\n")
			o := roles(roleCI)
			web(&o.Roles[0], "OIDC", "first.token")
			web(&o.Roles[0], "OIDC", "second.token")
			inBubble(t, o, func(t *testing.T, s *services, o credentials.Options) {
				o.Getenv = h.getenv
				o.WebIdentity = &credentials.WebIdentity{RoleARN: roleCI, SessionDuration: time.Minute}
				if inFile {
					o.WebIdentity.TokenFile = "~/token"
				} else {
					o.WebIdentity.Token = "first.token\n"
				}
				found := mustFind(t, o)
				mustGet(t, found)
				// The tencentcloud provider's form of the file.
				if err := os.WriteFile(path, []byte("{\n  \"web_identity_token\": \"second.token\"\n}\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Minute)
				mustGet(t, found)
				requests := s.Requests()
				want := map[bool]string{true: "second.token", false: "first.token"}[inFile]
				for i, token := range []string{"first.token", want} {
					p, header := parameters(t, requests[i]), requests[i].Header
					if p["WebIdentityToken"] != token || p["ProviderId"] != "OIDC" || header.Get("Authorization") != "SKIP" || header.Get("X-Tc-Token") != "" {
						t.Errorf("call %d: got %v, %v", i, p, header)
					}
				}
			})
		})
	}
}

// TestWorkloadIdentity: a pod's token is read anew, and STS told the cluster's region.
func TestWorkloadIdentity(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.env["TKE_REGION"], h.env["TKE_PROVIDER_ID"], h.env["TKE_ROLE_ARN"] = "ap-beijing", "cls-1", roleCI
	h.env["TKE_WEB_IDENTITY_TOKEN_FILE"] = h.write("token", "pod.token")
	o := roles(roleCI)
	web(&o.Roles[0], "cls-1", "pod.token")
	web(&o.Roles[0], "cls-1", "next.token")
	inBubble(t, o, func(t *testing.T, s *services, o credentials.Options) {
		o.Static, o.Getenv = credentials.Credentials{}, h.getenv
		found := mustFind(t, o)
		mustGet(t, found)
		h.write("token", "next.token")
		time.Sleep(3 * time.Hour)
		mustGet(t, found)
		for i, token := range []string{"pod.token", "next.token"} {
			r := s.Requests()[i]
			if p := parameters(t, r); p["WebIdentityToken"] != token || r.Header.Get("X-Tc-Region") != "ap-beijing" {
				t.Errorf("call %d: got %v, %v", i, p, r.Header)
			}
		}
	})
}

// TestChain: a profile's role is assumed with its keys for two hours, and the role of the options
// with those.
func TestChain(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write(".tccli/default.credential", fmt.Sprintf(`{"secretId": %q, "secretKey": %q, "role-arn": %q, "role-session-name": "me"}`, secretID, secretKey, roleCI))
	inBubble(t, roles(roleCI, roleDeploy), func(t *testing.T, s *services, o credentials.Options) {
		o.Static, o.Getenv, o.AssumeRole = credentials.Credentials{}, h.getenv, &credentials.AssumeRole{RoleARN: roleDeploy, SessionDuration: 10 * time.Minute}
		found := mustFind(t, o)
		mustGet(t, found)
		requests := s.Requests()
		first, second := parameters(t, requests[0]), parameters(t, requests[1])
		if first["RoleArn"] != roleCI || first["RoleSessionName"] != "me" || first["DurationSeconds"] != 7200.0 || second["RoleArn"] != roleDeploy ||
			requests[0].Header.Get("X-Tc-Token") != "" || requests[1].Header.Get("X-Tc-Token") == "" {
			t.Errorf("got %v, then %v", first, second)
		}
		s.asked()
		time.Sleep(20 * time.Minute) // the keys beneath are still good
		mustGet(t, found)
		if asked := s.asked(); asked != "AssumeRole" {
			t.Errorf("asked %s", asked)
		}
	})
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
