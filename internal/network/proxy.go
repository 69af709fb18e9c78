// SPDX-License-Identifier: MPL-2.0

package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/net/http/httpproxy"
)

const percentEncoded = "special characters of user and password are percent-encoded: % is %25, # is %23, @ is %40, a blank is %20"

// Proxy is the proxy of an environment. A nil Proxy is none.
type Proxy struct {
	of      func(*url.URL) (*url.URL, error)
	refused atomic.Pointer[ProxyError] // our credentials, for good
}

// FindProxy reads HTTPS_PROXY and NO_PROXY, or their forms in lower case. HTTP_PROXY has no use:
// plain http is for the loopback. An address that is none is an error, where net/http would send
// the requests past the proxy. The error names the variable, never its value.
func FindProxy(getenv func(string) string) (*Proxy, error) {
	name := "HTTPS_PROXY"
	if getenv(name) == "" {
		name = "https_proxy"
	}
	config := httpproxy.Config{NoProxy: cmp.Or(getenv("NO_PROXY"), getenv("no_proxy"))}
	if value := getenv(name); value != "" {
		address, err := parseProxy(value)
		if err != nil {
			return nil, fmt.Errorf("the environment variable %s: %w", name, err)
		}
		config.HTTPSProxy = address.String()
	}
	return &Proxy{of: config.ProxyFunc()}, nil
}

// parseProxy reads a proxy's address, with or without a scheme.
func parseProxy(s string) (*url.URL, error) {
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Host == "", strings.Trim(u.Path, "/") != "", u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("the value is not the address of a proxy, such as user:password@proxy.example:3128, in which " + percentEncoded)
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return nil, errors.New("the proxy's scheme is http, https, socks5 or socks5h")
	}
	if err := checkHost(u); err != nil {
		return nil, fmt.Errorf("the proxy's %w", err)
	}
	return u, nil
}

// forRequest returns the proxy's address, or nil. A proxy that refused our credentials is not asked
// again: some lock the account after a few failed logins.
func (p *Proxy) forRequest(r *http.Request) (*url.URL, error) {
	address, err := p.of(r.URL)
	if refused := p.refused.Load(); address != nil && refused != nil {
		return nil, refused
	}
	return address, err
}

// onConnect takes the status of a CONNECT only: the reason phrase may repeat the credentials.
func (p *Proxy) onConnect(_ context.Context, address *url.URL, request *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	e := &ProxyError{Proxy: address.Host, Host: request.Host, Status: response.StatusCode}
	if e.Status == http.StatusProxyAuthRequired {
		p.refused.Store(e)
	}
	return e
}

// ProxyError is the error of a proxy that made no connection. Nothing was sent to the host.
type ProxyError struct {
	Proxy, Host string // with their ports, without user and password
	Status      int    // of the response to CONNECT
}

// Error names the proxy and the status.
func (e *ProxyError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the proxy %s made no connection: status %d %s", e.Proxy, e.Status, http.StatusText(e.Status)))
}

// isFinal reports whether the proxy would refuse another attempt, too.
func (e *ProxyError) isFinal() bool { return e.Status < http.StatusInternalServerError }

func (e *ProxyError) remedy() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired:
		return "Check the user and the password in HTTPS_PROXY, where " + percentEncoded + "."
	case e.isFinal():
		return fmt.Sprintf("The proxy's policy must allow connections to %s. If the host can be reached without the proxy, add it to NO_PROXY.", e.Host)
	default:
		return fmt.Sprintf("The proxy cannot reach %s, or has a fault: try again later. If the error persists, check HTTPS_PROXY and NO_PROXY.", e.Host)
	}
}
