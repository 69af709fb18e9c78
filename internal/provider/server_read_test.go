// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The short cut may only say what the framework says after a GET.
func TestConfirmedRead_isTheFrameworksAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(secondRegion, secondBucket)
	w.AddBucket(secondRegion, "archive-1250000000")
	writer, p := w.configured(), w.configured() // a listing is not used for what its own process wrote
	r := rand.New(rand.NewPCG(1, 2))
	const jobs = 300
	states := make([]*tfprotov6.ReadResourceRequest, jobs)
	for i := range states {
		job := randomJob(t, r)
		job["id"] = fmt.Sprintf("job-%03d", i)
		if job["region"] == secondRegion {
			job["bucket"] = secondBucket
		}
		states[i] = writer.created(job)
	}
	sameValue := cmp.Comparer(func(a, b *tfprotov6.DynamicValue) bool { // whatever the order of a map in it
		return bytes.Equal(a.MsgPack, b.MsgPack) || p.member(a).Equal(p.member(b))
	})
	w.ResetRequests()
	for i, request := range states {
		if r.IntN(2) == 0 {
			request.CurrentIdentity = nil // of a state that is older than identities
		}
		got := call(p, p.server.ReadResource, request)
		want := call(p, p.framework.ReadResource, request)
		if diff := cmp.Diff(want, got, sameValue); diff != "" {
			t.Fatalf("job %d: framework - short cut +:\n%s", i, diff)
		}
	}
	// Each job once, by the framework.
	if got := w.sent()[string(cos.GetInventory)]; got != jobs {
		t.Errorf("%d GETs, not %d: the short cut was not taken where it should be, or where it should not", got, jobs)
	}
}

// What a confirmation alone does not settle is read in full by the framework.
func TestConfirmedRead_leavesTheRestToTheFramework(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	private := func(text string) func(*tfprotov6.ReadResourceRequest) {
		return func(r *tfprotov6.ReadResourceRequest) { r.Private = []byte(text) }
	}
	state := func(name string, member any) func(*tfprotov6.ReadResourceRequest) {
		return func(r *tfprotov6.ReadResourceRequest) { r.CurrentState = p.job(storedJob(object{name: member})) }
	}
	for name, change := range map[string]func(*tfprotov6.ReadResourceRequest){
		"paths that a change would lose": private(`{"unmodelled":"WyJGaWx0ZXIvTmV3Il0="}`),
		"private state of another kind":  private(`{"else":"e30="}`),
		"just imported":                  private(`{".import_before_read":"dHJ1ZQ=="}`),
		"unreadable private state":       private(`["old"]`),
		"no region":                      state("region", nil),
		"no report prefix":               state("report_prefix", nil),
		"another report prefix":          state("report_prefix", "elsewhere/"),
		"a changed job":                  state("is_enabled", false),
		"a timeout that is none":         state("timeouts", object{"read": "soon"}),
		"another identity": func(r *tfprotov6.ReadResourceRequest) {
			r.CurrentIdentity = p.identity(object{"bucket": testBucket, "id": "other", "region": testRegion})
		},
		"no state": func(r *tfprotov6.ReadResourceRequest) { r.CurrentState = p.job(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: p.job(storedJob(nil))}
			read, data := confirmedRead{jobs: mustJobType(t)}, &providerData{client: cos.New(cos.Config{}), region: testRegion}
			if _, ok := read.candidate(t.Context(), data, request); !ok {
				t.Fatal("the job is no candidate even without the change")
			}
			change(request)
			candidate, ok := read.candidate(t.Context(), data, request)
			if name == "a changed job" || name == "nothing in other words" {
				// That is for the LIST result to find.
				if !ok || candidate.document.IsEnabled == (name == "a changed job") {
					t.Errorf("a candidate: %t, as %+v", ok, candidate.document)
				}
				return
			}
			if ok {
				t.Errorf("the job is a candidate, as %+v", candidate.document)
			}
		})
	}
	t.Run("not configured", func(t *testing.T) {
		t.Parallel()
		request := &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: p.job(storedJob(nil))}
		if _, ok := (confirmedRead{jobs: mustJobType(t)}).candidate(t.Context(), nil, request); ok {
			t.Error("there is a candidate for a provider that is not configured")
		}
	})
}

// created makes a job, and returns the request that reads it again.
func (p *protocol) created(job object) *tfprotov6.ReadResourceRequest {
	p.t.Helper()
	planned := call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: testType, PriorState: p.job(nil), Config: p.job(job), ProposedNewState: p.job(job),
	})
	if found := findings(p.t, planned.Diagnostics); len(found) > 0 {
		p.t.Fatalf("planning %v:\n%s", job, lines(found))
	}
	applied := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: testType, PriorState: p.job(nil), PlannedState: planned.PlannedState, Config: p.job(job),
		PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if found := findings(p.t, applied.Diagnostics); len(found) > 0 {
		p.t.Fatalf("creating %v:\n%s", job, lines(found))
	}
	return &tfprotov6.ReadResourceRequest{
		TypeName: testType, CurrentState: applied.NewState, Private: applied.Private, CurrentIdentity: applied.NewIdentity,
	}
}
