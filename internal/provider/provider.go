// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform face of the COS bucket inventory API: schemas, plans, state and
// diagnostics. What COS itself is like is internal/cos's.
package provider

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var (
	_ provider.ProviderWithListResources = &cosProvider{}
	_ provider.ProviderWithActions       = &cosProvider{}
	_ provider.ProviderWithFunctions     = &cosProvider{}
)

// New returns the provider's factory. The version is what the user agent and Terraform's own
// messages show.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return newProvider(version) }
}

func newProvider(version string) *cosProvider {
	return &cosProvider{version: version, getenv: os.Getenv, defaultTimeout: defaultTimeout, destinationWait: destinationWait}
}

type cosProvider struct {
	version          string
	terraformVersion string // from Configure on
	getenv           func(string) string

	// tune, where a test sets it, changes the client's configuration.
	tune func(*cos.Config)

	// data, where it is set, gets what the resources get.
	data *atomic.Pointer[providerData]
	// defaultTimeout and destinationWait are those of providerData and of bucketLooks.
	defaultTimeout, destinationWait time.Duration
}

// providerData is what a configured provider hands to its resources.
type providerData struct {
	client     *cos.Client
	region     string // "" if neither the configuration nor the environment names one
	regionFrom string // where region comes from, for errors

	memory       memory
	looks        *bucketLooks
	reservations jobReservations

	// defaultTimeout bounds an operation, its retries and waits included, that has no timeout of
	// its own.
	defaultTimeout time.Duration
}

const defaultTimeout = 2 * time.Minute

func (p *cosProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "cos"
	resp.Version = p.version
}

func (p *cosProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if unknown := unknownAttributes(req.Config.Raw); len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
			return
		}
		for _, name := range unknown {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Unknown Provider Configuration",
				"The value of "+name+" is known only after other resources have been applied, and the provider will not guess it. "+
					"Give it a value that is known when the plan is made, leave it out to use the environment, "+
					"or apply the resources that it comes from first (terraform apply -target=…).\n\n"+
					"To destroy, where those resources have no values any more: terraform destroy -refresh=false.")
		}
		return
	}
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	p.terraformVersion = req.TerraformVersion
	settings, diags := p.settings(config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(fetchFirstCredentials(ctx, settings.credentials)...)
	if resp.Diagnostics.HasError() {
		return
	}
	logCredentials(ctx, settings.credentials.Origin)
	clientConfig := cos.Config{
		Credentials: settings.credentials.Source,
		Expired:     settings.credentials.Invalidate,
		Domain:      settings.domain,
		Proxy:       settings.proxy,
		MaxRetries:  settings.maxRetries,
		UserAgent:   p.userAgent(),
		Observe:     newExchangeLog(),

		ListingFailed: logListingFailed,
	}
	if p.tune != nil {
		p.tune(&clientConfig)
	}
	client := cos.New(clientConfig)
	data := &providerData{
		client: client, region: settings.region, regionFrom: settings.regionFrom,
		looks: newBucketLooks(client, p.destinationWait), defaultTimeout: p.defaultTimeout,
	}
	if p.data != nil {
		p.data.Store(data)
	}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData, resp.ActionData = data, data, data, data
}

// unknownAttributes names the attributes that are not wholly known yet.
func unknownAttributes(config tftypes.Value) []string {
	var attributes map[string]tftypes.Value
	if config.As(&attributes) != nil {
		return nil
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !attributes[name].IsFullyKnown() {
			names = append(names, name)
		}
	}
	return names
}

func (p *cosProvider) userAgent() string {
	return strings.TrimSpace("terraform-provider-cos/" + p.version + " Terraform/" + p.terraformVersion)
}

// configured takes what Configure left for a resource or one of its kin: nothing, until the
// provider is configured, which it is not for a validate.
func configured(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	result, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected Provider Data", fmt.Sprintf("The provider received a %T. This is a bug in the provider: please report it.", data))
	}
	return result
}

func (p *cosProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newBucketInventoryResource, newBucketInventoryRunResource}
}

func (p *cosProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newBucketInventoryDataSource, newBucketInventoriesDataSource, newBucketInventoryReportDataSource}
}

func (p *cosProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{newBucketInventoryListResource}
}

func (p *cosProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{newBucketInventoryRunAction}
}

func (p *cosProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newBucketQCSFunction, newParseBucketQCSFunction, newInventoryReportPrefixFunction}
}

// resolveBucket returns the bucket that a configuration names, all of which is known.
func (d *providerData) resolveBucket(name, region types.String) (cos.Bucket, diag.Diagnostics) {
	region, diags := d.resolveRegion(region)
	return cos.Bucket{Region: region.ValueString(), Name: name.ValueString()}, diags
}

// resolveRegion returns the region that a configuration names, or else the provider's. The provider
// must serve it. A region that is not known yet stays so, and is not checked.
func (d *providerData) resolveRegion(region types.String) (types.String, diag.Diagnostics) {
	if region.IsNull() {
		if d.region == "" {
			return region, diag.Diagnostics{missingRegion()}
		}
		region = types.StringValue(d.region)
	}
	return region, d.checkRegion(region)
}

// checkRegion refuses a region that the provider's domain does not serve. A region that is not
// known yet is not checked.
func (d *providerData) checkRegion(region types.String) (diags diag.Diagnostics) {
	if region.ValueString() == "" {
		return nil
	}
	if err := d.client.CheckRegion(region.ValueString()); err != nil {
		diags.Append(regionNotServed(region.ValueString(), err))
	}
	return diags
}
