// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// jobType describes the resource's type, for the short cuts.
type jobType struct {
	name     string
	schema   schema.Schema
	typ      tftypes.Type
	defaults defaultValues
}

func newJobType() (jobType, error) {
	ctx := context.Background()
	s := bucketInventorySchema(ctx)
	d, err := schemaDefaults(ctx, s.Attributes)
	return jobType{name: "cos_bucket_inventory", schema: s, typ: s.Type().TerraformType(ctx), defaults: d}, err
}

// decodeKnown decodes the state of a job. It fails if a part of it is unknown.
func (j jobType) decodeKnown(typeName string, state *tfprotov6.DynamicValue) (job tftypes.Value, ok bool) {
	if typeName != j.name || state == nil || len(state.MsgPack) == 0 {
		return tftypes.Value{}, false
	}
	job, err := state.Unmarshal(j.typ)
	return job, err == nil && !job.IsNull() && job.IsFullyKnown()
}

// defaultValues are the defaults of a schema's attributes, by name.
type defaultValues map[string]defaultValue

type defaultValue struct {
	value   tftypes.Value
	members defaultValues
}

// schemaDefaults reads the defaults from the schema. It fails for a kind of attribute that it does
// not know, whose default it would miss.
func schemaDefaults(ctx context.Context, attributes map[string]schema.Attribute) (defaultValues, error) {
	found := defaultValues{}
	for name, attribute := range attributes {
		var value attr.Value
		switch a := attribute.(type) {
		case schema.StringAttribute:
			if a.Default != nil {
				var resp defaults.StringResponse
				a.Default.DefaultString(ctx, defaults.StringRequest{}, &resp)
				value = resp.PlanValue
			}
		case schema.BoolAttribute:
			if a.Default != nil {
				var resp defaults.BoolResponse
				a.Default.DefaultBool(ctx, defaults.BoolRequest{}, &resp)
				value = resp.PlanValue
			}
		case schema.Int64Attribute:
			if a.Default != nil {
				var resp defaults.Int64Response
				a.Default.DefaultInt64(ctx, defaults.Int64Request{}, &resp)
				value = resp.PlanValue
			}
		case schema.SetAttribute:
			if a.Default != nil {
				var resp defaults.SetResponse
				a.Default.DefaultSet(ctx, defaults.SetRequest{}, &resp)
				value = resp.PlanValue
			}
		case schema.MapAttribute:
			if a.Default != nil {
				var resp defaults.MapResponse
				a.Default.DefaultMap(ctx, defaults.MapRequest{}, &resp)
				value = resp.PlanValue
			}
		case schema.SingleNestedAttribute:
			if a.Default != nil {
				var resp defaults.ObjectResponse
				a.Default.DefaultObject(ctx, defaults.ObjectRequest{}, &resp)
				value = resp.PlanValue
				break
			}
			members, err := schemaDefaults(ctx, a.Attributes)
			if err != nil {
				return nil, err
			}
			if len(members) > 0 {
				found[name] = defaultValue{members: members}
			}
		default:
			return nil, fmt.Errorf("the default of the attribute %s cannot be read: it is a %T", name, attribute)
		}
		if value == nil {
			continue
		}
		raw, err := value.ToTerraformValue(ctx)
		if err != nil {
			return nil, fmt.Errorf("the default of the attribute %s: %w", name, err)
		}
		found[name] = defaultValue{value: raw}
	}
	return found, nil
}

// hold reports whether an object has the value of every default. A default within an object that is
// null has no effect.
func (d defaultValues) hold(object tftypes.Value) bool {
	members, ok := objectMembers(object)
	if !ok {
		return object.IsNull()
	}
	for name, want := range d {
		if want.members != nil && !want.members.hold(members[name]) ||
			want.members == nil && !members[name].Equal(want.value) {
			return false
		}
	}
	return true
}
