// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"strings"
	"testing"

	fwresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// jobState is the state that jobObject leads to, with members replaced.
func jobState(members object) object {
	state := jobObject(object{
		"region": testRegion, "is_enabled": true, "report_prefix": "1250000000/examplebucket/nightly/",
		"destination": object{"bucket": testDestination, "format": "CSV"},
	})
	maps.Copy(state, members)
	return state
}

// replacing lists the attributes that a planned change is a replacement for.
func replacing(t *testing.T, response *tfprotov6.PlanResourceChangeResponse) []string {
	t.Helper()
	var paths []string
	for _, path := range response.RequiresReplace {
		paths = append(paths, pathString(t, path))
	}
	return paths
}

func TestBucketInventoryResource_planReplace(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	everything := object{
		"filter": object{
			"prefix": "a/", "tags": object{"team": "a"}, "storage_class": "ARCHIVE", "period": object{"start_time": 1, "end_time": 2},
		},
		"optional_fields": []any{"Tag"}, "is_enabled": false, "included_object_versions": "All", "timeouts": object{"create": "1m"},
		"schedule":    object{"frequency": "Monthly", "monthly_date": 1},
		"destination": object{"bucket": otherAccountBucket, "account_id": "1", "prefix": "a", "format": "ORC", "encryption": object{"sse_cos": object{}}},
	}
	for name, test := range map[string]struct {
		members object
		want    string
	}{
		"bucket":          {object{"bucket": secondBucket}, "bucket"},
		"id":              {object{"id": "hourly"}, "id"},
		"region":          {object{"region": secondRegion}, "region"},
		"bucket, unknown": {object{"bucket": unknown{}}, "bucket"},
		"anything else":   {everything, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := *p
			p.t = t
			response := p.plan(jobState(nil), jobObject(test.members), nil)
			expectFindings(t, findings(t, response.Diagnostics))
			got := replacing(t, response)
			if len(got) > 1 || len(got) == 1 && got[0] != test.want || len(got) == 0 && test.want != "" {
				t.Errorf("replaced for %q, want %q", got, test.want)
			}
		})
	}
}

func TestBucketInventoryResource_planRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	inRegion := w.configured()
	w.provider.getenv = environment{envCOSDomain: w.URL}.get
	nowhere := w.configured()
	missingRegion := finding{path: "region", summary: "Missing Region", detail: "Set region here, or in the provider's configuration, or TENCENTCLOUD_REGION"}
	bare := object{"destination": object{"bucket": "reports-1250000000"}}
	bareAdvice := func(region string) finding {
		return finding{path: "destination.bucket", summary: invalidValue, detail: `"qcs::cos:` + region + `::reports-1250000000" instead of "reports-1250000000"`}
	}
	for name, test := range map[string]struct {
		*protocol
		prior, members object
		region         any
		want           []finding
	}{
		"the provider's":                {inRegion, nil, nil, testRegion, nil},
		"its own":                       {inRegion, nil, object{"region": secondRegion}, secondRegion, nil},
		"its own alone":                 {nowhere, nil, object{"region": secondRegion}, secondRegion, nil},
		"none":                          {nowhere, nil, nil, nil, []finding{missingRegion}},
		"known later":                   {nowhere, nil, object{"region": unknown{}}, unknown{}, nil},
		"that of the job":               {inRegion, jobState(object{"region": secondRegion}), nil, secondRegion, nil},
		"that of the job alone":         {nowhere, jobState(object{"region": secondRegion}), nil, secondRegion, nil},
		"bare bucket, the provider's":   {inRegion, nil, bare, nil, []finding{bareAdvice(testRegion)}},
		"bare bucket, that of the job":  {inRegion, jobState(object{"region": secondRegion}), bare, nil, []finding{bareAdvice(secondRegion)}},
		"bare bucket, region later":     {inRegion, nil, object{"region": unknown{}, "destination": bare["destination"]}, unknown{}, nil},
		"bare bucket, no region at all": {nowhere, nil, bare, nil, []finding{missingRegion}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := *test.protocol
			p.t = t
			response := p.plan(test.prior, jobObject(test.members), nil)
			expectFindings(t, findings(t, response.Diagnostics), test.want...)
			if test.want != nil {
				return
			}
			want := newValue(t, tftypes.String, test.region)
			if got := p.member(response.PlannedState, "region"); !got.Equal(want) {
				t.Errorf("planned for region %s, want %s", got, want)
			}
		})
	}
}

