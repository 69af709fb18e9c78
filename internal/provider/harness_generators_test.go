// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"pgregory.net/rapid"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// generators draw a value for each attribute that holds one, by its path in the schema. The
// structure comes from the schema: an attribute without a generator fails every test that needs
// one.
var generators = map[string]*rapid.Generator[any]{
	"bucket":                   anyOf(testBucket),
	"id":                       anyOf("nightly"),
	"region":                   anyOf(testRegion, secondRegion),
	"is_enabled":               anyOf(true, false),
	"included_object_versions": anyOf("All", "Current"),
	"optional_fields":          anyOf([]any{"Size"}, []any{"ETag", "Tag"}),
	"filter.prefix":            anyOf("a/", "<&>", "团队/"),
	"filter.tags":              anyOf(object{"k": "v"}, object{"k": "", "l": "w"}),
	"filter.storage_class":     anyOf("STANDARD_IA"),
	"filter.period.start_time": anyOf(int64(1767225600)),
	"filter.period.end_time":   anyOf(int64(1798761599)),
	"schedule.frequency":       rapid.Map(rapid.SampledFrom(cos.Frequencies), func(s string) any { return s }),
	"schedule.monthly_date":    rapid.Map(rapid.Int64Range(cos.MonthlyDateMin, cos.MonthlyDateMax), func(n int64) any { return n }),
	"destination.bucket":       anyOf(testDestination, otherAccountBucket),
	"destination.account_id":   anyOf("100000000001"),
	"destination.prefix":       anyOf("reports"),
	"destination.format":       anyOf("CSV", "ORC"),
	"timeouts.create":          anyOf("10s"),
	"timeouts.read":            anyOf("10s"),
	"timeouts.update":          anyOf("10s"),
	"timeouts.delete":          anyOf("10s"),
}

func anyOf(values ...any) *rapid.Generator[any] { return rapid.SampledFrom(values) }

// derived make the values that COS or the configuration does not hold: they follow from the job.
var derived = map[string]func(job object) any{
	"report_prefix": func(job object) any {
		destination, _ := job["destination"].(object)
		id, _ := job["id"].(string)
		bucket, _ := job["bucket"].(string)
		prefix, _ := destination["prefix"].(string)
		return cos.ReportPrefix(bucket, id, prefix)
	},
}

// drawJob draws a job as a configuration could spell it out, without the derived values.
func drawJob(t *rapid.T) object {
	job := drawObject(t, "", bucketInventorySchema(t.Context()).Attributes)
	makeValid(t, job)
	return job
}

// makeValid makes the attributes of a job fit each other, as COS and validation demand it.
func makeValid(t *rapid.T, job object) {
	if filter, ok := job["filter"].(object); ok && filter["tags"] != nil {
		job["optional_fields"] = []any{"Tag"}
	}
	if schedule, ok := job["schedule"].(object); ok {
		schedule["monthly_date"] = nil
		if schedule["frequency"] == cos.FrequencyMonthly {
			schedule["monthly_date"] = generators["schedule.monthly_date"].Draw(t, "monthly_date")
		}
	}
	destination, ok := job["destination"].(object)
	if ok && destination["encryption"] != nil {
		destination["encryption"] = object{"sse_cos": object{}}
	}
	switch {
	case !ok:
	case job["region"] == secondRegion:
		destination["bucket"] = secondDestination // COS delivers within a region
	case destination["bucket"] == secondDestination:
		destination["bucket"] = testDestination
	}
}

func drawObject(t *rapid.T, prefix string, attributes map[string]schema.Attribute) object {
	drawn := object{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) { // the same each time
		attribute := attributes[name]
		path := prefix + name
		if !attribute.IsRequired() && !attribute.IsOptional() {
			if derived[path] == nil {
				t.Fatalf("%s is computed, and nothing derives it", path)
			}
			continue
		}
		if attribute.IsOptional() && !attribute.IsComputed() && !rapid.Bool().Draw(t, path+" is set") {
			continue
		}
		if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
			drawn[name] = drawObject(t, path+".", nested.Attributes)
			continue
		}
		generate := generators[path]
		if generate == nil {
			t.Fatalf("no generator makes a %s", path)
		}
		drawn[name] = generate.Draw(t, path)
	}
	return drawn
}

// drawState draws the state of a job.
func drawState(t *rapid.T) object {
	job := drawJob(t)
	for name, derive := range derived {
		job[name] = derive(job)
	}
	return job
}

// drawConfig draws a configuration that says what the state is, or leaves to the provider what it
// may: every attribute that is computed.
func drawConfig(t *rapid.T, attributes map[string]schema.Attribute, state object) object {
	config := object{}
	for _, name := range slices.Sorted(maps.Keys(state)) {
		attribute, value := attributes[name], state[name]
		if attribute.IsComputed() && (!attribute.IsOptional() || rapid.Bool().Draw(t, name+" is left out")) {
			continue
		}
		if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
			if members, ok := value.(object); ok {
				value = drawConfig(t, nested.Attributes, members)
			}
		}
		config[name] = value
	}
	return config
}

// rapidTB is a [testing.TB] for the harness: its failures are those of one of rapid's runs, which
// rapid then shrinks.
type rapidTB struct {
	*rapid.T
	below
}

type (
	below  struct{ bottom }
	bottom struct{ testing.TB }
)

func newRapidTB(t *rapid.T, test testing.TB) testing.TB { return rapidTB{t, below{bottom{test}}} }
