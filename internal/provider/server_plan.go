// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// unchangedPlan answers a plan in which nothing changes, without the framework, which would walk
// the schema many times to find that out. Most plans of most jobs are like this.
type unchangedPlan struct{ jobs jobType }

// msgPackNull is how Terraform encodes null.
var msgPackNull = []byte{0xc0}

// plan plans no change if the proposed state equals the prior state, is wholly known, and has the
// value of every default, which Terraform leaves to the provider. The provider, nil until it is
// configured, must serve the job's region. The framework answers any other plan.
func (u unchangedPlan) plan(provider *providerData, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool) {
	if provider == nil || req.PriorState == nil || req.ProposedNewState == nil || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil, false
	}
	job, ok := u.jobs.decodeKnown(req.TypeName, req.PriorState)
	if !ok || !u.jobs.defaults.hold(job) {
		return nil, false
	}
	var region string
	if members, ok := objectMembers(job); !ok || members["region"].As(&region) != nil || provider.client.CheckRegion(region) != nil {
		return nil, false
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState:    req.PriorState,
		PlannedPrivate:  req.PriorPrivate,
		PlannedIdentity: plannedIdentity(req),
	}, true
}

// plannedIdentity is the prior one, or null for a new job and for a state that is older than
// identities.
func plannedIdentity(req *tfprotov6.PlanResourceChangeRequest) *tfprotov6.ResourceIdentityData {
	if req.PriorIdentity != nil {
		return req.PriorIdentity
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: msgPackNull}}
}
