// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"
	"sync/atomic"
	"time"
)

// silence disables log lines unless TF_LOG or a variable like it asks for them. Otherwise the
// plugin libraries would make every line and send it to Terraform, which drops it.
func silence(environment []string, setenv func(name, value string) error) (silent bool, err error) {
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case value == "" || !strings.HasPrefix(name, "TF_LOG"):
		case name == "TF_LOG_CORE" || name == "TF_LOG_PATH": // not about providers
		default:
			return false, nil
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_COS"} {
		if err := setenv(name, "OFF"); err != nil {
			return false, err
		}
	}
	return true, nil
}

// callReleasing makes a call with a context that releases its parent when the call returns. The
// framework's server keeps a cancel function of each call until Terraform stops it (registerContext
// in its internal/fwserver), and with the context all that it refers to: a thousand requests. A
// silent call has none of the parent's values, which are loggers: the plugin libraries make no
// lines where there is no logger, and all of them for one that is switched off.
func callReleasing[Request, Response any](ctx context.Context, silent bool, req *Request, method func(context.Context, *Request) (*Response, error)) (*Response, error) {
	c := &releasableContext{silent: silent}
	c.parent.Store(&ctx)
	defer c.parent.Store(&cancelledContext)
	return method(c, req)
}

// cancelledContext is the parent of a call that has returned.
var cancelledContext = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// releasableContext is its parent for as long as the call lasts.
type releasableContext struct {
	parent atomic.Pointer[context.Context]
	silent bool
}

// releasableKey is the key of the call's own context.
type releasableKey struct{}

func (c *releasableContext) Deadline() (time.Time, bool) { return (*c.parent.Load()).Deadline() }
func (c *releasableContext) Done() <-chan struct{}       { return (*c.parent.Load()).Done() }
func (c *releasableContext) Err() error                  { return (*c.parent.Load()).Err() }

func (c *releasableContext) Value(key any) any {
	switch {
	case c.silent:
		return nil
	case key == releasableKey{}:
		return c
	}
	return (*c.parent.Load()).Value(key)
}

// outliving returns a context for work that may go on when its call has returned, with the loggers
// of the call.
func outliving(ctx context.Context) context.Context {
	if c, ok := ctx.Value(releasableKey{}).(*releasableContext); ok {
		ctx = *c.parent.Load()
	}
	return context.WithoutCancel(ctx)
}
