// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// A block takes from the variables what it does not say, and with a token they are a web identity's.
// Keys of the block are complete.
func TestCredentialOptions(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	assumed := environment{envAssumeRoleARN: testRole, envAssumeRoleSessionName: "nightly", envAssumeRoleSessionDuration: "900", envAssumeRoleExternalID: "agreed"}
	identified := environment{envAssumeRoleARN: testRole, envWebIdentityToken: "token", envWebIdentityTokenFile: "/file", envAssumeRoleProviderID: "gitlab"}
	const other = "qcs::cam::uin/100000000004:roleName/other"
	spelledOut := providerModel{SecretID: text("id"), SecretKey: text("key")}
	for name, test := range map[string]struct {
		config  providerModel
		env     environment
		want    credentials.Options
		warning string // part of it
	}{
		"nothing": {},
		"keys by both": {
			config: providerModel{SecretID: text("id")}, env: environment{envSecretKey: "key"},
			want: credentials.Options{Static: credentials.Credentials{SecretID: "id", SecretKey: "key"}, SecretKeyVariable: envSecretKey},
		},
		"role by the block": {
			config: providerModel{AssumeRole: &assumeRoleModel{RoleARN: text(other), SessionDuration: types.Int64Value(60), Policy: text("{}")}},
			env:    assumed,
			want:   credentials.Options{AssumeRole: &credentials.AssumeRole{RoleARN: other, SessionName: "nightly", SessionDuration: time.Minute, ExternalID: "agreed", Policy: "{}"}},
		},
		"web identity by the block, no role of the environment on top": {
			config: providerModel{WebIdentity: &webIdentityModel{RoleARN: text(other), WebIdentityToken: text("mine")}},
			env:    environment{envAssumeRoleARN: testRole},
			want:   credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: other, Token: "mine"}},
		},
		"role by the block, on top of a web identity": {
			config: providerModel{AssumeRole: &assumeRoleModel{RoleARN: text(other)}},
			env:    environment{envAssumeRoleARN: testRole, envWebIdentityTokenFile: "/file"},
			want: credentials.Options{
				WebIdentity: &credentials.WebIdentity{RoleARN: testRole, TokenFile: "/file"},
				AssumeRole:  &credentials.AssumeRole{RoleARN: other},
			},
		},
		"keys by the block, a token by the environment": {
			config: spelledOut, env: environment{envSecurityToken: "another login's"},
			want: credentials.Options{Static: credentials.Credentials{SecretID: "id", SecretKey: "key"}},
		},
		"keys by the block, a web identity by the environment": {
			config: spelledOut, env: identified,
			want: credentials.Options{Static: credentials.Credentials{SecretID: "id", SecretKey: "key"}},
		},
		"keys by the block, a role by the environment": {
			config: spelledOut, env: assumed,
			want: credentials.Options{
				Static:     credentials.Credentials{SecretID: "id", SecretKey: "key"},
				AssumeRole: &credentials.AssumeRole{RoleARN: testRole, SessionName: "nightly", SessionDuration: 15 * time.Minute, ExternalID: "agreed"},
			},
			warning: "TENCENTCLOUD_ASSUME_ROLE_ARN in the environment is " + testRole,
		},
		"keys and a role by the block": {
			config: providerModel{SecretID: text("id"), SecretKey: text("key"), AssumeRole: &assumeRoleModel{RoleARN: text(other)}}, env: environment{envAssumeRoleARN: testRole},
			want: credentials.Options{Static: credentials.Credentials{SecretID: "id", SecretKey: "key"}, AssumeRole: &credentials.AssumeRole{RoleARN: other}},
		},
		"keys by the environment, and a role": {
			env: environment{envSecretID: "id", envSecretKey: "key", envSecurityToken: "token", envAssumeRoleARN: testRole},
			want: credentials.Options{
				Static:           credentials.Credentials{SecretID: "id", SecretKey: "key", Token: "token"},
				SecretIDVariable: envSecretID, SecretKeyVariable: envSecretKey,
				AssumeRole: &credentials.AssumeRole{RoleARN: testRole},
			},
		},
		"a token without a role": {env: environment{envWebIdentityToken: "token"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := cosProvider{version: "test", getenv: test.env.get}
			got, diags := p.credentialOptions(test.config)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if warns := len(diags) > 0; warns != (test.warning != "") || warns && !strings.Contains(diags[0].Detail(), test.warning) {
				t.Errorf("warnings: %v", diags)
			}
			ignored := cmpopts.IgnoreFields(credentials.Options{}, "Getenv", "UserAgent", "RenewalFailed")
			if diff := cmp.Diff(test.want, got, ignored); diff != "" {
				t.Errorf("want - got +:\n%s", diff)
			}
		})
	}
}

