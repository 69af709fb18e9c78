// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// TestProxy: a proxy that refuses is asked once, one that fails as often as COS would be, also for
// a one-time job, of which nothing was sent.
func TestProxy(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int32{http.StatusForbidden: 1, http.StatusProxyAuthRequired: 1, http.StatusServiceUnavailable: 4} {
		for name, call := range map[string]func(*cos.Client) error{
			"DELETE": func(c *cos.Client) error { return c.DeleteInventory(t.Context(), jobOf("nightly")) },
			"POST": func(c *cos.Client) error {
				_, err := c.PostInventory(t.Context(), jobOf("once"), nightly("once"))
				return err
			},
		} {
			var connects atomic.Int32
			server := startServer(t, func(rw http.ResponseWriter, _ *http.Request) {
				connects.Add(1)
				rw.WriteHeader(status)
			})
			proxy, err := network.FindProxy(func(name string) string { return map[string]string{"HTTPS_PROXY": server.URL}[name] })
			if err != nil {
				t.Fatal(err)
			}
			c := config(t, server.URL)
			c.Credentials = credentials.StaticSource(keys(fakecos.DefaultCredential()))
			c.Domain, c.Proxy, c.MaxRetries = cos.Domain{}, proxy, 3
			err = call(cos.New(c))
			var refused *network.ProxyError
			if !errors.As(err, &refused) || refused.Status != status || refused.Host != bucket+".cos."+region+".myqcloud.com:443" {
				t.Errorf("%s, status %d: %v", name, status, err)
			}
			if n := connects.Load(); n != want {
				t.Errorf("%s, status %d: the proxy was asked %d times, not %d", name, status, n, want)
			}
		}
	}
}
