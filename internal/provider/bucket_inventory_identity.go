package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// identityModel is what finds a job again.
type identityModel struct {
	Bucket types.String `tfsdk:"bucket"`
	ID     types.String `tfsdk:"id"`
	Region types.String `tfsdk:"region"`
}

func newIdentity(job cos.Job) identityModel {
	return identityModel{Bucket: types.StringValue(job.Bucket), ID: types.StringValue(job.ID), Region: types.StringValue(job.Region)}
}

func (r *bucketInventoryResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"bucket": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The bucket whose objects are listed, as <name>-<appid>.",
			},
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The job's id.",
			},
			"region": identityschema.StringAttribute{
				OptionalForImport: true,
				Description:       "The bucket's region. Default: the provider's.",
			},
		},
	}
}

// checkIdentity finds what is wrong with an identity that somebody wrote.
func checkIdentity(job cos.Job) (diags diag.Diagnostics) {
	check := func(p path.Path, value string, err error) {
		if err != nil {
			diags.AddAttributeError(p, "Invalid Import Identity", sentence(fmt.Sprintf("%q: %v", value, err)))
		}
	}
	check(pathBucket, job.Bucket, cos.CheckBucket(job.Bucket))
	check(pathID, job.ID, cos.CheckID(job.ID))
	if job.Region != "" {
		check(pathRegion, job.Region, cos.CheckRegion(job.Region))
	}
	return diags
}
