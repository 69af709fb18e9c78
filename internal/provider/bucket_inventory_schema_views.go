// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"

	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// The framework has a schema package for each kind of thing. A job is described
// once, for the resource; the other kinds see it through these two views.

// readOnly is the attributes as a data source shows them.
func readOnly(attributes map[string]schema.Attribute) map[string]dataschema.Attribute {
	view := make(map[string]dataschema.Attribute, len(attributes))
	for name, attribute := range attributes {
		description := attribute.GetMarkdownDescription()
		switch a := attribute.(type) {
		case schema.StringAttribute:
			view[name] = dataschema.StringAttribute{Computed: true, MarkdownDescription: description}
		case schema.BoolAttribute:
			view[name] = dataschema.BoolAttribute{Computed: true, MarkdownDescription: description}
		case schema.Int64Attribute:
			view[name] = dataschema.Int64Attribute{Computed: true, MarkdownDescription: description}
		case schema.SetAttribute:
			view[name] = dataschema.SetAttribute{Computed: true, MarkdownDescription: description, ElementType: a.ElementType}
		case schema.MapAttribute:
			view[name] = dataschema.MapAttribute{Computed: true, MarkdownDescription: description, ElementType: a.ElementType}
		case schema.SingleNestedAttribute:
			view[name] = dataschema.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: readOnly(a.Attributes)}
		}
	}
	return view
}

// writable is the attributes as an action takes them: what may be left out there
// may be left out here, and the same values are refused.
func writable(attributes map[string]schema.Attribute) map[string]actionschema.Attribute {
	view := make(map[string]actionschema.Attribute, len(attributes))
	for name, attribute := range attributes {
		required, optional, description := attribute.IsRequired(), attribute.IsOptional(), attribute.GetMarkdownDescription()
		switch a := attribute.(type) {
		case schema.StringAttribute:
			view[name] = actionschema.StringAttribute{Required: required, Optional: optional, MarkdownDescription: description, Validators: a.Validators}
		case schema.BoolAttribute:
			view[name] = actionschema.BoolAttribute{Required: required, Optional: optional, MarkdownDescription: description, Validators: a.Validators}
		case schema.Int64Attribute:
			view[name] = actionschema.Int64Attribute{Required: required, Optional: optional, MarkdownDescription: description, Validators: a.Validators}
		case schema.SetAttribute:
			view[name] = actionschema.SetAttribute{Required: required, Optional: optional, MarkdownDescription: description, Validators: a.Validators, ElementType: a.ElementType}
		case schema.MapAttribute:
			view[name] = actionschema.MapAttribute{Required: required, Optional: optional, MarkdownDescription: description, Validators: a.Validators, ElementType: a.ElementType}
		case schema.SingleNestedAttribute:
			view[name] = actionschema.SingleNestedAttribute{Required: required, Optional: optional, MarkdownDescription: description, Validators: a.Validators, Attributes: writable(a.Attributes)}
		}
	}
	return view
}

// without is the attributes but for some.
func without(attributes map[string]schema.Attribute, names ...string) map[string]schema.Attribute {
	rest := maps.Clone(attributes)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}
