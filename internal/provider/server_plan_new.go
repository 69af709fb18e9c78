// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// newPlan answers the plan of a new job whose configuration is wholly known, without the framework,
// which would walk the schema many times. The resource's own ModifyPlan is called as the framework
// calls it. The framework answers whatever gets a diagnostic.
type newPlan struct{ jobs jobType }

func (n newPlan) plan(ctx context.Context, provider *providerData, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, bool) {
	if provider == nil || !isNullValue(req.PriorState) || req.Config == nil || req.ProposedNewState == nil ||
		!bytes.Equal(req.Config.MsgPack, req.ProposedNewState.MsgPack) {
		return nil, false
	}
	config, ok := n.jobs.decodeKnown(req.TypeName, req.Config)
	if !ok {
		return nil, false
	}
	plan := tfsdk.Plan{Schema: n.jobs.schema, Raw: withDefaults(n.jobs.schema.Attributes, n.jobs.defaults, config)}
	modified := resource.ModifyPlanResponse{Plan: plan}
	(&bucketInventoryResource{providerData: provider}).ModifyPlan(ctx, resource.ModifyPlanRequest{
		Config: tfsdk.Config{Schema: n.jobs.schema, Raw: config},
		Plan:   plan,
		State:  tfsdk.State{Schema: n.jobs.schema, Raw: tftypes.NewValue(n.jobs.typ, nil)},
	}, &modified)
	planned, err := tfprotov6.NewDynamicValue(n.jobs.typ, modified.Plan.Raw)
	if err != nil || len(modified.Diagnostics) > 0 {
		return nil, false
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: &planned, PlannedIdentity: plannedIdentity(req)}, true
}

// withDefaults returns what is planned of a configured object: defaults, and unknown values where
// the provider or COS fills in what the configuration omits.
func withDefaults(attributes map[string]schema.Attribute, defaults defaultValues, object tftypes.Value) tftypes.Value {
	return eachMember(object, func(name string, member tftypes.Value) tftypes.Value {
		attribute := attributes[name]
		if nested, ok := attribute.(schema.SingleNestedAttribute); ok && !member.IsNull() {
			return withDefaults(nested.Attributes, defaults[name].members, member)
		}
		switch {
		case !member.IsNull():
			return member
		case defaults[name].members == nil && defaults[name].value.Type() != nil:
			return defaults[name].value
		case attribute.IsComputed():
			return tftypes.NewValue(member.Type(), tftypes.UnknownValue)
		}
		return member
	})
}
