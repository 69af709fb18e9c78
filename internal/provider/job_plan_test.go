// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	fwresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// noLooks makes plans say nothing of what COS has: it has no time for their looks.
func (w *world) noLooks() {
	w.Inject(fakecos.Fault{Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown})
}

// planCase is the plan of a job.
type planCase struct {
	prior, members object
	planned        object // some values, by their paths
	replaces       string // the attribute for which the job is replaced
	want           []finding
}

func (w *world) expectPlans(t *testing.T, cases map[string]planCase) {
	t.Helper()
	w.noLooks()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := w.configured()
			p.t = t
			response := p.plan(test.prior, jobObject(test.members), nil)
			expectFindings(t, findings(t, response.Diagnostics), test.want...)
			for path, value := range test.planned {
				want := newValue(t, tftypes.String, value)
				if got := p.member(response.PlannedState, strings.Split(path, ".")...); !got.Equal(want) {
					t.Errorf("%s is planned as %s, want %s", path, got, want)
				}
			}
			replaces := ""
			for _, path := range response.RequiresReplace {
				replaces += pathString(t, path)
			}
			if replaces != test.replaces {
				t.Errorf("replaced for %q, want %q", replaces, test.replaces)
			}
		})
	}
}

func TestBucketInventoryResource_planReplace(t *testing.T) {
	t.Parallel()
	newWorld(t, fakecos.Options{}).expectPlans(t, map[string]planCase{
		"bucket":          {prior: storedJob(nil), members: object{"bucket": secondBucket}, replaces: "bucket"},
		"id":              {prior: storedJob(nil), members: object{"id": "hourly"}, replaces: "id"},
		"region":          {prior: storedJob(nil), members: object{"region": secondRegion, "destination": object{"bucket": secondDestination}}, replaces: "region"},
		"bucket, unknown": {prior: storedJob(nil), members: object{"bucket": unknown{}}, replaces: "bucket"},
		"anything else": {prior: storedJob(nil), members: object{
			"filter": object{
				"prefix": "a/", "tags": object{"team": "a"}, "storage_class": "ARCHIVE", "period": object{"start_time": 1, "end_time": 2},
			},
			"optional_fields": []any{"Tag"}, "is_enabled": false, "included_object_versions": "All", "timeouts": object{"create": "1m"},
			"schedule":    object{"frequency": "Monthly", "monthly_date": 1},
			"destination": object{"bucket": otherAccountBucket, "account_id": "1", "prefix": "a", "format": "ORC", "encryption": object{"sse_cos": object{}}},
		}},
	})
}

func TestBucketInventoryResource_planRegion(t *testing.T) {
	t.Parallel()
	bare := object{"destination": object{"bucket": "reports-1250000000"}}
	bareLater := object{"region": unknown{}, "destination": bare["destination"]}
	own := object{"region": secondRegion, "destination": object{"bucket": secondDestination}}
	there := storedJob(object{"region": secondRegion})
	bareAdvice := func(region string) []finding {
		return []finding{{path: "destination", summary: invalidValue, detail: `"qcs::cos:` + region + `::reports-1250000000" instead of "reports-1250000000"`}}
	}
	newWorld(t, fakecos.Options{}).expectPlans(t, map[string]planCase{
		"the provider's":               {planned: object{"region": testRegion}},
		"its own":                      {members: own, planned: object{"region": secondRegion}},
		"that of the job":              {prior: there, planned: object{"region": secondRegion}},
		"bare bucket, the provider's":  {members: bare, want: bareAdvice(testRegion)},
		"bare bucket, that of the job": {prior: there, members: bare, want: bareAdvice(secondRegion)},
		"bare bucket, region later":    {members: bareLater, planned: object{"region": unknown{}}},
	})
	nowhere := newWorld(t, fakecos.Options{})
	nowhere.provider.getenv = environment{envCOSDomain: nowhere.URL}.get
	missing := []finding{{path: "region", summary: "Missing Region", detail: "Set region here, or in the provider's configuration, or TENCENTCLOUD_REGION"}}
	nowhere.expectPlans(t, map[string]planCase{
		"its own alone":                 {members: own, planned: object{"region": secondRegion}},
		"none":                          {want: missing},
		"known later":                   {members: object{"region": unknown{}}, planned: object{"region": unknown{}}},
		"that of the job alone":         {prior: there, planned: object{"region": secondRegion}},
		"bare bucket, no region at all": {members: bare, want: missing},
	})
}

