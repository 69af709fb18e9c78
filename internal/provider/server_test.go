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

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
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

// The framework's server keeps a cancel function of each call's context.
func TestCallReleasing_letsGoOfTheCall(t *testing.T) {
	t.Parallel()
	var kept []context.CancelFunc
	request := func() weak.Pointer[heavy] {
		value := &heavy{}
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), heavyKey{}, value))
		defer cancel()
		_, err := callReleasing(ctx, false, value, func(ctx context.Context, v *heavy) (*heavy, error) {
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
	if request.Value() != nil {
		t.Error("the call's values are still alive")
	}
	for _, keep := range kept {
		keep()
	}
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
		<-child.Done() // it ends with its parent all the same
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
		<-child.Done()
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("after the parent's end: %v", ctx.Err())
		}
		return v, nil
	}
	if _, err := callReleasing(parent, false, new(int), call); err != nil {
		t.Error(err)
	}
	<-during.Done()
	if _, ok := during.Deadline(); ok || during.Err() == nil {
		t.Error("the call is over, its context is not")
	}
}

// Terraform's Stop still reaches a call that is under way.
func TestServer_stopEndsACall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Inject(fakecos.Fault{Op: string(cos.GetInventory), Hang: true})
	arrived := make(chan struct{}, 1)
	w.Intercept(func(fakecos.Request) *fakecos.Fault {
		select {
		case arrived <- struct{}{}:
		default:
		}
		return nil
	})
	p := w.configured()
	job := p.job(jobObject(object{"region": testRegion}))
	stopped := make(chan error, 1)
	go func() {
		<-arrived
		_, err := p.server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
		stopped <- err
	}()
	resp := call(p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: job})
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
		t.Errorf("diagnostics: %+v, want the error of a cancelled read", resp.Diagnostics)
	}
}
