// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// undescribed is a validator that Terraform shows by its messages alone.
type undescribed struct{}

func (undescribed) Description(context.Context) string         { return "" }
func (undescribed) MarkdownDescription(context.Context) string { return "" }

// checked is a validator that reports the error of check for a known value.
func checked(check func(string) error) validator.String { return checkedString{check: check} }

// checkedWithoutValue is checked, but its message does not repeat the value, which may contain a
// password by mistake.
func checkedWithoutValue(check func(string) error) validator.String {
	return checkedString{check: check, unseen: true}
}

type checkedString struct {
	undescribed
	check  func(string) error
	unseen bool // the message does not repeat the value
}

func (v checkedString) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	err := v.check(req.ConfigValue.ValueString())
	if err == nil {
		return
	}
	detail := capitalized(err.Error())
	if !v.unseen {
		detail = fmt.Sprintf("%q: %v", req.ConfigValue.ValueString(), err)
	}
	detail = sentence(detail)
	if req.ConfigValue.ValueString() == "" && isOptional(ctx, req) {
		detail += " Pass null to leave the attribute out."
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value", detail)
}

func isOptional(ctx context.Context, req validator.StringRequest) bool {
	attribute, diags := req.Config.Schema.AttributeAtPath(ctx, req.Path) // none for an element
	return !diags.HasError() && attribute.IsOptional()
}

// checkTagKey says whether it is the key or the value of a tag that is empty: a value may be.
func checkTagKey(s string) error {
	if s == "" {
		return errors.New("the tag's key is empty")
	}
	return nil
}

func checkNotEmpty(s string) error {
	if s == "" {
		return errors.New("the text is empty")
	}
	return nil
}

// noNulls refuses null elements of a set or map, which modules pass on, and shows how to leave them
// out.
type noNulls struct{ undescribed }

func (noNulls) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if slices.ContainsFunc(req.ConfigValue.Elements(), attr.Value.IsNull) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value",
			fmt.Sprintf("%s contains null. Leave nulls out with compact(): %[1]s = compact([...]).", req.Path))
	}
}

func (noNulls) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	for key, value := range req.ConfigValue.Elements() {
		if value.IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path.AtMapKey(key), "Invalid Attribute Value",
				fmt.Sprintf("%s is null. Leave nulls out: { for k, v in ... : k => v if v != null }.", req.Path.AtMapKey(key)))
		}
	}
}

// encrypts refuses an encryption that names no keys: a module may mean by it that the reports are
// not encrypted, or that they are.
type encrypts struct{ undescribed }

func (encrypts) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if keys, ok := req.ConfigValue.Attributes()["sse_cos"]; ok && keys.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Missing Attribute", fmt.Sprintf(
			"%s needs sse_cos: write encryption = { sse_cos = {} }. If a variable decides, null stands for the whole object: encryption = var.encrypted ? { sse_cos = {} } : null.", req.Path))
	}
}

// listed is a validator of values that COS's pages list. Another spelling of one of them is always a
// mistake. Any other value is refused if the list is closed; else COS may be newer than the provider.
type listed struct {
	undescribed
	summary string // of the warning about another value; "" closes the list
	values  []string
}

func (l listed) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		resp.Diagnostics.Append(l.check(req.Path, req.ConfigValue.ValueString())...)
	}
}

// check has one warning for all values: of several, Terraform shows the first.
func (l listed) check(at path.Path, values ...string) (diags diag.Diagnostics) {
	var undocumented []string
	for _, value := range values {
		meant := l.meant(value)
		switch {
		case slices.Contains(l.values, value):
		case meant != "" && folded(value) == folded(meant):
			diags.AddAttributeError(at, "Invalid Attribute Value", fmt.Sprintf("COS does not know %q. Write %q.", value, meant))
		case l.summary == "":
			diags.AddAttributeError(at, "Invalid Attribute Value", fmt.Sprintf("COS does not know %q. Write %s.", value, quoted(l.values, " or ")))
		case value == "" || cos.CheckText(value) != nil: // refused elsewhere
		case meant != "":
			undocumented = append(undocumented, fmt.Sprintf("%q (perhaps %q)", value, meant))
		default:
			undocumented = append(undocumented, strconv.Quote(value))
		}
	}
	if len(undocumented) > 0 {
		diags.AddAttributeWarning(at, l.summary, fmt.Sprintf("The provider does not know %s. COS decides. The provider knows %s.",
			strings.Join(undocumented, ", "), quoted(l.values, " and ")))
	}
	return diags
}

// meant returns the listed value that is most likely meant, or "".
func (l listed) meant(value string) string {
	for _, most := range []int{0, 2} {
		for _, right := range l.values {
			if levenshtein.Distance(folded(value), folded(right), nil) <= most {
				return right
			}
		}
	}
	return ""
}

// folded returns the same text for all spellings of a value: any case, with and without the signs
// between its words.
func folded(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(s))
}

// quoted lists values for a message.
func quoted(values []string, last string) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = strconv.Quote(value)
	}
	end := len(texts) - 1
	return strings.Join(texts[:end], ", ") + last + texts[end]
}

// documentedFields checks the names of report fields.
type documentedFields struct{ listed }

func (f documentedFields) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	const prefix = cos.FieldMetadataPrefix
	var names, unusual []string
	for _, element := range req.ConfigValue.Elements() {
		field, _ := element.(types.String)
		name := field.ValueString() // "" for null and unknown
		beginning := name[:min(len(name), len(prefix))]
		switch {
		case folded(name) == folded(prefix):
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value",
				fmt.Sprintf("%q lacks the name of the metadata: write %s<name>, or %[2]s* for all of it.", name, prefix))
		case beginning == prefix && strings.Contains(name, "_"):
			unusual = append(unusual, name)
		case beginning == prefix:
		case folded(beginning) == folded(prefix):
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value",
				fmt.Sprintf("COS does not know %q. Write %q.", name, prefix+name[len(prefix):]))
		default:
			names = append(names, name)
		}
	}
	if len(unusual) > 0 {
		// https://www.tencentcloud.com/document/product/436/13361
		resp.Diagnostics.AddAttributeWarning(req.Path, "Unusual Report Field", fmt.Sprintf(
			"An underscore is in %s. By COS's rules, names of custom metadata hold letters, digits and hyphens, so no object has it.", strings.Join(unusual, ", ")))
	}
	resp.Diagnostics.Append(f.check(req.Path, names...)...)
}

// notMilliseconds warns of a time that is most likely in milliseconds: as seconds, it is after the
// year 5000.
type notMilliseconds struct{ undescribed }

const firstMilliseconds = 100_000_000_000 // in milliseconds, a day in 1973

func (notMilliseconds) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	time := req.ConfigValue.ValueInt64() // 0 for null and unknown
	if time < firstMilliseconds {
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Time in Milliseconds", fmt.Sprintf(
		"%s is %d, which is after the year 5000 in seconds. If the value is in milliseconds, write %d.", req.Path, time, time/1000))
}

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
