// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	runType = "cos_bucket_inventory_run"
	opPost  = string(cos.PostInventory)
)

// runObject is the configuration of a one-time run, with members replaced.
func runObject(members object) object {
	return sumOf(object{
		"bucket": testBucket, "id": "once", "included_object_versions": "Current",
		"destination": object{"bucket": testDestination, "prefix": "once"},
	}, members)
}

func (p *protocol) run(config object) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.dynamic(newValue(p.t, p.schema.ActionSchemas[runType].Schema.ValueType(), config))
}

// invoke runs the action and returns its progress and its findings.
func (p *protocol) invoke(config object) (progress []string, found []finding) {
	p.t.Helper()
	return p.invokeWith(p.t.Context(), config)
}

func (p *protocol) invokeWith(ctx context.Context, config object) (progress []string, found []finding) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, testBound)
	defer cancel()
	stream, err := p.server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: runType, Config: p.run(config)})
	if err != nil {
		p.t.Fatal(err)
	}
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			found = findings(p.t, e.Diagnostics)
		}
	}
	return progress, found
}

// runWay is a way to run a one-time job.
type runWay struct {
	timeout string // the member of timeouts that bounds the run
	check   func(p *protocol, config object) []finding
	run     func(ctx context.Context, p *protocol, config object) []finding
}

// runWays are the action and the resource, which have most of their behaviour in common.
func runWays() map[string]runWay {
	return map[string]runWay{
		"action": {
			timeout: "invoke",
			check:   (*protocol).checkAction,
			run: func(ctx context.Context, p *protocol, config object) []finding {
				_, found := p.invokeWith(ctx, config)
				return found
			},
		},
		"resource": {
			timeout: "create",
			check:   (*protocol).checkRun,
			run: func(ctx context.Context, p *protocol, config object) []finding {
				_, found := p.createRun(ctx, config)
				return found
			},
		},
	}
}

// checkAction returns what a plan of the action finds.
func (p *protocol) checkAction(config object) []finding {
	p.t.Helper()
	found := findings(p.t, call(p, p.server.ValidateActionConfig, &tfprotov6.ValidateActionConfigRequest{ActionType: runType, Config: p.run(config)}).Diagnostics)
	if len(found) == 0 {
		found = findings(p.t, call(p, p.server.PlanAction, &tfprotov6.PlanActionRequest{ActionType: runType, Config: p.run(config)}).Diagnostics)
	}
	return found
}

func TestBucketInventoryRunAction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := runObject(object{
		"filter": object{"prefix": "logs/", "tags": object{"a": "b"}}, "optional_fields": []any{"Tag"},
	})
	expectFindings(t, p.checkAction(config))
	if len(w.Requests()) > 0 {
		t.Fatalf("a plan sent %v", w.sent())
	}

	progress, found := p.invoke(config)
	runs := w.Runs(testBucket)
	if len(found) > 0 || len(runs) != 1 {
		t.Fatalf("%d runs, diagnostics %+v", len(runs), found)
	}
	if len(progress) != 2 || !strings.Contains(progress[0], `"once"`) || !strings.Contains(progress[1], runs[0].JobID) ||
		!strings.Contains(progress[1], "once/1250000000/examplebucket/once/") {
		t.Errorf("progress %q, want the start, then job %s and where its report will be", progress, runs[0].JobID)
	}
	const want = `<InventoryConfiguration><Id>once</Id><IncludedObjectVersions>Current</IncludedObjectVersions>` +
		`<Filter><And><Prefix>logs/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter><OptionalFields><Field>Tag</Field></OptionalFields>` +
		`<Destination><COSBucketDestination><Bucket>` + testDestination + `</Bucket><Prefix>once</Prefix><Format>CSV</Format></COSBucketDestination></Destination></InventoryConfiguration>`
	if runs[0].Document != want {
		t.Errorf("sent %s\nwant %s", runs[0].Document, want)
	}

	// What a module passes on for nothing is not sent.
	if _, found := p.invoke(runObject(object{"id": "another", "filter": object{"tags": object{}, "period": object{}}, "optional_fields": []any{}})); len(found) > 0 {
		t.Errorf("a run with an empty filter: %+v", found)
	}
	if document := w.Runs(testBucket)[1].Document; strings.Contains(document, "Filter") || strings.Contains(document, "OptionalFields") {
		t.Errorf("sent %s", document)
	}

	// COS takes an id once a day.
	if _, found = p.invoke(config); len(found) != 1 || !strings.Contains(found[0].detail, "a one-time job needs an id that no scheduled job") {
		t.Errorf("a second run of the same id: %+v", found)
	}
}

