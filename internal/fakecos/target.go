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

// checkTarget checks path, method and query: the service has more of each, the fake only the
// inventory calls.
func checkTarget(c *call) response {
	if _, err := url.ParseQuery(c.request.URL.RawQuery); err != nil {
		return failure(http.StatusBadRequest, "InvalidURI", "Could not parse the specified URI: %v.", err)
	}
	op := c.record.Op
	switch method := c.request.Method; {
	case c.path != "/" && (method == http.MethodGet || method == http.MethodHead):
		return failure(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	case c.path != "/" || !c.query.Has("inventory"):
		return failure(http.StatusNotImplemented, "NotImplemented", "Only calls to /?inventory are implemented.")
	case op == "":
		return failure(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	}
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
