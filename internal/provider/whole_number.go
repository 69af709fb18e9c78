// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// wholeNumber is the type of every number in a configuration. The framework's own type reports a
// fraction as a bug of the provider. This one reports it as a mistake, and treats it as unknown
// besides, so that it hides no other mistake.
type wholeNumber struct{ basetypes.Int64Type }

// Equal: the values of both types are the same.
func (wholeNumber) Equal(other attr.Type) bool {
	_, ok := other.(wholeNumber)
	return ok || types.Int64Type.Equal(other)
}

// Validate reports a number that is not whole.
func (wholeNumber) Validate(_ context.Context, v tftypes.Value, at path.Path) (diags diag.Diagnostics) {
	if number, problem := numberProblem(v); problem != "" {
		diags.AddAttributeError(at, "Invalid Attribute Value", fmt.Sprintf("%s is %s, which is %s.", at, number.Text('g', -1), problem))
	}
	return diags
}

// ValueFromTerraform returns unknown for a number that is not whole.
func (t wholeNumber) ValueFromTerraform(ctx context.Context, v tftypes.Value) (attr.Value, error) {
	if _, problem := numberProblem(v); problem != "" {
		return types.Int64Unknown(), nil
	}
	return t.Int64Type.ValueFromTerraform(ctx, v)
}

// numberProblem returns what is wrong with a number, if anything is.
func numberProblem(v tftypes.Value) (number big.Float, problem string) {
	if v.IsNull() || !v.IsKnown() || v.As(&number) != nil {
		return number, "" // what is no number is reported elsewhere
	}
	if !number.IsInt() {
		return number, "not a whole number"
	}
	if _, accuracy := number.Int64(); accuracy != big.Exact {
		return number, "too large a number"
	}
	return number, ""
}
