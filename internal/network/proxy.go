// SPDX-License-Identifier: MPL-2.0

package network

import (
	"errors"
	"net/http"
	"net/url"
)

// ErrProxy is the error of a request whose proxy's address is invalid. net/http's own error would
// quote the address, with the password in it.
var ErrProxy = errors.New("HTTPS_PROXY is not the address of a proxy")

// Proxy is the environment's for a request: HTTPS_PROXY and NO_PROXY, or their like.
func Proxy(r *http.Request) (*url.URL, error) { return withoutQuote(http.ProxyFromEnvironment)(r) }

func withoutQuote(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		address, err := proxy(r)
		if err != nil {
			return nil, ErrProxy
		}
		return address, nil
	}
}
