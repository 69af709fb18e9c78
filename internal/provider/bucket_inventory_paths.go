// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/hashicorp/terraform-plugin-framework/path"

// Paths of attributes, for diagnostics.
var (
	pathBucket            = path.Root("bucket")
	pathID                = path.Root("id")
	pathRegion            = path.Root("region")
	pathOptionalFields    = path.Root("optional_fields")
	pathTags              = path.Root("filter").AtName("tags")
	pathStartTime         = path.Root("filter").AtName("period").AtName("start_time")
	pathEndTime           = path.Root("filter").AtName("period").AtName("end_time")
	pathFrequency         = path.Root("schedule").AtName("frequency")
	pathMonthlyDate       = path.Root("schedule").AtName("monthly_date")
	pathDestination       = path.Root("destination")
	pathDestinationBucket = pathDestination.AtName("bucket")
	pathDestinationPrefix = pathDestination.AtName("prefix")
	pathAccountID         = pathDestination.AtName("account_id")
	pathJobID             = path.Root("job_id")
	pathWaitForReport     = path.Root("wait_for_report")
	pathManifestKey       = path.Root("manifest_key")
	pathManifestETag      = path.Root("manifest_etag")
	pathBucketTag         = path.Root("bucket_tag")
	pathBucketTagKey      = pathBucketTag.AtName("key")
	pathBucketTagValue    = pathBucketTag.AtName("value")
)