func TestBucketInventoryResource_planAccountID(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	destination := func(bucket, account any) object {
		return object{"destination": object{"bucket": bucket, "account_id": account, "format": "CSV"}}
	}
	before := jobState(destination(testDestination, "100000000007"))
	for name, test := range map[string]struct {
		prior, config object
		want          any
	}{
		"new job":            {nil, destination(testDestination, nil), unknown{}},
		"new job, given":     {nil, destination(testDestination, "1"), "1"},
		"dropped":            {before, destination(testDestination, nil), "100000000007"},
		"changed":            {before, destination(testDestination, "1"), "1"},
		"known later":        {before, destination(testDestination, unknown{}), unknown{}},
		"same account":       {before, destination(sameAccountBucket, nil), "100000000007"},
		"same, none so far":  {jobState(nil), destination(sameAccountBucket, nil), nil},
		"another account":    {before, destination(otherAccountBucket, nil), unknown{}},
		"another and given":  {before, destination(otherAccountBucket, "100000000007"), "100000000007"},
		"some account later": {before, destination(unknown{}, nil), unknown{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := *p
			p.t = t
			config := jobObject(test.config)
			config["is_enabled"] = false // some change at least: without one, nothing is asked
			// The account is proposed as known before, unless the configuration has a say.
			response := p.plan(test.prior, config, nil)
			expectFindings(t, findings(t, response.Diagnostics))
			want := newValue(t, tftypes.String, test.want)
			if got := p.member(response.PlannedState, "destination", "account_id"); !got.Equal(want) {
				t.Errorf("planned with account %s, want %s", got, want)
			}
		})
	}
}

// Settings that the provider does not know are named when they are read, and
// again before a change would remove them.
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
		response := p.plan(state, with(members), private)
		expectFindings(t, findings(t, response.Diagnostics), want...)
		return response
	}
	seen := finding{warning: true, summary: "Unknown Settings in COS Bucket Inventory", detail: "does not know: " + paths + "."}
	lost := finding{warning: true, summary: "Settings Would Be Lost", detail: "the planned change removes them: " + paths + "."}

	before := read(nil)
	expectFindings(t, findings(t, before.Diagnostics), seen)
	planned(before.Private, nil)
	planned(before.Private, object{"timeouts": object{"create": "1m"}})
	planned(before.Private, object{"id": "another"}, lost)
	change := planned(before.Private, object{"is_enabled": false}, lost)

	// An update of nothing but the timeouts sends nothing, and so keeps them.
	timeouts := with(object{"timeouts": object{"create": "1m"}})
	kept := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: testType, PriorState: p.job(state), Config: p.job(timeouts), PlannedState: p.job(proposed(state, timeouts)), PlannedPrivate: before.Private,
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
	response := p.plan(jobState(nil), jobObject(object{"is_enabled": false}), private)
	expectFindings(t, findings(t, response.Diagnostics), finding{summary: "Unreadable Private State", detail: "cannot be read: json: cannot unmarshal object"})
}

// A destroy has nothing to check, and is meant to lose what there is.
func TestBucketInventoryResource_planDestroy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.provider.getenv = environment{envCOSDomain: w.URL}.get
	p := w.configured()
	private := []byte(`{"unmodelled":"WyJhIl0="}`) // ["a"]
	response := p.plan(jobState(object{"destination": object{"bucket": "bare-1"}}), nil, private)
	expectFindings(t, findings(t, response.Diagnostics))
	if value, err := response.PlannedState.Unmarshal(p.typ()); err != nil || !value.IsNull() {
		t.Errorf("planned %s, %v", value, err)
	}
}

// A resource whose provider is not configured, as when it is deferred, plans
// what it can.
func TestBucketInventoryResource_unconfigured(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	response := p.plan(nil, jobObject(nil), nil)
	expectFindings(t, findings(t, response.Diagnostics))
	if region := p.member(response.PlannedState, "region"); region.IsKnown() {
		t.Errorf("planned for region %s", region)
	}
}

func TestBucketInventoryResource_configure(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		data any
		kept bool
		want string
	}{
		"not yet":       {data: nil},
		"configured":    {data: &providerData{region: testRegion}, kept: true},
		"somebody else": {data: "data", want: "a string. This is a bug in the provider"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r bucketInventoryResource
			var response fwresource.ConfigureResponse
			r.Configure(t.Context(), fwresource.ConfigureRequest{ProviderData: test.data}, &response)
			if kept := r.providerData != nil; kept != test.kept {
				t.Errorf("provider data kept: %t", kept)
			}
			var got string
			for _, d := range response.Diagnostics {
				got += d.Detail()
			}
			if !strings.Contains(got, test.want) || got != "" && test.want == "" {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func TestChangesDocument(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	state := newValue(t, p.typ(), jobState(nil))
	for name, test := range map[string]struct {
		members object
		want    bool
	}{
		"nothing":      {nil, false},
		"timeouts":     {object{"timeouts": object{"read": "1m"}}, false},
		"is_enabled":   {object{"is_enabled": false}, true},
		"a new filter": {object{"filter": object{"prefix": "a/"}}, true},
		"a schedule":   {object{"schedule": object{"frequency": "Weekly"}}, true},
		"both":         {object{"is_enabled": false, "timeouts": object{"read": "1m"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := newValue(t, p.typ(), jobState(test.members))
			if got := changesDocument(tfsdk.State{Raw: state}, tfsdk.Plan{Raw: plan}); got != test.want {
				t.Errorf("changes the document: %t", got)
			}
		})
	}
}
