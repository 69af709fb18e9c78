// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// unchangedPlan answers a plan in which nothing changes without the framework,
// which would walk the schema many times over to find that out. Most plans of
// most jobs are of this kind.
type unchangedPlan struct {
	jobs       jobType
	noIdentity *tfprotov6.ResourceIdentityData // of a state that is older than identities
}

// msgPackNull is a value that is null, as Terraform sends it.
var msgPackNull = []byte{0xc0}

func newUnchangedPlan(jobs jobType) unchangedPlan {
	return unchangedPlan{
		jobs:       jobs,
		noIdentity: &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: msgPackNull}},
	}
}

// answer answers where the answer is known: the proposed state is the prior one,
// and the defaults, which Terraform leaves to the provider, change nothing in it.
// A default of the schema that is not looked at here makes this wrong.
func (u unchangedPlan) answer(req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool) {
	if req.PriorState == nil || req.ProposedNewState == nil || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil, false
	}
	if job, ok := u.jobs.known(req.TypeName, req.PriorState); !ok || !holdsDefaults(job) {
		return nil, false
	}
	identity := req.PriorIdentity
	if identity == nil {
		identity = u.noIdentity
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState:    req.PriorState,
		PlannedPrivate:  req.PriorPrivate,
		PlannedIdentity: identity,
	}, true
}

// holdsDefaults reports whether the state has the value of every default. If the
// configuration says otherwise, the proposed state is not the prior one; if it
// says nothing, the default is what would be planned.
func holdsDefaults(state tftypes.Value) bool {
	var (
		job, destination map[string]tftypes.Value
		isEnabled        bool
		format           string
	)
	return state.As(&job) == nil &&
		!job["is_enabled"].IsNull() && job["is_enabled"].As(&isEnabled) == nil && isEnabled &&
		!job["destination"].IsNull() && job["destination"].As(&destination) == nil &&
		destination["format"].As(&format) == nil && format == cos.FormatCSV
}
