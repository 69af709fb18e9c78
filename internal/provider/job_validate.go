// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// values are those of a configuration or of a plan.
type values interface {
	GetAttribute(ctx context.Context, at path.Path, target any) diag.Diagnostics
}

// ValidateConfig makes the checks that need more than one attribute. It skips those of unknown
// values.
func (r *bucketInventoryResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	resp.Diagnostics.Append(checkDocument(ctx, req.Config)...)
	resp.Diagnostics.Append(checkSchedule(ctx, req.Config)...)
	resp.Diagnostics.Append(checkConfiguredDestination(ctx, req.Config)...)
	resp.Diagnostics.Append(checkOwner(ctx, req.Config)...)
}

// checkPlanned makes the same checks of what the plan is going to send. The plan differs from the
// configuration, which has passed them, where ignore_changes keeps a value of the prior state.
func checkPlanned(ctx context.Context, plan values) (diags diag.Diagnostics) {
	for _, d := range append(checkDocument(ctx, plan), checkSchedule(ctx, plan)...) {
		diags.Append(withMore(d, "This is about the planned values, which are not all those of the configuration: "+
			"lifecycle.ignore_changes keeps some as they are. Remove the attributes of this rule from ignore_changes."))
	}
	return diags
}

// checkDocument makes the checks that apply to one-time jobs too.
func checkDocument(ctx context.Context, v values) (diags diag.Diagnostics) {
	var (
		fields             types.Set
		tags               types.Map
		start, end         types.Int64
		bucket, id, prefix types.String
	)
	diags.Append(v.GetAttribute(ctx, pathOptionalFields, &fields)...)
	diags.Append(v.GetAttribute(ctx, pathTags, &tags)...)
	diags.Append(v.GetAttribute(ctx, pathStartTime, &start)...)
	diags.Append(v.GetAttribute(ctx, pathEndTime, &end)...)
	diags.Append(v.GetAttribute(ctx, pathBucket, &bucket)...)
	diags.Append(v.GetAttribute(ctx, pathID, &id)...)
	diags.Append(v.GetAttribute(ctx, pathDestinationPrefix, &prefix)...)
	if diags.HasError() {
		return diags
	}
	diags.Append(checkTags(tags, fields)...)
	diags.Append(checkPeriod(start, end)...)
	if err := cos.CheckReportKeys(bucket.ValueString(), id.ValueString(), prefix.ValueString()); err != nil && prefix.ValueString() != "" {
		diags.AddAttributeError(pathDestinationPrefix, "Invalid Attribute Value", fmt.Sprintf("No report could be delivered: %v. Shorten destination.prefix.", err))
	}
	return diags
}

func checkSchedule(ctx context.Context, v values) (diags diag.Diagnostics) {
	var frequency types.String
	var monthlyDate types.Int64
	diags.Append(v.GetAttribute(ctx, pathFrequency, &frequency)...)
	diags.Append(v.GetAttribute(ctx, pathMonthlyDate, &monthlyDate)...)
	if diags.HasError() {
		return diags // a value that cannot be read is not a missing one
	}
	return checkMonthlyDate(frequency, monthlyDate)
}

func checkConfiguredDestination(ctx context.Context, config values) (diags diag.Diagnostics) {
	var region, destinationName types.String
	diags.Append(config.GetAttribute(ctx, pathRegion, &region)...)
	diags.Append(config.GetAttribute(ctx, pathDestinationBucket, &destinationName)...)
	if diags.HasError() {
		return diags
	}
	return checkDestination(destinationName, region)
}

// checkOwner warns of an account_id that cannot be that of the destination's owner. What COS makes of
// it is not documented.
func checkOwner(ctx context.Context, config values) (diags diag.Diagnostics) {
	var source, destinationName, accountID types.String
	diags.Append(config.GetAttribute(ctx, pathBucket, &source)...)
	diags.Append(config.GetAttribute(ctx, pathDestinationBucket, &destinationName)...)
	diags.Append(config.GetAttribute(ctx, pathAccountID, &accountID)...)
	bucket, account := source.ValueString(), accountID.ValueString()
	destination, err := cos.ParseBucketQCS(destinationName.ValueString())
	if diags.HasError() || err != nil || cos.CheckBucket(bucket) != nil || accountID.IsUnknown() {
		return diags
	}
	appID := cos.AppID(destination.Name)
	var wrong string
	switch {
	case account == "" && appID != cos.AppID(bucket):
		wrong = fmt.Sprintf("The destination bucket belongs to another account (APPID %s) than the source bucket (APPID %s), and account_id is not set.", appID, cos.AppID(bucket))
	case account == appID || account == cos.AppID(bucket):
		wrong = fmt.Sprintf("destination.account_id is %q, which is the account's APPID.", account)
	case strings.Trim(account, "0123456789") != "" && cos.CheckText(account) == nil:
		wrong = fmt.Sprintf("destination.account_id is %q, which is not a number.", account)
	default:
		return nil
	}
	diags.AddAttributeWarning(pathAccountID, "Unusual Destination Account", wrong+
		" Write the UIN of the account that owns the destination bucket, a number such as 100000000001. The console shows it under Account Information.")
	return diags
}

