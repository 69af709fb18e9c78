// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The pages of the actions: https://www.tencentcloud.com/document/product/1150/49456 and 49454.
func TestSTS_Parameters(t *testing.T) {
	t.Parallel()
	now := time.Unix(1800000000, 0)
	const (
		assume, web = "AssumeRole", "AssumeRoleWithWebIdentity"
		bad, typed  = "InvalidParameter.ParamError", "InvalidParameter"
		format      = "InvalidParameter.StrategyFormatError"
	)
	policy := url.QueryEscape(`{"version":"2.0","statement":[{"effect":"allow","action":["name/cos:GetBucketInventory"],"resource":["*"]}]}`)
	for name, test := range map[string]struct {
		action, parameter string
		value             any    // nil leaves the parameter out
		code              string // "" for success
	}{
		"role by id":                  {assume, "RoleArn", "qcs::cam::uin/100000000002:role/4611686018427397919", "ResourceNotFound.RoleNotFound"},
		"service role by id":          {assume, "RoleArn", "qcs::cam::uin/100000000002:role/tencentcloudServiceRole/4611686018427397920", "ResourceNotFound.RoleNotFound"},
		"service role by name":        {assume, "RoleArn", "qcs::cam::uin/100000000002:role/tencentcloudServiceRoleName/test", "ResourceNotFound.RoleNotFound"},
		"no role":                     {assume, "RoleArn", nil, "MissingParameter"},
		"empty role":                  {assume, "RoleArn", "", bad},
		"role's name alone":           {assume, "RoleArn", "ci", bad},
		"role without account":        {assume, "RoleArn", "qcs::cam::uin/:roleName/ci", bad},
		"URL-encoded role":            {assume, "RoleArn", url.QueryEscape(roleARN), bad},
		"role of the wrong type":      {assume, "RoleArn", 1, typed},
		"two characters of session":   {assume, "RoleSessionName", "ab", ""},
		"128 characters of session":   {assume, "RoleSessionName", strings.Repeat("a", 128), ""},
		"odd characters of session":   {assume, "RoleSessionName", "a_+=,.@-Z9", ""},
		"no session":                  {assume, "RoleSessionName", nil, "MissingParameter"},
		"short session":               {assume, "RoleSessionName", "a", bad},
		"long session":                {assume, "RoleSessionName", strings.Repeat("a", 129), bad},
		"session with a space":        {assume, "RoleSessionName", "a b", bad},
		"session with a slash":        {assume, "RoleSessionName", "a/b", bad},
		"session beyond ASCII":        {assume, "RoleSessionName", "会话", bad},
		"session with a line feed":    {assume, "RoleSessionName", "ab\n", bad},
		"duration":                    {assume, "DurationSeconds", 43200, ""},
		"duration of nothing":         {assume, "DurationSeconds", 0, ""},
		"longer":                      {assume, "DurationSeconds", 43201, "InvalidParameter.OverTimeError"},
		"negative":                    {assume, "DurationSeconds", -1, bad},
		"fraction":                    {assume, "DurationSeconds", 1.5, typed},
		"duration as text":            {assume, "DurationSeconds", "1800", typed},
		"policy":                      {assume, "Policy", policy, ""},
		"policy, blanks as %20":       {assume, "Policy", strings.ReplaceAll(policy, "+", "%20"), ""},
		"policy not encoded":          {assume, "Policy", `{"version":"2.0","statement":[{}]}`, format},
		"policy of a bad encoding":    {assume, "Policy", "%7", format},
		"policy is no JSON":           {assume, "Policy", "allow", format},
		"policy of another version":   {assume, "Policy", strings.Replace(policy, "2.0", "1.0", 1), format},
		"policy without statements":   {assume, "Policy", url.QueryEscape(`{"version":"2.0","statement":[]}`), format},
		"policy with a principal":     {assume, "Policy", url.QueryEscape(`{"version":"2.0","statement":[{"principal":"*"}]}`), "InvalidParameter.StrategyInvalid"},
		"policy of the wrong type":    {assume, "Policy", map[string]any{"version": "2.0"}, typed},
		"external id":                 {assume, "ExternalId", "a:/_+=,.@-", ""},
		"short external id":           {assume, "ExternalId", "a", bad},
		"long external id":            {assume, "ExternalId", strings.Repeat("a", 129), bad},
		"external id with a space":    {assume, "ExternalId", "a b", bad},
		"unknown":                     {assume, "Region", "ap-guangzhou", "UnknownParameter"},
		"other letter case":           {assume, "externalId", "ab", "UnknownParameter"},
		"of the other action":         {assume, "ProviderId", "tke", "UnknownParameter"},
		"web: role":                   {web, "RoleArn", nil, "MissingParameter"},
		"web: bad role":               {web, "RoleArn", "ci", bad},
		"web: session":                {web, "RoleSessionName", nil, "MissingParameter"},
		"web: bad session":            {web, "RoleSessionName", "a b", bad},
		"web: provider":               {web, "ProviderId", nil, "MissingParameter"},
		"web: empty provider":         {web, "ProviderId", "", bad},
		"web: token":                  {web, "WebIdentityToken", nil, "MissingParameter"},
		"web: empty token":            {web, "WebIdentityToken", "", bad},
		"web: token with a line feed": {web, "WebIdentityToken", "eyJ.one.sig\n", "InvalidParameter.WebIdentityTokenError"},
		"web: duration":               {web, "DurationSeconds", 43201, "InvalidParameter.OverTimeError"},
		"web: no policy":              {web, "Policy", policy, "UnknownParameter"},
		"identity: none":              {"GetCallerIdentity", "RoleArn", roleARN, "UnknownParameter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := map[string]any{"RoleArn": roleARN, "RoleSessionName": "test"}
			switch test.action {
			case web:
				given["ProviderId"], given["WebIdentityToken"] = "tke", "eyJ.one.sig"
			case "GetCallerIdentity":
				given = map[string]any{}
			}
			given[test.parameter] = test.value
			if test.value == nil {
				delete(given, test.parameter)
			}
			body, err := json.Marshal(given)
			if err != nil {
				t.Fatal(err)
			}
			s := newServer(t, fakecos.Options{
				Clock: func() time.Time { return now },
				Roles: []fakecos.Role{{ARN: roleARN, Identities: []fakecos.Identity{{ProviderID: "tke", Token: "eyJ.one.sig"}}}},
			})
			r := newSTSRequest(test.action, string(body), now)
			if signTC3(r, string(body), fakecos.DefaultCredential()); test.action == web {
				r.Header.Set("Authorization", "SKIP")
			}
			answer := readSTS(t, serve(s, r), test.code)
			if seconds, ok := test.value.(int); ok && test.code == "" {
				if seconds == 0 {
					seconds = 7200
				}
				if want := now.Unix() + int64(seconds); answer.ExpiredTime != want {
					t.Errorf("expires %d, want %d", answer.ExpiredTime, want)
				}
			}
		})
	}
}

func TestSTS_BodyMustBeAnObject(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "[]", `"{}"`, "{", "{}{}", "{} x", `RoleArn=x`} {
		answer := readSTS(t, callSTS(newServer(t, fakecos.Options{}), "GetCallerIdentity", body, fakecos.DefaultCredential(), time.Now()), "InvalidParameter")
		if !strings.Contains(answer.Error.Message, "JSON object") {
			t.Errorf("%q: %s", body, answer.Error.Message)
		}
	}
}
