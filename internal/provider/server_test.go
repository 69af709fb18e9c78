// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestSilence(t *testing.T) {
	t.Parallel()
	off := map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_PROVIDER_COS": "OFF"}
	for name, test := range map[string]struct {
		environment []string
		want        map[string]string
	}{
		"nobody logs":            {[]string{"HOME=/", "TF_INPUT=0"}, off},
		"empty variables":        {[]string{"TF_LOG=", "TF_LOG_PROVIDER="}, off},
		"only Terraform's core":  {[]string{"TF_LOG_CORE=TRACE", "TF_LOG_PATH=log"}, off},
		"everything":             {[]string{"TF_LOG=DEBUG"}, nil},
		"as JSON":                {[]string{"TF_LOG=JSON"}, nil},
		"providers":              {[]string{"TF_LOG_PROVIDER=INFO"}, nil},
		"this provider":          {[]string{"TF_LOG_PROVIDER_COS=WARN"}, nil},
		"the SDK":                {[]string{"TF_LOG_SDK=TRACE"}, nil},
		"the SDK's protocol":     {[]string{"TF_LOG_SDK_PROTO=TRACE"}, nil},
		"the SDK's framework":    {[]string{"TF_LOG_CORE=INFO", "TF_LOG_SDK_FRAMEWORK=TRACE"}, nil},
		"the protocol's folders": {[]string{"TF_LOG_SDK_PROTO_DATA_DIR=d"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got map[string]string
			silent, err := silence(test.environment, func(name, value string) error {
				if got == nil {
					got = map[string]string{}
				}
				got[name] = value
				return nil
			})
			if err != nil || !maps.Equal(got, test.want) || silent != (test.want != nil) {
				t.Errorf("set %v, silent %t, %v, want %v", got, silent, err, test.want)
			}
		})
	}
	failure := errors.New("no")
	if _, err := silence(nil, func(string, string) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("a failure to set a variable: %v", err)
	}
}

type heavy struct{ _ [1 << 16]byte }

type heavyKey struct{}

// The framework's server keeps a cancel function of each call's context. A call that does not release
// its own keeps all that it holds.
func TestCallReleasing_letsGoOfTheCall(t *testing.T) {
	t.Parallel()
	type method = func(context.Context, *heavy) (*heavy, error)
	releasing := func(ctx context.Context, v *heavy, call method) (*heavy, error) {
		return callReleasing(ctx, false, v, call)
	}
	asItIs := func(ctx context.Context, v *heavy, call method) (*heavy, error) { return call(ctx, v) }
	for name, calls := range map[string]func(context.Context, *heavy, method) (*heavy, error){"released": releasing, "as it is": asItIs} {
		var kept []context.CancelFunc
		request := func() weak.Pointer[heavy] {
			value := &heavy{}
			_, err := calls(context.WithValue(context.WithoutCancel(t.Context()), heavyKey{}, value), value, func(ctx context.Context, v *heavy) (*heavy, error) {
				child, keep := context.WithCancel(ctx)
				kept = append(kept, keep)
				if child.Value(heavyKey{}) != any(v) {
					t.Error("the call does not see its context's values")
				}
				return v, nil
			})
			if err != nil {
				t.Error(err)
			}
			return weak.Make(value)
		}()
		runtime.GC()
		if isAlive := request.Value() != nil; isAlive != (name == "as it is") {
			t.Errorf("%s: the call's values are still alive: %t", name, isAlive)
		}
		for _, keep := range kept {
			keep()
		}
	}
}

// calling is a call of the server that is only to be made.
func calling[Request, Response any](method func(context.Context, *Request) (*Response, error), request *Request) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := method(ctx, request)
		return err
	}
}

// TestServer_letsGoOfEachCall: Terraform makes these calls for each job, before it stops the
// provider.
func TestServer_letsGoOfEachCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	p := w.configured()
	state, config := p.job(storedJob(nil)), p.job(jobObject(nil))
	nothing := &tfprotov6.RawState{JSON: []byte(`{}`)}
	noRegion := p.job(storedJob(object{"region": nil})) // which no listing confirms
	for name, call := range map[string]func(context.Context) error{
		"ValidateResourceConfig":  calling(p.server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: testType, Config: config}),
		"UpgradeResourceState":    calling(p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{TypeName: testType, RawState: nothing}),
		"UpgradeResourceIdentity": calling(p.server.UpgradeResourceIdentity, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: testType, RawIdentity: nothing}),
		"ReadResource":            calling(p.server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: noRegion}),
		"PlanResourceChange":      calling(p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{TypeName: testType, PriorState: p.job(nil), ProposedNewState: config, Config: config}),
		"ApplyResourceChange":     calling(p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{TypeName: testType, PriorState: state, PlannedState: p.job(nil), Config: p.job(nil)}),
		"ImportResourceState":     calling(p.server.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: testType, ID: testBucket + "/nightly"}),
		"MoveResourceState":       calling(p.server.MoveResourceState, &tfprotov6.MoveResourceStateRequest{TargetTypeName: testType, SourceState: nothing}),
	} {
		request := func() weak.Pointer[heavy] {
			value := &heavy{}
			ctx, cancel := context.WithCancel(context.WithValue(t.Context(), heavyKey{}, value))
			defer cancel()
			if err := call(ctx); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return weak.Make(value)
		}()
		// A goroutine of the transport may hold the request a moment longer than the call.
		for end := time.Now().Add(2 * time.Second); request.Value() != nil && time.Now().Before(end); {
			runtime.GC()
		}
		if request.Value() != nil {
			t.Errorf("%s: the server keeps the values of the call's context", name)
		}
	}
	runtime.KeepAlive(p)
}

// Loggers are values of a call's context.
func TestCallReleasing_silentCallHasNoValues(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), heavyKey{}, "logger"))
	defer cancel()
	_, err := callReleasing(ctx, true, new(int), func(ctx context.Context, v *int) (*int, error) {
		if got := ctx.Value(heavyKey{}); got != nil {
			t.Errorf("the call sees %v", got)
		}
		child, cancelChild := context.WithCancel(ctx)
		defer cancelChild()
		cancel()
		await(t, child.Done()) // it ends with its parent all the same
		return v, nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCallReleasing_isItsParentDuringTheCall(t *testing.T) {
	t.Parallel()
	parent, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var during context.Context
	call := func(ctx context.Context, v *int) (*int, error) {
		during = ctx
		if got, ok := ctx.Deadline(); !ok {
			t.Errorf("deadline %v, %t", got, ok)
		}
		child, cancelChild := context.WithCancel(ctx)
		defer cancelChild()
		if ctx.Err() != nil || child.Err() != nil {
			t.Error("over before it began")
		}
		cancel()
		await(t, child.Done())
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("after the parent's end: %v", ctx.Err())
		}
		return v, nil
	}
	if _, err := callReleasing(parent, false, new(int), call); err != nil {
		t.Error(err)
	}
	await(t, during.Done())
	if _, ok := during.Deadline(); ok || during.Err() == nil {
		t.Error("the call is over, its context is not")
	}
}

// Terraform's Stop still reaches a call that is under way.
func TestServer_stopEndsACall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	arrived := w.on(opGet, fakecos.Fault{Hang: true})
	p := w.configured()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		await(t, arrived)
		call(p, p.server.StopProvider, &tfprotov6.StopProviderRequest{})
	}()
	expectFindings(t, p.read(object{"region": testRegion}), finding{summary: "Unable to Read COS Bucket Inventory", detail: "the operation was cancelled"})
	await(t, stopped)
}
