// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// TestRefusals: what STS refuses is said in its own words, with what to do about it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const (
		origin  = "the role " + roleCI + ", assumed with secret_id and secret_key: STS refused AssumeRole: "
		request = "(request id 386d4380-fa4e-4c05-8000-000000000001). "
	)
	for name, test := range map[string]struct {
		code, message string
		setting       credentials.Setting
		want          string
	}{
		"not trusted": {
			"UnauthorizedOperation", "you are not authorized.", "assume_role.role_arn",
			"UnauthorizedOperation: you are not authorized " + request + "The trust policy of " + roleCI + " must name the owner of the keys (secret_id and secret_key), " +
				"who must be allowed name/sts:AssumeRole on it; an external_id must be the one that the trust policy asks for.",
		},
		"no role": {
			"ResourceNotFound.RoleNotFound", "no role", "assume_role.role_arn",
			"ResourceNotFound.RoleNotFound: no role " + request + "Check the account and the name in " + roleCI + ": the role does not exist, or these credentials may not see it.",
		},
		"a text with control characters": {
			"FailedOperation.TempKeyNotAllowed", "no\x1b[2J\u202e\nok", "",
			`FailedOperation.TempKeyNotAllowed: no\x1b[2J\u202e\nok ` + request + "The role cannot be assumed with the keys of secret_id and secret_key: use permanent keys of a CAM user.",
		},
		"too long": {
			"InvalidParameter.OverTimeError", "too long", "assume_role.session_duration",
			"InvalidParameter.OverTimeError: too long " + request + "Ask for less than 2h0m0s, or raise the role's maximum session duration in CAM.",
		},
		"policy": {
			"InvalidParameter.StrategyInvalid", "no", "assume_role.policy",
			"InvalidParameter.StrategyInvalid: no " + request + "Correct the policy that narrows the session: it is in CAM's syntax, and can allow no more than the role does.",
		},
		"temporary keys": {
			"FailedOperation.TempKeyNotAllowed", "no", "",
			"FailedOperation.TempKeyNotAllowed: no " + request + "The role cannot be assumed with the keys of secret_id and secret_key: use permanent keys of a CAM user.",
		},
		"clock": {
			"AuthFailure.SignatureExpire", "late", "",
			"AuthFailure.SignatureExpire: late " + request + "Set this machine's clock: STS takes no signature that is more than five minutes off.",
		},
		"token": {
			"AuthFailure.TokenFailure", "token", "",
			"AuthFailure.TokenFailure: token " + request + "The keys are temporary, and have expired or came without their token. Get new ones.",
		},
		"unknown key, which is repeated": {
			"AuthFailure.SecretIdNotFound", "no " + secretID + ".", "",
			"AuthFailure.SecretIdNotFound: no [redacted] " + request + "Check the secret_id and the secret_key that the call was signed with: the key may be mistyped, disabled or deleted.",
		},
		"another": {
			"InvalidParameter.ParamError", "what?", "",
			"InvalidParameter.ParamError: what? " + request + "See the error codes of STS: https://www.tencentcloud.com/document/product/1150/49458",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
				s.Inject(fakecos.Fault{Code: test.code, Message: test.message})
				o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
				e := failure(t, mustFind(t, o))
				if e.Error() != origin+test.want || e.Setting != test.setting || e.Code != test.code || e.RequestID == "" {
					t.Errorf("%s: got %v", e.Setting, e)
				}
				if asked := s.asked(); asked != "AssumeRole" {
					t.Errorf("asked %s", asked)
				}
			})
		})
	}
}

