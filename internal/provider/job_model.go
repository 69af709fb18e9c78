// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// bucketInventoryResourceModel is a job as its configuration, plan and state have it.
type bucketInventoryResourceModel struct {
	bucketInventoryModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// bucketInventoryModel is a job with its bucket and region. Its members mirror the document. Those
// that the document omits are null, never empty.
type bucketInventoryModel struct {
	reportModel
	IsEnabled    types.Bool     `tfsdk:"is_enabled"`
	Schedule     *scheduleModel `tfsdk:"schedule"`
	ReportPrefix types.String   `tfsdk:"report_prefix"`
}

// reportModel is what scheduled jobs and one-time jobs have in common.
type reportModel struct {
	Bucket                 types.String      `tfsdk:"bucket"`
	ID                     types.String      `tfsdk:"id"`
	Region                 types.String      `tfsdk:"region"`
	IncludedObjectVersions types.String      `tfsdk:"included_object_versions"`
	Filter                 *filterModel      `tfsdk:"filter"`
	OptionalFields         types.Set         `tfsdk:"optional_fields"`
	Destination            *destinationModel `tfsdk:"destination"`
}

type filterModel struct {
	Prefix       types.String `tfsdk:"prefix"`
	Tags         types.Map    `tfsdk:"tags"`
	StorageClass types.String `tfsdk:"storage_class"`
	Period       *periodModel `tfsdk:"period"`
}

type periodModel struct {
	StartTime types.Int64 `tfsdk:"start_time"`
	EndTime   types.Int64 `tfsdk:"end_time"`
}

type scheduleModel struct {
	Frequency   types.String `tfsdk:"frequency"`
	MonthlyDate types.Int64  `tfsdk:"monthly_date"`
}

type destinationModel struct {
	Bucket     types.String     `tfsdk:"bucket"`
	AccountID  types.String     `tfsdk:"account_id"`
	Prefix     types.String     `tfsdk:"prefix"`
	Format     types.String     `tfsdk:"format"`
	Encryption *encryptionModel `tfsdk:"encryption"`
}

type encryptionModel struct {
	SSECOS *struct{} `tfsdk:"sse_cos"`
}

// job returns the job that the model describes. If the model has no region, it is the provider's.
func (m reportModel) job(providerRegion string) cos.Job {
	bucket := cos.Bucket{Region: m.Region.ValueString(), Name: m.Bucket.ValueString()}
	if bucket.Region == "" {
		bucket.Region = providerRegion
	}
	return bucket.Job(m.ID.ValueString())
}

// fill sets what a planned job learns from a write: from its name, from what was sent, and from
// what COS shows of it.
func (m *bucketInventoryModel) fill(job cos.Job, sent, shown cos.Inventory) {
	m.Region = types.StringValue(job.Region)
	m.ReportPrefix = types.StringValue(cos.ReportPrefix(job.Name, job.ID, sent.Destination.Prefix))
	if m.Destination.AccountID.IsUnknown() {
		m.Destination.AccountID = stringOrNull(shown.Destination.AccountID)
	}
}

// expand returns the document that the model describes. It omits unknown values: during an apply,
// only values that COS fills in are still unknown.
func (m bucketInventoryModel) expand(ctx context.Context) (cos.Inventory, diag.Diagnostics) {
	inv, diags := m.reportModel.expand(ctx)
	inv.IsEnabled = m.IsEnabled.ValueBool()
	if s := m.Schedule; s != nil {
		inv.Schedule = cos.Schedule{Frequency: s.Frequency.ValueString(), MonthlyDate: s.MonthlyDate.ValueInt64Pointer()}
	}
	return inv, diags
}

func (m reportModel) expand(ctx context.Context) (cos.Inventory, diag.Diagnostics) {
	var diags diag.Diagnostics
	inv := cos.Inventory{
		ID:                     m.ID.ValueString(),
		IncludedObjectVersions: m.IncludedObjectVersions.ValueString(),
	}
	if !m.OptionalFields.IsNull() {
		diags.Append(m.OptionalFields.ElementsAs(ctx, &inv.OptionalFields, false)...)
	}
	if f := m.Filter; f != nil {
		inv.Filter = &cos.Filter{Prefix: f.Prefix.ValueString(), StorageClass: f.StorageClass.ValueString()}
		if !f.Tags.IsNull() {
			diags.Append(f.Tags.ElementsAs(ctx, &inv.Filter.Tags, false)...)
		}
		if p := f.Period; p != nil {
			inv.Filter.Period = &cos.Period{StartTime: p.StartTime.ValueInt64Pointer(), EndTime: p.EndTime.ValueInt64Pointer()}
		}
	}
	if d := m.Destination; d != nil {
		inv.Destination = cos.Destination{
			Bucket:    d.Bucket.ValueString(),
			AccountID: d.AccountID.ValueString(),
			Prefix:    d.Prefix.ValueString(),
			Format:    d.Format.ValueString(),
			SSECOS:    d.Encryption != nil,
		}
	}
	return inv, diags
}

// flatten returns the model of the document that COS holds.
func flatten(ctx context.Context, job cos.Job, inv cos.Inventory) (bucketInventoryModel, diag.Diagnostics) {
	var diags, d diag.Diagnostics
	m := bucketInventoryModel{
		reportModel: reportModel{
			Bucket:                 types.StringValue(job.Name),
			ID:                     types.StringValue(job.ID),
			Region:                 types.StringValue(job.Region),
			IncludedObjectVersions: stringOrNull(inv.IncludedObjectVersions),
			OptionalFields:         types.SetNull(types.StringType),
			Destination: &destinationModel{
				Bucket:    stringOrNull(inv.Destination.Bucket),
				AccountID: stringOrNull(inv.Destination.AccountID),
				Prefix:    stringOrNull(inv.Destination.Prefix),
				Format:    stringOrNull(inv.Destination.Format),
			},
		},
		IsEnabled: types.BoolValue(inv.IsEnabled),
		Schedule: &scheduleModel{
			Frequency:   stringOrNull(inv.Schedule.Frequency),
			MonthlyDate: types.Int64PointerValue(inv.Schedule.MonthlyDate),
		},
		ReportPrefix: types.StringValue(cos.ReportPrefix(job.Name, job.ID, inv.Destination.Prefix)),
	}
	if len(inv.OptionalFields) > 0 {
		m.OptionalFields, d = types.SetValueFrom(ctx, types.StringType, inv.OptionalFields)
		diags.Append(d...)
	}
	if f := inv.Filter; f != nil {
		m.Filter = &filterModel{
			Prefix:       stringOrNull(f.Prefix),
			Tags:         types.MapNull(types.StringType),
			StorageClass: stringOrNull(f.StorageClass),
		}
		if len(f.Tags) > 0 {
			tags := make(map[string]attr.Value, len(f.Tags))
			// Terraform would take keys that differ in form only for one, in any order.
			for _, key := range slices.Sorted(maps.Keys(f.Tags)) {
				tags[norm.NFC.String(key)] = types.StringValue(f.Tags[key]) // an empty value is a value
			}
			m.Filter.Tags, d = types.MapValue(types.StringType, tags)
			diags.Append(d...)
		}
		if p := f.Period; p != nil {
			m.Filter.Period = &periodModel{StartTime: types.Int64PointerValue(p.StartTime), EndTime: types.Int64PointerValue(p.EndTime)}
		}
	}
	if inv.Destination.SSECOS {
		m.Destination.Encryption = &encryptionModel{SSECOS: &struct{}{}}
	}
	return m, diags
}

// stringOrNull returns null for an empty string from COS.
func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// noTimeouts returns a null timeouts object, for jobs that are read without a configuration.
func noTimeouts() timeouts.Value {
	text := types.StringType
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{"create": text, "read": text, "update": text, "delete": text})}
}

