// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DeliverPath is where a POST makes the server deliver reports (see [Server.Deliver]), unsigned: it
// is no call of the service. The answer has a line for each report.
const DeliverPath = "/.fakecos/deliver"

// controlService is what stands for the passing of time at the real service.
type controlService struct{}

func (controlService) operation(*http.Request, string, url.Values) string { return "" }

func (controlService) requestID(int, time.Time) string { return "" }

func (controlService) header(Request, string) http.Header { return http.Header{} }

func (controlService) faultStatus() int { return http.StatusInternalServerError }

func (controlService) errorDocument(r response, _ Request, _ string) (contentType, body string) {
	return "text/plain", r.message
}

func (controlService) handle(s *Server, _ *call) response {
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
