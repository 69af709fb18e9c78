package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// The environment that users of the tencentcloud provider already have.
const (
	envRegion        = "TENCENTCLOUD_REGION"
	envSecretID      = "TENCENTCLOUD_SECRET_ID"
	envSecretKey     = "TENCENTCLOUD_SECRET_KEY"
	envSecurityToken = "TENCENTCLOUD_SECURITY_TOKEN"
	envCOSDomain     = "TENCENTCLOUD_COS_DOMAIN"
)

// settings is a provider block with the environment filled in.
type settings struct {
	region      string
	credentials cos.CredentialSource
	domain      cos.Domain
	maxRetries  int
}

// unknown names the attributes whose values are not known yet.
func (m providerModel) unknown() []string {
	var names []string
	for _, a := range []struct {
		name  string
		value attr.Value
	}{
		{"region", m.Region},
		{"secret_id", m.SecretID},
		{"secret_key", m.SecretKey},
		{"security_token", m.SecurityToken},
		{"cos_domain", m.COSDomain},
		{"max_retries", m.MaxRetries},
	} {
		if a.value.IsUnknown() {
			names = append(names, a.name)
		}
	}
	return names
}

// setting is a value and where it comes from, for errors.
type setting struct {
	attribute, env string
	value          string
	configured     bool // by the attribute, not by the environment
}

// setting takes the attribute's value, or else the environment's.
func (p *cosProvider) setting(attribute string, value types.String, env string) setting {
	if !value.IsNull() {
		return setting{attribute: attribute, env: env, value: value.ValueString(), configured: true}
	}
	return setting{attribute: attribute, env: env, value: p.getenv(env)}
}

// fault reports what is wrong with the value, on the attribute if it holds it.
func (s setting) fault(problem string) diag.Diagnostic {
	if s.configured {
		return diag.NewAttributeErrorDiagnostic(path.Root(s.attribute), "Invalid Provider Configuration", problem)
	}
	return diag.NewErrorDiagnostic("Invalid Provider Configuration", fmt.Sprintf("The environment variable %s: %s", s.env, problem))
}

// origin names what holds the value.
func (s setting) origin() string {
	if s.configured {
		return s.attribute
	}
	return s.env
}

func (p *cosProvider) settings(config providerModel) (settings, diag.Diagnostics) {
	var diags diag.Diagnostics
	result := settings{maxRetries: cos.DefaultMaxRetries}
	if !config.MaxRetries.IsNull() {
		result.maxRetries = int(config.MaxRetries.ValueInt64())
	}

	region := p.setting("region", config.Region, envRegion)
	if region.value != "" {
		if err := cos.CheckRegion(region.value); err != nil {
			diags.Append(region.fault(fmt.Sprintf("%q is not a region: %v.", region.value, err)))
		}
	}
	result.region = region.value

	domain := p.setting("cos_domain", config.COSDomain, envCOSDomain)
	if domain.value != "" {
		var err error
		if result.domain, err = cos.ParseDomain(domain.value); err != nil {
			diags.Append(domain.fault(sentence(capitalized(err.Error()))))
		}
	}

	id := p.setting("secret_id", config.SecretID, envSecretID)
	key := p.setting("secret_key", config.SecretKey, envSecretKey)
	token := p.setting("security_token", config.SecurityToken, envSecurityToken)
	for _, s := range []setting{id, key, token} {
		if strings.ContainsFunc(s.value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			diags.Append(s.fault("The value holds white space or other characters that no credential has. A line break or a blank may have been copied along."))
		}
	}
	result.credentials = credentials(id, key, token)
	return result, diags
}

// credentials returns their source. It complains only when a call needs them: a
// validate, or a plan without jobs, does not.
func credentials(id, key, token setting) cos.CredentialSource {
	missing, present := key, id
	if id.value == "" {
		missing, present = id, key
	}
	switch {
	case missing.value != "":
		return cos.StaticCredentials(cos.Credentials{SecretID: id.value, SecretKey: key.value, Token: token.value})
	case present.value != "":
		err := &incompleteCredentials{present: present, missing: missing}
		return func(context.Context) (cos.Credentials, error) { return cos.Credentials{}, err }
	default:
		return nil
	}
}

// incompleteCredentials is an ErrNoCredentials that says which half is there.
type incompleteCredentials struct{ present, missing setting }

func (e *incompleteCredentials) Error() string {
	return fmt.Sprintf("%s is set, %s is not", e.present.origin(), e.missing.attribute)
}

func (e *incompleteCredentials) Unwrap() error { return cos.ErrNoCredentials }

func checkDomain(s string) error {
	_, err := cos.ParseDomain(s)
	return err
}
