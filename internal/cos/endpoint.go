// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// Domain is a custom endpoint of the buckets.
type Domain struct {
	scheme string
	host   string // with the port, if any
	region string // the region that the host's name tells, if it does
	dial   string // address:port to dial in place of a bucket's public address
}

// regionalHost matches the region in the names of COS's endpoints: cos.<region>.myqcloud.com,
// cos-internal.<region>.tencentcos.cn, <cluster>.cos-cdc.<region>.myqcloud.com. With another
// suffix, a region must start like those that COS has.
//
// https://www.tencentcloud.com/document/product/436/6224
var regionalHost = regexp.MustCompile(`(?:^|\.)(?:cos|cos-internal|cos-cdc)\.(?:` +
	`([a-z]+(?:-[a-z0-9]+)+)\.(?:myqcloud\.com|tencentcos\.cn)$|` +
	`((?:af|ap|eu|me|na|sa)(?:-[a-z0-9]+)+)\.[^.]+\.[^.])`)

// ParseDomain reads a URL such as https://cos-internal.ap-guangzhou.tencentcos.cn. The host of a
// bucket is the domain with the bucket as one more label. If the host is an IP address or
// localhost, only the TCP connection goes there: the Host header, the signature and the TLS name
// remain those of the bucket's public host. Plain http is allowed only for the loopback, because
// requests carry credentials.
func ParseDomain(s string) (Domain, error) {
	u, err := network.ParseAddress(s, "domain", "https://cos-internal.ap-guangzhou.tencentcos.cn")
	if err != nil {
		return Domain{}, err
	}
	if err := network.CheckEncrypted(u, "signatures, tokens and job settings"); err != nil {
		return Domain{}, err
	}
	d := Domain{scheme: u.Scheme, host: u.Host}
	_, notIP := netip.ParseAddr(u.Hostname())
	if notIP == nil || network.IsLocalhost(u.Hostname()) {
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		d.dial = net.JoinHostPort(u.Hostname(), port)
	} else if most := network.MaxHost - len(".") - maxLabel; len(u.Hostname()) > most {
		return Domain{}, fmt.Errorf("the domain's host has at most %d characters: a bucket's name is put before it", most)
	} else if match := regionalHost.FindStringSubmatch(strings.ToLower(u.Hostname())); match != nil {
		d.region = match[1] + match[2] // one of them is empty
	}
	return d, nil
}

// hidesRegion reports whether the domain does not tell which region it serves.
func (d Domain) hidesRegion() bool { return d.host != "" && d.dial == "" && d.region == "" }

// checkRegion refuses a region that the domain does not serve, where an existing bucket would look
// deleted.
func (d Domain) checkRegion(region string) error {
	if d.region != "" && d.region != region {
		return fmt.Errorf("%w (%s is for %s, not for %s)", ErrOtherRegion, d.host, d.region, region)
	}
	return nil
}

// bucketURL returns the URL of a bucket's root.
func (d Domain) bucketURL(bucket Bucket) (*url.URL, error) {
	if err := d.checkRegion(bucket.Region); err != nil {
		return nil, err
	}
	u := bucket.url("/")
	if d.scheme != "" {
		u.Scheme = d.scheme
	}
	if d.host != "" && d.dial == "" {
		u.Host = bucket.Name + "." + d.host
	}
	return u, nil
}

// url returns the URL that a call is sent to, without its path and query.
func (d Domain) url(r request) (*url.URL, error) {
	if r.op == GetService {
		return d.serviceURL(r.bucket.Region)
	}
	return d.bucketURL(r.bucket)
}

// serviceURL returns the URL that lists an account's buckets, of one region or of all.
//
// https://www.tencentcloud.com/document/product/436/8291
func (d Domain) serviceURL(region string) (*url.URL, error) {
	if d.host != "" && d.dial == "" {
		return nil, ErrNoService
	}
	u := &url.URL{Scheme: "https", Host: "service.cos.myqcloud.com", Path: "/"}
	if region != "" {
		u.Host = "cos." + region + ".myqcloud.com"
	}
	if d.scheme != "" {
		u.Scheme = d.scheme
	}
	return u, nil
}
