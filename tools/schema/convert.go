// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// object is a JSON object in the format of
// https://developer.hashicorp.com/terraform/cli/commands/providers/schema. A protocol type encodes
// itself as the CLI does.
type object map[string]any

func providerJSON(schemas *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse) object {
	return object{
		"provider":                   schemaJSON(schemas.Provider),
		"resource_schemas":           each(schemas.ResourceSchemas, schemaJSON),
		"data_source_schemas":        each(schemas.DataSourceSchemas, schemaJSON),
		"ephemeral_resource_schemas": each(schemas.EphemeralResourceSchemas, schemaJSON),
		"list_resource_schemas":      each(schemas.ListResourceSchemas, schemaJSON),
		"action_schemas":             each(schemas.ActionSchemas, actionJSON),
		"functions":                  each(schemas.Functions, functionJSON),
		"resource_identity_schemas":  each(identities.IdentitySchemas, identityJSON),
	}
}

func each[T any](in map[string]T, convert func(T) object) object {
	out := make(object, len(in))
	for name, v := range in {
		out[name] = convert(v)
	}
	return out
}

func schemaJSON(s *tfprotov6.Schema) object {
	return object{"version": s.Version, "block": blockJSON(s.Block)}
}

func actionJSON(a *tfprotov6.ActionSchema) object {
	return object{"block": blockJSON(a.Schema.Block)}
}

func blockJSON(b *tfprotov6.SchemaBlock) object {
	blocks := make(object, len(b.BlockTypes))
	for _, nested := range b.BlockTypes {
		blocks[nested.TypeName] = object{
			"nesting_mode": inSchema(nested.Nesting),
			"block":        blockJSON(nested.Block),
			"min_items":    nested.MinItems,
			"max_items":    nested.MaxItems,
		}
	}
	return object{
		"attributes":       attributesJSON(b.Attributes),
		"block_types":      blocks,
		"description":      b.Description,
		"description_kind": inSchema(b.DescriptionKind),
		"deprecated":       b.Deprecated,
	}
}

func attributesJSON(attributes []*tfprotov6.SchemaAttribute) object {
	out := make(object, len(attributes))
	for _, a := range attributes {
		attribute := object{
			"description":      a.Description,
			"description_kind": inSchema(a.DescriptionKind),
			"deprecated":       a.Deprecated,
			"required":         a.Required,
			"optional":         a.Optional,
			"computed":         a.Computed,
			"sensitive":        a.Sensitive,
			"write_only":       a.WriteOnly,
		}
		if a.NestedType != nil {
			attribute["nested_type"] = object{
				"attributes":   attributesJSON(a.NestedType.Attributes),
				"nesting_mode": inSchema(a.NestedType.Nesting),
			}
		} else {
			attribute["type"] = a.Type
		}
		out[a.Name] = attribute
	}
	return out
}

func identityJSON(s *tfprotov6.ResourceIdentitySchema) object {
	attributes := make(object, len(s.IdentityAttributes))
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = object{
			"type":                a.Type,
			"description":         a.Description,
			"required_for_import": a.RequiredForImport,
			"optional_for_import": a.OptionalForImport,
		}
	}
	return object{"version": s.Version, "attributes": attributes}
}

func functionJSON(f *tfprotov6.Function) object {
	parameters := make([]object, 0, len(f.Parameters))
	for _, p := range f.Parameters {
		parameters = append(parameters, parameterJSON(p))
	}
	out := object{
		"summary":             f.Summary,
		"description":         f.Description,
		"deprecation_message": f.DeprecationMessage,
		"return_type":         f.Return.Type,
		"parameters":          parameters,
	}
	if f.VariadicParameter != nil {
		out["variadic_parameter"] = parameterJSON(f.VariadicParameter)
	}
	return out
}

func parameterJSON(p *tfprotov6.FunctionParameter) object {
	return object{
		"name":        p.Name,
		"description": p.Description,
		"is_nullable": p.AllowNullValue,
		"type":        p.Type,
	}
}

// inSchema writes a value as a schema has it: the protocol's names are in capitals.
func inSchema(value fmt.Stringer) string { return strings.ToLower(value.String()) }