func checkTags(tags types.Map, fields types.Set) (diags diag.Diagnostics) {
	if tags.IsNull() || tags.IsUnknown() || len(tags.Elements()) == 0 || fields.IsUnknown() {
		return nil
	}
	for _, field := range fields.Elements() {
		if field.IsUnknown() || field.Equal(types.StringValue(cos.FieldTag)) {
			return nil
		}
	}
	diags.AddAttributeError(pathOptionalFields, "Missing Report Field",
		fmt.Sprintf("A filter by tags needs %q in optional_fields: COS refuses the job without it.", cos.FieldTag))
	return diags
}

func checkPeriod(start, end types.Int64) (diags diag.Diagnostics) {
	if start.IsNull() || start.IsUnknown() || end.IsNull() || end.IsUnknown() || start.ValueInt64() < end.ValueInt64() {
		return nil
	}
	diags.AddAttributeError(pathEndTime, "Invalid Attribute Value",
		fmt.Sprintf("The period ends at %d, which is not after its start at %d.", end.ValueInt64(), start.ValueInt64()))
	return diags
}

func checkMonthlyDate(frequency types.String, monthlyDate types.Int64) (diags diag.Diagnostics) {
	if frequency.IsNull() || frequency.IsUnknown() || monthlyDate.IsUnknown() {
		return nil
	}
	monthly := frequency.ValueString() == cos.FrequencyMonthly
	switch {
	case monthly && monthlyDate.IsNull():
		diags.AddAttributeError(pathMonthlyDate, "Missing Attribute",
			fmt.Sprintf("A %s job needs monthly_date, the day of the month on which it runs (%d to %d).", cos.FrequencyMonthly, cos.MonthlyDateMin, cos.MonthlyDateMax))
	case !monthly && !monthlyDate.IsNull():
		diags.AddAttributeError(pathMonthlyDate, "Invalid Attribute Combination",
			fmt.Sprintf("A %s job takes no monthly_date: leave it out, or set the frequency to %s.", frequency.ValueString(), cos.FrequencyMonthly))
	}
	return diags
}

// checkDestination refuses a bare bucket name and shows the right value. It needs the region for
// that, and skips the check while the region is unknown or malformed.
func checkDestination(bucket, region types.String) (diags diag.Diagnostics) {
	name := bucket.ValueString()
	if cos.CheckRegion(region.ValueString()) != nil || cos.CheckBucket(name) != nil {
		return nil
	}
	diags.AddAttributeError(pathDestinationBucket, "Invalid Attribute Value",
		fmt.Sprintf("destination.bucket is written with its region: %q instead of %q.", cos.Bucket{Region: region.ValueString(), Name: name}.QCS(), name))
	return diags
}

// checkDestinationRegion warns of a destination that COS does not deliver to. It is not an error,
// because COS may lift this rule.
//
// https://www.tencentcloud.com/document/product/436/30622
func checkDestinationRegion(bucket, region types.String) diag.Diagnostics {
	destination, err := cos.ParseBucketQCS(bucket.ValueString())
	if err != nil || region.ValueString() == "" || destination.Region == region.ValueString() {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(pathDestination, "Destination in Another Region", fmt.Sprintf(
		"The destination bucket %s is in region %s, the source bucket in region %s. COS accepts such a job, but delivers no inventory report: "+
			"both buckets must be in one region. Choose a destination bucket in %[3]s.", destination.Name, destination.Region, region.ValueString()))}
}

// usablePrefix warns of a prefix that COS accepts and that no object's key can have, or is unlikely
// to have, and shows the right form.
//
// https://www.tencentcloud.com/document/product/436/13324
type usablePrefix struct {
	undescribed
	isDestination bool // COS adds a / to it, and it selects nothing
}

func (v usablePrefix) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	prefix := req.ConfigValue.ValueString() // "" for null and unknown
	var wrong []string
	right := strings.Trim(prefix, "\r\n")
	if right != prefix {
		wrong = append(wrong, "Texts from YAML and here-documents begin or end with a line break, which is part of the prefix: remove it with trimspace().")
	}
	if trimmed := strings.TrimLeft(right, `/\`); trimmed != right {
		right = trimmed
		wrong = append(wrong, `By COS's rules, no object's key starts with / or \.`)
		if !v.isDestination {
			wrong = append(wrong, "It matches nothing.")
		}
	}
	if v.isDestination && strings.HasSuffix(right, "/") {
		right = strings.TrimRight(right, "/")
		wrong = append(wrong, "COS adds a / itself, so the keys of the reports have two.")
	}
	if !v.isDestination && len(right) > cos.MaxKey {
		wrong = append(wrong, fmt.Sprintf("It has %d bytes, and an object's key at most %d: it matches nothing.", len(prefix), cos.MaxKey))
		right = ""
	}
	if len(wrong) == 0 {
		return
	}
	remedy := "Leave it out."
	if right != "" {
		remedy = "Write " + hclString(right) + "."
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Unusual Prefix", fmt.Sprintf("%s is %q. %s %s", req.Path, prefix, strings.Join(wrong, " "), remedy))
}
