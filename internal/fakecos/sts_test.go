// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"cmp"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Keys of a role, wherever they are from, open COS and STS with their token and until they expire.
func TestIssuedKeys(t *testing.T) {
	t.Parallel()
	const hour = 60 * 60
	for name, source := range map[string]struct {
		lasts int64
		issue func(t *testing.T, s http.Handler, now time.Time) (expires int64, text string, key fakecos.Credential)
	}{
		"AssumeRole": {2 * hour, func(t *testing.T, s http.Handler, now time.Time) (int64, string, fakecos.Credential) {
			answer := assume(t, s, now)
			return answer.ExpiredTime, answer.Expiration, answer.credential()
		}},
		"metadata": {6 * hour, func(t *testing.T, s http.Handler, _ time.Time) (int64, string, fakecos.Credential) {
			answer, key := readMetadataKey(t, getMetadata(s, http.MethodGet, "cam/security-credentials/ci"))
			return answer.ExpiredTime, answer.Expiration, key
		}},
	} {
		for _, keyLife := range []int64{0, 60} {
			now := time.Now()
			s := newServer(t, fakecos.Options{
				Clock: func() time.Time { return now }, KeyLife: time.Duration(keyLife) * time.Second,
				Roles: []fakecos.Role{{ARN: "qcs::cam::uin/100000000003:roleName/unbound"}, {ARN: roleARN, CVM: true}},
			})
			want := now.Unix() + cmp.Or(keyLife, source.lasts)
			expires, text, key := source.issue(t, s, now)
			if expires != want || text != time.Unix(want, 0).UTC().Format("2006-01-02T15:04:05Z") {
				t.Errorf("%s: expires %d, %s; want %d", name, expires, text, want)
			}
			now = now.Add(time.Unix(want, 0).Sub(now) - time.Second)
			_, _, other := source.issue(t, s, now)
			wantStatus(t, listJobs(s, key, now), http.StatusOK)
			if identity := readSTS(t, callSTS(s, "GetCallerIdentity", `{}`, key, now), ""); identity.AccountId != "100000000002" || identity.Type != "CAMRole" {
				t.Errorf("%s: identity %+v", name, identity)
			}
			for _, mixed := range []struct {
				key  fakecos.Credential
				code string
			}{
				{fakecos.Credential{SecretID: key.SecretID, SecretKey: key.SecretKey, Token: other.Token}, "InvalidAccessKeyId"},
				{fakecos.Credential{SecretID: key.SecretID, SecretKey: key.SecretKey}, "AccessDenied"},
				{fakecos.Credential{SecretID: key.SecretID, SecretKey: other.SecretKey, Token: key.Token}, "SignatureDoesNotMatch"},
			} {
				wantError(t, listJobs(s, mixed.key, now), http.StatusForbidden, mixed.code)
			}
			now = now.Add(time.Second)
			wantStatus(t, listJobs(s, other, now), http.StatusOK)
			s.RevokeIssued()
			for _, ended := range []fakecos.Credential{key, other} {
				wantError(t, listJobs(s, ended, now), http.StatusBadRequest, "ExpiredToken")
				readSTS(t, callSTS(s, "GetCallerIdentity", `{}`, ended, now), "AuthFailure.TokenFailure")
			}
		}
	}
}

