// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// Environment variables for credentials, which the tencentcloud provider reads too.
const (
	envSecretID                  = "TENCENTCLOUD_SECRET_ID"
	envSecretKey                 = "TENCENTCLOUD_SECRET_KEY"
	envSecurityToken             = "TENCENTCLOUD_SECURITY_TOKEN"
	envProfile                   = "TENCENTCLOUD_PROFILE"
	envSharedCredentialsDir      = "TENCENTCLOUD_SHARED_CREDENTIALS_DIR"
	envCredentialsFile           = "TENCENTCLOUD_CREDENTIALS_FILE"
	envCAMRoleName               = "TENCENTCLOUD_CAM_ROLE_NAME"
	envAssumeRoleARN             = "TENCENTCLOUD_ASSUME_ROLE_ARN"
	envAssumeRoleSessionName     = "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"
	envAssumeRoleSessionDuration = "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"
	envAssumeRoleExternalID      = "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID"
	envAssumeRoleProviderID      = "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID"
	envWebIdentityToken          = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"
	envWebIdentityTokenFile      = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE"
	envSTSDomain                 = "TENCENTCLOUD_STS_DOMAIN"
	envDomain                    = "TENCENTCLOUD_DOMAIN" // root of all API hosts
	envMetadataDomain            = "TENCENTCLOUD_METADATA_DOMAIN"
)

// findCredentials chooses the credential source.
func (p *cosProvider) findCredentials(config providerModel, region string, proxy *network.Proxy) (*credentials.Found, diag.Diagnostics) {
	options, diags := p.credentialOptions(config)
	if diags.HasError() {
		return nil, diags
	}
	options.Region, options.Proxy = region, proxy
	found, err := credentials.Find(options)
	if err != nil {
		faults := []error{err}
		if joined := (interface{ Unwrap() []error })(nil); errors.As(err, &joined) {
			faults = joined.Unwrap()
		}
		for _, fault := range faults {
			diags.Append(credentialsFault(fault))
		}
		return nil, diags
	}
	for _, w := range found.Warnings {
		summary := "Credentials at Risk"
		if w.IsUnused {
			summary = "Role of the Profile Not Used"
		}
		diags.Append(aboutSetting(w.Setting, diag.NewWarningDiagnostic(summary, sentence(capitalized(w.Problem))+" "+w.Remedy)))
	}
	for _, named := range []struct {
		attribute credentials.Setting
		value     types.String
	}{{"profile", config.Profile}, {"cam_role_name", config.CAMRoleName}} {
		if !named.value.IsNull() && found.Setting != named.attribute {
			diags.Append(unusedSource(named.attribute, named.value.ValueString(), found))
		}
	}
	return found, diags
}

// credentialOptions returns the credential settings of the provider block, completed from the
// environment.
func (p *cosProvider) credentialOptions(config providerModel) (credentials.Options, diag.Diagnostics) {
	id := p.setting("secret_id", config.SecretID, envSecretID)
	key := p.setting("secret_key", config.SecretKey, envSecretKey)
	token := p.setting("security_token", config.SecurityToken, envSecurityToken)
	if spellsOutKeys(config) && !token.configured {
		token = setting{} // the environment's belongs to other keys
	}
	var diags diag.Diagnostics
	for _, s := range []setting{id, key, token} {
		if credentials.HasOddCharacter(s.value) {
			diags.Append(s.fault("The value holds white space or other characters that no credential has. Copy it again without spaces or line breaks."))
		}
	}
	options := credentials.Options{
		Static:            credentials.Credentials{SecretID: id.value, SecretKey: key.value, Token: token.value},
		SecretIDVariable:  id.variable(),
		SecretKeyVariable: key.variable(),
		Profile:           p.setting("profile", config.Profile, envProfile).value,
		SharedDir:         p.setting("shared_credentials_dir", config.SharedCredentialsDir, envSharedCredentialsDir).value,
		CredentialsFile:   p.getenv(envCredentialsFile),
		CAMRole:           p.setting("cam_role_name", config.CAMRoleName, envCAMRoleName).value,
		AllowedAccounts:   config.AllowedAccountIDs,
		ForbiddenAccounts: config.ForbiddenAccountIDs,
		RenewalFailed:     logRenewalFailed,
		Getenv:            p.getenv,
		UserAgent:         p.userAgent(),
	}
	sts := p.setting("sts_domain", config.STSDomain, envSTSDomain)
	if root := p.getenv(envDomain); sts.value == "" && root != "" {
		sts = setting{env: envDomain, value: "https://sts." + root}
	}
	options.STS = parsed(sts, credentials.ParseSTSDomain, &diags)
	options.Metadata = parsed(p.setting("metadata_domain", config.MetadataDomain, envMetadataDomain), credentials.ParseMetadataDomain, &diags)
	diags.Append(p.roles(config, &options)...)
	return options, diags
}