// TestWebIdentityRefusals: the token that STS does not take is never repeated.
func TestWebIdentityRefusals(t *testing.T) {
	t.Parallel()
	const origin = "the role " + roleCI + ", assumed with a web identity: STS refused AssumeRoleWithWebIdentity: "
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of every bubble
	for name, test := range map[string]struct {
		token, code string
		setting     credentials.Setting
		want        string
	}{
		"expired": {
			jwt(start.Add(-time.Hour)), "InvalidParameter.WebIdentityTokenError", "assume_role_with_web_identity.web_identity_token",
			"The token expired at 1999-12-31T23:00:00Z. Have the identity provider issue a new one; where a file holds it, see that it is replaced in time.",
		},
		"foreign": {
			jwt(start.Add(time.Hour)), "InvalidParameter.WebIdentityTokenError", "assume_role_with_web_identity.web_identity_token",
			`Check that the identity provider "ci" is the one in CAM that issued the token, that its signing keys there are current, and that the token's aud is one of its client ids.`,
		},
		"no token at all": {
			"a.!.c-and-more-of-it", "InvalidParameter.WebIdentityTokenError", "assume_role_with_web_identity.web_identity_token",
			`Check that the identity provider "ci" is the one in CAM that issued the token, that its signing keys there are current, and that the token's aud is one of its client ids.`,
		},
		"a token of another kind": {
			"opaque-token-of-another-kind", "InvalidParameter.WebIdentityTokenError", "assume_role_with_web_identity.web_identity_token",
			`Check that the identity provider "ci" is the one in CAM that issued the token, that its signing keys there are current, and that the token's aud is one of its client ids.`,
		},
		"a token without an end": {
			"e30.e30.c2lnbmF0dXJl", "InvalidParameter.WebIdentityTokenError", "assume_role_with_web_identity.web_identity_token",
			`Check that the identity provider "ci" is the one in CAM that issued the token, that its signing keys there are current, and that the token's aud is one of its client ids.`,
		},
		"not trusted": {
			jwt(start), "UnauthorizedOperation", "assume_role_with_web_identity.role_arn",
			"The trust policy of " + roleCI + ` must name the identity provider "ci" of its account, with conditions that the token's iss, aud and sub meet.`,
		},
		"no role": {
			jwt(start), "InternalError.GetRoleError", "assume_role_with_web_identity.role_arn",
			"Check the account and the name in " + roleCI + ": the role does not exist, or these credentials may not see it.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
				s.Inject(fakecos.Fault{Code: test.code, Message: "not " + test.token})
				o.WebIdentity = &credentials.WebIdentity{RoleARN: roleCI, ProviderID: "ci", Token: test.token}
				e := failure(t, mustFind(t, o))
				want := origin + test.code + ": not [redacted] (request id 386d4380-fa4e-4c05-8000-000000000001). " + test.want
				if e.Error() != want || e.Setting != test.setting {
					t.Errorf("%s: got %v", e.Setting, e)
				}
				if asked := s.asked(); asked != "AssumeRoleWithWebIdentity" {
					t.Errorf("asked %s", asked)
				}
			})
		})
	}
}

func answer(status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
}

// TestRepeated: whatever part of its answer STS repeats a secret in, the error does not show it, nor
// anything that is no code or no request id.
func TestRepeated(t *testing.T) {
	t.Parallel()
	const token = "TOKENTOKENTOKENTOKENTOKENTOKENTOKEN" // has the form of both
	temporary := credentials.Static{SecretID: secretID, SecretKey: secretKey, Token: token}
	for name, test := range map[string]struct {
		options credentials.Options
		action  string
		secrets []string
	}{
		"the base of a role": {credentials.Options{Static: temporary, AssumeRole: &credentials.AssumeRole{RoleARN: roleCI}}, "AssumeRole", []string{secretID, secretKey, token}},
		"an account":         {credentials.Options{Static: temporary, AllowedAccounts: []string{"1"}}, "GetCallerIdentity", []string{secretID, secretKey, token}},
		"a web identity":     {credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, Token: token}}, "AssumeRoleWithWebIdentity", []string{token}},
	} {
		for _, text := range append([]string{"odd\x1b[2J", "two words", strings.Repeat("a", 101)}, test.secrets...) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
					o.Static, o.AssumeRole, o.WebIdentity, o.AllowedAccounts = test.options.Static, test.options.AssumeRole, test.options.WebIdentity, test.options.AllowedAccounts
					s.instead(func(*http.Request) (*http.Response, error) {
						body, err := json.Marshal(map[string]any{"Response": map[string]any{
							"Error": map[string]string{"Code": text, "Message": "this is " + text}, "RequestId": text,
						}})
						return answer(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, string(body)), err
					})
					e := failure(t, mustFind(t, o))
					if e.Code != "" || e.RequestID != "" || !strings.Contains(e.Problem, "STS refused "+test.action+": this is ") {
						t.Errorf("got %v, code %q, request id %q", e, e.Code, e.RequestID)
					}
					if slices.Contains(test.secrets, text) && (strings.Contains(e.Error(), text) || !strings.Contains(e.Error(), "this is [redacted]")) {
						t.Errorf("shows %q: %v", text, e)
					}
				})
			})
		}
	}
}