// deliveredNowhere is the warning about a destination that is not in the source bucket's region.
func deliveredNowhere(destination, source string) finding {
	return finding{
		warning: true, path: "destination", summary: "Destination in Another Region",
		detail: "-1250000000 is in region " + destination + ", the source bucket in region " + source + ". COS accepts such a job, but delivers no inventory report",
	}
}

func TestBucketInventoryResource_planDestinationRegion(t *testing.T) {
	t.Parallel()
	elsewhere := object{"destination": object{"bucket": secondDestination, "format": "CSV"}}
	disabled := object{"destination": elsewhere["destination"], "is_enabled": false}
	later := object{"destination": elsewhere["destination"], "region": unknown{}}
	warning := []finding{deliveredNowhere(secondRegion, testRegion)}
	newWorld(t, fakecos.Options{}).expectPlans(t, map[string]planCase{
		"new, same region":             {},
		"new, another region":          {members: elsewhere, want: warning},
		"new, region known later":      {members: later},
		"new, destination known later": {members: object{"destination": unknown{}}},
		"new, bucket known later":      {members: object{"destination": object{"bucket": unknown{}}}},
		"changed to another region":    {prior: storedJob(nil), members: elsewhere, want: warning},
		"as it was":                    {prior: storedJob(elsewhere), members: disabled},
		"as it was, and nothing else":  {prior: storedJob(disabled), members: disabled},
		"changed back to the same":     {prior: storedJob(elsewhere)},
		"the source's region is changed": {
			prior: storedJob(nil), members: object{"region": secondRegion}, replaces: "region", want: []finding{deliveredNowhere(testRegion, secondRegion)},
		},
	})
}

// What is unknown in the first plan is known in the second one, which Terraform makes at apply. It
// may not contradict the first: each value that the first one knows stays.
func TestBucketInventoryResource_unknownParents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	known := object{
		"filter":      object{"prefix": "a/", "tags": object{"team": "a"}, "period": object{"start_time": 1, "end_time": 2}},
		"schedule":    object{"frequency": "Monthly", "monthly_date": 3},
		"destination": object{"bucket": testDestination, "prefix": "reports"},
		"timeouts":    object{"create": "1m"}, "optional_fields": []any{"Tag"},
	}
	within := func(parent, name string, value any) object {
		members, ok := known[parent].(object)
		if !ok {
			t.Fatalf("%s is no object", parent)
		}
		members = maps.Clone(members)
		members[name] = value
		return members
	}
	cases := map[string]object{
		"filter.period":      {"filter": within("filter", "period", unknown{})},
		"filter.tags":        {"filter": within("filter", "tags", unknown{})},
		"filter.prefix":      {"filter": within("filter", "prefix", unknown{})},
		"destination.prefix": {"destination": within("destination", "prefix", unknown{})},
		"destination.bucket": {"destination": within("destination", "bucket", unknown{})},
		"bucket":             {"bucket": unknown{}},
		"id":                 {"id": unknown{}},
		"region":             {"region": unknown{}},
	}
	everything := object{"bucket": unknown{}, "id": unknown{}, "region": unknown{}, "included_object_versions": unknown{}}
	for name := range known {
		cases[name], everything[name] = object{name: unknown{}}, unknown{}
	}
	cases["everything"] = everything
	for priorName, prior := range map[string]object{"create": nil, "update": storedJob(nil)} {
		for name, members := range cases {
			t.Run(priorName+"/"+name, func(t *testing.T) {
				t.Parallel()
				p := w.configured()
				p.t = t
				first, second := maps.Clone(known), maps.Clone(known)
				maps.Copy(first, members)
				plan := p.plan(prior, jobObject(first), nil)
				expectFindings(t, findings(t, plan.Diagnostics))
				p = w.configured() // for the apply
				final := p.plan(prior, jobObject(second), nil)
				expectFindings(t, findings(t, final.Diagnostics))
				expectCompatible(t, p.member(plan.PlannedState), p.member(final.PlannedState))
			})
		}
	}
}

