// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A module that passes optional values through often passes {}, [] or an object of nulls for an
// omitted value. All of them mean the same as null, and the document has no element for any of
// them. Terraform tells them apart, so the state keeps the spelling of the configuration.

// isUnset reports whether a value sets nothing: it is null, an empty collection, or an object
// of such values. An object without attributes, such as sse_cos, is set by being there.
func isUnset(value tftypes.Value) bool {
	if value.IsNull() {
		return true
	}
	if !value.IsKnown() {
		return false
	}
	switch typ := value.Type().(type) {
	case tftypes.Object:
		members, ok := objectMembers(value)
		for _, member := range members {
			ok = ok && isUnset(member)
		}
		return ok && len(typ.AttributeTypes) > 0
	case tftypes.Map:
		var elements map[string]tftypes.Value
		return value.As(&elements) == nil && len(elements) == 0
	case tftypes.Set, tftypes.List:
		var elements []tftypes.Value
		return value.As(&elements) == nil && len(elements) == 0
	}
	return false
}

// keepSpelling returns the current value. Where both values set nothing, it keeps the spelling of
// the prior one.
func keepSpelling(prior, current tftypes.Value) tftypes.Value {
	if isUnset(current) && isUnset(prior) {
		return prior
	}
	return eachMember(current, func(name string, member tftypes.Value) tftypes.Value {
		if members, ok := objectMembers(prior); ok {
			return keepSpelling(members[name], member)
		}
		return member
	})
}

// nullIfUnset returns the value with null in place of every member that sets nothing.
func nullIfUnset(value tftypes.Value) tftypes.Value {
	if isUnset(value) {
		return tftypes.NewValue(value.Type(), nil)
	}
	return eachMember(value, func(_ string, member tftypes.Value) tftypes.Value { return nullIfUnset(member) })
}

// eachMember applies a change to every member of an object. It returns any other value unchanged.
func eachMember(value tftypes.Value, change func(name string, member tftypes.Value) tftypes.Value) tftypes.Value {
	members, ok := objectMembers(value)
	if !ok {
		return value
	}
	changed := make(map[string]tftypes.Value, len(members)) // members are the value's own
	for name, member := range members {
		changed[name] = change(name, member)
	}
	return tftypes.NewValue(value.Type(), changed)
}

func objectMembers(value tftypes.Value) (members map[string]tftypes.Value, ok bool) {
	if !value.Type().Is(tftypes.Object{}) || value.IsNull() || !value.IsKnown() {
		return nil, false
	}
	return members, value.As(&members) == nil
}
