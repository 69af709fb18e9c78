// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// run is a CLI under way, in a process group of its own as a shell starts it, so that signals reach
// it and its plugins as Ctrl-C does.
type run struct {
	t      testing.TB
	cmd    *exec.Cmd
	output transcript
	ended  chan struct{}
}

// transcript is the output so far. It may be read while the CLI writes.
type transcript struct {
	mu      sync.Mutex
	text    bytes.Buffer
	waiting map[string]chan struct{} // by what is waited for
}

func (o *transcript) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.text.Write(p)
	for text, shown := range o.waiting {
		if strings.Contains(o.text.String(), text) {
			close(shown)
			delete(o.waiting, text)
		}
	}
	return n, err
}

// shows returns a channel that is closed once the text is among the output. It is asked for before
// the text can be.
func (o *transcript) shows(text string) <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.waiting == nil {
		o.waiting = map[string]chan struct{}{}
	}
	shown := make(chan struct{})
	o.waiting[text] = shown
	return shown
}

func (o *transcript) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (c *cli) start(args ...string) *run {
	c.t.Helper()
	r := &run{t: c.t, cmd: c.command(args...), ended: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = &r.output, &r.output
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := r.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	go func() {
		_ = r.cmd.Wait() // the exit code is looked at afterwards
		close(r.ended)
	}()
	return r
}

// signal waits for the event and sends a signal to the whole group.
func (r *run) signal(event <-chan struct{}, signal syscall.Signal) {
	r.t.Helper()
	select {
	case <-event:
	case <-r.ended:
		r.t.Fatalf("the run ended too early:\n%s", &r.output)
	}
	if err := syscall.Kill(-r.cmd.Process.Pid, signal); err != nil {
		r.t.Fatal(err)
	}
}

func (r *run) wait() (code int, output string) {
	<-r.ended
	return r.cmd.ProcessState.ExitCode(), r.output.String()
}

// Every call ends with its context: while it waits for an answer, for as long as Retry-After says, or
// in a pause of the client's own, which is what a status without Retry-After gets.
func TestBucketInventoryResource_cancelled(t *testing.T) {
	t.Parallel()
	faults := map[string]fakecos.Fault{
		"no answer":            {Hang: true},
		"503 for nine seconds": {Status: http.StatusServiceUnavailable, Code: "SlowDown", Header: http.Header{"Retry-After": {"9"}}},
		"429 for nine seconds": {Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"9"}}},
		"504":                  {Status: http.StatusGatewayTimeout},
		"RequestTimeout":       {Status: http.StatusBadRequest, Code: "RequestTimeout"},
	}
	for name, fault := range faults {
		for _, op := range []string{opGet, opPut, opDelete} {
			t.Run(name+"/"+op, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, fakecos.Options{})
				w.provider.tune = pausingForAnHour
				p := w.configured()
				job := p.create(p.complete(nil))
				w.ResetRequests()

				after, ds := p.operate(cancelledAt(t, w.on(op, fault)), op, job)
				if !strings.Contains(ds.errors(), "cancelled") || len(ds) != 1 {
					t.Errorf("want one error that names the cancellation, not %s", ds)
				}
				p.expectState(after, job.state)
				if got := w.sent(); !isOneAttempt(got, op) {
					t.Errorf("want one attempt, not %v", got)
				}
			})
		}
	}
}

// isOneAttempt reports whether one attempt of the operation was sent, and nothing else but the look
// that precedes an update.
func isOneAttempt(sent map[string]int, op string) bool {
	if op == opPut {
		return sent[opPut] == 1 && sent[opGet] == 1 && len(sent) == 2
	}
	return sent[op] == 1 && len(sent) == 1
}

// pausingForAnHour is for a client whose first retry no test lives to see, and which does not wait
// for a write that is under way when its call is cancelled.
func pausingForAnHour(c *cos.Config) {
	impatient(c)
	c.RetryWaitMin, c.RetryWaitMax = time.Hour, time.Hour
	c.WriteGrace = time.Millisecond
}

// A read timeout that is too short, once in the state, is replaced like any other value.
func TestBucketInventoryResource_readTimeoutIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	short, long := p.complete(object{"timeouts": object{"read": "1ns"}}), p.complete(object{"timeouts": object{"read": "5m"}})
	job := p.create(short)
	p.expectNoDrift(job, short)
	job, ds := p.apply(t.Context(), job, long)
	if len(ds) > 0 {
		t.Error(ds)
	}
	p.expectNoDrift(job, long)
	none := p.complete(object{"timeouts": object{"read": "soon"}}) // in a state that somebody edited
	if _, ds := p.refresh(t.Context(), kept{state: p.filled(none, job.state)}); len(ds) != 1 || !strings.Contains(ds.errors(), "soon") {
		t.Error(ds)
	}
	w.expectWrites(t, 1, 0)
}

