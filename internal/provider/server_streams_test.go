// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// An action that Terraform stops says how it ended, over a connection too: Terraform takes a stream
// that ends without a word for success.
func TestServer_stoppedAction(t *testing.T) {
	t.Parallel()
	const accepted = `COS accepted the one-time job "once"`
	hold := func(op string) func(*world, fakecos.Request) *fakecos.Fault {
		return func(_ *world, r fakecos.Request) *fakecos.Fault {
			if r.Op == op {
				return &fakecos.Fault{Hang: true}
			}
			return nil
		}
	}
	for name, test := range map[string]struct {
		run     object
		during  func(*world, fakecos.Request) *fakecos.Fault // what hangs, and by that shows where the action is
		summary string
		detail  string
		runs    int
	}{
		"before the POST": {object{"job_id": "nightly"}, hold(opGet), "Unable to Read COS Bucket Inventory", "No one-time job was started.", 0},
		"waiting": {object{"job_id": "nightly", "wait_for_report": true}, func(w *world, r fakecos.Request) *fakecos.Fault {
			if len(w.Runs(testBucket)) == 0 {
				return nil
			}
			return hold(getObject)(w, r)
		}, "Inventory Report Not Delivered", accepted, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.Seed(testBucket, "nightly", nightlyDocument)
			reached := w.first(func(r fakecos.Request) *fakecos.Fault { return test.during(w, r) })
			p := w.configured()
			test.run["bucket"], test.run["id"] = testBucket, "once"
			found := p.serve(t).invokeUntil(reached, p.run(test.run))
			if len(found) != 1 || found[0].Severity != "ERROR" || found[0].Summary != test.summary ||
				!strings.Contains(found[0].Detail, test.detail) || !strings.Contains(found[0].Detail, "cancelled") {
				t.Errorf("want one error that names the cancellation, and %q, not %+v", test.detail, found)
			}
			if n := len(w.Runs(testBucket)); n != test.runs {
				t.Errorf("%d runs", n)
			}
		})
	}
}

// The same while the POST is under way: its response still counts.
func TestServer_stoppedActionIsAccepted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		members object
		summary string
	}{
		"does not wait": {nil, "One-Time Inventory Accepted"},
		"waits":         {object{"wait_for_report": true}, "Inventory Report Not Delivered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			posting, cancelled := make(chan struct{}), make(chan struct{})
			w := newWorld(t, fakecos.Options{Log: func(r fakecos.Request) {
				switch r.Op {
				case opPost:
					close(posting)
					await(t, cancelled)
				case opList:
					close(cancelled) // its hanging LIST was, so the stop has arrived
				}
			}})
			listing := w.on(opList, fakecos.Fault{Hang: true})
			p := w.configured()
			connection := p.serve(t)
			both, listed := make(chan struct{}), make(chan []event)
			go func() { listed <- connection.list(p.query(object{"bucket": testBucket})) }()
			go func() {
				await(t, listing)
				await(t, posting)
				close(both)
			}()
			found := connection.invokeUntil(both, p.run(runObject(test.members)))
			if len(found) != 1 || found[0].Severity != "ERROR" || found[0].Summary != test.summary {
				t.Fatalf("want one error, %s, not %+v", test.summary, found)
			}
			for _, want := range []string{`COS accepted the one-time job "once"`, "once/1250000000/examplebucket/once/", "cancelled", "Do not run the action again"} {
				if !strings.Contains(found[0].Detail, want) {
					t.Errorf("it does not say %q: %s", want, found[0].Detail)
				}
			}
			if events := await(t, listed); len(events) != 1 || len(events[0].Diagnostic) != 1 || events[0].Diagnostic[0].Severity != "ERROR" {
				t.Errorf("want one error of the query, not %+v", events)
			}
			if n := len(w.Runs(testBucket)); n != 1 {
				t.Errorf("%d runs", n)
			}
		})
	}
}

