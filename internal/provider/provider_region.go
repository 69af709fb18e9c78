// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

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
