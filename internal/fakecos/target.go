// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// jobID is the form of a job's id: https://www.tencentcloud.com/document/product/436/30625
// jobID has no limit of its length. Assumption: long-id.
var jobID = regexp.MustCompile(`^[0-9A-Za-z._-]+$`)

// checkTarget checks path, method and query: the service has more of each, the fake only the calls
// about inventory jobs, about buckets, and those that read objects. A query parameter that no page
// names is ignored, as COS does with the Id of cos-php-sdk-v5.
func checkTarget(c *call) response {
	if _, err := url.ParseQuery(c.request.URL.RawQuery); err != nil {
		return failure(http.StatusBadRequest, "InvalidURI", "Could not parse the specified URI: %v.", err)
	}
	if isBucketOp(c.record.Op) {
		return response{}
	}
	switch {
	case c.path != "/" || !c.query.Has("inventory"):
		return failure(http.StatusNotImplemented, "NotImplemented", "Only calls to /?inventory are implemented, those about buckets, and those that read objects.")
	case c.record.Op == "":
		return failure(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	}
	return checkInventoryQuery(c)
}

func checkInventoryQuery(c *call) response {
	op := c.record.Op
	if c.query.Get("inventory") != "" {
		return invalidArgument("inventory takes no value.")
	}
	for _, name := range slices.Sorted(maps.Keys(c.query)) {
		if len(c.query[name]) != 1 {
			return invalidArgument("Query parameter %q is given twice.", name)
		}
	}
	if op != opList && !jobID.MatchString(c.query.Get("id")) {
		return invalidArgument("id must be letters, digits, hyphens, underscores and periods, not %q.", c.query.Get("id"))
	}
	return response{}
}
