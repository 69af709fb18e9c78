// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// generators make a random value for each attribute that holds one, by its path in the schema. The
// structure comes from the schema: an attribute without a generator fails every test that needs
// one.
var generators = map[string]func(r *rand.Rand) any{
	"bucket":                   always(testBucket),
	"id":                       always("nightly"),
	"region":                   oneOfThese(testRegion, secondRegion),
	"is_enabled":               func(r *rand.Rand) any { return r.IntN(4) > 0 },
	"included_object_versions": oneOfThese("All", "Current"),
	"optional_fields":          func(r *rand.Rand) any { return []any{"Tag", oneOfThese("Size", "ETag")(r)} },
	"filter.prefix":            oneOfThese("a/", "<&>", "团队/"),
	"filter.tags":              func(r *rand.Rand) any { return object{"k": oneOfThese("v", "")(r), "l": "w"} },
	"filter.storage_class":     always("STANDARD_IA"),
	"filter.period.start_time": always(int64(1767225600)),
	"filter.period.end_time":   always(int64(1798761599)),
	"schedule.frequency":       oneOfThese(cos.Frequencies()...),
	"schedule.monthly_date":    func(r *rand.Rand) any { return cos.MonthlyDateMin + r.Int64N(cos.MonthlyDateMax) },
	"destination.bucket":       always(testDestination),
	"destination.account_id":   always("100000000001"),
	"destination.prefix":       always("reports"),
	"destination.format":       oneOfThese("CSV", "CSV", "CSV", "ORC"),
	"timeouts.create":          always("10s"),
	"timeouts.read":            always("10s"),
	"timeouts.update":          always("10s"),
	"timeouts.delete":          always("10s"),
}

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

func always(v any) func(*rand.Rand) any { return func(*rand.Rand) any { return v } }

func oneOfThese(values ...string) func(*rand.Rand) any {
	return func(r *rand.Rand) any { return values[r.IntN(len(values))] }
}

// randomJob is a job as a configuration could spell it out, without the derived values.
func randomJob(t testing.TB, r *rand.Rand) object {
	t.Helper()
	job := randomObject(t, r, "", bucketInventorySchema(t.Context()).Attributes)
	if filter, ok := job["filter"].(object); ok && filter["tags"] != nil {
		job["optional_fields"] = []any{"Tag"} // which tags need
	}
	if schedule, ok := job["schedule"].(object); ok {
		schedule["monthly_date"] = nil
		if schedule["frequency"] == cos.FrequencyMonthly {
			schedule["monthly_date"] = generators["schedule.monthly_date"](r)
		}
	}
	if destination, ok := job["destination"].(object); ok && destination["encryption"] != nil {
		destination["encryption"] = object{"sse_cos": object{}} // which validation requires
	}
	if destination, ok := job["destination"].(object); ok && job["region"] == secondRegion {
		destination["bucket"] = secondDestination // COS delivers within a region
	}
	return job
}

func randomObject(t testing.TB, r *rand.Rand, prefix string, attributes map[string]schema.Attribute) object {
	t.Helper()
	made := object{}
	for _, name := range slices.Sorted(maps.Keys(attributes)) { // the same each time
		attribute := attributes[name]
		path := prefix + name
		if !attribute.IsRequired() && !attribute.IsOptional() {
			if derived[path] == nil {
				t.Fatalf("%s is computed, and nothing derives it", path)
			}
			continue
		}
		if attribute.IsOptional() && !attribute.IsComputed() && r.IntN(2) == 0 {
			continue
		}
		if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
			made[name] = randomObject(t, r, path+".", nested.Attributes)
			continue
		}
		generate := generators[path]
		if generate == nil {
			t.Fatalf("no generator makes a %s", path)
		}
		made[name] = generate(r)
	}
	return made
}

// randomState is the state of a random job.
func randomState(t testing.TB, r *rand.Rand) object {
	t.Helper()
	job := randomJob(t, r)
	for name, derive := range derived {
		job[name] = derive(job)
	}
	return job
}

// randomConfig is a configuration that says what the state is, or leaves to the provider what it
// may: every attribute that is computed.
func randomConfig(r *rand.Rand, attributes map[string]schema.Attribute, state object) object {
	config := object{}
	for name, value := range state {
		attribute := attributes[name]
		if attribute.IsComputed() && (!attribute.IsOptional() || r.IntN(2) == 0) {
			continue
		}
		if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
			if members, ok := value.(object); ok {
				value = randomConfig(r, nested.Attributes, members)
			}
		}
		config[name] = value
	}
	return config
}