// expectCompatible demands of a later value what Terraform does: it equals the earlier one wherever
// that is known.
func expectCompatible(t testing.TB, earlier, later tftypes.Value) {
	t.Helper()
	err := tftypes.Walk(earlier, func(at *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		if !value.IsKnown() {
			return false, nil
		}
		if !value.IsFullyKnown() || len(at.Steps()) == 0 {
			return true, nil
		}
		found, _, err := tftypes.WalkAttributePath(later, at)
		if err != nil {
			return false, err
		}
		if got, ok := found.(tftypes.Value); !ok || !got.Equal(value) {
			t.Errorf("%s was planned as %s, and then as %s", pathString(t, at), value, found)
		}
		return false, nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A message about destination.bucket shows the destination's line, not that of the resource's
// bucket.
func TestBucketInventoryResource_destinationExcerpt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	lines := []string{`destination = { bucket = "reports-1250000000" }`, `destination = { bucket = "` + secondDestination + `" }`, `bucket = "missing-1250000000"`}
	c.write("main.tf", namedJobConfig("bare", "nightly", lines[0])+namedJobConfig("elsewhere", "hourly", lines[1])+namedJobConfig("missing", "nightly", lines[2]))
	_, output := c.run("plan", "-no-color")
	for _, line := range lines {
		if !strings.Contains(output, ":   "+line+"\n") || strings.Count(output, `:   bucket = "`) != 1 {
			t.Errorf("not %s is shown:\n%s", line, output)
		}
	}
}

const (
	sameAccountBucket  = "qcs::cos:ap-guangzhou::archive-1250000000"
	otherAccountBucket = "qcs::cos:ap-guangzhou::reports-1258888888"
)

// The account is proposed as known before, unless the configuration has a say.
func TestBucketInventoryResource_planAccountID(t *testing.T) {
	t.Parallel()
	destination := func(bucket, account any) object {
		return object{"destination": object{"bucket": bucket, "account_id": account, "format": "CSV"}}
	}
	disabled := func(bucket, account any) object { // some change at least: without one, nothing is asked
		members := destination(bucket, account)
		members["is_enabled"] = false
		return members
	}
	planned := func(account any) object { return object{"destination.account_id": account} }
	before := storedJob(destination(testDestination, "100000000007"))
	newWorld(t, fakecos.Options{}).expectPlans(t, map[string]planCase{
		"new job":            {members: disabled(testDestination, nil), planned: planned(unknown{})},
		"new job, given":     {members: disabled(testDestination, "1"), planned: planned("1")},
		"dropped":            {prior: before, members: disabled(testDestination, nil), planned: planned("100000000007")},
		"changed":            {prior: before, members: disabled(testDestination, "1"), planned: planned("1")},
		"known later":        {prior: before, members: disabled(testDestination, unknown{}), planned: planned(unknown{})},
		"same account":       {prior: before, members: disabled(sameAccountBucket, nil), planned: planned("100000000007")},
		"same, none so far":  {prior: storedJob(nil), members: disabled(sameAccountBucket, nil), planned: planned(nil)},
		"another account":    {prior: before, members: disabled(otherAccountBucket, nil), planned: planned(unknown{})},
		"another and given":  {prior: before, members: disabled(otherAccountBucket, "100000000007"), planned: planned("100000000007")},
		"some account later": {prior: before, members: disabled(unknown{}, nil), planned: planned(unknown{})},
	})
}

// Settings that the provider does not know are named when they are read, and again before a change
// would remove them.
func TestBucketInventoryResource_unmodelled(t *testing.T) {
	t.Parallel()
	w, samples := wireWorld(t)
	p := w.configured()
	const name = "get-unknown-elements"
	const paths = "Destination/COSBucketDestination/RoleName, Filter/And/SizeRange"
	config := jobObject(object{
		"bucket": wireBucketOf(name), "id": samples[name].id, "region": secondRegion,
		"filter": object{"prefix": "a/"}, "destination": object{"bucket": wireDestination},
	})
	with := func(members object) object {
		changed := maps.Clone(config)
		maps.Copy(changed, members)
		return changed
	}
	state := with(object{
		"is_enabled": true, "destination": object{"bucket": wireDestination, "format": "CSV"},
		"report_prefix": "1258888888/get-unknown-elements/tomorrow/",
	})
	read := func(private []byte) *tfprotov6.ReadResourceResponse {
		return call(p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: p.job(state), Private: private})
	}
	planned := func(private []byte, members object, want ...finding) *tfprotov6.PlanResourceChangeResponse {
		t.Helper()
		plan := w.configured() // each plan is a run of its own
		response := plan.plan(state, with(members), private)
		expectFindings(t, findings(t, response.Diagnostics), want...)
		return response
	}
	seen := finding{warning: true, summary: "Unsupported Settings in COS Bucket Inventory", detail: "does not support: " + paths + "."}
	lost := finding{warning: true, summary: "Settings Would Be Lost", detail: "the planned change removes or rewrites them: " + paths + "."}

	before := read(nil)
	expectFindings(t, findings(t, before.Diagnostics), seen)
	planned(before.Private, nil)
	planned(before.Private, object{"timeouts": object{"create": "1m"}, "optional_fields": []any{}})
	planned(before.Private, object{"id": "another"}, lost)
	change := planned(before.Private, object{"is_enabled": false}, lost)

	// An update of nothing but the timeouts sends nothing, and so keeps them.
	timeouts := with(object{"timeouts": object{"create": "1m"}})
	kept := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: testType, PriorState: p.job(state), Config: p.job(timeouts), PlannedState: p.proposed(state, timeouts), PlannedPrivate: before.Private,
	})
	expectFindings(t, findings(t, kept.Diagnostics))
	planned(kept.Private, object{"is_enabled": false}, lost)
	w.expectWrites(t, 0, 0)

	applied := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: testType, PriorState: p.job(state), Config: p.job(with(object{"is_enabled": false})),
		PlannedState: change.PlannedState, PlannedPrivate: change.PlannedPrivate,
	})
	expectFindings(t, findings(t, applied.Diagnostics))
	planned(applied.Private, object{"included_object_versions": "All"})
	after := read(before.Private)
	expectFindings(t, findings(t, after.Diagnostics))
	planned(after.Private, object{"included_object_versions": "All"})
	w.expectWrites(t, 1, 0)
}

