// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// Domain is where the buckets are served, when not at COS's public addresses.
// The zero Domain is those: https://<bucket>.cos.<region>.myqcloud.com.
type Domain struct {
	scheme string
	host   string // with the port, if any
	region string // the region that the host's name tells, if it does
	dial   string // address:port to dial in place of a bucket's public address
}

// regionalHost finds the region in the names that COS gives its endpoints:
// cos.<region>.myqcloud.com, cos-internal.<region>.tencentcos.cn,
// <cluster>.cos-cdc.<region>.myqcloud.com. Behind a suffix that is not known, a
// region starts like those that COS has.
//
// https://www.tencentcloud.com/document/product/436/6224
var regionalHost = regexp.MustCompile(`(?:^|\.)(?:cos|cos-internal|cos-cdc)\.(?:` +
	`([a-z]+(?:-[a-z0-9]+)+)\.(?:myqcloud\.com|tencentcos\.cn)$|` +
	`((?:af|ap|eu|me|na|sa)(?:-[a-z0-9]+)+)\.[^.]+\.[^.])`)

// ParseDomain reads a URL such as https://cos-internal.ap-guangzhou.tencentcos.cn.
// A bucket is put in front of its host as one more label. A host that is an IP
// address or localhost is only dialled: the requests, and so their signatures
// and TLS, are for the bucket's public host, as through a tunnel. Plain http is
// for the loopback alone, since the requests carry credentials.
func ParseDomain(s string) (Domain, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return Domain{}, errors.New("the domain is a URL such as https://cos-internal.ap-guangzhou.tencentcos.cn")
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return Domain{}, errors.New("the domain is a scheme and a host only, without user, path or query, such as https://cos-internal.ap-guangzhou.tencentcos.cn")
	}
	dropFinalDot(u)
	_, notIP := netip.ParseAddr(u.Hostname())
	isAddress := notIP == nil || isLocalhost(u.Hostname())

	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return Domain{}, fmt.Errorf("the domain's scheme is https, not %q", u.Scheme)
	case u.Scheme == "http" && !IsLoopback(u.Hostname()):
		return Domain{}, errors.New("plain http is accepted for the loopback only (127.0.0.1, ::1, localhost): over a network it would show signatures, tokens and job settings to everybody on the way; use https")
	}
	d := Domain{scheme: u.Scheme, host: u.Host}
	if isAddress {
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		d.dial = net.JoinHostPort(u.Hostname(), port)
	} else if match := regionalHost.FindStringSubmatch(strings.ToLower(u.Hostname())); match != nil {
		d.region = match[1] + match[2] // one of them is empty
	}
	return d, nil
}

// dropFinalDot takes off the dot that makes a host's name absolute in DNS: certificates and the names
// of regions do without.
func dropFinalDot(u *url.URL) {
	host := strings.TrimSuffix(u.Hostname(), ".")
	switch {
	case host == u.Hostname():
	case u.Port() == "":
		u.Host = host
	default:
		u.Host = net.JoinHostPort(host, u.Port())
	}
}

// hidesRegion reports whether nothing tells which region the domain serves.
func (d Domain) hidesRegion() bool { return d.host != "" && d.dial == "" && d.region == "" }

// IsLoopback reports whether a host is this machine, reached over no network.
func IsLoopback(host string) bool {
	ip, notIP := netip.ParseAddr(host)
	return isLocalhost(host) || notIP == nil && ip.IsLoopback()
}

func isLocalhost(host string) bool { return strings.EqualFold(host, "localhost") }

// checkRegion refuses a region that the domain does not serve: there, a bucket
// would look as if it were gone.
func (d Domain) checkRegion(region string) error {
	if d.region != "" && d.region != region {
		return fmt.Errorf("%w (%s is for %s, not for %s)", ErrOtherRegion, d.host, d.region, region)
	}
	return nil
}

// bucketURL returns the URL of a bucket's root.
func (d Domain) bucketURL(region, bucket string) (*url.URL, error) {
	if err := d.checkRegion(region); err != nil {
		return nil, err
	}
	u := &url.URL{Scheme: "https", Host: bucket + ".cos." + region + ".myqcloud.com", Path: "/"}
	if d.scheme != "" {
		u.Scheme = d.scheme
	}
	if d.host != "" && d.dial == "" {
		u.Host = bucket + "." + d.host
	}
	return u, nil
}