func TestBucketInventoryRun_isNotRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault fakecos.Fault
		runs  int
		posts int
		fails bool
	}{
		"lost after it was taken":  {fakecos.Fault{Times: 1, Reset: true, AfterEffect: true}, 1, 1, true},
		"lost before it was taken": {fakecos.Fault{Times: 1, Reset: true}, 0, 1, true}, // nobody knows that
		"internal error":           {fakecos.Fault{Times: 1, Status: http.StatusInternalServerError, Code: "InternalError"}, 0, 1, true},
		"turned away":              {fakecos.Fault{Times: 1, Status: http.StatusServiceUnavailable, Code: "SlowDown"}, 1, 2, false},
	} {
		for way, via := range runWays() {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, fakecos.Options{})
				fault := test.fault
				fault.Op = opPost
				w.Inject(fault)
				found := via.run(t.Context(), w.configured(), runObject(nil))
				if (len(found) > 0) != test.fails || len(w.Runs(testBucket)) != test.runs || w.sent()[opPost] != test.posts {
					t.Errorf("%d runs, requests %v, diagnostics %+v", len(w.Runs(testBucket)), w.sent(), found)
				}
				if test.fails && !strings.Contains(found[0].detail, "not known whether COS carried this out") {
					t.Errorf("the error does not say that the run may be under way: %s", found[0].detail)
				}
			})
		}
	}
}

// A value that was unknown in the plan turns out to be wrong when the job is run.
func TestBucketInventoryRun_lateMistakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config object
		want   finding
	}{
		"id": {object{"id": "a/b"}, finding{
			path: "id", summary: "Unable to Run COS Bucket Inventory",
			detail: "PostBucketInventory was not sent: id \"a/b\": an inventory job's id consists of one or more letters, digits, hyphens, underscores and dots (a-z A-Z 0-9 - _ .).\n\nCorrect the value.",
		}},
		"bucket":           {object{"bucket": "none"}, finding{path: "bucket", summary: "Unable to Run COS Bucket Inventory", detail: "Correct the value."}},
		"region":           {object{"region": "GZ"}, finding{path: "region", summary: "Unable to Run COS Bucket Inventory", detail: "Correct the value."}},
		"a text":           {object{"filter": object{"prefix": "a\x01"}}, finding{summary: "Unable to Run COS Bucket Inventory", detail: "Correct the value."}},
		"bare destination": {object{"destination": object{"bucket": "reports-1250000000"}}, finding{path: "destination", summary: invalidValue, detail: "is written with its region"}},
		"tags":             {object{"filter": object{"tags": object{"a": "b"}}}, finding{path: "optional_fields", summary: "Missing Report Field", detail: "needs"}},
	} {
		for way, via := range runWays() {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, fakecos.Options{})
				found := via.run(t.Context(), w.configured(), runObject(test.config))
				expectFindings(t, found, test.want)
				if len(found) == 1 && strings.Contains(found[0].detail, "network") || len(w.work()) != 0 {
					t.Errorf("%d requests, and advice about %s", len(w.work()), found[0].detail)
				}
			})
		}
	}
}

// COS accepted the job, and its answer came after the action was cancelled. One error says so, and no
// look at the destination is waited for.
func TestBucketInventoryRunAction_cancelledWhilePosting(t *testing.T) {
	t.Parallel()
	for summary, test := range map[string]struct {
		config object
		detail string
	}{
		"One-Time Inventory Accepted":    {runObject(nil), "1250000000/examplebucket/once/"},
		"Inventory Report Not Delivered": {waitingRun(nil), "Its report was not there when the operation was cancelled."},
	} {
		t.Run(summary, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w := newWorld(t, fakecos.Options{})
			w.patient()
			w.Seed(testBucket, "nightly", nightlyDocument)
			w.Intercept(func(r fakecos.Request) *fakecos.Fault {
				if r.Op == opPost {
					w.RemoveBucket(testDestinationBucket)
					cancel()
				}
				return nil
			})
			_, found := w.configured().invokeWith(ctx, test.config)
			expectFindings(t, found, finding{false, "", summary, test.detail})
			if len(w.Runs(testBucket)) != 1 {
				t.Errorf("%d runs", len(w.Runs(testBucket)))
			}
		})
	}
}
