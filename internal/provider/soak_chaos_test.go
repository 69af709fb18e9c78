// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// chaos makes a fifth of all requests fail, and counts.
type chaos struct {
	world *world

	mu                      sync.Mutex
	rand                    *rand.Rand
	requests, faults, final int
}

func (c *chaos) on() {
	c.world.ResetRequests()
	c.world.Intercept(c.choose)
}

func (c *chaos) off() { c.world.Intercept(nil) }

func (c *chaos) choose(r fakecos.Request) *fakecos.Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	if c.rand.IntN(5) > 0 {
		return nil
	}
	c.faults++
	// One in a hundred is no answer that a repetition mends. A write does not get one: after an
	// attempt that was taken and then cut, it would leave a job that only an import brings into the
	// state.
	if r.Op != opPut && c.rand.IntN(100) == 0 {
		c.final++
		portal := "<html><body>Please log in</body></html>"
		final := []fakecos.Fault{
			{Status: http.StatusForbidden, Code: cos.CodeAccessDenied},
			{Status: http.StatusNotFound, Body: &portal, ContentType: "text/html", Header: http.Header{"X-Cos-Request-Id": nil}},
			{Body: &portal, ContentType: "text/html", Header: http.Header{"X-Cos-Request-Id": nil}},
		}
		return &final[c.rand.IntN(len(final))]
	}
	passing := transient()
	names := make([]string, 0, len(passing))
	for name := range passing {
		names = append(names, name)
	}
	slices.Sort(names)
	fault := passing[names[c.rand.IntN(len(names))]]
	return &fault
}

func (c *chaos) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("%d requests, %d faults injected, %d of a passing kind, %d final", c.requests, c.faults, c.faults-c.final, c.final)
}