// TestNotSTS: what is not STS's own answer is never repeated, never followed, and tried again only
// if it may pass.
func TestNotSTS(t *testing.T) {
	t.Parallel()
	const (
		origin = "the role " + roleCI + ", assumed with secret_id and secret_key: "
		remedy = ". Check the network, HTTPS_PROXY and, in a private cloud, sts_domain."
		secret = "AKIDSECRETSECRETSECRET"
	)
	for name, test := range map[string]struct {
		response func() (*http.Response, error)
		attempts int
		want     string
		remedy   string // if it is another
	}{
		"a proxy's page": {
			func() (*http.Response, error) { return answer(http.StatusBadGateway, nil, "<html>"+secret), nil }, 3,
			"the server at sts.tencentcloudapi.com is not STS (HTTP status 502, 28 bytes)",
			"",
		},
		"a portal's page": {
			func() (*http.Response, error) { return answer(http.StatusOK, nil, "<html>"+secret), nil }, 1,
			"the server at sts.tencentcloudapi.com is not STS (HTTP status 200, 28 bytes)",
			"",
		},
		"an event stream": {
			func() (*http.Response, error) {
				return answer(http.StatusOK, http.Header{"Content-Type": {"text/event-stream"}}, secret), nil
			}, 1,
			"the server at sts.tencentcloudapi.com is not STS (HTTP status 200, 22 bytes)",
			"",
		},
		"a redirect": {
			func() (*http.Response, error) {
				return answer(http.StatusTemporaryRedirect, http.Header{"Location": {"https://elsewhere/?k=" + secret}}, ""), nil
			}, 1,
			"STS (sts.tencentcloudapi.com) could not be reached: the answer (HTTP status 307) redirects to another address, which is not followed",
			"",
		},
		"too much": {
			func() (*http.Response, error) { return answer(http.StatusOK, nil, strings.Repeat(" ", 1<<20+1)), nil }, 1,
			"STS (sts.tencentcloudapi.com) could not be reached: the response exceeds the limit of 1048576 bytes",
			"",
		},
		"nobody's proxy": {
			func() (*http.Response, error) {
				return nil, &network.ProxyError{Proxy: "squid:3128", Host: "sts", Status: 502}
			}, 3,
			"STS (sts.tencentcloudapi.com) could not be reached: the proxy squid:3128 made no connection: status 502 Bad Gateway",
			". The proxy cannot reach sts, or has a fault: try again later. If the error persists, check HTTPS_PROXY and NO_PROXY.",
		},
		"nobody": {
			func() (*http.Response, error) { return nil, errors.New("connection refused") }, 3,
			"STS (sts.tencentcloudapi.com) could not be reached: connection refused",
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
				s.instead(func(*http.Request) (*http.Response, error) { return test.response() })
				o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
				e := failure(t, mustFind(t, o))
				if e.Error() != origin+test.want+cmp.Or(test.remedy, remedy) {
					t.Errorf("got %v", e)
				}
				if s.contacts != test.attempts {
					t.Errorf("%d attempts", s.contacts)
				}
			})
		})
	}
}

