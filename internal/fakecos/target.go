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
var jobID = regexp.MustCompile(`^[0-9A-Za-z._-]+$`)

// checkTarget checks path, method and query: the service has more of each, the fake only the calls
// about inventory jobs and those that read buckets and objects.
func checkTarget(c *call) response {
	if _, err := url.ParseQuery(c.request.URL.RawQuery); err != nil {
		return failure(http.StatusBadRequest, "InvalidURI", "Could not parse the specified URI: %v.", err)
	}
	if isObjectOp(c.record.Op) {
		return response{}
	}
	switch {
	case c.path != "/" || !c.query.Has("inventory"):
		return failure(http.StatusNotImplemented, "NotImplemented", "Only calls to /?inventory are implemented, and those that read buckets and objects.")
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
		switch {
		case name != "inventory" && name != "id" && (name != "continuation-token" || op != opList):
			return invalidArgument("Unknown query parameter %q.", name)
		case len(c.query[name]) != 1:
			return invalidArgument("Query parameter %q is given twice.", name)
		}
	}
	if op != opList && !jobID.MatchString(c.query.Get("id")) {
		return invalidArgument("id must be letters, digits, hyphens, underscores and periods, not %q.", c.query.Get("id"))
	}
	return response{}
}