// A module that passes optional values through often passes {}, [] or an object of nulls for an
// omitted value. All of them mean the same as null, and the document has no element for any of
// them. Terraform tells them apart, so the state keeps the spelling of the configuration.

// isUnset reports whether a value sets nothing: it is null, an empty collection, or an object
// of such values. An object without attributes, such as sse_cos, is set by being there.
func isUnset(value tftypes.Value) bool {
	if value.IsNull() {
		return true
	}
	if !value.IsKnown() {
		return false
	}
	switch typ := value.Type().(type) {
	case tftypes.Object:
		members, ok := objectMembers(value)
		for _, member := range members {
			ok = ok && isUnset(member)
		}
		return ok && len(typ.AttributeTypes) > 0
	case tftypes.Map:
		var elements map[string]tftypes.Value
		return value.As(&elements) == nil && len(elements) == 0
	case tftypes.Set, tftypes.List:
		var elements []tftypes.Value
		return value.As(&elements) == nil && len(elements) == 0
	}
	return false
}

// keepSpelling returns the current value. Where both values set nothing, it keeps the spelling of
// the prior one.
func keepSpelling(prior, current tftypes.Value) tftypes.Value {
	if isUnset(current) && isUnset(prior) {
		return prior
	}
	return eachMember(current, func(name string, member tftypes.Value) tftypes.Value {
		if members, ok := objectMembers(prior); ok {
			return keepSpelling(members[name], member)
		}
		return member
	})
}

// nullIfUnset returns the value with null in place of every member that sets nothing.
func nullIfUnset(value tftypes.Value) tftypes.Value {
	if isUnset(value) {
		return tftypes.NewValue(value.Type(), nil)
	}
	return eachMember(value, func(_ string, member tftypes.Value) tftypes.Value { return nullIfUnset(member) })
}

// eachMember applies a change to every member of an object. It returns any other value unchanged.
func eachMember(value tftypes.Value, change func(name string, member tftypes.Value) tftypes.Value) tftypes.Value {
	members, ok := objectMembers(value)
	if !ok {
		return value
	}
	changed := make(map[string]tftypes.Value, len(members)) // members are the value's own
	for name, member := range members {
		changed[name] = change(name, member)
	}
	return tftypes.NewValue(value.Type(), changed)
}

func objectMembers(value tftypes.Value) (members map[string]tftypes.Value, ok bool) {
	if !value.Type().Is(tftypes.Object{}) || value.IsNull() || !value.IsKnown() {
		return nil, false
	}
	return members, value.As(&members) == nil
}
