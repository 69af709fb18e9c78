// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// maxIdlePerHost keeps a connection for every call that Terraform makes at a time, also if
// -parallelism is far above its default of ten.
const maxIdlePerHost = 64

// newConnections returns the pool of connections, through the proxy unless it is nil or the domain
// has an address of its own.
func newConnections(d Domain, proxy *network.Proxy) *http.Transport {
	if d.dial != "" {
		proxy = nil // every connection goes to the given address
	}
	t := network.NewTransport(proxy)
	t.ForceAttemptHTTP2 = true
	t.MaxIdleConnsPerHost = maxIdlePerHost
	t.IdleConnTimeout = 90 * time.Second
	t.TLSClientConfig.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	if d.dial != "" {
		dialer := network.NewDialer()
		t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, d.dial)
		}
	}
	return t
}

// ErrCredentialSource is the cause of an [Error] when the source of credentials failed, after its
// own retries. Nothing was sent.
var ErrCredentialSource = errors.New("obtaining credentials")
