// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"fmt"
	"net"
	"net/http"
)

// DialWith makes the client reach every server through dial.
func (c *Client) DialWith(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	for next := c.http.HTTPClient.Transport; ; {
		switch t := next.(type) {
		case attemptTransport:
			next = t.next
		case observeTransport:
			next = t.next
		case signTransport:
			next = t.next
		case bufferTransport:
			next = t.next
		case *http.Transport:
			t.DialContext = dial
			return
		default:
			panic(fmt.Sprintf("there is a %T between the client and its connections", next))
		}
	}
}
