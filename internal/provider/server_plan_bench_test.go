// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// BenchmarkPlanOfAJob makes the calls by which Terraform plans one unchanged job of a bucket that
// has many.
func BenchmarkPlanOfAJob(b *testing.B) {
	w := newWorld(b, fakecos.Options{})
	p := w.configured()
	state := storedJob(nil)
	raw := []byte(fmt.Sprintf(`{"bucket":%q,"id":"nightly","region":%q,"is_enabled":true,"included_object_versions":"Current",
		"filter":null,"optional_fields":null,"schedule":{"frequency":"Daily","monthly_date":null},"timeouts":null,
		"destination":{"bucket":%q,"account_id":null,"prefix":null,"format":"CSV","encryption":null}}`, testBucket, testRegion, testDestination))
	w.Seed(testBucket, "nightly", jobDocument("nightly", "<IsEnabled>true</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions>",
		"<Schedule><Frequency>Daily</Frequency></Schedule><Destination><COSBucketDestination><Bucket>"+testDestination+"</Bucket><Format>CSV</Format></COSBucketDestination></Destination>"))
	job, config := p.job(state), p.job(jobObject(nil))
	proposed := p.proposed(nil, jobObject(nil))

	steps := []struct {
		name string
		call func()
	}{
		{"ValidateResourceConfig", func() {
			call(p, p.server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: testType, Config: config})
		}},
		{"UpgradeResourceState", func() {
			call(p, p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{TypeName: testType, RawState: &tfprotov6.RawState{JSON: raw}})
		}},
		{"ReadResource", func() {
			call(p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: job})
		}},
		{"PlanResourceChange", func() {
			call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
				TypeName: testType, PriorState: job, ProposedNewState: job, Config: config,
			})
		}},
		{"PlanResourceChange of a new job", func() {
			call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
				TypeName: testType, PriorState: p.job(nil), ProposedNewState: proposed, Config: config,
			})
		}},
	}
	for _, step := range steps {
		b.Run(step.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				step.call()
			}
		})
	}
}
