// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// MoveState converts the state of a job that the tencentcloud provider manages.
func (r *bucketInventoryResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveFromTencentCloud}}
}

// tencentCloudInventory is the state of tencentcloud_cos_bucket_inventory, schema version 0: lists
// of one element for blocks, texts for numbers and booleans, and empty blocks where nothing is set.
//
// https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs/resources/cos_bucket_inventory
type tencentCloudInventory struct {
	Bucket                 string `json:"bucket"`
	Name                   string `json:"name"`
	IsEnabled              string `json:"is_enabled"`
	IncludedObjectVersions string `json:"included_object_versions"`
	Filter                 []struct {
		Prefix string `json:"prefix"`
		Period []struct {
			StartTime string `json:"start_time"`
			EndTime   string `json:"end_time"`
		} `json:"period"`
	} `json:"filter"`
	OptionalFields []struct {
		Fields []string `json:"fields"`
	} `json:"optional_fields"`
	Schedule []struct {
		Frequency string `json:"frequency"`
	} `json:"schedule"`
	Destination []struct {
		Bucket     string            `json:"bucket"`
		AccountID  string            `json:"account_id"`
		Format     string            `json:"format"`
		Prefix     string            `json:"prefix"`
		Encryption []json.RawMessage `json:"encryption"` // the block is the setting, whatever it holds
	} `json:"destination"`
}

// moveFromTencentCloud ignores the state of any other resource. The old state has no region, and
// the provider is not configured when a move runs. So Read sets the region and the identity.
func moveFromTencentCloud(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != "tencentcloud_cos_bucket_inventory" || req.SourceSchemaVersion != 0 ||
		!isTencentCloud(req.SourceProviderAddress) || req.SourceRawState == nil {
		return
	}
	var source tencentCloudInventory
	if err := json.Unmarshal(req.SourceRawState.JSON, &source); err != nil {
		resp.Diagnostics.Append(unmovable(source, err))
		return
	}
	inv, err := source.inventory()
	if err != nil {
		resp.Diagnostics.Append(unmovable(source, err))
		return
	}
	model, diags := flatten(ctx, cos.Bucket{Name: source.Bucket}.Job(source.Name), inv)
	resp.Diagnostics.Append(diags...)
	model.Region = types.StringNull()
	resp.Diagnostics.Append(resp.TargetState.Set(ctx, bucketInventoryResourceModel{bucketInventoryModel: model, Timeouts: noTimeouts()})...)
}

// isTencentCloud ignores the registry's host, which differs for a mirror. OpenTofu 1.10 sends only
// the provider's type, which is the prefix of the resource's name.
func isTencentCloud(provider string) bool {
	return provider == "tencentcloud" || strings.HasSuffix(provider, "/tencentcloudstack/tencentcloud")
}

// inventory returns the document that the state describes.
func (s tencentCloudInventory) inventory() (cos.Inventory, error) {
	inv := cos.Inventory{ID: s.Name, IncludedObjectVersions: s.IncludedObjectVersions}
	var err error
	if inv.IsEnabled, err = strconv.ParseBool(strings.ToLower(s.IsEnabled)); err != nil {
		return inv, fmt.Errorf("is_enabled is %q, neither true nor false", s.IsEnabled)
	}
	for _, block := range s.Schedule {
		inv.Schedule.Frequency = block.Frequency
	}
	for _, block := range s.OptionalFields {
		inv.OptionalFields = block.Fields
	}
	for _, block := range s.Destination {
		inv.Destination = cos.Destination{
			Bucket: block.Bucket, AccountID: block.AccountID, Prefix: block.Prefix, Format: block.Format,
			SSECOS: len(block.Encryption) > 0,
		}
	}
	for _, block := range s.Filter {
		var period cos.Period
		for _, p := range block.Period {
			if period.StartTime, err = parseSeconds("start_time", p.StartTime); err != nil {
				return inv, err
			}
			if period.EndTime, err = parseSeconds("end_time", p.EndTime); err != nil {
				return inv, err
			}
		}
		filter := cos.Filter{Prefix: block.Prefix}
		if period != (cos.Period{}) {
			filter.Period = &period
		}
		if filter.Prefix != "" || filter.Period != nil {
			inv.Filter = &filter
		}
	}
	return inv, nil
}

// parseSeconds parses a time. The tencentcloud provider writes "" or "0" for none.
func parseSeconds(name, value string) (*int64, error) {
	if value == "" || value == "0" {
		return nil, nil //nolint:nilnil // no time, and nothing wrong
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%s is %q, not a whole number of seconds", name, value)
	}
	return &n, nil
}

func unmovable(source tencentCloudInventory, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Move tencentcloud_cos_bucket_inventory", fmt.Sprintf(
		"The state of job %q of bucket %s cannot be moved: %s\n\n"+
			"Remove it from the state (terraform state rm, or a removed block) and import the job instead.",
		source.Name, source.Bucket, sentence(err.Error())))
}
