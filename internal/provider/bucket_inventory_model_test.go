// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// dice makes models and documents of bytes, so that a fuzzer can steer them. Beyond the last byte,
// everything is absent.
type dice struct{ bytes []byte }

func (d *dice) roll() byte {
	if len(d.bytes) == 0 {
		return 0
	}
	b := d.bytes[0]
	d.bytes = d.bytes[1:]
	return b
}

func (d *dice) present() bool { return d.roll()%2 == 1 }

// text is short, of any valid characters in the form that Terraform keeps, and never empty.
func (d *dice) text() string {
	var b strings.Builder
	for n := d.roll()%4 + 1; n > 0; n-- {
		b.WriteRune(rune(d.roll())<<3 + 1)
	}
	return norm.NFC.String(b.String())
}

func (d *dice) textOrNone() string {
	if d.present() {
		return d.text()
	}
	return ""
}

func (d *dice) numberOrNil() *int64 {
	if !d.present() {
		return nil
	}
	n := int64(d.roll()) - 100
	return &n
}

func (d *dice) inventory(id string) cos.Inventory {
	inv := cos.Inventory{
		ID:                     id,
		IsEnabled:              d.present(),
		IncludedObjectVersions: d.textOrNone(),
		Schedule:               cos.Schedule{Frequency: d.textOrNone(), MonthlyDate: d.numberOrNil()},
		Destination: cos.Destination{
			Bucket: d.textOrNone(), AccountID: d.textOrNone(), Prefix: d.textOrNone(), Format: d.textOrNone(), SSECOS: d.present(),
		},
	}
	for n := d.roll() % 4; n > 0; n-- {
		inv.OptionalFields = append(inv.OptionalFields, fmt.Sprint(n, d.text()))
	}
	if d.present() {
		inv.Filter = &cos.Filter{Prefix: d.textOrNone(), StorageClass: d.textOrNone()}
		if d.present() {
			inv.Filter.Period = &cos.Period{StartTime: d.numberOrNil(), EndTime: d.numberOrNil()}
		}
		for n := d.roll() % 4; n > 0; n-- {
			if inv.Filter.Tags == nil {
				inv.Filter.Tags = map[string]string{}
			}
			inv.Filter.Tags[d.text()] = d.textOrNone()
		}
	}
	return inv
}

func (d *dice) string() types.String {
	if d.present() {
		return types.StringValue(d.text())
	}
	return types.StringNull()
}

// model is one that a configuration can describe: null, but never empty.
func (d *dice) model(job cos.Job) bucketInventoryModel {
	m := bucketInventoryModel{
		reportModel: reportModel{
			Bucket:                 types.StringValue(job.Name),
			ID:                     types.StringValue(job.ID),
			Region:                 types.StringValue(job.Region),
			IncludedObjectVersions: d.string(),
			OptionalFields:         types.SetNull(types.StringType),
			Destination:            &destinationModel{Bucket: d.string(), AccountID: d.string(), Prefix: d.string(), Format: d.string()},
		},
		IsEnabled: types.BoolValue(d.present()),
		Schedule:  &scheduleModel{Frequency: d.string(), MonthlyDate: types.Int64PointerValue(d.numberOrNil())},
	}
	m.ReportPrefix = types.StringValue(cos.ReportPrefix(job.Name, job.ID, m.Destination.Prefix.ValueString()))
	if d.present() {
		m.Destination.Encryption = &encryptionModel{SSECOS: &struct{}{}}
	}
	if n := d.roll() % 4; n > 0 {
		var fields []attr.Value
		for ; n > 0; n-- {
			fields = append(fields, types.StringValue(fmt.Sprint(n, d.text())))
		}
		m.OptionalFields = types.SetValueMust(types.StringType, fields)
	}
	if d.present() {
		m.Filter = &filterModel{Prefix: d.string(), StorageClass: d.string(), Tags: types.MapNull(types.StringType)}
		if n := d.roll() % 4; n > 0 {
			tags := map[string]attr.Value{}
			for ; n > 0; n-- {
				tags[d.text()] = types.StringValue(d.textOrNone())
			}
			m.Filter.Tags = types.MapValueMust(types.StringType, tags)
		}
		if d.present() {
			m.Filter.Period = &periodModel{StartTime: types.Int64PointerValue(d.numberOrNil()), EndTime: types.Int64PointerValue(d.numberOrNil())}
		}
	}
	return m
}

