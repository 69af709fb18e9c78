// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"regexp"
	"testing"

	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestSchemaViews: an attribute shows in a view with all that users see of it, or is an error.
func TestSchemaViews(t *testing.T) {
	t.Parallel()
	const message = "Use other instead."
	shown := map[string]schema.Attribute{
		"string": schema.StringAttribute{DeprecationMessage: message},
		"bool":   schema.BoolAttribute{DeprecationMessage: message},
		"int64":  schema.Int64Attribute{DeprecationMessage: message},
		"set":    schema.SetAttribute{DeprecationMessage: message, ElementType: types.StringType},
		"map":    schema.MapAttribute{DeprecationMessage: message, ElementType: types.StringType},
		"object": schema.SingleNestedAttribute{DeprecationMessage: message, Attributes: map[string]schema.Attribute{"member": schema.StringAttribute{}}},
	}
	data, diags := readOnly(shown)
	if len(diags) > 0 || len(data) != len(shown) {
		t.Errorf("a data source shows %v, %v", data, diags)
	}
	action, diags := writable(shown)
	if len(diags) > 0 || len(action) != len(shown) {
		t.Errorf("an action shows %v, %v", action, diags)
	}
	for name := range shown {
		if data[name].GetDeprecationMessage() != message || action[name].GetDeprecationMessage() != message {
			t.Errorf("%s loses its deprecation", name)
		}
	}

	nested := func(a schema.Attribute) map[string]schema.Attribute {
		return map[string]schema.Attribute{"object": schema.SingleNestedAttribute{Attributes: map[string]schema.Attribute{"member": a}}}
	}
	secret := nested(schema.StringAttribute{Sensitive: true})
	if data, diags = readOnly(secret); len(diags) > 0 || !data["object"].(dataschema.SingleNestedAttribute).Attributes["member"].IsSensitive() { //nolint:forcetypeassert // a test
		t.Errorf("a data source shows a secret: %v, %v", data, diags)
	}
	if _, diags := writable(secret); len(diags) != 1 {
		t.Errorf("an action shows a secret: %v", diags)
	}
	unknownKind := nested(schema.ListAttribute{ElementType: types.StringType})
	if _, diags := readOnly(unknownKind); len(diags) != 1 {
		t.Errorf("a data source drops a list: %v", diags)
	}
	if _, diags := writable(unknownKind); len(diags) != 1 {
		t.Errorf("an action drops a list: %v", diags)
	}
}

// A data source sends nothing: its descriptions are about reading.
func TestSchemaViews_descriptions(t *testing.T) {
	t.Parallel()
	job, diags := readOnlyJob(t.Context())
	if diags.HasError() {
		t.Fatal(diags)
	}
	writing := regexp.MustCompile("Default:|is sent|If omitted|refused|replacement|Required|Needs|write `")
	var check func(prefix string, attributes map[string]dataschema.Attribute)
	check = func(prefix string, attributes map[string]dataschema.Attribute) {
		for name, attribute := range attributes {
			if description := attribute.GetMarkdownDescription(); description == "" || writing.MatchString(description) {
				t.Errorf("%s%s: %q", prefix, name, description)
			}
			if nested, ok := attribute.(dataschema.SingleNestedAttribute); ok {
				check(prefix+name+".", nested.Attributes)
			}
		}
	}
	check("", job)
}
