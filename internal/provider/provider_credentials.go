// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// The environment of the tencentcloud provider, as far as it is about credentials.
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
func (p *cosProvider) findCredentials(config providerModel, region string) (*credentials.Found, diag.Diagnostics) {
	options, diags := p.credentialOptions(config)
	if diags.HasError() {
		return nil, diags
	}
	options.Region = region
	found, err := credentials.Find(options)
	if err != nil {
		for _, fault := range faults(err) {
			diags.Append(credentialsFault(fault))
		}
		return nil, diags
	}
	for _, w := range found.Warnings {
		diags.Append(warningAt(settingPath(w.Setting), "Credentials at Risk", sentence(capitalized(w.Problem))+" "+w.Remedy))
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

// credentialOptions fills a provider block's credentials in from the environment.
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
		Static:            credentials.Static{SecretID: id.value, SecretKey: key.value, Token: token.value},
		Profile:           p.setting("profile", config.Profile, envProfile).value,
		SharedDir:         p.setting("shared_credentials_dir", config.SharedCredentialsDir, envSharedCredentialsDir).value,
		CredentialsFile:   p.getenv(envCredentialsFile),
		CAMRole:           p.setting("cam_role_name", config.CAMRoleName, envCAMRoleName).value,
		AllowedAccounts:   config.AllowedAccountIDs,
		ForbiddenAccounts: config.ForbiddenAccountIDs,
		Getenv:            p.getenv,
		UserAgent:         p.userAgent(),
	}
	var err error
	sts := p.setting("sts_domain", config.STSDomain, envSTSDomain)
	if root := p.getenv(envDomain); sts.value == "" && root != "" {
		sts = setting{env: envDomain, value: "https://sts." + root}
	}
	if options.STS, err = optionalURL(sts.value, credentials.ParseSTSDomain); err != nil {
		diags.Append(sts.fault(sentence(capitalized(err.Error()))))
	}
	metadata := p.setting("metadata_domain", config.MetadataDomain, envMetadataDomain)
	if options.Metadata, err = optionalURL(metadata.value, credentials.ParseMetadataDomain); err != nil {
		diags.Append(metadata.fault(sentence(capitalized(err.Error()))))
	}
	diags.Append(p.roles(config, &options)...)
	return options, diags
}

// spellsOutKeys reports whether the provider block holds both keys. They are then complete: no token
// and no web identity of the environment joins or replaces them.
func spellsOutKeys(config providerModel) bool {
	return !config.SecretID.IsNull() && !config.SecretKey.IsNull()
}

// roles fills in the roles to assume. The variables are one set for both ways:
// with a token they are a web identity's, else a role's on top of other keys. A
// block takes the place of its way's variables, and leaves to them what it does
// not say.
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
			ProviderID:      textOr(web.ProviderID, p.getenv(envAssumeRoleProviderID)).ValueString(),
			SessionName:     textOr(web.SessionName, p.getenv(envAssumeRoleSessionName)).ValueString(),
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
			SessionName:     textOr(role.SessionName, p.getenv(envAssumeRoleSessionName)).ValueString(),
			SessionDuration: secondsOr(role.SessionDuration, duration),
			ExternalID:      textOr(role.ExternalID, p.getenv(envAssumeRoleExternalID)).ValueString(),
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
		return 0, diag.Diagnostics{setting{env: envAssumeRoleSessionDuration}.fault(fmt.Sprintf("%q is not a number of seconds from 1 to %.0f.", text, credentials.MaxSessionDuration.Seconds()))}
	}
	return duration, nil
}

// fetchFirstCredentials fetches temporary credentials before the first call needs them. A failure is
// then one error, not one error per job. If there are no credentials at all, the first call fails: a
// plan without jobs needs none.
func fetchFirstCredentials(ctx context.Context, found *credentials.Found) diag.Diagnostics {
	_, err := found.Source(ctx)
	var fault *credentials.Error
	switch {
	case err == nil || errors.Is(err, cos.ErrNoCredentials):
		return nil
	case ctx.Err() != nil:
		ended := cos.Interruption{Err: ctx.Err()}
		fault = &credentials.Error{Origin: found.Origin, Problem: "they had not come yet when " + ended.Reason(), Remedy: "Run again."}
	case !errors.As(err, &fault):
		fault = &credentials.Error{Origin: found.Origin, Problem: err.Error(), Remedy: "Check this source, and run again."}
	}
	return diag.Diagnostics{credentialsFault(fault)}
}

