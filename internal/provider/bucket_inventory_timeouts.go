// SPDX-License-Identifier: MPL-2.0

package provider

import (
	actiontimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	datatimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	listtimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/list/timeouts"
	resourcetimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	describeReadTimeouts = "How long the read may take, retries included."
	describeListTimeouts = "How long the query may take, retries included."
	describeRunTimeouts  = "How long the run may take, retries and the wait for the report included."
	describeRunTimeout   = "A duration such as `90s` or `1h`. Default: `2m`, or `30m` with `wait_for_report`."
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

// runActionTimeoutsAttribute is what the action that runs a one-time job has of them.
func runActionTimeoutsAttribute() actionschema.Attribute {
	return actionschema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          actiontimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"invoke": types.StringType}}},
		MarkdownDescription: describeRunTimeouts,
		Attributes: map[string]actionschema.Attribute{
			"invoke": actionschema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeRunTimeout},
		},
	}
}

// runResourceTimeoutsAttribute is what the resource that runs a one-time job has of them.
func runResourceTimeoutsAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          resourcetimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"create": types.StringType}}},
		MarkdownDescription: describeRunTimeouts,
		Attributes: map[string]schema.Attribute{
			"create": schema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeRunTimeout},
		},
	}
}
