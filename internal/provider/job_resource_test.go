// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// everyAttribute is a configuration that sets every attribute.
func everyAttribute() object {
	return object{
		"bucket": testBucket, "id": "nightly", "region": testRegion, "is_enabled": false, "included_object_versions": "All",
		"filter": object{
			"prefix": "logs/", "tags": object{"team": "a", "empty": ""}, "storage_class": "STANDARD_IA",
			"period": object{"start_time": 1767225600, "end_time": 1798761599},
		},
		"optional_fields": []any{"x-cos-meta-*", "Tag", "Crc64"},
		"schedule":        object{"frequency": "Monthly", "monthly_date": 15},
		"destination": object{
			"bucket": testDestination, "account_id": "100000000042", "prefix": "inv", "format": "ORC", "encryption": object{"sse_cos": object{}},
		},
		"timeouts": object{"create": "2m", "read": "90s", "update": "3m", "delete": "4m"},
	}
}

// TestBucketInventoryResource_everyAttribute sets every attribute, and takes all out again that can be
// left out. The model shows that they live in any order of changes; this shows which element each one
// becomes.
func TestBucketInventoryResource_everyAttribute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	for path := range settable("", p.schema.ResourceSchemas[testType].Block.Attributes) {
		var value any = everyAttribute()
		for name := range strings.SplitSeq(path, ".") {
			members, _ := value.(object)
			value = members[name]
		}
		if value == nil {
			t.Errorf("everyAttribute does not set %s", path)
		}
	}
	all, least := p.value(everyAttribute()), p.value(jobObject(nil))
	job := p.create(all)
	p.expectState(job, all)
	p.expectNoDrift(job, all)
	job, ds := p.apply(t.Context(), job, least)
	if len(ds) > 0 {
		t.Error(ds)
	}
	p.expectNoDrift(job, least)
	w.expectWritten(t, "nightly", wireJob{
		disabled: true, versions: "All",
		filter: "<And><Prefix>logs/</Prefix><Tag><Key>empty</Key><Value></Value></Tag><Tag><Key>team</Key><Value>a</Value></Tag>" +
			"<StorageClass>STANDARD_IA</StorageClass></And><Period><StartTime>1767225600</StartTime><EndTime>1798761599</EndTime></Period>",
		fields:   "<Field>Crc64</Field><Field>Tag</Field><Field>x-cos-meta-*</Field>",
		schedule: "<Frequency>Monthly</Frequency><MonthlyDate>15</MonthlyDate>",
		account:  "100000000042", prefix: "inv", format: "ORC", encrypted: true,
	}, wireJob{account: "100000000042"})
}
