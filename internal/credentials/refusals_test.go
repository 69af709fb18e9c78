// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

func answer(status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
}

// failing is a service that gives no credentials.
type failing struct {
	options credentials.Options
	fault   fakecos.Fault
	instead func() (*http.Response, error) // of the fake
}

// failures are what keeps a source from giving credentials. What follows stands in testdata.
func failures(t *testing.T) map[string]failing {
	t.Helper()
	const hush = "AKIDSECRETSECRETSECRET"
	role := credentials.Options{Static: given, AssumeRole: &credentials.AssumeRole{RoleARN: roleCI}}
	instance := credentials.Options{CAMRole: "ci"}
	account := credentials.Options{Static: given, AllowedAccounts: []string{"100000000001"}}
	web := func(token string) credentials.Options {
		return credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, ProviderID: "ci", Token: token}}
	}
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of every bubble
	profile := newHome(t)
	profile.write(".tccli/default.credential", fmt.Sprintf(`{"secretId": %q, "secretKey": %q, "role-arn": %q, "role-session-name": "me"}`, secretID, secretKey, roleDeploy))

	all := map[string]failing{
		"role of a profile":       {options: credentials.Options{Getenv: profile.getenv}},
		"role of an unbound role": {options: credentials.Options{CAMRole: "other", AssumeRole: role.AssumeRole}},
		"STS: silent":             {options: role, fault: fakecos.Fault{Hang: true}},
		"STS: slow": {options: role, instead: func() (*http.Response, error) {
			time.Sleep(24500 * time.Millisecond) // no time is left for another attempt
			return nil, errors.New("connection reset by peer")
		}},
		"metadata: silent":      {options: instance, fault: fakecos.Fault{Hang: true}},
		"metadata: unreachable": {options: instance, instead: func() (*http.Response, error) { return nil, errors.New("no route to host") }},
		"metadata: not bound":   {options: instance, fault: fakecos.Fault{Status: http.StatusNotFound}},
		"metadata: refused":     {options: instance, fault: fakecos.Fault{Code: "RoleFailed"}},
		"STS: unreachable":      {options: role, instead: func() (*http.Response, error) { return nil, errors.New("connection refused") }},
		"STS: proxy": {options: role, instead: func() (*http.Response, error) {
			return nil, &network.ProxyError{Proxy: "squid:3128", Host: "sts", Status: 502}
		}},
		"account: refused": {options: account, fault: fakecos.Fault{Code: "UnauthorizedOperation", Message: "no"}},
	}
	for name, refusal := range map[string][2]string{
		"not trusted":        {"UnauthorizedOperation", "you are not authorized."},
		"no role":            {"ResourceNotFound.RoleNotFound", "no role"},
		"control characters": {"FailedOperation.TempKeyNotAllowed", "no\x1b[2J\u202e\nok"},
		"too long":           {"InvalidParameter.OverTimeError", "too long"},
		"policy":             {"InvalidParameter.StrategyInvalid", "no"},
		"clock":              {"AuthFailure.SignatureExpire", "late"},
		"token":              {"AuthFailure.TokenFailure", "token"},
		"key, repeated":      {"AuthFailure.SecretIdNotFound", "no " + secretID + "."},
		"another":            {"InvalidParameter.ParamError", "what?"},
		"busy":               {"InternalError.DbError", "db"},
	} {
		all["role: "+name] = failing{options: role, fault: fakecos.Fault{Code: refusal[0], Message: refusal[1]}}
	}
	for name, refusal := range map[string]struct{ token, code string }{
		"expired":      {jwt(start.Add(-time.Hour)), "InvalidParameter.WebIdentityTokenError"},
		"foreign":      {jwt(start.Add(time.Hour)), "InvalidParameter.WebIdentityTokenError"},
		"no token":     {"a.!.c-and-more-of-it", "InvalidParameter.WebIdentityTokenError"},
		"another kind": {"opaque-token-of-another-kind", "InvalidParameter.WebIdentityTokenError"},
		"without end":  {"e30.e30.c2lnbmF0dXJl", "InvalidParameter.WebIdentityTokenError"},
		"endless":      {"e30.eyJleHAiOjFlMzAwfQ.c2lnbmF0dXJl", "InvalidParameter.WebIdentityTokenError"},
		"not trusted":  {jwt(start), "UnauthorizedOperation"},
		"no role":      {jwt(start), "InternalError.GetRoleError"},
	} {
		all["web identity: "+name] = failing{options: web(refusal.token), fault: fakecos.Fault{Code: refusal.code, Message: "not " + refusal.token}}
	}
	documents := func(kind string, options credentials.Options, header http.Header, bodies map[string]string) {
		for name, body := range bodies {
			all[kind+": "+name] = failing{options: options, instead: func() (*http.Response, error) { return answer(http.StatusOK, header, body), nil }}
		}
	}
	asJSON := http.Header{"Content-Type": {"application/json"}}
	documents("account", account, asJSON, map[string]string{"none": `{"Response": {"RequestId": "1"}}`, "empty": ""})
	documents("role", role, asJSON, map[string]string{
		"no keys":            `{"Response": {"RequestId": "1"}}`,
		"no token":           `{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k"}, "ExpiredTime": 946688400}}`,
		"line break":         `{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k\n", "Token": "t"}, "ExpiredTime": 946688400}}`,
		"token of two lines": `{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t\n"}, "ExpiredTime": 946688400}}`,
		"expired":            `{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t"}, "ExpiredTime": 946684800}}`,
	})
	documents("metadata", instance, nil, map[string]string{
		"keys as a code":     `{"TmpSecretKey": "SECRETSECRETSECRETSECRET", "Code": "SECRETSECRETSECRETSECRET"}`,
		"token of two lines": `{"Code": "Success", "TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t\nt", "ExpiredTime": 4102444800}`,
	})
	documents("STS", role, http.Header{"Content-Type": {"text/event-stream"}}, map[string]string{"event stream": hush})
	for kind, options := range map[string]credentials.Options{"STS": role, "metadata": instance} {
		documents(kind, options, nil, map[string]string{"page": "<html>" + hush, "too much": strings.Repeat(" ", 1<<20+1)})
		for name, response := range map[string]func() *http.Response{
			"page of a proxy": func() *http.Response { return answer(http.StatusBadGateway, nil, "<html>"+hush) },
			"keys of a proxy": func() *http.Response {
				return answer(http.StatusAccepted, nil, `{"Code": "Success", "TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t", "ExpiredTime": 4102444800}`)
			},
			"switch of protocols": func() *http.Response { return answer(http.StatusSwitchingProtocols, nil, hush) },
			"redirect": func() *http.Response {
				return answer(http.StatusTemporaryRedirect, http.Header{"Location": {"https://elsewhere/?k=" + hush}}, "")
			},
		} {
			all[kind+": "+name] = failing{options: options, instead: func() (*http.Response, error) { return response(), nil }}
		}
	}
	return all
}