// checkRoundTrips: neither direction loses or invents anything.
func checkRoundTrips(t *testing.T, bytes []byte) {
	t.Helper()
	job := cos.Bucket{Region: testRegion, Name: testBucket}.Job("nightly")

	inv := (&dice{bytes}).inventory(job.ID)
	model, diags := flatten(t.Context(), job, inv)
	if diags.HasError() {
		t.Fatalf("flatten(%+v): %v", inv, diags)
	}
	if got, diags := model.expand(t.Context()); diags.HasError() || !reflect.DeepEqual(got, inv) {
		t.Errorf("expand(flatten(inv)) is\n%+v, %v\nwant\n%+v", got, diags, inv)
	}
	if model.job("elsewhere") != job {
		t.Errorf("flatten(job) is about %+v, not %+v", model.job("elsewhere"), job)
	}

	model = (&dice{bytes}).model(job)
	inv, diags = model.expand(t.Context())
	if diags.HasError() {
		t.Fatalf("expand(%+v): %v", model, diags)
	}
	if got, diags := flatten(t.Context(), job, inv); diags.HasError() || !reflect.DeepEqual(got, model) {
		t.Errorf("flatten(expand(m)) is\n%+v, %v\nwant\n%+v", got, diags, model)
	}
}

func TestExpandFlatten(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) // the same each time
	for range 5000 {
		bytes := make([]byte, random.IntN(120))
		for i := range bytes {
			bytes[i] = byte(random.Uint32())
		}
		checkRoundTrips(t, bytes)
		if t.Failed() {
			return
		}
	}
}

func FuzzExpandFlatten(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte(strings.Repeat("\x01", 200)))
	f.Add([]byte("the quick brown fox jumps over the lazy dog, and all of its members with it, again and again and again"))
	f.Fuzz(checkRoundTrips)
}

// What COS may send empty, and what it has no word about, is null and not "".
func TestFlatten_absent(t *testing.T) {
	t.Parallel()
	job := cos.Bucket{Region: testRegion, Name: testBucket}.Job("nightly")
	got, diags := flatten(t.Context(), job, cos.Inventory{ID: job.ID, OptionalFields: []string{}})
	if diags.HasError() {
		t.Fatal(diags)
	}
	want := bucketInventoryModel{
		reportModel: reportModel{
			Bucket: types.StringValue(job.Name), ID: types.StringValue(job.ID), Region: types.StringValue(job.Region),
			OptionalFields: types.SetNull(types.StringType), Destination: &destinationModel{},
		},
		IsEnabled: types.BoolValue(false), Schedule: &scheduleModel{},
		ReportPrefix: types.StringValue("1250000000/examplebucket/nightly/"),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

// What is not known yet, or not there, is not sent.
func TestExpand_unknown(t *testing.T) {
	t.Parallel()
	m := bucketInventoryModel{reportModel: reportModel{
		ID: types.StringValue("nightly"), Region: types.StringUnknown(),
		Destination: &destinationModel{Bucket: types.StringValue(testDestination), AccountID: types.StringUnknown()},
	}}
	got, diags := m.expand(t.Context())
	if want := (cos.Inventory{ID: "nightly", Destination: cos.Destination{Bucket: testDestination}}); diags.HasError() || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, diags, want)
	}
	if job := m.job(testRegion); job.Region != testRegion {
		t.Errorf("the region is %q, not the provider's", job.Region)
	}
}