func TestSTS_Envelope(t *testing.T) {
	t.Parallel()
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, test := range map[string]struct {
		prepare func(*http.Request)
		op      string
		code    string // "" for success
	}{
		"as it must be":   {func(*http.Request) {}, "GetCallerIdentity", ""},
		"any host":        {func(r *http.Request) { r.Host = host }, "GetCallerIdentity", ""},
		"charset":         {header("Content-Type", "application/json; charset=utf-8"), "GetCallerIdentity", ""},
		"GET":             {func(r *http.Request) { r.Method = http.MethodGet }, "GetCallerIdentity", "UnsupportedProtocol"},
		"form":            {header("Content-Type", "application/x-www-form-urlencoded"), "GetCallerIdentity", "UnsupportedProtocol"},
		"no type":         {func(r *http.Request) { r.Header.Del("Content-Type") }, "GetCallerIdentity", "UnsupportedProtocol"},
		"a path":          {func(r *http.Request) { r.URL.Path = "/sts" }, "GetCallerIdentity", "InvalidRequest"},
		"a metadata path": {func(r *http.Request) { r.URL.Path = "/latest/meta-data/" }, "GetCallerIdentity", "InvalidRequest"},
		"a query":         {func(r *http.Request) { r.URL.RawQuery = "Action=GetCallerIdentity" }, "GetCallerIdentity", "InvalidRequest"},
		"too large":       {func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("{}" + strings.Repeat(" ", 1<<20))) }, "GetCallerIdentity", "RequestSizeLimitExceeded"},
		"other action":    {header("X-TC-Action", "GetFederationToken"), "", "InvalidAction"},
		"no action":       {header("X-TC-Action", ""), "", "InvalidAction"},
		"letter case":     {header("X-TC-Action", "getCallerIdentity"), "", "InvalidAction"},
		"other version":   {header("X-TC-Version", "2017-03-12"), "GetCallerIdentity", "NoSuchVersion"},
		"no version":      {header("X-TC-Version", ""), "GetCallerIdentity", "NoSuchVersion"},
		"no region":       {header("X-TC-Region", ""), "GetCallerIdentity", "MissingParameter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{})
			r := newSTSRequest("GetCallerIdentity", "{}", time.Now())
			test.prepare(r)
			signTC3(r, "{}", fakecos.DefaultCredential())
			answer := readSTS(t, serve(s, r), test.code)
			logged := s.Requests()[0]
			if logged.Op != test.op || logged.Status != http.StatusOK || logged.Code != test.code || logged.RequestID != answer.RequestId {
				t.Errorf("log: %+v", logged)
			}
		})
	}
}

func TestAssumeRole_trust(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		role fakecos.Role
		more string // parameters
		code string // "" for success
	}{
		"external id":               {fakecos.Role{ARN: roleARN, ExternalID: "team:a/b"}, `,"ExternalId":"team:a/b"`, ""},
		"other external id":         {fakecos.Role{ARN: roleARN, ExternalID: "team:a/b"}, `,"ExternalId":"team:a/c"`, "UnauthorizedOperation"},
		"no external id":            {fakecos.Role{ARN: roleARN, ExternalID: "team:a/b"}, "", "UnauthorizedOperation"},
		"external id not asked for": {fakecos.Role{ARN: roleARN}, `,"ExternalId":"team:a/b"`, ""},
		"other role":                {fakecos.Role{ARN: roleARN + "2"}, "", "ResourceNotFound.RoleNotFound"},
	} {
		s := newServer(t, fakecos.Options{Roles: []fakecos.Role{test.role}})
		body := `{"RoleArn":"` + roleARN + `","RoleSessionName":"test"` + test.more + `}`
		answer := readSTS(t, callSTS(s, "AssumeRole", body, fakecos.DefaultCredential(), time.Now()), test.code)
		if got := answer.Credentials.TmpSecretId != ""; got != (test.code == "") {
			t.Errorf("%s: keys given: %t", name, got)
		}
	}
}