// A query that is stopped ends with an error, so that what it has shown does not pass for all.
func TestServer_stoppedQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.seedJobs(150)
	reached := w.hangsAtSecondPage()
	p := w.configured()
	connection := p.serve(t)
	stopped := connection.stopAt(reached)
	events := connection.list(p.query(object{"bucket": testBucket}))
	stopped()
	if len(events) != 101 {
		t.Fatalf("%d events, want 100 jobs and an error", len(events))
	}
	if found := events[100].Diagnostic; len(found) != 1 || found[0].Severity != "ERROR" || !strings.Contains(found[0].Detail, "cancelled") {
		t.Errorf("want one error that names the cancellation, not %+v", found)
	}
}

// hangsAtSecondPage holds the second page of a listing back. It returns when that is asked for.
func (w *world) hangsAtSecondPage() <-chan struct{} {
	var pages atomic.Int64
	return w.first(func(r fakecos.Request) *fakecos.Fault {
		if r.Op != opList || pages.Add(1) != 2 {
			return nil
		}
		return &fakecos.Fault{Hang: true}
	})
}

// invokeUntil runs the action, stops the provider at the event and returns what the action found.
func (w *wire) invokeUntil(reached <-chan struct{}, config *tfprotov6.DynamicValue) (found []wireDiagnostic) {
	w.t.Helper()
	stopped := w.stopAt(reached)
	w.stream("InvokeAction", object{"action_type": runType, "config": object{"msgpack": config.MsgPack}}, func(e event) {
		if e.Completed != nil {
			found = append(found, e.Completed.Diagnostics...)
		}
	})
	stopped()
	return found
}

func (w *wire) list(config *tfprotov6.DynamicValue) (events []event) {
	w.t.Helper()
	w.stream("ListResource", object{"type_name": testType, "config": object{"msgpack": config.MsgPack}, "limit": 1000}, func(e event) {
		events = append(events, e)
	})
	return events
}

// An action whose events nobody takes any longer goes on to its end.
func TestServer_unheardAction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	stream, err := p.server.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{ActionType: runType, Config: p.run(runObject(nil))})
	if err != nil {
		t.Fatal(err)
	}
	for range stream.Events {
		break
	}
	if n := len(w.Runs(testBucket)); n != 1 {
		t.Errorf("%d runs", n)
	}
}

// A stop waits for the streams, but not for ever, and ends those that begin meanwhile.
func TestStreams_stop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s streams
		ctx, end := s.begin(t.Context())
		stop, stopped := context.WithCancel(t.Context())
		began := time.Now()
		s.stop(stop)
		if took := time.Since(began); took != stopGrace || ctx.Err() == nil {
			t.Errorf("the stop took %v, and the stream's context: %v", took, ctx.Err())
		}
		end()
		late, endLate := s.begin(t.Context())
		if late.Err() == nil {
			t.Error("a stream began during the stop")
		}
		endLate()
		stopped()
		synctest.Wait()
		next, endNext := s.begin(t.Context())
		if next.Err() != nil {
			t.Error("no stream begins after the stop")
		}
		endNext()
		if len(s.running) > 0 {
			t.Error("a stream that has ended is kept")
		}
	})
}

func TestExitAfterSecond(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(signals chan<- os.Signal, elapsed chan<- time.Time){
		"a second SIGTERM":      func(signals chan<- os.Signal, _ chan<- time.Time) { signals <- syscall.SIGTERM },
		"the grace has elapsed": func(_ chan<- os.Signal, elapsed chan<- time.Time) { elapsed <- time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signals, elapsed, waiting, exited := make(chan os.Signal, 2), make(chan time.Time, 1), make(chan struct{}), make(chan int, 1)
			after := func(d time.Duration) <-chan time.Time {
				if d != terminationGrace {
					t.Errorf("the grace is %v", d)
				}
				close(waiting)
				return elapsed
			}
			go exitAfterSecond(signals, after, func(code int) { exited <- code })
			signals <- syscall.SIGTERM
			await(t, waiting)
			if len(exited) != 0 {
				t.Fatal("the first SIGTERM ended the process")
			}
			end(signals, elapsed)
			if code := await(t, exited); code != 143 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}
