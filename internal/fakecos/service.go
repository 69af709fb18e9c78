// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// service is one of the services behind the address. A request runs through the same log, faults
// and counts whichever of them answers it.
type service struct {
	operation     func(r *http.Request, path string, query url.Values) string // Request.Op
	handle        func(s *Server, c *call) response                           // s.mu is held
	errorDocument func(r response, record Request, trace string) (contentType, body string)
	requestID     func(serial int, now time.Time) string         // nil: its answers have none
	header        func(record Request, trace string) http.Header // nil: its answers have none of their own
	faultStatus   int                                            // of a Fault with a Code and no Status
}

// serviceFor tells by a request's looks which service it is for: a client is led here from any host
// name.
func serviceFor(r *http.Request) *service {
	switch {
	case r.Header.Values("X-Tc-Action") != nil:
		return &stsService
	case strings.HasPrefix(uriPath(r), metadataRoot):
		return &metadataService
	case r.Method == http.MethodPost && uriPath(r) == DeliverPath:
		return &controlService
	}
	return &cosService
}

// DeliverPath is where a POST makes the server deliver reports (see [Server.Deliver]), unsigned: it
// is no call of the service. The answer has a line for each report.
const DeliverPath = "/.fakecos/deliver"

// controlService is what stands for the passing of time at the real service.
var controlService = service{
	operation:     func(*http.Request, string, url.Values) string { return "" },
	handle:        handleControl,
	errorDocument: func(r response, _ Request, _ string) (contentType, body string) { return "text/plain", r.message },
	faultStatus:   http.StatusInternalServerError,
}

func handleControl(s *Server, _ *call) response {
	var lines strings.Builder
	for _, d := range s.deliverAll() {
		if d.ManifestKey == "" {
			fmt.Fprintf(&lines, "%s/%s: nothing, there is no bucket %s in its region\n", d.Bucket, d.ID, d.Destination)
			continue
		}
		fmt.Fprintf(&lines, "%s/%s: %s in %s\n", d.Bucket, d.ID, d.ManifestKey, d.Destination)
	}
	return response{status: http.StatusOK, contentType: "text/plain", body: lines.String()}
}
