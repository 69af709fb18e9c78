// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// phase is one configuration of a job, the state that it leads to, and the document that COS then
// holds.
type phase struct {
	lines []string
	state members
	wire  wireJob
}

// attributeCase is the life of one attribute: set, changed and removed again, or set, removed and
// set again where it has two values only.
type attributeCase struct {
	phases   [3]phase
	imported plancheck.ResourceActionType // default: nothing to do
	changed  plancheck.ResourceActionType // default: an update in place
}

func attributeCases() map[string]attributeCase {
	tags := func(values map[string]knownvalue.Check) members {
		return members{"filter": filterState(members{"tags": knownvalue.MapExact(values)}), "optional_fields": textSet("Tag")}
	}
	const tagField = "<Field>Tag</Field>"
	timeouts := func(given members) members {
		whole := members{"create": knownvalue.Null(), "read": knownvalue.Null(), "update": knownvalue.Null(), "delete": knownvalue.Null()}
		maps.Copy(whole, given)
		return members{"timeouts": knownvalue.ObjectExact(whole)}
	}
	all := phase{[]string{`included_object_versions = "All"`}, members{"included_object_versions": text("All")}, wireJob{versions: "All"}}
	orc := destinationPhase(`format = "ORC"`, members{"format": text("ORC")}, wireJob{format: "ORC"})
	sseCOS := knownvalue.ObjectExact(members{"sse_cos": knownvalue.ObjectExact(nil)})
	encrypted := destinationPhase(`encryption = { sse_cos = {} }`, members{"encryption": sseCOS}, wireJob{encrypted: true})
	return map[string]attributeCase{
		"is_enabled": {phases: [3]phase{
			{lines: []string{"is_enabled = true"}},
			{[]string{"is_enabled = false"}, members{"is_enabled": knownvalue.Bool(false)}, wireJob{disabled: true}},
			{},
		}},
		"included_object_versions": {phases: [3]phase{all, {}, all}},
		"filter_prefix": {phases: [3]phase{
			{[]string{`filter = { prefix = "logs/" }`}, members{"filter": filterState(members{"prefix": text("logs/")})}, wireJob{filter: "<Prefix>logs/</Prefix>"}},
			{[]string{`filter = { prefix = "data/" }`}, members{"filter": filterState(members{"prefix": text("data/")})}, wireJob{filter: "<Prefix>data/</Prefix>"}},
			{},
		}},
		"filter_tags": {phases: [3]phase{
			{
				[]string{`filter = { tags = { team = "a", empty = "" } }`, `optional_fields = ["Tag"]`},
				tags(members{"team": text("a"), "empty": text("")}),
				wireJob{filter: "<And><Tag><Key>empty</Key><Value></Value></Tag><Tag><Key>team</Key><Value>a</Value></Tag></And>", fields: tagField},
			},
			{
				[]string{`filter = { tags = { team = "b" } }`, `optional_fields = ["Tag"]`},
				tags(members{"team": text("b")}),
				wireJob{filter: "<And><Tag><Key>team</Key><Value>b</Value></Tag></And>", fields: tagField},
			},
			{},
		}},
		"filter_storage_class": {phases: [3]phase{
			{
				[]string{`filter = { prefix = "a/", storage_class = "STANDARD_IA" }`},
				members{"filter": filterState(members{"prefix": text("a/"), "storage_class": text("STANDARD_IA")})},
				wireJob{filter: "<And><Prefix>a/</Prefix><StorageClass>STANDARD_IA</StorageClass></And>"},
			},
			{
				[]string{`filter = { prefix = "a/", storage_class = "ARCHIVE" }`},
				members{"filter": filterState(members{"prefix": text("a/"), "storage_class": text("ARCHIVE")})},
				wireJob{filter: "<And><Prefix>a/</Prefix><StorageClass>ARCHIVE</StorageClass></And>"},
			},
			{[]string{`filter = { prefix = "a/" }`}, members{"filter": filterState(members{"prefix": text("a/")})}, wireJob{filter: "<Prefix>a/</Prefix>"}},
		}},
		"filter_period": {phases: [3]phase{
			{
				[]string{`filter = { period = { start_time = 1767225600, end_time = 1798761599 } }`},
				members{"filter": filterState(members{"period": knownvalue.ObjectExact(members{"start_time": number(1767225600), "end_time": number(1798761599)})})},
				wireJob{filter: "<Period><StartTime>1767225600</StartTime><EndTime>1798761599</EndTime></Period>"},
			},
			{
				[]string{`filter = { period = { end_time = 1798761600 } }`},
				members{"filter": filterState(members{"period": knownvalue.ObjectExact(members{"start_time": knownvalue.Null(), "end_time": number(1798761600)})})},
				wireJob{filter: "<Period><EndTime>1798761600</EndTime></Period>"},
			},
			{
				[]string{`filter = { period = { start_time = 1 } }`},
				members{"filter": filterState(members{"period": knownvalue.ObjectExact(members{"start_time": number(1), "end_time": knownvalue.Null()})})},
				wireJob{filter: "<Period><StartTime>1</StartTime></Period>"},
			},
		}},
		"filter_whole": {phases: [3]phase{
			{},
			{
				[]string{`filter = { prefix = "a/", tags = { team = "a" }, period = { start_time = 1 } }`, `optional_fields = ["Size", "Tag"]`},
				members{
					"filter": filterState(members{
						"prefix": text("a/"), "tags": knownvalue.MapExact(members{"team": text("a")}),
						"period": knownvalue.ObjectExact(members{"start_time": number(1), "end_time": knownvalue.Null()}),
					}),
					"optional_fields": textSet("Size", "Tag"),
				},
				wireJob{
					filter: "<And><Prefix>a/</Prefix><Tag><Key>team</Key><Value>a</Value></Tag></And><Period><StartTime>1</StartTime></Period>",
					fields: "<Field>Size</Field><Field>Tag</Field>",
				},
			},
			{},
		}},
		"optional_fields": {phases: [3]phase{
			{
				[]string{`optional_fields = ["x-cos-meta-*", "Size", "Crc64"]`},
				members{"optional_fields": textSet("Crc64", "Size", "x-cos-meta-*")},
				wireJob{fields: "<Field>Crc64</Field><Field>Size</Field><Field>x-cos-meta-*</Field>"},
			},
			{[]string{`optional_fields = ["ETag"]`}, members{"optional_fields": textSet("ETag")}, wireJob{fields: "<Field>ETag</Field>"}},
			{},
		}},
		"schedule_frequency": {phases: [3]phase{
			{[]string{`schedule = { frequency = "Weekly" }`}, members{"schedule": scheduleState(members{"frequency": text("Weekly")})}, wireJob{schedule: "<Frequency>Weekly</Frequency>"}},
			{
				[]string{`schedule = { frequency = "Monthly", monthly_date = 1 }`},
				members{"schedule": scheduleState(members{"frequency": text("Monthly"), "monthly_date": number(1)})},
				wireJob{schedule: "<Frequency>Monthly</Frequency><MonthlyDate>1</MonthlyDate>"},
			},
			{},
		}},
		"schedule_monthly_date": {phases: [3]phase{
			{
				[]string{`schedule = { frequency = "Monthly", monthly_date = 15 }`},
				members{"schedule": scheduleState(members{"frequency": text("Monthly"), "monthly_date": number(15)})},
				wireJob{schedule: "<Frequency>Monthly</Frequency><MonthlyDate>15</MonthlyDate>"},
			},
			{
				[]string{`schedule = { frequency = "Monthly", monthly_date = 31 }`},
				members{"schedule": scheduleState(members{"frequency": text("Monthly"), "monthly_date": number(31)})},
				wireJob{schedule: "<Frequency>Monthly</Frequency><MonthlyDate>31</MonthlyDate>"},
			},
			{},
		}},
		"destination_bucket": {phases: [3]phase{
			{},
			{
				[]string{`destination = { bucket = "qcs::cos:ap-shanghai::elsewhere-1258888888" }`},
				members{"destination": destinationState(members{"bucket": text("qcs::cos:ap-shanghai::elsewhere-1258888888")})},
				wireJob{bucket: "qcs::cos:ap-shanghai::elsewhere-1258888888"},
			},
			{},
		}},
		"destination_prefix": {phases: [3]phase{
			prefixPhase("inv"), prefixPhase("all/inventories"), {},
		}},
		"destination_account": {phases: [3]phase{
			accountPhase("100000000042"), accountPhase("100000000043"), accountPhase("100000000042"),
		}},
		"destination_format":     {phases: [3]phase{orc, {}, orc}},
		"destination_encryption": {phases: [3]phase{encrypted, {}, encrypted}},
		"region": {
			phases:  [3]phase{{lines: []string{`region = "` + testRegion + `"`}}, {}, {lines: []string{`region = "` + testRegion + `"`}}},
			changed: plancheck.ResourceActionNoop,
		},
		// What a module passes on for nothing, and then something, and then nothing in another
		// spelling. An import knows no spelling, so the first plan after it writes the
		// configuration's into the state.
		"filter_nothing": {
			phases: [3]phase{
				{lines: []string{`filter = {}`}, state: members{"filter": filterState(nil)}},
				{[]string{`filter = { prefix = "logs/" }`}, members{"filter": filterState(members{"prefix": text("logs/")})}, wireJob{filter: "<Prefix>logs/</Prefix>"}},
				{lines: []string{`filter = { prefix = null, tags = {}, period = { start_time = null } }`}, state: members{"filter": filterState(members{
					"tags": knownvalue.MapExact(nil), "period": knownvalue.ObjectExact(members{"start_time": knownvalue.Null(), "end_time": knownvalue.Null()}),
				})}},
			},
			imported: plancheck.ResourceActionUpdate,
		},
		"filter_members_nothing": {
			phases: [3]phase{
				{[]string{`filter = { prefix = "logs/", tags = {}, period = {} }`}, members{"filter": filterState(members{
					"prefix": text("logs/"), "tags": knownvalue.MapExact(nil), "period": knownvalue.ObjectExact(members{"start_time": knownvalue.Null(), "end_time": knownvalue.Null()}),
				})}, wireJob{filter: "<Prefix>logs/</Prefix>"}},
				{[]string{`filter = { prefix = "logs/" }`}, members{"filter": filterState(members{"prefix": text("logs/")})}, wireJob{filter: "<Prefix>logs/</Prefix>"}},
				{},
			},
			imported: plancheck.ResourceActionUpdate,
		},
		"optional_fields_nothing": {
			phases: [3]phase{
				{lines: []string{`optional_fields = []`}, state: members{"optional_fields": textSet()}},
				{[]string{`optional_fields = ["Size"]`}, members{"optional_fields": textSet("Size")}, wireJob{fields: "<Field>Size</Field>"}},
				{lines: []string{`optional_fields = []`}, state: members{"optional_fields": textSet()}},
			},
			imported: plancheck.ResourceActionUpdate,
		},
		"timeouts_nothing": {
			phases: [3]phase{
				{lines: []string{`timeouts = {}`}, state: timeouts(nil)},
				{lines: []string{`timeouts = { create = "2m" }`}, state: timeouts(members{"create": text("2m")})},
				{lines: []string{`timeouts = { create = null, read = null }`}, state: timeouts(nil)},
			},
			imported: plancheck.ResourceActionUpdate,
		},
		"timeouts": {
			phases: [3]phase{
				{lines: []string{`timeouts = { create = "1m" }`}, state: timeouts(members{"create": text("1m")})},
				{
					lines: []string{`timeouts = { create = "2m", read = "90s", update = "3m", delete = "4m" }`},
					state: timeouts(members{"create": text("2m"), "read": text("90s"), "update": text("3m"), "delete": text("4m")}),
				},
				{},
			},
			imported: plancheck.ResourceActionUpdate,
		},
	}
}