func TestGetCallerIdentity(t *testing.T) {
	t.Parallel()
	now := time.Now()
	own := fakecos.Credential{SecretID: "AKIDOWN", SecretKey: "own"}
	foreign := fakecos.Credential{SecretID: "AKIDFOREIGN", SecretKey: "foreign", AccountID: "100000000009"}
	const next = "qcs::cam::uin/100000000003:roleName/next"
	s := newServer(t, fakecos.Options{
		AccountID: "100000000005", Credentials: []fakecos.Credential{own, foreign},
		Roles: []fakecos.Role{{ARN: next}, {ARN: roleARN}},
	})
	as := func(role string, key fakecos.Credential) fakecos.Credential {
		return readSTS(t, callSTS(s, "AssumeRole", `{"RoleArn":"`+role+`","RoleSessionName":"me@ci"}`, key, now), "").credential()
	}
	assumed := as(roleARN, foreign)
	for name, test := range map[string]struct {
		credential fakecos.Credential
		want       stsAnswer
	}{
		"key of the owner":  {own, stsAnswer{Type: "CAMUser", AccountId: "100000000005", UserId: "100000000005", PrincipalId: "100000000005", Arn: "qcs::cam:100000000005:uin/100000000005"}},
		"key of an account": {foreign, stsAnswer{Type: "CAMUser", AccountId: "100000000009", UserId: "100000000009", PrincipalId: "100000000009", Arn: "qcs::cam:100000000009:uin/100000000009"}},
		"key of the role":   {assumed, stsAnswer{Type: "CAMRole", AccountId: "100000000002", UserId: "4611686018427387905:me@ci", PrincipalId: "100000000009", Arn: "qcs::sts:100000000002:assumed-role/4611686018427387905"}},
		"of a role's key":   {as(next, assumed), stsAnswer{Type: "CAMRole", AccountId: "100000000003", UserId: "4611686018427387904:me@ci", PrincipalId: "100000000002", Arn: "qcs::sts:100000000003:assumed-role/4611686018427387904"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readSTS(t, callSTS(s, "GetCallerIdentity", `{}`, test.credential, now), "")
			got.RequestId = ""
			if got != test.want {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestAssumeRoleWithWebIdentity(t *testing.T) {
	t.Parallel()
	now := time.Unix(1800000000, 0)
	role := fakecos.Role{ARN: roleARN, Identities: []fakecos.Identity{
		{ProviderID: "tke", Token: "eyJ.one.sig", Expires: now.Add(time.Second)},
		{ProviderID: "tke", Token: "eyJ.old.sig", Expires: now},
		{ProviderID: "github", Token: "eyJ.two.sig"},
	}}
	body := func(provider, token string) string {
		return `{"RoleArn":"` + roleARN + `","RoleSessionName":"test","ProviderId":"` + provider + `","WebIdentityToken":"` + token + `"}`
	}
	const wrongToken = "InvalidParameter.WebIdentityTokenError"
	for name, test := range map[string]struct {
		body    string
		prepare func(*http.Request)
		code    string // "" for success
	}{
		"token":                {body("tke", "eyJ.one.sig"), nil, ""},
		"token without expiry": {body("github", "eyJ.two.sig"), nil, ""},
		"expired token":        {body("tke", "eyJ.old.sig"), nil, wrongToken},
		"unknown token":        {body("tke", "eyJ.six.sig"), nil, wrongToken},
		"other's token":        {body("tke", "eyJ.two.sig"), nil, wrongToken},
		"unknown provider":     {body("gitlab", "eyJ.one.sig"), nil, "UnauthorizedOperation"},
		"unknown role":         {strings.Replace(body("tke", "eyJ.one.sig"), "/ci", "/cd", 1), nil, "InternalError.GetRoleError"},
		"signed": {
			body("tke", "eyJ.one.sig"),
			func(r *http.Request) { signTC3(r, body("tke", "eyJ.one.sig"), fakecos.DefaultCredential()) },
			"AuthFailure.InvalidAuthorization",
		},
		"no timestamp": {body("tke", "eyJ.one.sig"), func(r *http.Request) { r.Header.Del("X-Tc-Timestamp") }, "MissingParameter"},
		"not skipped":  {body("tke", "eyJ.one.sig"), func(r *http.Request) { r.Header.Del("Authorization") }, "AuthFailure.InvalidAuthorization"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{Clock: func() time.Time { return now }, Roles: []fakecos.Role{role}})
			r := newSTSRequest("AssumeRoleWithWebIdentity", test.body, now)
			r.Header.Set("Authorization", "SKIP")
			if test.prepare != nil {
				test.prepare(r)
			}
			answer := readSTS(t, serve(s, r), test.code)
			if test.code != "" {
				return
			}
			if want := now.Unix() + 7200; answer.ExpiredTime != want {
				t.Errorf("expires %d, want %d", answer.ExpiredTime, want)
			}
			wantStatus(t, listJobs(s, answer.credential(), now), http.StatusOK)
		})
	}
}