// TestPassingFaults: each further attempt is signed afresh, and the last one's word counts.
func TestPassingFaults(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"InternalError", "InternalError.SystemError", "RequestLimitExceeded"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
				s.Inject(fakecos.Fault{Code: code, Times: 2})
				o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
				mustGet(t, mustFind(t, o))
				requests := s.Requests()
				if len(requests) != 3 || requests[0].Header.Get("X-Tc-Timestamp") == requests[1].Header.Get("X-Tc-Timestamp") ||
					requests[0].Header.Get("Authorization") == requests[1].Header.Get("Authorization") {
					t.Errorf("%d requests", len(requests))
				}
			})
		})
	}
	t.Run("in vain", func(t *testing.T) {
		t.Parallel()
		inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
			s.Inject(fakecos.Fault{Code: "InternalError.DbError", Message: "db"})
			o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
			e := failure(t, mustFind(t, o))
			if e.Remedy != "STS is busy or has a fault. Try again later." || len(s.Requests()) != 3 {
				t.Errorf("got %v after %d requests", e, len(s.Requests()))
			}
		})
	})
}

// TestSilentSTS: the wait is bounded, all attempts together.
func TestSilentSTS(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		s.Inject(fakecos.Fault{Hang: true})
		o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
		found, start := mustFind(t, o), time.Now()
		e := failure(t, found)
		want := "the role " + roleCI + ", assumed with secret_id and secret_key: STS (sts.tencentcloudapi.com) did not answer within 25s. " +
			"Check the network, HTTPS_PROXY and, in a private cloud, sts_domain."
		if took := time.Since(start); e.Error() != want || took != 25*time.Second {
			t.Errorf("got %v after %v", e, took)
		}
	})
}

// TestSlowFaults: there is no further attempt for which no time is left.
func TestSlowFaults(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
		s.instead(func(*http.Request) (*http.Response, error) {
			time.Sleep(24500 * time.Millisecond)
			return nil, errors.New("connection reset by peer")
		})
		o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
		found, start := mustFind(t, o), time.Now()
		e := failure(t, found)
		if took := time.Since(start); !strings.Contains(e.Problem, "connection reset by peer") || took != 25*time.Second || s.contacts != 1 {
			t.Errorf("got %v after %v", e, took)
		}
	})
}

// TestFaultBeneath: the source that failed is the one that is named.
func TestFaultBeneath(t *testing.T) {
	t.Parallel()
	inBubble(t, roles(roleDeploy), func(t *testing.T, s *services, o credentials.Options) {
		o.Static, o.CAMRole, o.AssumeRole = credentials.Static{}, "ci", &credentials.AssumeRole{RoleARN: roleDeploy}
		e := failure(t, mustFind(t, o))
		if e.Origin != `the role "ci" of this CVM instance` || s.asked() != "GetMetadata" {
			t.Errorf("got %v", e)
		}
	})
}

// TestProfileRoleRefused: no setting is at fault for what a file says.
func TestProfileRoleRefused(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write(".tccli/default.credential", `{"secretId": "`+secretID+`", "secretKey": "`+secretKey+`", "role-arn": "`+roleCI+`", "role-session-name": "me"}`)
	inBubble(t, fakecos.Options{}, func(t *testing.T, _ *services, o credentials.Options) {
		o.Static, o.Getenv = credentials.Static{}, h.getenv
		e := failure(t, mustFind(t, o))
		origin := "the role " + roleCI + `, assumed with the profile "default" (~/.tccli/default.credential)`
		if e.Setting != "" || e.Code != "ResourceNotFound.RoleNotFound" || filepath.ToSlash(e.Origin) != origin {
			t.Errorf("%s: got %v", e.Setting, e)
		}
	})
}

// TestOddKeys: keys that cannot be any are not handed out.
func TestOddKeys(t *testing.T) {
	t.Parallel()
	const prefix = "the role " + roleCI + ", assumed with secret_id and secret_key: "
	const fault = ". This is a fault of the service, or of something between it and this machine. Try again."
	for name, test := range map[string]struct{ body, want string }{
		"none":               {`{"Response": {"RequestId": "1"}}`, "STS answered without keys" + fault},
		"no token":           {`{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k"}, "ExpiredTime": 946688400}}`, "STS answered without keys" + fault},
		"line break":         {`{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k\n", "Token": "t"}, "ExpiredTime": 946688400}}`, "the secret_key that STS answered holds white space or another character that no key has" + fault},
		"token of two lines": {`{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t\n"}, "ExpiredTime": 946688400}}`, "the security_token that STS answered holds white space or another character that no key has" + fault},
		"expired":            {`{"Response": {"Credentials": {"TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t"}, "ExpiredTime": 946684800}}`, "the keys that STS answered expired at 2000-01-01T00:00:00Z. Set this machine's clock."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
				s.instead(func(*http.Request) (*http.Response, error) { return answer(http.StatusOK, nil, test.body), nil })
				o.AssumeRole = &credentials.AssumeRole{RoleARN: roleCI}
				if e := failure(t, mustFind(t, o)); e.Error() != prefix+test.want {
					t.Errorf("got %v", e)
				}
			})
		})
	}
}

