// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"net"
)

// DialWith makes the client reach every server through dial.
func (c *Client) DialWith(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	c.connections.DialContext = dial
}

// The least that a job needs, decoded and as the service holds it.
var (
	PlainInventory = plainInventory
	PlainDocument  = plainDocument
)

// received is a response with this body.
func received[T string | []byte](body T) response { return response{body: []byte(body)} }

// Taken returns how many bytes of the budget are taken.
func (c *Client) Taken() int {
	c.budget.mu.Lock()
	defer c.budget.mu.Unlock()
	return c.budget.taken
}
