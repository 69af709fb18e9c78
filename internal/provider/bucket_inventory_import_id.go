// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// parseImportID parses <bucket>/<id> or <bucket>/<id>@<region>. Neither a bucket nor an id contains
// / or @. The region is "" if s omits it.
func parseImportID(s string) (cos.Job, error) {
	bucket, rest, ok := strings.Cut(s, "/")
	if !ok {
		return cos.Job{}, errors.New("there is no / between bucket and id")
	}
	id, region, regional := strings.Cut(rest, "@")
	if err := cos.CheckBucket(bucket); err != nil {
		return cos.Job{}, fmt.Errorf("%q is not a bucket: %w", bucket, err)
	}
	if err := cos.CheckID(id); err != nil {
		return cos.Job{}, fmt.Errorf("%q is not a job's id: %w", id, err)
	}
	if regional {
		if err := cos.CheckRegion(region); err != nil {
			return cos.Job{}, fmt.Errorf("%q is not a region: %w", region, err)
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
