// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	sameAccountBucket  = "qcs::cos:ap-guangzhou::archive-1250000000"
	otherAccountBucket = "qcs::cos:ap-guangzhou::reports-1258888888"
)

var accountID = tfjsonpath.New("destination").AtMapKey("account_id")

// accountStep applies a destination and expects what the plan says of its account, and the account
// that is in the state afterwards.
func accountStep(bucket, line string, action plancheck.ResourceActionType, planned plancheck.PlanCheck, account knownvalue.Check) resource.TestStep {
	return resource.TestStep{
		Config:            jobConfig(fmt.Sprintf("destination = {\n    bucket = %q\n    %s\n  }", bucket, line)),
		ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{expectAction(testAddress, action), planned}},
		ConfigStateChecks: expectState(testAddress, "nightly", members{"destination": destinationState(members{"bucket": text(bucket), "account_id": account})}),
	}
}

func TestBucketInventoryResource_accountFilledIn(t *testing.T) {
	t.Parallel()
	const filledIn, configured = "100000000042", "100000000007"
	w := newWorld(t, fakecos.Options{AccountID: filledIn})
	later := plancheck.ExpectUnknownValue(testAddress, accountID)
	known := func(id string) plancheck.PlanCheck {
		return plancheck.ExpectKnownValue(testAddress, accountID, text(id))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			accountStep(testDestination, "", plancheck.ResourceActionCreate, later, text(filledIn)),
			accountStep(sameAccountBucket, "", plancheck.ResourceActionUpdate, known(filledIn), text(filledIn)),
			accountStep(sameAccountBucket, `account_id = "`+configured+`"`, plancheck.ResourceActionUpdate, known(configured), text(configured)),
			accountStep(sameAccountBucket, "", plancheck.ResourceActionNoop, known(configured), text(configured)),
			accountStep(otherAccountBucket, "", plancheck.ResourceActionUpdate, later, text(filledIn)),
			{ResourceName: testAddress, ImportState: true, ImportStateId: testBucket + "/nightly", ImportStateVerify: true},
		},
	})
	w.expectWritten(
		t, "nightly",
		wireJob{},
		wireJob{bucket: sameAccountBucket, account: filledIn},
		wireJob{bucket: sameAccountBucket, account: configured},
		wireJob{bucket: otherAccountBucket},
	)
}

func TestBucketInventoryResource_accountNotFilledIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	const configured = "100000000007"
	later := plancheck.ExpectUnknownValue(testAddress, accountID)
	known := plancheck.ExpectKnownValue(testAddress, accountID, text(configured))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			accountStep(testDestination, "", plancheck.ResourceActionCreate, later, knownvalue.Null()),
			accountStep(testDestination, `account_id = "`+configured+`"`, plancheck.ResourceActionUpdate, known, text(configured)),
			accountStep(otherAccountBucket, "", plancheck.ResourceActionUpdate, later, knownvalue.Null()),
		},
	})
	w.expectWritten(t, "nightly", wireJob{}, wireJob{account: configured}, wireJob{bucket: otherAccountBucket})
}
