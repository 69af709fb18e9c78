// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync/atomic"
	"time"
)

// callReleasing makes a call with a context that releases its parent when the call returns. The
// framework's server keeps a cancel function of each call until Terraform stops it (registerContext
// in its internal/fwserver), and with the context all that it refers to: a thousand requests. A
// silent call has none of the parent's values, which are loggers: the plugin libraries make no
// lines where there is no logger, and all of them for one that is switched off.
func callReleasing[Request, Response any](ctx context.Context, silent bool, req *Request, call func(context.Context, *Request) (*Response, error)) (*Response, error) {
	c := &releasableContext{silent: silent}
	c.parent.Store(&ctx)
	defer c.parent.Store(&cancelledContext)
	return call(c, req)
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

func (c *releasableContext) Deadline() (time.Time, bool) { return (*c.parent.Load()).Deadline() }
func (c *releasableContext) Done() <-chan struct{}       { return (*c.parent.Load()).Done() }
func (c *releasableContext) Err() error                  { return (*c.parent.Load()).Err() }

func (c *releasableContext) Value(key any) any {
	if c.silent {
		return nil
	}
	return (*c.parent.Load()).Value(key)
}