func TestSettings_validation(t *testing.T) {
	t.Parallel()
	const empty = "he text is empty. Pass null to leave the attribute out."
	block := func(name, member string, value any) object {
		return object{name: object{"role_arn": testRole, member: value}}
	}
	for name, test := range map[string]struct {
		config       object
		path, detail string
	}{
		"empty region":             {object{"region": ""}, "region", regionForm},
		"empty id":                 {object{"secret_id": ""}, "secret_id", empty},
		"empty key":                {object{"secret_key": ""}, "secret_key", empty},
		"empty token":              {object{"security_token": ""}, "security_token", empty},
		"empty domain":             {object{"cos_domain": ""}, "cos_domain", "he domain is a URL such as https://cos-internal.ap-guangzhou.tencentcos.cn"},
		"empty profile":            {object{"profile": ""}, "profile", empty},
		"empty directory":          {object{"shared_credentials_dir": ""}, "shared_credentials_dir", empty},
		"empty role of instance":   {object{"cam_role_name": ""}, "cam_role_name", empty},
		"negative retries":         {object{"max_retries": -1}, "max_retries", "between 0 and 100"},
		"too many retries":         {object{"max_retries": 101}, "max_retries", "between 0 and 100"},
		"role's name for its ARN":  {object{"assume_role": object{"role_arn": "ci"}}, "assume_role.role_arn", "qcs::cam::uin/<account>:roleName/<name>"},
		"session name of a letter": {block("assume_role", "session_name", "x"), "assume_role.session_name", "2 to 128"},
		"no duration":              {block("assume_role", "session_duration", 0), "assume_role.session_duration", "between 1 and 43200"},
		"too long":                 {block("assume_role", "session_duration", 43201), "assume_role.session_duration", "between 1 and 43200"},
		"external id with a blank": {block("assume_role", "external_id", "hush hush"), "assume_role.external_id", "2 to 128"},
		"policy in HCL":            {block("assume_role", "policy", "version = 2.0"), "assume_role.policy", "jsonencode"},
		"empty provider":           {block("assume_role_with_web_identity", "provider_id", ""), "assume_role_with_web_identity.provider_id", empty},
		"token and file": {
			object{"assume_role_with_web_identity": object{"role_arn": testRole, "web_identity_token": "t", "web_identity_token_file": "f"}},
			"assume_role_with_web_identity.web_identity_token", "web_identity_token_file",
		},
		"no account":                     {object{"allowed_account_ids": []any{}}, "allowed_account_ids", "at least 1"},
		"account by its name":            {object{"allowed_account_ids": []any{"me"}}, `allowed_account_ids["me"]`, "in digits"},
		"forbidden by its name":          {object{"forbidden_account_ids": []any{""}}, `forbidden_account_ids[""]`, "in digits"},
		"accounts allowed and forbidden": {object{"allowed_account_ids": []any{"1"}, "forbidden_account_ids": []any{"2"}}, "allowed_account_ids", "forbidden_account_ids"},
		"STS in the clear":               {object{"sts_domain": "http://sts.example.com"}, "sts_domain", "loopback only"},
		"STS without a scheme":           {object{"sts_domain": "sts.tencentcloudapi.com"}, "sts_domain", "The address has no scheme: write https:// before it"},
		"metadata with a path":           {object{"metadata_domain": "http://metadata.tencentyun.com/latest"}, "metadata_domain", "a scheme and a host only"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{}.get})
			found := p.validateProvider(test.config)
			if len(found) != 1 {
				t.Fatalf("found:\n%s", lines(found))
			}
			expectFindings(t, found, finding{path: test.path, summary: found[0].summary, detail: test.detail})
			if strings.Contains(found[0].detail, "hush") {
				t.Errorf("shows %s", lines(found))
			}
		})
	}
}