// TestFailures: what a service says is told with what to do about it. What is not its own is never
// repeated or followed, and tried again only if it may pass.
func TestFailures(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for name, test := range failures(t) {
		inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
			if test.options.Getenv == nil {
				test.options.Getenv = o.Getenv
			}
			if test.instead != nil {
				s.instead(func(*http.Request) (*http.Response, error) { return test.instead() })
			}
			s.Inject(test.fault)
			test.options.Transport = s
			found, start := mustFind(t, test.options), time.Now()
			e := failure(t, found)
			took := time.Since(start)
			if s.contacts > 1 { // with pauses at random
				took = 0
			}
			if (e.Code == "") != (e.RequestID == "") {
				t.Errorf("%s: code %q, request id %q", name, e.Code, e.RequestID)
			}
			e.RequestID = e.Code // ids hold the time
			contacts := s.contacts
			s.instead(nil)
			s.ClearFaults()
			time.Sleep(time.Minute)
			_, err := found.Source(t.Context())
			got[name] = fmt.Sprintf("%d contacts, %v, passes %t, %s", contacts, took, err == nil, tell(nil, e))
		})
	}
	golden(t, got)
}

// TestRepeated: whatever part of its answer STS repeats a secret in, the error does not show it, nor
// anything that is no code or no request id.
func TestRepeated(t *testing.T) {
	t.Parallel()
	const token = "TOKENTOKENTOKENTOKENTOKENTOKENTOKEN" // has the form of both
	temporary := credentials.Credentials{SecretID: secretID, SecretKey: secretKey, Token: token}
	for action, test := range map[string]struct {
		options credentials.Options
		secrets []string
	}{
		"AssumeRole":                {ciRole(credentials.Options{Static: temporary}), []string{secretID, secretKey, token}},
		"GetCallerIdentity":         {credentials.Options{Static: temporary, AllowedAccounts: []string{"1"}}, []string{secretID, secretKey, token}},
		"AssumeRoleWithWebIdentity": {credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, Token: token}}, []string{token}},
	} {
		for _, text := range append([]string{"odd\x1b[2J", "two words", strings.Repeat("a", 101)}, test.secrets...) {
			inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
				s.instead(func(*http.Request) (*http.Response, error) {
					body, err := json.Marshal(map[string]any{"Response": map[string]any{
						"Error": map[string]string{"Code": text, "Message": "this is " + text}, "RequestId": text,
					}})
					return answer(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, string(body)), err
				})
				test.options.Transport, test.options.Getenv = s, o.Getenv
				e := failure(t, mustFind(t, test.options))
				if e.Code != "" || e.RequestID != "" || !strings.Contains(e.Problem, "STS refused "+action+": this is ") {
					t.Errorf("got %v, code %q, request id %q", e, e.Code, e.RequestID)
				}
				if slices.Contains(test.secrets, text) && (strings.Contains(e.Error(), text) || !strings.Contains(e.Error(), "this is [redacted]")) {
					t.Errorf("shows %q: %v", text, e)
				}
			})
		}
	}
}

// TestPassingFaults: another attempt is signed afresh.
func TestPassingFaults(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"InternalError", "InternalError.SystemError", "RequestLimitExceeded"} {
		inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
			s.Inject(fakecos.Fault{Code: code, Times: 2})
			mustGet(t, mustFind(t, ciRole(o)))
			requests := s.Requests()
			if len(requests) != 3 || requests[0].Header.Get("X-Tc-Timestamp") == requests[1].Header.Get("X-Tc-Timestamp") ||
				requests[0].Header.Get("Authorization") == requests[1].Header.Get("Authorization") {
				t.Errorf("%s: %d requests", code, len(requests))
			}
		})
	}
}
