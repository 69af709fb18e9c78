// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
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
			resp.Diagnostics.AddError("Invalid Import ID", fmt.Sprintf("%q cannot be imported: %s\n\n%s", req.ID, sentence(err.Error()),
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
