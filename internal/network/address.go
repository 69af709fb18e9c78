// SPDX-License-Identifier: MPL-2.0

package network

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// MaxHost is the longest name of a host, in bytes.
//
// https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const MaxHost = 253

// hostShape matches the labels of a host's name. Some private networks use underscores.
var hostShape = regexp.MustCompile(`^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.|$))+$`)

// ParseAddress reads where a service is: a URL that is a scheme, http or https, and a host. A dot
// at the end of the host's name, which makes it absolute in DNS, is removed, as certificates do
// without. Errors call the value by the noun and show an example, never s, which may hold a
// password.
func ParseAddress(s, noun, example string) (*url.URL, error) {
	if s != "" && !strings.Contains(s, "://") {
		return nil, fmt.Errorf("the %s has no scheme: write https:// before it, as in %s", noun, example)
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("the %s is a URL such as %s", noun, example)
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("the %s is a scheme and a host only, without user, path or query, such as %s", noun, example)
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("the %s's scheme is https, not %q", noun, untrusted.Word(u.Scheme))
	}
	if host := strings.TrimSuffix(u.Hostname(), "."); host != u.Hostname() {
		if u.Port() != "" {
			host = net.JoinHostPort(host, u.Port())
		}
		u.Host = host
	}
	if err := checkHost(u); err != nil {
		return nil, fmt.Errorf("the %s's %w", noun, err)
	}
	return u, nil
}

// checkHost says why the URL's host or port cannot be those of a server.
func checkHost(u *url.URL) error {
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err != nil && (len(host) > MaxHost || strings.HasSuffix(host, ".") || !hostShape.MatchString(host)) {
		return fmt.Errorf("host is an IP address, or a name of at most %d ASCII letters, digits and hyphens, with 1 to 63 of them between the dots", MaxHost)
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) {
		return errors.New("port is a number from 1 to 65535")
	}
	return nil
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
