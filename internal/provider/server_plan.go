// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// unchangedPlan answers a plan in which nothing changes, without the framework, which would walk
// the schema many times to find that out. Most plans of most jobs are like this.
type unchangedPlan struct{ typ tftypes.Type }

func newUnchangedPlan() unchangedPlan {
	ctx := context.Background()
	return unchangedPlan{bucketInventorySchema(ctx).Type().TerraformType(ctx)}
}

// msgPackNull is how Terraform encodes null.
var msgPackNull = []byte{0xc0}

// plan plans no change if the proposed state equals the prior state, is wholly known, and has the
// value of every default, which Terraform leaves to the provider. The provider, nil until it is
// configured, must serve the job's region. The framework answers any other plan, and the plan of a
// job that the run would lose.
func (u unchangedPlan) plan(provider *providerData, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool) {
	if provider == nil || req.TypeName != jobTypeName || req.PriorState == nil || req.ProposedNewState == nil ||
		!bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil, false
	}
	state, err := req.PriorState.Unmarshal(u.typ)
	if err != nil || !state.IsFullyKnown() {
		return nil, false
	}
	job, ok := jobOf(state, "")
	if !ok || !hasDefaults(state) || provider.client.CheckRegion(job.Region) != nil || provider.memory.keep(job).HasError() {
		return nil, false
	}
	identity := req.PriorIdentity
	if identity == nil { // the state is older than identities
		identity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: msgPackNull}}
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.PriorState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: identity}, true
}

// hasDefaults reports whether a state has the value of every default of the schema.
func hasDefaults(state tftypes.Value) bool {
	members, _ := objectMembers(state)
	destination, _ := objectMembers(members["destination"])
	return members["is_enabled"].Equal(tftypes.NewValue(tftypes.Bool, defaultIsEnabled)) &&
		destination["format"].Equal(tftypes.NewValue(tftypes.String, cos.FormatCSV))
}

// jobOf returns the job that a state or a plan is about, if its name is known. It is in the region if
// the value has none.
func jobOf(value tftypes.Value, region string) (job cos.Job, ok bool) {
	members, ok := objectMembers(value)
	for name, part := range map[string]*string{"bucket": &job.Name, "id": &job.ID, "region": &job.Region} {
		ok = ok && members[name].IsKnown() && members[name].As(part) == nil
	}
	if job.Region = cmp.Or(job.Region, region); !ok || job.Name == "" || job.ID == "" || job.Region == "" {
		return cos.Job{}, false
	}
	return job, true
}
