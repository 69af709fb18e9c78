// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestBucketInventoryResource_minimal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{
				Config: jobConfig(),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionCreate),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("region"), knownvalue.StringExact(testRegion)),
				},
			},
			{ResourceName: testAddress, ImportState: true, ImportStateId: testBucket + "/nightly", ImportStateVerify: true},
		},
	})
	for _, r := range w.Requests() {
		t.Log(r.Op, r.Status, r.Code, r.Body)
	}
}
