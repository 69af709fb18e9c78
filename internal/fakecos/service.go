// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// service is one of the services behind the address. A request runs through the same log, faults
// and counts whichever of them answers it.
type service interface {
	operation(r *http.Request, path string, query url.Values) string // Request.Op
	requestID(serial int, now time.Time) string
	handle(s *Server, c *call) response // s.mu is held
	header(record Request, trace string) http.Header
	errorDocument(r response, record Request, trace string) (contentType, body string)
	faultStatus() int // of a Fault with a Code and no Status
}

// serviceFor tells by a request's looks which service it is for: a client is led here from any host
// name.
func serviceFor(r *http.Request) service {
	switch {
	case r.Header.Values("X-Tc-Action") != nil:
		return stsService{}
	case strings.HasPrefix(uriPath(r), metadataRoot):
		return metadataService{}
	case r.Method == http.MethodPost && uriPath(r) == DeliverPath:
		return controlService{}
	}
	return cosService{}
}
