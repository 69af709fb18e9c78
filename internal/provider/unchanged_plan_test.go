// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// randomJob is a job as a state holds it.
func randomJob(r *rand.Rand) object {
	maybe := func(v any) any {
		if r.IntN(2) == 0 {
			return nil
		}
		return v
	}
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	job := jobObject(object{
		"region":                   pick("ap-guangzhou", "ap-shanghai"),
		"is_enabled":               r.IntN(4) > 0,
		"included_object_versions": pick("All", "Current"),
		"filter": maybe(object{
			"prefix":        pick("a/", "<&>", "团队/"),
			"tags":          maybe(object{"k": pick("v", ""), "l": "w"}),
			"storage_class": maybe("STANDARD_IA"),
			"period":        maybe(object{"start_time": maybe(int64(1767225600)), "end_time": int64(1798761599)}),
		}),
		"optional_fields": []any{"Tag", pick("Size", "ETag")},
		"schedule":        object{"frequency": pick("Daily", "Weekly")},
		"destination": object{
			"bucket":     testDestination,
			"account_id": maybe("100000000001"),
			"prefix":     maybe("reports"),
			"format":     pick("CSV", "CSV", "CSV", "ORC"),
			"encryption": maybe(object{"sse_cos": object{}}),
		},
	})
	if r.IntN(4) == 0 {
		job["timeouts"] = object{"read": "1m"}
	}
	return job
}

// randomConfig is a configuration that says what the job is, or leaves to the
// provider what it may.
func randomConfig(r *rand.Rand, job object) object {
	config, destination := object{}, object{}
	for name, member := range job {
		config[name] = member
	}
	was, ok := job["destination"].(object)
	if !ok {
		panic("a job without a destination")
	}
	for name, member := range was {
		destination[name] = member
	}
	config["destination"] = destination
	for _, leave := range []struct {
		in   object
		name string
	}{{config, "region"}, {config, "is_enabled"}, {destination, "account_id"}, {destination, "format"}} {
		if r.IntN(2) == 0 {
			delete(leave.in, leave.name)
		}
	}
	return config
}

// The short cut may only say what the framework says.
func TestUnchangedPlan_isTheFrameworksAnswer(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	unchanged := newUnchangedPlan(newJobType())
	r := rand.New(rand.NewPCG(1, 2))
	sameValue := cmp.Comparer(func(a, b *tfprotov6.DynamicValue) bool { // whatever the order of a map in it
		return bytes.Equal(a.MsgPack, b.MsgPack) || p.member(a).Equal(p.member(b))
	})
	identity := p.identity(object{"bucket": testBucket, "id": "nightly", "region": testRegion})
	taken, left := 0, 0
	for range 2000 {
		prior := randomJob(r)
		config := randomConfig(r, prior)
		req := &tfprotov6.PlanResourceChangeRequest{
			TypeName:         testType,
			PriorState:       p.job(prior),
			ProposedNewState: p.job(proposed(prior, config)),
			Config:           p.job(config),
			PriorIdentity:    []*tfprotov6.ResourceIdentityData{nil, identity}[r.IntN(2)],
			PriorPrivate:     [][]byte{nil, []byte(`{"unmodelled":"WyJGaWx0ZXIvTmV3Il0="}`)}[r.IntN(2)],
		}
		got, ok := unchanged.answer(req)
		if !ok {
			left++
			continue
		}
		taken++
		want := call(p, p.framework.PlanResourceChange, req)
		if diff := cmp.Diff(want, got, sameValue); diff != "" {
			t.Fatalf("prior %v\nconfig %v\nframework - short cut +:\n%s", prior, config, diff)
		}
	}
	if taken < 100 || left < 100 {
		t.Errorf("%d plans took the short cut, %d did not: one side is hardly tested", taken, left)
	}
}

// What a default changes is for the framework to plan.
func TestUnchangedPlan_leavesDefaultsToTheFramework(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	for name, members := range map[string]object{
		"switched off": {"region": testRegion, "is_enabled": false, "destination": object{"bucket": testDestination, "format": "CSV"}},
		"as ORC":       {"region": testRegion, "is_enabled": true, "destination": object{"bucket": testDestination, "format": "ORC"}},
		"no format":    {"region": testRegion, "is_enabled": true, "destination": object{"bucket": testDestination}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prior := jobObject(members)
			config := jobObject(object{"destination": object{"bucket": testDestination}})
			resp := p.plan(prior, config, nil)
			if cmp.Equal(resp.PlannedState, p.job(prior)) {
				t.Error("the plan leaves the job as it is, not as the configuration says")
			}
		})
	}
}
