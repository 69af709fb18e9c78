// SPDX-License-Identifier: MPL-2.0

package provider

import (
	datatimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	listtimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/list/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	describeReadTimeouts = "How long the read may take, retries included."
	describeListTimeouts = "How long the query may take, retries included."
	describeTimeout      = "A duration such as `90s` or `10m`. Default: `2m`."
)

// dataTimeoutsAttribute is what data sources have of the resource's timeouts.
func dataTimeoutsAttribute() dataschema.Attribute {
	return dataschema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          datatimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"read": types.StringType}}},
		MarkdownDescription: describeReadTimeouts,
		Attributes: map[string]dataschema.Attribute{
			"read": dataschema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeTimeout},
		},
	}
}

// listTimeoutsAttribute is what a query has of the resource's timeouts.
func listTimeoutsAttribute() listschema.Attribute {
	return listschema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          listtimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"list": types.StringType}}},
		MarkdownDescription: describeListTimeouts,
		Attributes: map[string]listschema.Attribute{
			"list": listschema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeTimeout},
		},
	}
}
