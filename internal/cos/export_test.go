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

// received is a response with this body.
func received[T string | []byte](body T) document { return document{body: []byte(body)} }
