// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// drawInventory draws a document that COS accepts, by its type, so that a field that is added later
// is drawn as well.
func drawInventory(t *rapid.T) cos.Inventory {
	text := rapid.Map(rapid.StringOfN(rapid.RuneFrom([]rune("ab/<&\" 团é🗃\u2028\ufffd")), 1, 4, -1), norm.NFC.String) // as Terraform keeps it
	optional := func(values ...string) *rapid.Generator[any] { return rapid.SampledFrom(append(values, "")).AsAny() }
	inv := rapid.MakeCustom[cos.Inventory](rapid.MakeConfig{
		Kinds: map[reflect.Kind]*rapid.Generator[any]{
			reflect.String: rapid.OneOf(rapid.Just(""), text).AsAny(),
			reflect.Int64:  rapid.Int64Range(1, 31).AsAny(),
		},
		Fields: map[reflect.Type]map[string]*rapid.Generator[any]{
			reflect.TypeFor[cos.Inventory](): {
				"ID": anyOf("nightly"), "IncludedObjectVersions": anyOf("All", "Current"),
				"OptionalFields": rapid.SampledFrom([][]string{{"Tag"}, {"Size", "Tag"}}).AsAny(), "Unmodelled": rapid.Just([]string(nil)).AsAny(), "Extra": rapid.Just([]string(nil)).AsAny(),
			},
			reflect.TypeFor[cos.Filter]():      {"StorageClass": optional("STANDARD_IA"), "Tags": rapid.OneOf(rapid.Just(map[string]string(nil)), rapid.MapOfN(text, text, 1, 3)).AsAny()},
			reflect.TypeFor[cos.Schedule]():    {"Frequency": anyOf(cos.FrequencyMonthly)},
			reflect.TypeFor[cos.Destination](): {"Bucket": anyOf(testDestination), "AccountID": optional("100000000001"), "Format": anyOf("CSV", "ORC")},
		},
	}).Draw(t, "inventory")
	if inv.Filter != nil && inv.Filter.Period != nil {
		inv.Filter.Period.EndTime = new(int64(32)) // later than any start
	}
	if inv.Schedule.MonthlyDate == nil {
		inv.Schedule.Frequency = "Daily"
	}
	return inv
}

// TestRoundTrip_everyField leads documents to COS, into the state and back. It names the field that
// is lost, and where.
func TestRoundTrip_everyField(t *testing.T) {
	t.Parallel()
	client := newWorld(t, fakecos.Options{}).client()
	job := sourceBucket.Job("nightly")
	rapid.Check(t, func(rt *rapid.T) {
		want := drawInventory(rt)
		if err := client.PutInventory(rt.Context(), job, want); err != nil {
			rt.Fatalf("the fake does not take a document with every field: %v", err)
		}
		held, err := client.GetInventory(rt.Context(), job)
		if diff := cmp.Diff(want, held); err != nil || diff != "" {
			rt.Fatalf("internal/cos: lost in encode.go (-) or changed by decode.go (+): %v\n%s", err, diff)
		}
		stored, diags := flatten(rt.Context(), job, held)
		state := tfsdk.State{Schema: bucketInventorySchema(rt.Context()), Raw: tftypes.NewValue(bucketInventorySchema(rt.Context()).Type().TerraformType(rt.Context()), nil)}
		diags.Append(state.Set(rt.Context(), bucketInventoryResourceModel{stored, noTimeouts()})...)
		if diags.HasError() {
			rt.Fatal(diags)
		}
		if diff := cmp.Diff(want, documentOf(newRapidTB(rt, t), state.Raw)); diff != "" || stored.job("elsewhere") != job {
			rt.Errorf("job_model.go: %v, lost by flatten or expand (-):\n%s", stored.job("elsewhere"), diff)
		}
	})
}

func FuzzExpandFlatten(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		want := drawInventory(t)
		model, diags := flatten(t.Context(), sourceBucket.Job(want.ID), want)
		got, more := model.expand(t.Context())
		if diags.Append(more...); diags.HasError() || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n%s", diags, cmp.Diff(want, got))
		}
	}))
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

func TestKeepNothing(t *testing.T) {
	t.Parallel()
	typ := newProtocol(t, cosProvider{}).typ()
	encrypted := destinationObject(object{"encryption": object{"sse_cos": object{}}})
	for name, test := range map[string]struct{ prior, current, want object }{
		"null":                   {object{}, object{}, object{}},
		"an empty object":        {object{"filter": object{}}, object{}, object{"filter": object{}}},
		"an object of nothing":   {object{"filter": object{"tags": object{}, "period": object{}}}, object{}, object{"filter": object{"tags": object{}, "period": object{}}}},
		"an empty set":           {object{"optional_fields": []any{}}, object{}, object{"optional_fields": []any{}}},
		"a member of something":  {object{"filter": object{"prefix": "a/", "tags": object{}}}, object{"filter": object{"prefix": "b/"}}, object{"filter": object{"prefix": "b/", "tags": object{}}}},
		"something is gone":      {object{"filter": object{"prefix": "a/", "tags": object{}}, "optional_fields": []any{"Size"}}, object{}, object{}},
		"something is there":     {object{"filter": object{}, "optional_fields": []any{}}, object{"filter": object{"prefix": "a/"}, "optional_fields": []any{"Size"}}, object{"filter": object{"prefix": "a/"}, "optional_fields": []any{"Size"}}},
		"encryption is gone":     {encrypted, destinationObject(nil), destinationObject(nil)},
		"encryption is there":    {destinationObject(nil), encrypted, encrypted},
		"an empty tag value":     {object{"filter": object{"tags": object{"team": ""}}}, object{}, object{}},
		"no prior state, import": {nil, object{}, object{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prior := tftypes.NewValue(typ, nil)
			if test.prior != nil {
				prior = newValue(t, typ, jobObject(test.prior))
			}
			current, want := newValue(t, typ, jobObject(test.current)), newValue(t, typ, jobObject(test.want))
			if got := keepSpelling(prior, current); !got.Equal(want) {
				t.Errorf("got %s\nwant %s", got, want)
			}
			if !current.Equal(newValue(t, typ, jobObject(test.current))) {
				t.Error("the value itself was changed")
			}
		})
	}
}
