// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// identityModel is the identity of a job.
type identityModel struct {
	Bucket types.String `tfsdk:"bucket"`
	ID     types.String `tfsdk:"id"`
	Region types.String `tfsdk:"region"`
}

// setIdentity sets the identity to that of the job. It does not use the framework's reflection,
// which takes a tenth of the time of a refresh of many jobs.
func setIdentity(identity *tfsdk.ResourceIdentity, job cos.Job) {
	identity.Raw = jobIdentity(job)
}

func jobIdentity(job cos.Job) tftypes.Value {
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	return tftypes.NewValue(identityObject, map[string]tftypes.Value{
		"bucket": text(job.Name), "id": text(job.ID), "region": text(job.Region),
	})
}

var identityObject = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"bucket": tftypes.String, "id": tftypes.String, "region": tftypes.String,
}}

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

// checkIdentity returns what is wrong with an identity of an import block.
func checkIdentity(job cos.Job) (diags diag.Diagnostics) {
	check := func(p path.Path, value string, err error) {
		if err != nil {
			diags.AddAttributeError(p, "Invalid Import Identity", sentence(fmt.Sprintf("%q: %v", value, err)))
		}
	}
	check(pathBucket, job.Name, cos.CheckBucket(job.Name))
	check(pathID, job.ID, cos.CheckID(job.ID))
	if job.Region != "" {
		check(pathRegion, job.Region, cos.CheckRegion(job.Region))
	}
	return diags
}
