// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"net"
	"net/http"
	"regexp"
	"strings"
)

// virtualHost matches a bucket's host names: https://www.tencentcloud.com/document/product/436/6224
var virtualHost = regexp.MustCompile(`^([a-z0-9-]+-[0-9]+)\.(?:` +
	`cos\.([a-z0-9-]+)\.myqcloud\.com|` +
	`cos(?:-internal)?\.([a-z0-9-]+)\.tencentcos\.cn|` +
	`[a-z0-9-]+\.cos-cdc\.([a-z0-9-]+)\.myqcloud\.com)$`)

// address takes the bucket and the region from a Host header; both are "" if it names no bucket.
func address(host string) (bucket, region string) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	match := virtualHost.FindStringSubmatch(strings.ToLower(host))
	if match == nil {
		return "", ""
	}
	return match[1], match[2] + match[3] + match[4]
}

// uriPath is the decoded path. It is "/" for the absolute form without one, which a proxy's client
// may send.
func uriPath(r *http.Request) string {
	if r.URL.Path == "" {
		return "/"
	}
	return r.URL.Path
}
