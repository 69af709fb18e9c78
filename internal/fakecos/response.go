// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"fmt"
	"net/http"
	"strconv"
)

// response is an answer as a value: handlers make it, one adapter writes it.
type response struct {
	status      int
	code        string // error code, "" for success
	message     string
	contentType string
	body        string
	header      http.Header // beside those every answer carries
}

func success(status int, body string) response {
	r := response{status: status, body: body}
	if body != "" {
		r.contentType = "application/xml"
	}
	return r
}

// failure is an error; the service renders its document, which names the request.
func failure(status int, code, format string, args ...any) response {
	return response{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

// with adds headers; those that are there already are replaced.
func (r response) with(added http.Header) response {
	header := r.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	for name, values := range added {
		header[http.CanonicalHeaderKey(name)] = values
	}
	r.header = header
	return r
}

func (r response) failed() bool {
	return r.code != ""
}

// finish turns an answer into what goes over the wire: the error document rendered, the usual
// headers set.
func (r response) finish(c *call, record Request) response {
	if r.failed() && r.body == "" {
		r.contentType, r.body = c.service.errorDocument(r, record, c.trace)
	}
	header := c.service.header(record, c.trace)
	header.Set("Date", c.now.UTC().Format(http.TimeFormat))
	if r.contentType != "" {
		header.Set("Content-Type", r.contentType)
	}
	if r.status != http.StatusNoContent && r.status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	for name, values := range r.header {
		header[name] = values
	}
	r.header = header
	return r
}

func (r response) write(w http.ResponseWriter, method string) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	if method != http.MethodHead {
		// The client may be gone already; that is its affair.
		_, _ = w.Write([]byte(r.body))
	}
}