// An operation's timeout ends calls that are not answered and waits for the next attempt alike. A
// write that is under way has five seconds more.
func TestBucketInventoryResource_timeout(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakecos.Fault{
		"no answer":       {Hang: true},
		"503 for an hour": {Status: http.StatusServiceUnavailable, Code: "SlowDown", Header: http.Header{"Retry-After": {"3600"}}},
	} {
		for operation, test := range map[string]struct {
			op    string
			given string
			ends  time.Duration
		}{
			"create": {opGet, "4s", 4 * time.Second}, "update": {opPut, "4s", 9 * time.Second}, "delete": {opDelete, "4s", 9 * time.Second},
			"read": {opGet, "4s", 4 * time.Second}, "read, with the default at least": {opGet, "1ms", 3 * time.Second},
		} {
			t.Run(name+"/"+operation, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w, _, end := newMemoryWorld(t, fakecos.Options{})
					defer end()
					w.provider.defaultTimeout = 3 * time.Second
					p := w.configured()
					config := p.complete(object{"timeouts": object{strings.Split(operation, ",")[0]: test.given}})
					job := p.nothing()
					planned, _ := p.change(job, config)
					operate := func() (kept, diagnostics) { return p.applyPlanned(job, planned, config) }
					if operation != "create" {
						job = p.create(config)
						operate = func() (kept, diagnostics) { return p.operate(t.Context(), test.op, job) }
					}
					w.ResetRequests()
					w.on(test.op, fault)
					began := time.Now()
					after, ds := operate()
					took := time.Since(began)
					if !strings.Contains(ds.errors(), "timeout") || len(ds) != 1 {
						t.Errorf("want one error that names the timeout, not %s", ds)
					}
					if fault.Hang && took != test.ends {
						t.Errorf("it took %s, not %s", took, test.ends)
					}
					p.expectState(after, job.state)
					if got := w.sent(); !isOneAttempt(got, test.op) {
						t.Errorf("want one attempt, not %v", got)
					}
				})
			})
		}
	}
}

// COS has carried a write out, but holds its answer back until the provider has been told to stop.
// The state then has exactly the jobs that COS has, and the next apply makes the rest.
func TestBucketInventoryResource_interruptedWhileWriting(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			const jobs = 4 // fewer than Terraform does at a time
			var arrived atomic.Int64
			underWay, stopped := make(chan struct{}), make(chan struct{})
			arrive := func() {
				if arrived.Add(1) == jobs { // the writes, and the GET of job-0
					close(underWay)
				}
			}
			w := newWorld(t, fakecos.Options{Log: func(r fakecos.Request) {
				switch {
				case r.Op == opPut:
					arrive()
					await(t, stopped)
				case r.ID == "job-0" && r.Op == opGet && r.Status == 0:
					close(stopped) // its hanging GET was cancelled
				}
			}})
			w.Intercept(func(r fakecos.Request) *fakecos.Fault {
				if r.ID != "job-0" || r.Op != opGet {
					return nil
				}
				w.Intercept(nil)
				arrive()
				return &fakecos.Fault{Hang: true}
			})
			c := newCLI(t, w)
			c.write("main.tf", namedJobConfig("test", "nightly", fmt.Sprint("count = ", jobs), `id = "job-${count.index}"`))
			r := c.start("apply", "-auto-approve", "-no-color")
			r.signal(underWay, signal)
			code, output := r.wait()
			for _, want := range []string{"COS accepted the inventory job", "the operation was cancelled"} {
				if code != 1 || !strings.Contains(unwrapped(output), want) {
					t.Errorf("want exit code 1 and %q, not %d:\n%s", want, code, output)
				}
			}
			if inCOS, inState := w.Jobs(testBucket), c.stateIDs(); len(inCOS) != jobs-1 || !slices.Equal(inCOS, inState) {
				t.Errorf("COS has %q, the state %q", inCOS, inState)
			}
			w.ResetRequests()
			output = c.mustRun("apply", "-auto-approve", "-no-color")
			if !strings.Contains(output, "1 added, 0 changed, 0 destroyed") {
				t.Errorf("want the one job that was not created, not:\n%s", output)
			}
		})
	}
}

