// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// providerModel is a provider block.
type providerModel struct {
	Region     types.String `tfsdk:"region"`
	COSDomain  types.String `tfsdk:"cos_domain"`
	MaxRetries types.Int64  `tfsdk:"max_retries"`

	SecretID             types.String      `tfsdk:"secret_id"`
	SecretKey            types.String      `tfsdk:"secret_key"`
	SecurityToken        types.String      `tfsdk:"security_token"`
	Profile              types.String      `tfsdk:"profile"`
	SharedCredentialsDir types.String      `tfsdk:"shared_credentials_dir"`
	CAMRoleName          types.String      `tfsdk:"cam_role_name"`
	AssumeRole           *assumeRoleModel  `tfsdk:"assume_role"`
	WebIdentity          *webIdentityModel `tfsdk:"assume_role_with_web_identity"`
	AllowedAccountIDs    []string          `tfsdk:"allowed_account_ids"`
	ForbiddenAccountIDs  []string          `tfsdk:"forbidden_account_ids"`
	STSDomain            types.String      `tfsdk:"sts_domain"`
	MetadataDomain       types.String      `tfsdk:"metadata_domain"`
}

type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	SessionDuration types.Int64  `tfsdk:"session_duration"`
	ExternalID      types.String `tfsdk:"external_id"`
	Policy          types.String `tfsdk:"policy"`
}

type webIdentityModel struct {
	RoleARN              types.String `tfsdk:"role_arn"`
	ProviderID           types.String `tfsdk:"provider_id"`
	SessionName          types.String `tfsdk:"session_name"`
	SessionDuration      types.Int64  `tfsdk:"session_duration"`
	WebIdentityToken     types.String `tfsdk:"web_identity_token"`
	WebIdentityTokenFile types.String `tfsdk:"web_identity_token_file"`
}

func (p *cosProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages inventory jobs of Tencent Cloud Object Storage (COS) buckets: " +
			"daily, weekly or monthly reports that list a bucket's objects with the metadata of your choice.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional:   true,
				Validators: []validator.String{checked(cos.CheckRegion)},
				MarkdownDescription: "The region of the buckets, such as `ap-guangzhou`, unless a resource names its own. Environment: `" + envRegion + "`. " +
					"Otherwise that of the profile, if the credentials are the profile's.",
			},
			"cos_domain": schema.StringAttribute{
				Optional:   true,
				Validators: []validator.String{checkedWithoutValue(parses(cos.ParseDomain))},
				MarkdownDescription: "Where the buckets are served when not at COS's public addresses: a URL such as `https://cos-internal.ap-guangzhou.tencentcos.cn`. " +
					"The bucket's name is put in front of its host. For an IP address or `localhost`, such as the end of a tunnel, only the TCP connection goes there: " +
					"the Host header, the signature and the TLS name remain those of the bucket's public host. Plain `http` is accepted for the loopback only. " +
					"Default: `https://<bucket>.cos.<region>.myqcloud.com`. Environment: `" + envCOSDomain + "`.",
			},
			"max_retries": schema.Int64Attribute{
				CustomType: wholeNumber{},
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(0, 100)},
				MarkdownDescription: "How often a call is retried that was throttled, or that failed with a status of 500 and above or on the network (0 to 100). The pauses grow, " +
					"and the operation's timeout ends them. Default: 6.",
			},

			"secret_id": schema.StringAttribute{
				Optional:            true,
				Validators:          notEmpty(),
				MarkdownDescription: "The SecretId of an API key, or of temporary credentials. Environment: `" + envSecretID + "`.",
			},
			"secret_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				Validators:          notEmpty(),
				MarkdownDescription: "The SecretKey that belongs to `secret_id`. Environment: `" + envSecretKey + "`, which keeps it out of files.",
			},
			"security_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				Validators:          notEmpty(),
				MarkdownDescription: "The token that belongs to temporary credentials. Environment: `" + envSecurityToken + "`, unless both keys are set here.",
			},
			"profile": schema.StringAttribute{
				Optional:   true,
				Validators: notEmpty(),
				MarkdownDescription: "The profile of the command line tool `tccli` whose credentials and region are used where no `secret_id` is given, here or in the environment. " +
					"Default: `default`, if its file exists. Environment: `" + envProfile + "`.",
			},
			"shared_credentials_dir": schema.StringAttribute{
				Optional:   true,
				Validators: notEmpty(),
				MarkdownDescription: "The directory of the profiles' files, `<profile>.credential` and `<profile>.configure`. " +
					"Default: `~/.tccli`. Environment: `" + envSharedCredentialsDir + "`.",
			},
			"cam_role_name": schema.StringAttribute{
				Optional:   true,
				Validators: notEmpty(),
				MarkdownDescription: "The CAM role of the CVM instance that Terraform runs on. Its temporary credentials are used if no other source has keys. " +
					"Environment: `" + envCAMRoleName + "`.",
			},
			"assume_role":                   assumeRoleAttribute(),
			"assume_role_with_web_identity": webIdentityAttribute(),
			"allowed_account_ids": schema.SetAttribute{
				Optional:    true,
				ElementType: types.StringType,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1),
					noNulls{},
					setvalidator.ValueStringsAre(checked(checkAccountID)),
					setvalidator.ConflictsWith(path.MatchRoot("forbidden_account_ids")),
				},
				MarkdownDescription: "UINs of the root accounts (not sub-accounts) that the credentials may belong to. With credentials of any other account, nothing is read or written. Not together with `forbidden_account_ids`.",
			},
			"forbidden_account_ids": schema.SetAttribute{
				Optional:    true,
				ElementType: types.StringType,
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), noNulls{}, setvalidator.ValueStringsAre(checked(checkAccountID)),
				},
				MarkdownDescription: "UINs of the root accounts (not sub-accounts) that the credentials must not belong to. Not together with `allowed_account_ids`.",
			},
			"sts_domain": schema.StringAttribute{
				Optional:   true,
				Validators: []validator.String{checkedWithoutValue(parses(credentials.ParseSTSDomain))},
				MarkdownDescription: "URL of the Security Token Service (STS), which issues the credentials of roles, if not the public one, such as `https://sts.internal.tencentcloudapi.com`. " +
					"Plain `http` is accepted for the loopback only. Default: `https://sts.tencentcloudapi.com`. Environment: `" + envSTSDomain + "`, or else `" + envDomain + "`, the domain that `sts` is in.",
			},
			"metadata_domain": schema.StringAttribute{
				Optional:   true,
				Validators: []validator.String{checkedWithoutValue(parses(credentials.ParseMetadataDomain))},
				MarkdownDescription: "URL of the metadata service of CVM instances, if not the usual one. " +
					"Default: `http://metadata.tencentyun.com`. Environment: `" + envMetadataDomain + "`.",
			},
		},
	}
}

func assumeRoleAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A CAM role to assume with the credentials that are found. " +
			"Environment: `" + envAssumeRoleARN + "`, and one variable for each member.",
		Attributes: map[string]schema.Attribute{
			"role_arn":         roleARNAttribute(),
			"session_name":     sessionNameAttribute(),
			"session_duration": sessionDurationAttribute(),
			"external_id": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checkedWithoutValue(credentials.CheckExternalID)},
				MarkdownDescription: "External id that the role's trust policy requires (confused-deputy protection). Environment: `" + envAssumeRoleExternalID + "`.",
			},
			"policy": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checkedWithoutValue(credentials.CheckPolicy)},
				MarkdownDescription: "A CAM policy in JSON that narrows what the role allows.",
			},
		},
	}
}

func webIdentityAttribute() schema.Attribute {
	block := path.MatchRoot("assume_role_with_web_identity")
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "A CAM role to assume with an OpenID Connect token, such as a CI job's, in place of any other credentials. " +
			"Environment: `" + envAssumeRoleARN + "` together with `" + envWebIdentityToken + "` or `" + envWebIdentityTokenFile + "`, unless `secret_id` and `secret_key` are set here.",
		Attributes: map[string]schema.Attribute{
			"role_arn":         roleARNAttribute(),
			"session_name":     sessionNameAttribute(),
			"session_duration": sessionDurationAttribute(),
			"provider_id": schema.StringAttribute{
				Optional:            true,
				Validators:          notEmpty(),
				MarkdownDescription: "The identity provider's name in CAM. Default: `" + credentials.DefaultProviderID + "`. Environment: `" + envAssumeRoleProviderID + "`.",
			},
			"web_identity_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				Validators:          []validator.String{checkedWithoutValue(checkNotEmpty), stringvalidator.ConflictsWith(block.AtName("web_identity_token_file"))},
				MarkdownDescription: "The token. Environment: `" + envWebIdentityToken + "`, which keeps it out of files.",
			},
			"web_identity_token_file": schema.StringAttribute{
				Optional:            true,
				Validators:          notEmpty(),
				MarkdownDescription: "A file that holds the token, alone or as JSON: `{\"web_identity_token\": \"…\"}`. It is read again whenever the role is assumed. Environment: `" + envWebIdentityTokenFile + "`.",
			},
		},
	}
}

func roleARNAttribute() schema.Attribute {
	return schema.StringAttribute{
		Required:            true,
		Validators:          []validator.String{checked(credentials.CheckRoleARN)},
		MarkdownDescription: "The role, as `qcs::cam::uin/<account>:roleName/<name>`.",
	}
}

func sessionNameAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:   true,
		Validators: []validator.String{checked(credentials.CheckSessionName)},
		MarkdownDescription: "The name of the session in the audit log: " + credentials.SessionNameForm + ". Default: `" + credentials.DefaultSessionName + "`. " +
			"Environment: `" + envAssumeRoleSessionName + "`.",
	}
}

func sessionDurationAttribute() schema.Attribute {
	return schema.Int64Attribute{
		CustomType: wholeNumber{},
		Optional:   true,
		Validators: []validator.Int64{int64validator.Between(1, int64(credentials.MaxSessionDuration.Seconds()))},
		MarkdownDescription: "For how many seconds the credentials of the role are good, up to 43200 (12 hours). They are renewed in time, however long a run takes. " +
			"Default: 7200 (2 hours). Environment: `" + envAssumeRoleSessionDuration + "`.",
	}
}

func notEmpty() []validator.String { return []validator.String{checkedWithoutValue(checkNotEmpty)} }