// faults are the errors that Find joins.
func faults(err error) []*credentials.Error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []*credentials.Error
		for _, e := range joined.Unwrap() {
			all = append(all, faults(e)...)
		}
		return all
	}
	var fault *credentials.Error
	if !errors.As(err, &fault) {
		fault = &credentials.Error{Problem: err.Error(), Err: err}
	}
	return []*credentials.Error{fault}
}

// credentialsFault reports why there are no credentials: the source, what is wrong with it or what STS
// returned, and what to do.
func credentialsFault(fault *credentials.Error) diag.Diagnostic {
	const summary = "Unable to Obtain Credentials"
	from := "The credential configuration is invalid."
	if fault.Origin != "" {
		from = fmt.Sprintf("Credential source: %s.", fault.Origin)
	}
	said := sentence(capitalized(fault.Problem))
	if fault.RequestID != "" {
		said += "\nRequest id: " + fault.RequestID
	}
	detail := strings.Join([]string{from, said, fault.Remedy}, "\n\n")
	if at := settingPath(fault.Setting); !at.Equal(path.Empty()) {
		return diag.NewAttributeErrorDiagnostic(at, summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

// keysObstacle says in a clause why there are no credentials.
func keysObstacle(fault *credentials.Error) string {
	var b strings.Builder
	if fault.Origin != "" {
		fmt.Fprintf(&b, "the credential source is %s, and ", fault.Origin)
	}
	b.WriteString(fault.Problem)
	if fault.RequestID != "" {
		fmt.Fprintf(&b, " (request id of STS: %s)", fault.RequestID)
	}
	return b.String()
}

// unusedSource warns that the configuration names a credential source and another one takes
// precedence, perhaps in an environment that nobody thinks of.
func unusedSource(attribute credentials.Setting, value string, used *credentials.Found) diag.Diagnostic {
	detail := fmt.Sprintf("%s is %q, but the credentials come from %s, which takes precedence.", attribute, value, used.Origin)
	if used.Setting == "secret_id" {
		detail += " Look for " + envSecretID + " and " + envSecretKey + " in the environment."
	}
	return diag.NewAttributeWarningDiagnostic(settingPath(attribute), "Source of Credentials Not Used",
		detail+" Remove one of the two.")
}

// environmentRole warns that the keys of the configuration are used for no more than to assume a role
// that only the environment names.
func environmentRole(arn string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("secret_id"), "Role of the Environment Assumed", fmt.Sprintf(
		"The configuration has secret_id and secret_key, and %s in the environment is %s. The provider assumes that role with these keys. "+
			"Unset %[1]s to use the keys themselves, or write assume_role into the configuration to use the role without this warning.", envAssumeRoleARN, arn))
}

// settingPath returns the path of the attribute.
func settingPath(setting credentials.Setting) path.Path {
	p := path.Empty()
	for _, name := range setting.Steps() {
		p = p.AtName(name)
	}
	return p
}

func warningAt(at path.Path, summary, detail string) diag.Diagnostic {
	if at.Equal(path.Empty()) {
		return diag.NewWarningDiagnostic(summary, detail)
	}
	return diag.NewAttributeWarningDiagnostic(at, summary, detail)
}

// textOr is the attribute's value, or else the other if there is one.
func textOr(attribute types.String, other string) types.String {
	if !attribute.IsNull() {
		return attribute
	}
	return stringOrNull(other)
}

func secondsOr(attribute types.Int64, other time.Duration) time.Duration {
	if attribute.IsNull() {
		return other
	}
	return time.Duration(attribute.ValueInt64()) * time.Second
}

func optionalURL(text string, parse func(string) (*url.URL, error)) (*url.URL, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no text is no URL
	}
	return parse(text)
}

func checkSTSDomain(s string) error {
	_, err := credentials.ParseSTSDomain(s)
	return err
}

func checkMetadataDomain(s string) error {
	_, err := credentials.ParseMetadataDomain(s)
	return err
}

func checkAccountID(s string) error {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		return errors.New("an account is named by its UIN, in digits, such as 100000000001")
	}
	return nil
}
