// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// jobID is the form of a job's id: https://www.tencentcloud.com/document/product/436/30625
// jobID has no limit of its length. Assumption: long-id.
var jobID = regexp.MustCompile(`^[0-9A-Za-z._-]+$`)

// checkTarget checks path, method and query: the service has more of each, the fake only the calls
// about inventory jobs, about buckets, and those that read objects. A query parameter that no page
// names is ignored, as COS does with the Id of cos-php-sdk-v5.
func checkTarget(c *call) response {
	op := c.record.Op
	if _, err := url.ParseQuery(c.request.URL.RawQuery); err != nil {
		return failure(http.StatusBadRequest, "InvalidURI", "Could not parse the specified URI: %v.", err)
	}
	switch {
	case c.path == "/" && c.query.Has("inventory") && op == "":
		return failure(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	case op == "":
		return failure(http.StatusNotImplemented, "NotImplemented", "Only calls to /?inventory are implemented, those about buckets, and those that read objects.")
	case c.path != "/" || !c.query.Has("inventory"):
		return response{}
	case c.query.Get("inventory") != "":
		return invalidArgument("inventory takes no value.")
	case op != opList && !jobID.MatchString(c.query.Get("id")):
		return invalidArgument("id must be letters, digits, hyphens, underscores and periods, not %q.", c.query.Get("id"))
	}
	return checkOnce(c.query)
}

// checkOnce refuses a query that gives a parameter twice.
func checkOnce(query url.Values) response {
	for name, values := range query {
		if len(values) != 1 {
			return invalidArgument("Query parameter %q is given twice.", name)
		}
	}
	return response{}
}

// hasOnly reports whether all parameters of a query are known.
func hasOnly(query url.Values, known []string) bool {
	for name := range query {
		if !slices.Contains(known, name) {
			return false
		}
	}
	return true
}

// checkPage checks the query of a listing, all of whose parameters are known, and returns its
// max-keys, or the most that a page has.
func checkPage(query url.Values, known []string, most int) (maxKeys int, refusal response) {
	maxKeys, err := most, error(nil)
	if query.Has("max-keys") {
		maxKeys, err = strconv.Atoi(query.Get("max-keys"))
	}
	if err != nil || maxKeys < 1 || !hasOnly(query, known) {
		return 0, invalidArgument("The call takes %s, and max-keys is from 1.", strings.Join(known, ", "))
	}
	return maxKeys, checkOnce(query)
}

// virtualHost matches a bucket's host names: https://www.tencentcloud.com/document/product/436/6224
var virtualHost = regexp.MustCompile(`^([a-z0-9-]+-[0-9]+)\.(?:` +
	`cos\.([a-z0-9-]+)\.myqcloud\.com|` +
	`cos(?:-internal)?\.([a-z0-9-]+)\.tencentcos\.cn|` +
	`[a-z0-9-]+\.cos-cdc\.([a-z0-9-]+)\.myqcloud\.com)$`)

// hostname is a Host header without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// address takes the bucket and the region from a Host header; both are "" if it names no bucket.
func address(host string) (bucket, region string) {
	match := virtualHost.FindStringSubmatch(hostname(host))
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