func TestBucketInventoryResource_privateStateUnreadable(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	private := []byte(`{"unmodelled":"eyJhIjoxfQ=="}`) // {"a":1}, and not a list of paths
	response := p.plan(storedJob(nil), jobObject(object{"is_enabled": false}), private)
	expectFindings(t, findings(t, response.Diagnostics), finding{summary: "Unreadable Private State", detail: "cannot be read: json: cannot unmarshal object"})
}

// A destroy has nothing to check, and is meant to lose what there is.
func TestBucketInventoryResource_planDestroy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.provider.getenv = environment{envCOSDomain: w.URL}.get
	p := w.configured()
	private := []byte(`{"unmodelled":"WyJhIl0="}`) // ["a"]
	response := p.plan(storedJob(object{"destination": object{"bucket": "bare-1"}}), nil, private)
	expectFindings(t, findings(t, response.Diagnostics))
	if value, err := response.PlannedState.Unmarshal(p.typ()); err != nil || !value.IsNull() {
		t.Errorf("planned %s, %v", value, err)
	}
}

// A resource whose provider is not configured, as when it is deferred, plans what it can.
func TestBucketInventoryResource_unconfigured(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	response := p.plan(nil, jobObject(nil), nil)
	expectFindings(t, findings(t, response.Diagnostics))
	if region := p.member(response.PlannedState, "region"); region.IsKnown() {
		t.Errorf("planned for region %s", region)
	}
}