// stateIDs are the sorted ids of the jobs in the state file.
func (c *cli) stateIDs() []string {
	c.t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct{ Attributes struct{ ID string } }
		}
	}
	if err := json.Unmarshal([]byte(c.read("terraform.tfstate")), &state); err != nil {
		c.t.Fatal(err)
	}
	var ids []string
	for _, r := range state.Resources {
		for _, instance := range r.Instances {
			ids = append(ids, instance.Attributes.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// The same without a CLI, for a change and a deletion: what COS carried out is in the state.
func TestBucketInventoryResource_cancelledWhileWriting(t *testing.T) {
	t.Parallel()
	for _, op := range []string{opPut, opDelete} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			armed := new(atomic.Bool)
			w := newWorld(t, fakecos.Options{Log: func(r fakecos.Request) {
				if armed.Load() && r.Op == op {
					cancel()
				}
			}})
			p := w.configured()
			job := p.create(p.complete(nil))
			w.ResetRequests()
			armed.Store(true)
			want := p.none()
			if op == opPut {
				want = p.complete(object{"is_enabled": false})
			}
			after, ds := p.apply(ctx, job, want)
			if ds.errors() != "" || len(ds) != 1 || !strings.Contains(ds.warnings(), "was not sent: the operation was cancelled") {
				t.Errorf("want one warning that nothing was read back, not %s", ds)
			}
			p.expectState(after, want)
			if got := w.sent(); !isOneAttempt(got, op) {
				t.Errorf("want one attempt and nothing else, not %v", got)
			}
		})
	}
}

// operate reads, updates or deletes the job: whatever starts with the call.
func (p *protocol) operate(ctx context.Context, op string, job kept) (kept, diagnostics) {
	p.t.Helper()
	switch op {
	case opGet:
		return p.refresh(ctx, job)
	case opPut:
		members, _ := objectMembers(job.state)
		config := maps.Clone(members)
		config["is_enabled"], config["report_prefix"] = tftypes.NewValue(tftypes.Bool, false), tftypes.NewValue(tftypes.String, nil)
		return p.apply(ctx, job, tftypes.NewValue(p.typ(), config))
	default:
		return p.destroy(ctx, job)
	}
}

// A write that COS took but never showed as it was written is in the state and not tainted: what
// differs is a change in place, not a new job.
func TestBucketInventoryResource_neverEqual(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _, end := newMemoryWorld(t, fakecos.Options{})
		defer end()
		w.Intercept(func(r fakecos.Request) *fakecos.Fault {
			document, written := w.Document(testBucket, "nightly")
			if r.Op != opGet || !written {
				return nil
			}
			w.Seed(testBucket, "nightly", strings.Replace(document, "Current", "All", 1))
			return &fakecos.Fault{Hang: true}
		})
		p := w.configured()
		config := p.complete(object{"timeouts": object{"create": "10s"}})
		job, ds := p.apply(t.Context(), p.nothing(), config)
		if ds.errors() != "" || !strings.Contains(ds.warnings(), "COS Bucket Inventory Not Confirmed") {
			t.Errorf("want a job and a warning, not %s", ds)
		}
		p.expectState(job, config)
		w.Intercept(nil)
		read, ds := p.refresh(t.Context(), job)
		response := p.planChange(read, config)
		if len(ds) > 0 || len(response.Diagnostics) > 0 || len(response.RequiresReplace) > 0 || p.known(response.PlannedState).Equal(read.state) {
			t.Errorf("want a change in place, not %s, %v", ds, response)
		}
	})
}

// An apply that is killed between the write and the state leaves a job that the state knows nothing
// of. The next apply says how to go on, to the letter.
func TestBucketInventoryResource_killedAfterWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	c.write("main.tf", jobConfig())
	written := w.first(func(r fakecos.Request) *fakecos.Fault {
		if _, ok := w.Document(testBucket, "nightly"); r.Op != opGet || !ok {
			return nil
		}
		return &fakecos.Fault{Hang: true} // the one read after the write
	})
	r := c.start("apply", "-auto-approve", "-no-color")
	r.signal(written, syscall.SIGKILL)
	r.wait()
	w.Intercept(nil)

	code, output := c.run("apply", "-auto-approve", "-no-color")
	advice := regexp.MustCompile(`(?s)import \{.*?\n\s*\}`).FindString(output)
	if code != 1 || !strings.Contains(output, "Already Exists") || advice == "" {
		t.Fatalf("want exit code 1 and an import block, not %d:\n%s", code, output)
	}
	c.write("import.tf", strings.Replace(advice, "cos_bucket_inventory.example", testAddress, 1))
	output = c.mustRun("apply", "-auto-approve", "-no-color")
	if want := "1 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(output, want) {
		t.Errorf("want %s, not:\n%s", want, output)
	}
	if got := w.sent(); got[opPut] != 1 || fmt.Sprint(w.Jobs(testBucket)) != "[nightly]" {
		t.Errorf("want one job that was written once, not %v and %q", got, w.Jobs(testBucket))
	}
}
