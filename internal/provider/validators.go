// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// checked is a validator that reports the error of check for a known value.
func checked(check func(string) error) validator.String { return checkedString{check: check} }

// checkedWithoutValue is checked, but its message does not repeat the value, which may contain a
// password by mistake.
func checkedWithoutValue(check func(string) error) validator.String {
	return checkedString{check: check, unseen: true}
}

type checkedString struct {
	check  func(string) error
	unseen bool // the message does not repeat the value
}

func (checkedString) Description(context.Context) string {
	return "the value is in the form that the API takes"
}
func (v checkedString) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

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

func checkNotEmpty(s string) error {
	if s == "" {
		return errors.New("the text is empty")
	}
	return nil
}

// noNulls refuses null elements of a set or map, which modules pass on, and shows how to leave them
// out.
type noNulls struct{}

func (noNulls) Description(context.Context) string { return "no element is null" }

func (v noNulls) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

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
type encrypts struct{}

func (encrypts) Description(context.Context) string { return "the keys are named: sse_cos" }

func (v encrypts) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (encrypts) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if keys, ok := req.ConfigValue.Attributes()["sse_cos"]; ok && keys.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, "Missing Attribute", fmt.Sprintf(
			"%s needs sse_cos: write encryption = { sse_cos = {} }. If a variable decides, null stands for the whole object: encryption = var.encrypted ? { sse_cos = {} } : null.", req.Path))
	}
}

// documentedFormat warns of a report format that the API's page does not list. COS may be newer
// than the provider.
type documentedFormat struct{}

func (documentedFormat) Description(context.Context) string {
	return "a documented format, or one newer than the provider"
}

func (v documentedFormat) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (documentedFormat) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	value := req.ConfigValue.ValueString()
	if value == "" || slices.Contains(cos.Formats(), value) {
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Undocumented Report Format",
		fmt.Sprintf("%q is not among the formats that this provider knows: %s. It is sent as it is, and COS decides.", value, strings.Join(cos.Formats(), ", ")))
}

// documentedFields warns of report fields that the API's page does not list.
type documentedFields struct{}

func (documentedFields) Description(context.Context) string {
	return "documented fields, or ones newer than the provider"
}

func (v documentedFields) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (documentedFields) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, element := range req.ConfigValue.Elements() {
		field, ok := element.(types.String)
		value := field.ValueString()
		if !ok || value == "" { // null, unknown, or refused elsewhere
			continue
		}
		switch {
		case slices.Contains(cos.OptionalFields(), value):
		case value == cos.FieldMetadataPrefix:
			resp.Diagnostics.AddAttributeError(req.Path.AtSetValue(element), "Invalid Attribute Value",
				fmt.Sprintf("%q lacks the name of the metadata: write %[1]s<name>, or %[1]s* for all of it.", value))
		case strings.HasPrefix(value, cos.FieldMetadataPrefix) && strings.Contains(value, "_"):
			// https://www.tencentcloud.com/document/product/436/13361
			resp.Diagnostics.AddAttributeWarning(req.Path.AtSetValue(element), "Unusual Report Field",
				fmt.Sprintf("%q has an underscore. By COS's rules, names of custom metadata hold letters, digits and hyphens, so no object has it.", value))
		case strings.HasPrefix(value, cos.FieldMetadataPrefix):
		default:
			resp.Diagnostics.AddAttributeWarning(req.Path.AtSetValue(element), "Undocumented Report Field",
				fmt.Sprintf("%q is not among the fields that this provider knows: %s, and %s<name> for the objects' own metadata. It is sent as it is, and COS decides.",
					value, strings.Join(cos.OptionalFields(), ", "), cos.FieldMetadataPrefix))
		}
	}
}

// notMilliseconds warns of a time that is most likely in milliseconds: as seconds, it is after the
// year 5000.
type notMilliseconds struct{}

const firstMilliseconds = 100_000_000_000 // in milliseconds, a day in 1973

func (notMilliseconds) Description(context.Context) string {
	return "seconds since 1970, not milliseconds"
}

func (v notMilliseconds) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notMilliseconds) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	time := req.ConfigValue.ValueInt64() // 0 for null and unknown
	if time < firstMilliseconds {
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Time in Milliseconds", fmt.Sprintf(
		"%s is %d, which is after the year 5000 in seconds. If the value is in milliseconds, write %d.", req.Path, time, time/1000))
}