// Data that is not the provider's own is a bug, and said to be one.
func TestBucketInventoryResource_configure(t *testing.T) {
	t.Parallel()
	var r bucketInventoryResource
	var response fwresource.ConfigureResponse
	r.Configure(t.Context(), fwresource.ConfigureRequest{ProviderData: "data"}, &response)
	if ds := response.Diagnostics; len(ds) != 1 || r.providerData != nil || !strings.Contains(ds[0].Detail(), "a string. This is a bug in the provider") {
		t.Errorf("configured as %v: %v", r.providerData, ds)
	}
}

// ignore_changes keeps values of the state, which may not fit the new ones of the configuration.
// Terraform plans such a mixture and does not validate it. The plan is refused, once. A job of another
// client that breaks a rule is no mistake of a configuration that leaves it alone.
func TestBucketInventoryResource_ignoreChanges(t *testing.T) {
	t.Parallel()
	weekly := storedJob(object{"schedule": object{"frequency": "Weekly"}})
	tagged := object{"filter": object{"tags": object{"a": "b"}}, "optional_fields": []any{"Size"}}
	and := func(name string, value any) object {
		members := maps.Clone(tagged)
		members[name] = value
		return members
	}
	newWorld(t, fakecos.Options{}).expectPlans(t, map[string]planCase{
		"frequency": {
			prior: weekly, members: object{"schedule": object{"frequency": "Weekly", "monthly_date": 3}},
			want: []finding{{path: "schedule.monthly_date", summary: "Invalid Attribute Combination", detail: "A Weekly job takes no monthly_date"}},
		},
		"day": {
			prior: weekly, members: object{"schedule": object{"frequency": "Monthly"}},
			want: []finding{{path: "schedule.monthly_date", summary: "Missing Attribute", detail: "A Monthly job needs monthly_date"}},
		},
		"fields": {
			prior: storedJob(object{"optional_fields": []any{"Size"}}), members: tagged,
			want: []finding{{path: "optional_fields", summary: "Missing Report Field", detail: `A filter by tags needs "Tag" in optional_fields`}},
		},
		"end of a period": {
			prior:   storedJob(object{"filter": object{"period": object{"start_time": 1, "end_time": 5}}}),
			members: object{"filter": object{"period": object{"start_time": 6, "end_time": 5}}},
			want:    []finding{{path: "filter.period.end_time", summary: invalidValue, detail: "The period ends at 5, which is not after its start at 6"}},
		},
		"as it was":           {prior: storedJob(tagged), members: tagged},
		"with other timeouts": {prior: storedJob(tagged), members: and("timeouts", object{"create": "5m"})},
		"another change": {
			prior: storedJob(tagged), members: and("is_enabled", false),
			want: []finding{{path: "optional_fields", summary: "Missing Report Field", detail: "ignore_changes keeps some"}},
		},
	})
}

// The plan of ignore_changes with the real CLI.
func TestBucketInventoryResource_ignoreChangesByCLI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	c.write("main.tf", jobConfig(`schedule = { frequency = "Weekly" }`))
	c.mustRun("apply", "-no-color", "-auto-approve")
	c.write("main.tf", jobConfig(`schedule = { frequency = "Monthly", monthly_date = 3 }`, "lifecycle {\n ignore_changes = [schedule.frequency]\n }"))
	code, output := c.run("apply", "-no-color", "-auto-approve")
	if output = unwrapped(output); code == 0 || strings.Count(output, "Error: ") != 1 || !strings.Contains(output, "A Weekly job takes no monthly_date") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	w.expectWrites(t, 1, 0)
}
