// SPDX-License-Identifier: MPL-2.0

package network

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// ParseAddress reads where a service is: a URL that is a scheme, http or https, and a host. A dot
// at the end of the host's name, which makes it absolute in DNS, is removed, as certificates do
// without. Errors call the value by the noun and show an example, never s, which may hold a
// password.
func ParseAddress(s, noun, example string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("the %s is a URL such as %s", noun, example)
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("the %s is a scheme and a host only, without user, path or query, such as %s", noun, example)
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("the %s's scheme is https, not %q", noun, u.Scheme)
	}
	if host := strings.TrimSuffix(u.Hostname(), "."); host != u.Hostname() {
		if u.Port() != "" {
			host = net.JoinHostPort(host, u.Port())
		}
		u.Host = host
	}
	return u, nil
}

// CheckEncrypted refuses plain http to any host but the loopback. The error says what a network
// would see.
func CheckEncrypted(u *url.URL, exposed string) error {
	if u.Scheme == "http" && !IsLoopback(u.Hostname()) {
		return fmt.Errorf("plain http is accepted for the loopback only (127.0.0.1, ::1, localhost): over a network it would show %s to everybody on the way; use https", exposed)
	}
	return nil
}

// IsLoopback reports whether a host is this machine, reached over no network.
func IsLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return IsLocalhost(host) || err == nil && ip.IsLoopback()
}

// IsLocalhost reports whether a host is the name localhost.
func IsLocalhost(host string) bool { return strings.EqualFold(host, "localhost") }
