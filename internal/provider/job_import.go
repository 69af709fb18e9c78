// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// ImportState sets bucket, id and region, from <bucket>/<id>[@<region>] or from an identity. Read
// does the rest.
func (r *bucketInventoryResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var job cos.Job
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		job = cos.Bucket{Region: identity.Region.ValueString(), Name: identity.Bucket.ValueString()}.Job(identity.ID.ValueString())
		resp.Diagnostics.Append(checkIdentity(job)...)
	} else {
		var err error
		if job, err = parseImportID(req.ID); err != nil {
			resp.Diagnostics.AddError("Invalid Import ID", fmt.Sprintf("%s cannot be imported: %s\n\n%s", untrusted.Quote(req.ID), sentence(err.Error()),
				"A job is imported as <bucket>/<id>, such as examplebucket-1250000000/nightly, "+
					"or as <bucket>/<id>@<region>, such as examplebucket-1250000000/nightly@ap-shanghai, if it is not in the provider's region."))
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if job.Region == "" {
		job.Region = r.region
	}
	if job.Region == "" {
		id := importID(job, "")
		resp.Diagnostics.AddError("Missing Region", fmt.Sprintf("The import of %s names no region, and neither does the provider. %s", id,
			"Import the job as "+id+"@<region>, or with region in its identity, or set region in the provider's configuration or "+envRegion+" in the environment."))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathBucket, job.Name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathID, job.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, pathRegion, job.Region)...)
	setIdentity(resp.Identity, job)
}

// isImported reports whether a state is what [bucketInventoryResource.ImportState] sets: the names
// of a job that was not read yet.
func isImported(state bucketInventoryResourceModel) bool {
	return state.IncludedObjectVersions.IsNull()
}

// parseImportID parses <bucket>/<id> or <bucket>/<id>@<region>. Neither a bucket nor an id contains
// / or @. The region is "" if s omits it.
func parseImportID(s string) (cos.Job, error) {
	bucket, rest, ok := strings.Cut(s, "/")
	if !ok {
		return cos.Job{}, errors.New("there is no / between bucket and id")
	}
	id, region, regional := strings.Cut(rest, "@")
	if err := cos.CheckBucket(bucket); err != nil {
		return cos.Job{}, fmt.Errorf("%s is not a bucket: %w", untrusted.Quote(bucket), err)
	}
	if err := cos.CheckID(id); err != nil {
		return cos.Job{}, fmt.Errorf("%s is not a job's id: %w", untrusted.Quote(id), err)
	}
	if regional {
		if err := cos.CheckRegion(region); err != nil {
			return cos.Job{}, fmt.Errorf("%s is not a region: %w", untrusted.Quote(region), err)
		}
	}
	return cos.Bucket{Region: region, Name: bucket}.Job(id), nil
}

// importID formats what [parseImportID] parses. It omits the provider's own region.
func importID(job cos.Job, providerRegion string) string {
	id := job.Name + "/" + job.ID
	if job.Region != providerRegion {
		id += "@" + job.Region
	}
	return id
}

// identityModel is the identity of a job.
type identityModel struct {
	Bucket types.String `tfsdk:"bucket"`
	ID     types.String `tfsdk:"id"`
	Region types.String `tfsdk:"region"`
}

var identityObject = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"bucket": tftypes.String, "id": tftypes.String, "region": tftypes.String}}

// setIdentity sets the identity to that of the job. It does not use the framework's reflection,
// which takes a tenth of the time of a refresh of many jobs.
func setIdentity(identity *tfsdk.ResourceIdentity, job cos.Job) {
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	identity.Raw = tftypes.NewValue(identityObject, map[string]tftypes.Value{
		"bucket": text(job.Name), "id": text(job.ID), "region": text(job.Region),
	})
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

// checkIdentity returns what is wrong with an identity of an import block.
func checkIdentity(job cos.Job) (diags diag.Diagnostics) {
	check := func(p path.Path, value string, err error) {
		if err != nil {
			diags.AddAttributeError(p, "Invalid Import Identity", sentence(fmt.Sprintf("%s: %v", untrusted.Quote(value), err)))
		}
	}
	check(pathBucket, job.Name, cos.CheckBucket(job.Name))
	check(pathID, job.ID, cos.CheckID(job.ID))
	if job.Region != "" {
		check(pathRegion, job.Region, cos.CheckRegion(job.Region))
	}
	return diags
}
