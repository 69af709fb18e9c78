// Package provider is the Terraform face of the COS bucket inventory API:
// schemas, plans, state and diagnostics. What COS itself is like is internal/cos's.
package provider

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var (
	_ provider.ProviderWithListResources = &cosProvider{}
	_ provider.ProviderWithActions       = &cosProvider{}
	_ provider.ProviderWithFunctions     = &cosProvider{}
)

// New returns the provider's factory. The version is what the user agent and
// Terraform's own messages show.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return newProvider(version) }
}

func newProvider(version string) *cosProvider {
	return &cosProvider{version: version, getenv: os.Getenv}
}

type cosProvider struct {
	version string
	getenv  func(string) string

	// tune, where a test sets it, changes the client's configuration.
	tune func(*cos.Config)

	// onConfigure, where it is set, gets what the resources get.
	onConfigure func(*providerData)
}

type providerModel struct {
	Region        types.String `tfsdk:"region"`
	SecretID      types.String `tfsdk:"secret_id"`
	SecretKey     types.String `tfsdk:"secret_key"`
	SecurityToken types.String `tfsdk:"security_token"`
	COSDomain     types.String `tfsdk:"cos_domain"`
	MaxRetries    types.Int64  `tfsdk:"max_retries"`
}

// providerData is what a configured provider hands to its resources.
type providerData struct {
	client *cos.Client
	region string // "" if neither the configuration nor the environment names one
}

func (p *cosProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "cos"
	resp.Version = p.version
}

func (p *cosProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages inventory jobs of Tencent Cloud Object Storage (COS) buckets: " +
			"daily, weekly or monthly reports that list a bucket's objects with the metadata of your choice.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(cos.CheckRegion)},
				MarkdownDescription: "The region of the buckets, such as `ap-guangzhou`, unless a resource names its own. Environment: `" + envRegion + "`.",
			},
			"secret_id": schema.StringAttribute{
				Optional:            true,
				Validators:          notEmpty,
				MarkdownDescription: "The SecretId of an API key, or of temporary credentials. Environment: `" + envSecretID + "`.",
			},
			"secret_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				Validators:          notEmpty,
				MarkdownDescription: "The SecretKey that belongs to `secret_id`. Environment: `" + envSecretKey + "`, which keeps it out of files.",
			},
			"security_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				Validators:          notEmpty,
				MarkdownDescription: "The token that belongs to temporary credentials. Environment: `" + envSecurityToken + "`.",
			},
			"cos_domain": schema.StringAttribute{
				Optional:   true,
				Validators: []validator.String{checkedUnseen(checkDomain)},
				MarkdownDescription: "Where the buckets are served when not at COS's public addresses: a URL such as `https://cos-internal.ap-guangzhou.tencentcos.cn`. " +
					"A bucket's name is put in front of its host. A host that is an IP address or `localhost` is only dialled, as a tunnel's end: " +
					"the requests stay those for the bucket's public host. Plain `http` is accepted for the loopback only. " +
					"Default: `https://<bucket>.cos.<region>.myqcloud.com`. Environment: `" + envCOSDomain + "`.",
			},
			"max_retries": schema.Int64Attribute{
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(0, 100)},
				MarkdownDescription: "How often a call is repeated that COS refused for want of capacity or that the network lost, with longer and longer pauses in between, " +
					"until the operation's timeout. Default: 6.",
			},
		},
	}
}

func (p *cosProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if unknown := config.unknown(); len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
			return
		}
		for _, name := range unknown {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Unknown Provider Configuration",
				"The value of "+name+" is known only after other resources have been applied, and the provider will not guess it. "+
					"Give it a value that is known when the plan is made, leave it out to use the environment, "+
					"or apply the resources that it comes from first (terraform apply -target=…).")
		}
		return
	}

	settings, diags := p.settings(config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	clientConfig := cos.Config{
		Credentials: settings.credentials,
		Domain:      settings.domain,
		MaxRetries:  settings.maxRetries,
		UserAgent:   strings.TrimSpace("terraform-provider-cos/" + p.version + " Terraform/" + req.TerraformVersion),
		Observe:     logExchange,

		ListingFailed: logListingFailed,
	}
	if p.tune != nil {
		p.tune(&clientConfig)
	}
	data := &providerData{client: cos.New(clientConfig), region: settings.region}
	if p.onConfigure != nil {
		p.onConfigure(data)
	}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData, resp.ActionData = data, data, data, data
}

// checkRegion finds a region that the provider's domain does not serve. A region
// that is not known yet puts the check off.
func (d *providerData) checkRegion(region types.String) (diags diag.Diagnostics) {
	if region.ValueString() == "" {
		return nil
	}
	if err := d.client.CheckRegion(region.ValueString()); err != nil {
		diags.Append(regionNotServed(region.ValueString(), err))
	}
	return diags
}

// configured takes what Configure left for a resource or one of its kin: nothing,
// until the provider is configured, which it is not for a validate.
func configured(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	result, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected Provider Data", fmt.Sprintf("The provider handed on a %T. This is a bug in the provider: please report it.", data))
	}
	return result
}

func (p *cosProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newBucketInventoryResource}
}

func (p *cosProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newBucketInventoryDataSource, newBucketInventoriesDataSource}
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