// spellsOutKeys reports whether the provider block holds both keys. They are then complete: no
// token and no web identity of the environment joins or replaces them.
func spellsOutKeys(config providerModel) bool {
	return !config.SecretID.IsNull() && !config.SecretKey.IsNull()
}

// roles sets the roles to assume. One set of variables serves both ways: with a token, they are for
// a web identity, otherwise for a role to assume with other credentials. A block takes precedence
// over the variables, which complete it.
func (p *cosProvider) roles(config providerModel, options *credentials.Options) diag.Diagnostics {
	duration, diags := p.sessionDuration()
	arn := p.getenv(envAssumeRoleARN)
	token, tokenFile := p.getenv(envWebIdentityToken), p.getenv(envWebIdentityTokenFile)

	web := config.WebIdentity
	identified := arn != "" && (token != "" || tokenFile != "") // the environment has a web identity
	if web == nil && identified && !spellsOutKeys(config) {
		web = &webIdentityModel{RoleARN: types.StringValue(arn)}
	}
	if web != nil {
		if !web.WebIdentityToken.IsNull() || !web.WebIdentityTokenFile.IsNull() {
			token, tokenFile = web.WebIdentityToken.ValueString(), web.WebIdentityTokenFile.ValueString()
		}
		if token != "" {
			tokenFile = "" // the nearer of the two
		}
		options.WebIdentity = &credentials.WebIdentity{
			RoleARN:         web.RoleARN.ValueString(),
			ProviderID:      p.setting("provider_id", web.ProviderID, envAssumeRoleProviderID).value,
			SessionName:     p.setting("session_name", web.SessionName, envAssumeRoleSessionName).value,
			SessionDuration: secondsOr(web.SessionDuration, duration),
			Token:           token,
			TokenFile:       tokenFile,
		}
	}

	role := config.AssumeRole
	if role == nil && web == nil && arn != "" && !identified {
		role = &assumeRoleModel{RoleARN: types.StringValue(arn)}
		if spellsOutKeys(config) {
			diags.Append(environmentRole(arn))
		}
	}
	if role != nil {
		options.AssumeRole = &credentials.AssumeRole{
			RoleARN:         role.RoleARN.ValueString(),
			SessionName:     p.setting("session_name", role.SessionName, envAssumeRoleSessionName).value,
			SessionDuration: secondsOr(role.SessionDuration, duration),
			ExternalID:      p.setting("external_id", role.ExternalID, envAssumeRoleExternalID).value,
			Policy:          role.Policy.ValueString(),
		}
	}
	return diags
}

func (p *cosProvider) sessionDuration() (time.Duration, diag.Diagnostics) {
	text := p.getenv(envAssumeRoleSessionDuration)
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 32)
	duration := time.Duration(seconds) * time.Second
	if err == nil {
		err = credentials.CheckSessionDuration(duration)
	}
	if err != nil {
		return 0, diag.Diagnostics{setting{env: envAssumeRoleSessionDuration}.fault(fmt.Sprintf("%s is not a number of seconds from 1 to %.0f.", untrusted.Quote(text), credentials.MaxSessionDuration.Seconds()))}
	}
	return duration, nil
}

// fetchFirstCredentials fetches temporary credentials before the first call needs them. A failure
// is then one error, not one error per job. If there are no credentials at all, the first call
// fails: a plan without jobs needs none.
func fetchFirstCredentials(ctx context.Context, found *credentials.Found) diag.Diagnostics {
	_, err := found.Source(ctx)
	switch {
	case err == nil || errors.Is(err, credentials.ErrNoCredentials):
		return nil
	case ctx.Err() != nil:
		ended := cos.Interruption{Err: ctx.Err()}
		err = &credentials.Error{Origin: found.Origin, Problem: "they were not there yet when " + ended.Reason(), Remedy: "Run again."}
	}
	return diag.Diagnostics{credentialsFault(err)}
}

func secondsOr(attribute types.Int64, other time.Duration) time.Duration {
	if attribute.IsNull() {
		return other
	}
	return time.Duration(attribute.ValueInt64()) * time.Second
}

func checkAccountID(s string) error {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		return errors.New("an account is named by its UIN, in digits, such as 100000000001")
	}
	return nil
}
