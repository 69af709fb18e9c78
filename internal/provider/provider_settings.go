// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// Environment variables that the tencentcloud provider reads too.
const (
	envRegion    = "TENCENTCLOUD_REGION"
	envCOSDomain = "TENCENTCLOUD_COS_DOMAIN"
)

// settings is a provider block, completed from the environment.
type settings struct {
	region      string
	regionFrom  string // where the region comes from, for errors
	credentials *credentials.Found
	domain      cos.Domain
	proxy       *network.Proxy
	maxRetries  int
}

// setting is a value and its origin, for errors.
type setting struct {
	attribute, env string
	value          string
	configured     bool // by the attribute, not by the environment
}

// setting returns the attribute's value, or the environment variable's if the attribute is null.
func (p *cosProvider) setting(attribute string, value types.String, env string) setting {
	if !value.IsNull() {
		return setting{attribute: attribute, env: env, value: value.ValueString(), configured: true}
	}
	return setting{attribute: attribute, env: env, value: p.getenv(env)}
}

// origin says where the value comes from.
func (s setting) origin() string {
	if s.configured {
		return s.attribute + " in the provider's configuration"
	}
	return "the environment variable " + s.env
}

// variable is the environment variable that the value is from, or "".
func (s setting) variable() string {
	if s.configured || s.value == "" {
		return ""
	}
	return s.env
}

// fault reports what is wrong with the value, on the attribute if the value is the attribute's.
func (s setting) fault(problem string) diag.Diagnostic {
	if s.configured {
		return diag.NewAttributeErrorDiagnostic(path.Root(s.attribute), "Invalid Provider Configuration", problem)
	}
	return diag.NewErrorDiagnostic("Invalid Provider Configuration", fmt.Sprintf("The environment variable %s: %s", s.env, problem))
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
			diags.Append(region.fault(fmt.Sprintf("%s is not a region: %v.", untrusted.Quote(region.value), err)))
		}
	}
	result.region, result.regionFrom = region.value, region.origin()

	result.domain = parsed(p.setting("cos_domain", config.COSDomain, envCOSDomain), cos.ParseDomain, &diags)

	var err error
	if result.proxy, err = network.FindProxy(p.getenv); err != nil {
		diags.AddError("Invalid Provider Configuration", sentence(capitalized(err.Error())))
	}

	found, faults := p.findCredentials(config, region.value, result.proxy)
	diags.Append(faults...)
	if diags.HasError() {
		return settings{}, diags
	}
	result.credentials = found
	if result.region == "" && found.Region != "" {
		result.region, result.regionFrom = found.Region, found.Origin
		if err := cos.CheckRegion(found.Region); err != nil {
			diags.AddAttributeError(path.Root("profile"), "Invalid Provider Configuration",
				fmt.Sprintf("The region of %s is %s: %v. Correct it, or set region.", found.Origin, untrusted.Quote(found.Region), err))
		}
	}
	return result, diags
}

// parses is the check of a text that parse reads.
func parses[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		_, err := parse(s)
		return err
	}
}

// parsed returns what parse reads from a setting, or nothing if the setting has no value.
func parsed[T any](s setting, parse func(string) (T, error), diags *diag.Diagnostics) (value T) {
	if s.value == "" {
		return value
	}
	value, err := parse(s.value)
	if err != nil {
		diags.Append(s.fault(sentence(capitalized(err.Error()))))
	}
	return value
}
