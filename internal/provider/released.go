// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync/atomic"
	"time"
)

// released makes a call with a context that lets go of its parent when the call
// returns. The framework's server keeps every call's context until Terraform
// stops it, and with the context all that hangs on it: a thousand requests. A
// silent call does without the parent's values, which are loggers: the plugin
// libraries make no lines where there is no logger, and all of them for one that
// is switched off.
func released[Request, Response any](ctx context.Context, silent bool, req *Request, call func(context.Context, *Request) (*Response, error)) (*Response, error) {
	c := &callContext{silent: silent}
	c.parent.Store(&ctx)
	defer c.parent.Store(&over)
	return call(c, req)
}

// over is the parent of a call that has returned.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// callContext is its parent for as long as the call lasts.
type callContext struct {
	parent atomic.Pointer[context.Context]
	silent bool
}

func (c *callContext) Deadline() (time.Time, bool) { return (*c.parent.Load()).Deadline() }
func (c *callContext) Done() <-chan struct{}       { return (*c.parent.Load()).Done() }
func (c *callContext) Err() error                  { return (*c.parent.Load()).Err() }

func (c *callContext) Value(key any) any {
	if c.silent {
		return nil
	}
	return (*c.parent.Load()).Value(key)
}
