// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// maxBody is far above what a document with every field and tag needs.
const maxBody = 1 << 20

// call is one request on its way through the handlers.
type call struct {
	service *service
	request *http.Request
	query   url.Values
	path    string
	body    []byte
	now     time.Time
	trace   string
	struck  bool     // by a fault
	record  *Request // in Server.requests, so guarded by Server.mu
}

// ServeHTTP answers one request: the fault for it, if there is one, or the service's own answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A body that breaks off is checked like any other: its digest will not match.
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if !s.pause(r.Context(), untilReady(r.Context())) {
		abort(w)
		return
	}
	c, record := s.arrive(r, body)

	fault := s.faultFor(record)
	c.struck = fault != nil
	if fault == nil {
		fault = &Fault{}
	}
	there := s.pause(r.Context(), fault.Delay)
	var answer response
	if there && fault.effective() {
		answer = s.handle(c)
	}
	if fault.answers() {
		answer = fault.response(c.service.faultStatus)
	}
	answer = answer.finish(c, record, fault.Header)

	switch {
	case !there || fault.Hang && !s.pause(r.Context(), math.MaxInt64):
		s.leave(c, response{})
		abort(w)
	case fault.Reset:
		s.leave(c, response{})
		reset(w)
	case fault.Truncate:
		s.leave(c, answer)
		truncate(w, answer)
	default:
		s.leave(c, answer)
		answer.write(w, r.Method)
	}
}

// arrive enters a request into the log and returns it beside a copy of its entry.
func (s *Server) arrive(r *http.Request, body []byte) (*call, Request) {
	// A query that does not parse is kept as far as it does, and refused by the handler.
	query, _ := url.ParseQuery(r.URL.RawQuery)
	path := uriPath(r)
	bucket, region := address(r.Host)
	c := &call{service: serviceFor(r), request: r, query: query, path: path, body: body, now: s.options.Clock()}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	s.inFlight++
	s.inFlightMax = max(s.inFlightMax, s.inFlight)
	c.trace = traceID(s.serial)
	c.record = &Request{
		Time: c.now, Method: r.Method, Op: c.service.operation(r, path, query), Host: r.Host, Region: region, Bucket: bucket,
		ID: query.Get("id"), Query: r.URL.RawQuery, Body: string(body), Header: r.Header.Clone(),
	}
	if c.service.requestID != nil {
		c.record.RequestID = c.service.requestID(s.serial, c.now)
	}
	s.requests = append(s.requests, c.record)
	return c, *c.record
}

// leave closes a request's entry. It runs before the answer goes out, so that whoever has the
// answer finds the entry complete and the request no longer in flight.
func (s *Server) leave(c *call, answer response) {
	s.mu.Lock()
	s.inFlight--
	c.record.Status, c.record.Code, c.record.Fault = answer.status, answer.code, c.struck
	record := *c.record
	s.mu.Unlock()
	if s.options.Log != nil {
		record.Header = record.Header.Clone()
		s.options.Log(record)
	}
}

// handle is the service's own answer.
func (s *Server) handle(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliverDue(c.now)
	answer := c.service.handle(s, c)
	if s.skew.answer != nil && c.service == &cosService {
		answer = s.skew.answer(c.record.Op, answer)
	}
	return answer
}

// pause waits for a delay; false means the client went away or the server was closed first.
func (s *Server) pause(ctx context.Context, delay time.Duration) bool {
	if delay <= 0 {
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.closed:
	}
	return false
}

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

func (r response) failed() bool {
	return r.code != ""
}

// finish turns an answer into what goes over the wire: the error document rendered, the usual
// headers set, and those added that a fault has.
func (r response) finish(c *call, record Request, added http.Header) response {
	if r.failed() && r.body == "" {
		r.contentType, r.body = c.service.errorDocument(r, record, c.trace)
	}
	header := http.Header{}
	if c.service.header != nil {
		header = c.service.header(record, c.trace)
	}
	header.Set("Date", c.now.UTC().Format(http.TimeFormat))
	if r.contentType != "" {
		header.Set("Content-Type", r.contentType)
	}
	if r.status != http.StatusNoContent && r.status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	maps.Copy(header, r.header)
	for name, values := range added {
		header[http.CanonicalHeaderKey(name)] = values
	}
	r.header = header
	return r
}

func (r response) write(w http.ResponseWriter, method string) {
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	if method != http.MethodHead {
		// The client may be gone already; that is its affair.
		_, _ = w.Write([]byte(r.body))
	}
}