func destinationPhase(member string, state members, wire wireJob) phase {
	return phase{
		lines: []string{fmt.Sprintf("destination = {\n    bucket = %q\n    %s\n  }", testDestination, member)},
		state: members{"destination": destinationState(state)},
		wire:  wire,
	}
}

func accountPhase(id string) phase {
	return destinationPhase(fmt.Sprintf("account_id = %q", id), members{"account_id": text(id)}, wireJob{account: id})
}

func prefixPhase(prefix string) phase {
	p := destinationPhase(fmt.Sprintf("prefix = %q", prefix), members{"prefix": text(prefix)}, wireJob{prefix: prefix})
	p.state["report_prefix"] = text(prefix + "/1250000000/examplebucket/destination_prefix/")
	return p
}

// TestBucketInventoryResource_attributes leads a job per attribute through all that can happen to
// the attribute. The jobs share the runs of the CLI.
func TestBucketInventoryResource_attributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	cases := attributeCases()
	names := slices.Sorted(maps.Keys(cases))

	step := func(nth int, action func(attributeCase) plancheck.ResourceActionType) resource.TestStep {
		var step resource.TestStep
		for _, name := range names {
			phase, address := cases[name].phases[nth], "cos_bucket_inventory."+name
			step.Config += namedJobConfig(name, name, phase.lines...)
			step.ConfigPlanChecks.PreApply = append(step.ConfigPlanChecks.PreApply, expectAction(address, action(cases[name])))
			step.ConfigStateChecks = append(step.ConfigStateChecks, expectState(address, name, phase.state)...)
		}
		step.PostApplyFunc = func() {
			for _, name := range names {
				if got, want := w.document(name), cases[name].phases[nth].wire.document(name); got != want {
					t.Errorf("phase %d: COS holds %s\nwant %s", nth, got, want)
				}
			}
		}
		return step
	}
	created := step(0, func(attributeCase) plancheck.ResourceActionType { return plancheck.ResourceActionCreate })
	imported := step(0, func(c attributeCase) plancheck.ResourceActionType {
		return cmp.Or(c.imported, plancheck.ResourceActionNoop)
	})
	changed := func(c attributeCase) plancheck.ResourceActionType {
		return cmp.Or(c.changed, plancheck.ResourceActionUpdate)
	}
	var forgotten resource.TestStep
	for _, name := range names {
		forgotten.Config += fmt.Sprintf("removed {\n  from = cos_bucket_inventory.%s\n  lifecycle {\n    destroy = false\n  }\n}\n", name)
		imported.Config += fmt.Sprintf("import {\n  to = cos_bucket_inventory.%s\n  id = \"%s/%[1]s\"\n}\n", name, testBucket)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps:                    []resource.TestStep{created, forgotten, imported, step(1, changed), step(2, changed)},
	})

	for _, name := range names {
		var writes []wireJob // one for each change of the document, and none for anything else
		for _, phase := range cases[name].phases {
			if len(writes) == 0 || writes[len(writes)-1] != phase.wire {
				writes = append(writes, phase.wire)
			}
		}
		w.expectWritten(t, name, writes...)
	}
	if deleted := w.sent()[opDelete]; deleted != len(names) {
		t.Errorf("%d DELETEs for %d jobs", deleted, len(names))
	}
	if left := w.Jobs(testBucket); len(left) > 0 {
		t.Errorf("COS still holds %q", left)
	}
}
