// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// What the data source of all jobs and the list resource say of where they look.
const (
	describeBucketOrAll = describeBucket + " Default: all buckets of the account."
	describeRegionOrAll = "The bucket's region, such as `ap-guangzhou`. Default: the provider's. Without `bucket`, only the buckets of this region are read; " +
		"the default is then all regions, whatever the provider's is."
	describeBucketTag      = "Narrows the account's buckets to those that have this tag. A sub-account that may see only buckets with a certain tag needs it. Not with `bucket`."
	describeBucketTagKey   = "The key of the tag."
	describeBucketTagValue = "The value of the tag."
)

// bucketTagModel is a tag that buckets must have. Its members are optional in the schema, so that
// [checkBucketTag] can say what is missing where a module passes null.
type bucketTagModel struct {
	Key   types.String `tfsdk:"key"`
	Value types.String `tfsdk:"value"`
}

// searchModel is where jobs are looked for: in a bucket, or in the buckets of the account.
type searchModel struct {
	Bucket    types.String    `tfsdk:"bucket"`
	Region    types.String    `tfsdk:"region"`
	BucketTag *bucketTagModel `tfsdk:"bucket_tag"`
}

// buckets returns the buckets to look in, sorted by name. It warns of a region that has none.
func (m searchModel) buckets(ctx context.Context, d *providerData, by caller) ([]cos.Bucket, diag.Diagnostics) {
	if !m.Bucket.IsNull() {
		bucket, diags := d.resolveBucket(m.Bucket, m.Region)
		return []cos.Bucket{bucket}, diags
	}
	if diags := d.checkRegion(m.Region); diags.HasError() {
		return nil, diags
	}
	filter := cos.BucketFilter{Region: m.Region.ValueString()}
	if m.BucketTag != nil {
		filter.TagKey, filter.TagValue = m.BucketTag.Key.ValueString(), m.BucketTag.Value.ValueString()
	}
	buckets, err := d.client.ListBuckets(ctx, filter)
	switch {
	case err != nil:
		return nil, diag.Diagnostics{bucketsError(by, err)}
	case len(buckets) == 0 && filter.Region != "":
		return nil, diag.Diagnostics{noBuckets(filter)}
	}
	return buckets, nil
}

// checkBucketTag checks the tag of a configuration. It skips what is not known yet.
func checkBucketTag(ctx context.Context, config tfsdk.Config) (diags diag.Diagnostics) {
	var bucket, key, value types.String
	var tag types.Object
	diags.Append(config.GetAttribute(ctx, pathBucket, &bucket)...)
	diags.Append(config.GetAttribute(ctx, pathBucketTag, &tag)...)
	diags.Append(config.GetAttribute(ctx, pathBucketTagKey, &key)...)
	diags.Append(config.GetAttribute(ctx, pathBucketTagValue, &value)...)
	if diags.HasError() || tag.IsNull() || tag.IsUnknown() {
		return diags
	}
	if !bucket.IsNull() && !bucket.IsUnknown() {
		diags.AddAttributeError(pathBucketTag, "Invalid Attribute Combination",
			"bucket_tag narrows the buckets of the account, but bucket names one. Remove one of the two.")
	}
	if key.ValueString() == "" && !key.IsUnknown() {
		diags.AddAttributeError(pathBucketTagKey, "Missing Attribute", "bucket_tag needs the key of a tag.")
	}
	if value.IsNull() {
		diags.AddAttributeError(pathBucketTagValue, "Missing Attribute", "bucket_tag needs the value of the tag, which may be empty.")
	}
	return diags
}
