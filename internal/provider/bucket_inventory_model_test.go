// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fill"
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

func (d *dice) number() int64 { return int64(d.roll()) - 100 }

// fill sets what is required, and everything else as the dice fall.
func (d *dice) fill(target any, required ...string) {
	fill.Maker{
		Present: func(path string) bool {
			return path != "Unmodelled" && (slices.Contains(required, path) || d.present())
		},
		Number: func(string) int64 { return d.number() },
		Text: func(path string) string {
			if path == "OptionalFields" { // a set
				return fmt.Sprint(len(d.bytes), d.text())
			}
			return d.text()
		},
		Other: d.fillAttribute,
	}.Fill(target)
}

// fillAttribute sets an attribute of a model as a configuration can describe it: null, but never
// empty.
func (d *dice) fillAttribute(_ string, target any) bool {
	switch attribute := target.(type) {
	case *types.Bool:
		*attribute = types.BoolValue(d.present())
	case *types.Int64:
		var n *int64
		d.fill(&n)
		*attribute = types.Int64PointerValue(n)
	case *types.String:
		*attribute = types.StringNull()
		if d.present() {
			*attribute = types.StringValue(d.text())
		}
	case *types.Set:
		*attribute = types.SetNull(types.StringType)
		var texts []attr.Value
		for n := d.roll() % 4; n > 0; n-- {
			texts = append(texts, types.StringValue(fmt.Sprint(n, d.text())))
		}
		if len(texts) > 0 {
			*attribute = types.SetValueMust(types.StringType, texts)
		}
	case *types.Map:
		*attribute = types.MapNull(types.StringType)
		texts := map[string]attr.Value{}
		for n := d.roll() % 4; n > 0; n-- {
			texts[d.text()] = types.StringValue(fmt.Sprint(d.roll()))
		}
		if len(texts) > 0 {
			*attribute = types.MapValueMust(types.StringType, texts)
		}
	default:
		return false
	}
	return true
}

func (d *dice) inventory(id string) (inv cos.Inventory) {
	d.fill(&inv)
	inv.ID = id
	return inv
}

func (d *dice) model(job cos.Job) (m bucketInventoryModel) {
	d.fill(&m, "Destination", "Schedule", "Destination.Encryption.SSECOS")
	m.Bucket, m.ID, m.Region = types.StringValue(job.Name), types.StringValue(job.ID), types.StringValue(job.Region)
	m.ReportPrefix = types.StringValue(cos.ReportPrefix(job.Name, job.ID, m.Destination.Prefix.ValueString()))
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

// TestRoundTrip_everyField leads a document that has every field to COS, into the state and back. It
// names the field that is lost, and where.
func TestRoundTrip_everyField(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	accepted := map[string]string{
		"ID": "nightly", "IncludedObjectVersions": "All", "Filter.StorageClass": "STANDARD_IA", "OptionalFields": cos.FieldTag,
		"Schedule.Frequency": cos.FrequencyMonthly, "Destination.Bucket": testDestination, "Destination.AccountID": "100000000001", "Destination.Format": "CSV",
	}
	var want cos.Inventory
	fill.Maker{
		Present: func(path string) bool {
			return path != "Unmodelled" && (path != "OptionalFields" || len(want.OptionalFields) == 0)
		},
		Number: func(path string) int64 { return int64(len(path)) }, // the period's end is later than its start
		Text: func(path string) string {
			if text, ok := accepted[path]; ok {
				return text
			}
			return "a"
		},
	}.Fill(&want)
	want.Filter.Period.EndTime = ptr(*want.Filter.Period.StartTime + 1)

	job := cos.Bucket{Region: testRegion, Name: testBucket}.Job(want.ID)
	client := w.client()
	if err := client.PutInventory(t.Context(), job, want); err != nil {
		t.Fatalf("the fake does not take a document with every field: %v", err)
	}
	held, err := client.GetInventory(t.Context(), job)
	if diff := cmp.Diff(want, held); err != nil || diff != "" {
		t.Fatalf("internal/cos: lost in encode.go (-) or changed by decode.go (+): %v\n%s", err, diff)
	}
	stored, diags := flatten(t.Context(), job, held)
	state := tfsdk.State{Schema: bucketInventorySchema(t.Context()), Raw: tftypes.NewValue(bucketInventorySchema(t.Context()).Type().TerraformType(t.Context()), nil)}
	diags.Append(state.Set(t.Context(), bucketInventoryResourceModel{stored, noTimeouts()})...)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if diff := cmp.Diff(want, documentOf(t, state.Raw)); diff != "" {
		t.Errorf("bucket_inventory_model.go: lost by flatten or expand (-):\n%s", diff)
	}
}

// documentOf is the document that a job's state describes.
func documentOf(t testing.TB, raw tftypes.Value) cos.Inventory {
	t.Helper()
	var model bucketInventoryResourceModel
	diags := tfsdk.State{Schema: bucketInventorySchema(t.Context()), Raw: raw}.Get(t.Context(), &model)
	inv, more := model.expand(t.Context())
	if diags.Append(more...); diags.HasError() {
		t.Fatal(diags)
	}
	return inv
}

// What COS may send empty, and what the document omits, is null and not "".
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