// TestMetadataFaults: one attempt of two seconds, and a word on what to do instead.
func TestMetadataFaults(t *testing.T) {
	t.Parallel()
	const (
		origin    = `the role "ci" of this CVM instance: `
		elsewhere = ". It exists on a CVM instance only. Elsewhere unset cam_role_name and TENCENTCLOUD_CAM_ROLE_NAME, " +
			"and use secret_id and secret_key, a profile or assume_role_with_web_identity."
		foreign = "the server at metadata.tencentyun.com is not the metadata service "
		check   = ". Check that this runs on a CVM instance and that nothing intercepts the address."
	)
	body := "<html>AKIDSECRETSECRETSECRET"
	twoLines := `{"Code": "Success", "TmpSecretId": "i", "TmpSecretKey": "k", "Token": "t\nt", "ExpiredTime": 4102444800}`
	repeated := `{"TmpSecretKey": "SECRETSECRETSECRETSECRET", "Code": "SECRETSECRETSECRETSECRET"}`
	for name, test := range map[string]struct {
		fault fakecos.Fault
		down  error
		took  time.Duration
		want  string
		none  bool // no setting is at fault
	}{
		"silent":      {fault: fakecos.Fault{Hang: true}, took: 2 * time.Second, want: "the metadata service (metadata.tencentyun.com) could not be reached: no answer within 2s" + elsewhere},
		"unreachable": {down: errors.New("no route to host"), want: "the metadata service (metadata.tencentyun.com) could not be reached: no route to host" + elsewhere},
		"not bound": {
			fault: fakecos.Fault{Status: http.StatusNotFound},
			want:  "the metadata service knows no such role of this instance. Correct its name, or bind the role to the instance in the CVM console.",
		},
		"refused":        {fault: fakecos.Fault{Code: "RoleFailed"}, want: `the metadata service gave no keys (code RoleFailed). Check the role and that the CVM service may assume it.`},
		"keys as a code": {fault: fakecos.Fault{Body: &repeated}, want: "the metadata service gave no keys. Check the role and that the CVM service may assume it."},
		"a token of two lines": {fault: fakecos.Fault{Body: &twoLines}, want: "the security_token that the metadata service answered holds white space or another character that no key has. " +
			"This is a fault of the service, or of something between it and this machine. Try again.", none: true},
		"a page":  {fault: fakecos.Fault{Body: &body}, want: foreign + "(HTTP status 200, 28 bytes)" + check},
		"a fault": {fault: fakecos.Fault{Status: http.StatusBadGateway, Body: &body}, want: foreign + "(HTTP status 502, 28 bytes)" + check},
		"a redirect": {
			fault: fakecos.Fault{Status: http.StatusFound, Body: &body, Header: http.Header{"Location": {"http://portal/" + body}}},
			want:  "the metadata service (metadata.tencentyun.com) could not be reached: the answer (HTTP status 302) redirects to another address, which is not followed" + elsewhere,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, roles(roleCI), func(t *testing.T, s *services, o credentials.Options) {
				s.Inject(test.fault)
				if test.down != nil {
					s.instead(func(*http.Request) (*http.Response, error) { return nil, test.down })
				}
				o.Static, o.CAMRole = credentials.Static{}, "ci"
				found, start := mustFind(t, o), time.Now()
				e := failure(t, found)
				if took := time.Since(start); e.Error() != origin+test.want || (e.Setting == "") != test.none || took != test.took {
					t.Errorf("%s: got %v after %v", e.Setting, e, took)
				}
				if s.contacts != 1 {
					t.Errorf("%d contacts", s.contacts)
				}
			})
		})
	}
}
