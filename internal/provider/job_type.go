// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// jobType is the resource's type, for what answers before the framework.
type jobType struct {
	name   string
	schema schema.Schema
	typ    tftypes.Type
}

func newJobType() jobType {
	ctx := context.Background()
	s := bucketInventorySchema(ctx)
	return jobType{name: "cos_bucket_inventory", schema: s, typ: s.Type().TerraformType(ctx)}
}

// known decodes the state of a job, all of which has to be known.
func (j jobType) known(typeName string, state *tfprotov6.DynamicValue) (job tftypes.Value, ok bool) {
	if typeName != j.name || state == nil || len(state.MsgPack) == 0 {
		return tftypes.Value{}, false
	}
	job, err := state.Unmarshal(j.typ)
	return job, err == nil && !job.IsNull() && job.IsFullyKnown()
}
