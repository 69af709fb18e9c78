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
		"accounts": {
			config: providerModel{AllowedAccountIDs: []string{"1"}, ForbiddenAccountIDs: []string{"2"}},
			want:   credentials.Options{AllowedAccounts: []string{"1"}, ForbiddenAccounts: []string{"2"}},
		},
		"keys by both": {
			config: providerModel{SecretID: text("id")}, env: environment{envSecretKey: "key"},
			want: credentials.Options{Static: credentials.Credentials{SecretID: "id", SecretKey: "key"}, SecretKeyVariable: envSecretKey},
		},
		"role by the block": {
			config: providerModel{AssumeRole: &assumeRoleModel{RoleARN: text(other), SessionDuration: types.Int64Value(60), Policy: text("{}")}},
			env:    assumed,
			want:   credentials.Options{AssumeRole: &credentials.AssumeRole{RoleARN: other, SessionName: "nightly", SessionDuration: time.Minute, ExternalID: "agreed", Policy: "{}"}},
		},
		"web identity by the block, the token by the environment": {
			config: providerModel{WebIdentity: &webIdentityModel{RoleARN: text(other), SessionName: text("pipeline")}},
			env:    identified,
			want:   credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: other, ProviderID: "gitlab", SessionName: "pipeline", Token: "token"}},
		},
		"web identity by the block, with a file": {
			config: providerModel{WebIdentity: &webIdentityModel{RoleARN: text(other), ProviderID: text("github"), WebIdentityTokenFile: text("/mine")}},
			env:    identified,
			want:   credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: other, ProviderID: "github", TokenFile: "/mine"}},
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
		"keys and token by the block": {
			config: providerModel{SecretID: text("id"), SecretKey: text("key"), SecurityToken: text("mine")}, env: environment{envSecurityToken: "another login's"},
			want: credentials.Options{Static: credentials.Credentials{SecretID: "id", SecretKey: "key", Token: "mine"}},
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

func TestCredentialSettings_validation(t *testing.T) {
	t.Parallel()
	role := func(members object) object {
		members["role_arn"] = testRole
		return members
	}
	for name, test := range map[string]struct {
		attribute string
		value     any
		path      string
		detail    string
	}{
		"empty profile":            {"profile", "", "profile", "he text is empty. Pass null to leave the attribute out."},
		"empty directory":          {"shared_credentials_dir", "", "shared_credentials_dir", "he text is empty. Pass null to leave the attribute out."},
		"empty role of instance":   {"cam_role_name", "", "cam_role_name", "he text is empty. Pass null to leave the attribute out."},
		"role's name for its ARN":  {"assume_role", object{"role_arn": "ci"}, "assume_role.role_arn", "qcs::cam::uin/<account>:roleName/<name>"},
		"session name of a letter": {"assume_role", role(object{"session_name": "x"}), "assume_role.session_name", "2 to 128"},
		"no duration":              {"assume_role", role(object{"session_duration": 0}), "assume_role.session_duration", "between 1 and 43200"},
		"too long":                 {"assume_role", role(object{"session_duration": 43201}), "assume_role.session_duration", "between 1 and 43200"},
		"external id with a blank": {"assume_role", role(object{"external_id": "hush hush"}), "assume_role.external_id", "2 to 128"},
		"policy in HCL":            {"assume_role", role(object{"policy": "version = 2.0"}), "assume_role.policy", "jsonencode"},
		"empty provider":           {"assume_role_with_web_identity", role(object{"provider_id": ""}), "assume_role_with_web_identity.provider_id", "he text is empty. Pass null to leave the attribute out."},
		"token and file": {
			"assume_role_with_web_identity", role(object{"web_identity_token": "t", "web_identity_token_file": "f"}),
			"assume_role_with_web_identity.web_identity_token", "web_identity_token_file",
		},
		"no account":            {"allowed_account_ids", []any{}, "allowed_account_ids", "at least 1"},
		"account by its name":   {"allowed_account_ids", []any{"me"}, `allowed_account_ids["me"]`, "in digits"},
		"forbidden by its name": {"forbidden_account_ids", []any{""}, `forbidden_account_ids[""]`, "in digits"},
		"STS in the clear":      {"sts_domain", "http://sts.example.com", "sts_domain", "loopback only"},
		"STS without a scheme":  {"sts_domain", "sts.tencentcloudapi.com", "sts_domain", "The address has no scheme: write https:// before it"},
		"metadata with a path":  {"metadata_domain", "http://metadata.tencentyun.com/latest", "metadata_domain", "a scheme and a host only"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{}.get})
			found := p.validateProvider(object{test.attribute: test.value})
			if len(found) != 1 {
				t.Fatalf("found:\n%s", lines(found))
			}
			expectFindings(t, found, finding{path: test.path, summary: found[0].summary, detail: test.detail})
			if strings.Contains(found[0].detail, "hush") {
				t.Errorf("shows %s", lines(found))
			}
		})
	}
	t.Run("accounts allowed and forbidden", func(t *testing.T) {
		t.Parallel()
		p := newProtocol(t, cosProvider{getenv: environment{}.get})
		found := p.validateProvider(object{"allowed_account_ids": []any{"1"}, "forbidden_account_ids": []any{"2"}})
		if len(found) != 1 || found[0].path != "allowed_account_ids" {
			t.Errorf("found:\n%s", lines(found))
		}
	})
}
