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
	} else if match := regionalHost.FindStringSubmatch(strings.ToLower(u.Hostname())); match != nil {
		d.region = match[1] + match[2] // one of them is empty
	}
	return d, nil
}

// hidesRegion reports whether nothing tells which region the domain serves.
func (d Domain) hidesRegion() bool { return d.host != "" && d.dial == "" && d.region == "" }

// checkRegion refuses a region that the domain does not serve: there, a bucket
// would look as if it were gone.
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
	u := &url.URL{Scheme: "https", Host: bucket.Name + ".cos." + bucket.Region + ".myqcloud.com", Path: "/"}
	if d.scheme != "" {
		u.Scheme = d.scheme
	}
	if d.host != "" && d.dial == "" {
		u.Host = bucket.Name + "." + d.host
	}
	return u, nil
}
