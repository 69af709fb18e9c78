// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"bytes"
	"cmp"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault makes requests fail. Reset, Hang, Truncate, or an answer (Status, Code, Body) says how; a
// Fault with none of them lets the real answer through, later by Delay and with Header added. Error
// answers are laid out as those of the service that the request is for. Status is by default 200
// with Body; with Code alone it is 500 from COS, and 200 from STS and the metadata service, which
// tell of failures in the document.
type Fault struct {
	Op, Bucket, ID string // the requests that fail; "" matches any
	Skip           int    // let so many matching requests pass (or meet a later fault) first
	Times          int    // how often; 0 means every time until ClearFaults
	AfterEffect    bool   // the call takes effect, and only then the client sees the fault
	Reset          bool   // TCP reset
	Hang           bool   // no answer until the client goes away or the server is closed
	Delay          time.Duration
	Status         int         // error answer, or with Body, or below 300 without Code, a plain one; see below for the default
	Code, Message  string      // error code and message; by default the status text, as a code without blanks
	Header         http.Header // added to the answer
	Body           *string     // raw body in place of an error document
	ContentType    string      // of Body
	Truncate       bool        // the answer's length and half of its body, then the connection is cut
}

// Inject queues a fault. Each request is struck by the first matching one that has Times left.
func (s *Server) Inject(fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault)
}

// ClearFaults empties the queue.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Intercept sets a hook that is asked about every request before the queue is; a fault it returns
// is used for that request, its matching fields and counts unread. The hook may call the server's
// methods. nil removes it.
func (s *Server) Intercept(hook func(Request) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intercept = hook
}

// faultFor returns the fault for a request, or nil.
func (s *Server) faultFor(record Request) *Fault {
	s.mu.Lock()
	hook := s.intercept
	s.mu.Unlock()
	if hook != nil {
		if fault := hook(record); fault != nil {
			return fault
		}
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	for i, queued := range s.faults {
		if !queued.matches(record) {
			continue
		}
		if queued.Skip > 0 {
			queued.Skip--
			continue
		}
		fault := *queued
		if queued.Times--; queued.Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return &fault
	}
	return nil
}

func (f Fault) matches(record Request) bool {
	return (f.Op == "" || f.Op == record.Op) &&
		(f.Bucket == "" || f.Bucket == record.Bucket) &&
		(f.ID == "" || f.ID == record.ID)
}

// answers reports whether the fault brings an answer of its own.
func (f Fault) answers() bool {
	return f.Status != 0 || f.Code != "" || f.Body != nil
}

// effective reports whether the call itself is carried out.
func (f Fault) effective() bool {
	return f.AfterEffect || !(f.Reset || f.Hang || f.answers())
}

// response is the fault's own answer; a code without a status goes with codeStatus.
func (f Fault) response(codeStatus int) response {
	if f.Body != nil {
		return response{status: cmp.Or(f.Status, http.StatusOK), body: *f.Body, contentType: f.ContentType}
	}
	status := cmp.Or(f.Status, codeStatus)
	if status < http.StatusMultipleChoices {
		return response{status: status, code: f.Code, message: cmp.Or(f.Message, f.Code)}
	}
	text := http.StatusText(status)
	code := strings.ReplaceAll(text, " ", "")
	if status == http.StatusInternalServerError {
		code = "InternalError"
	}
	return response{status: status, code: cmp.Or(f.Code, code), message: cmp.Or(f.Message, text)}
}

// hijack takes the connection out of the HTTP server's hands. Only HTTP/1 lets it; elsewhere the
// client gets a 500, which no test of a broken connection can mistake for one.
func hijack(w http.ResponseWriter) (net.Conn, bool) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "this fault needs a HTTP/1 connection: "+err.Error(), http.StatusInternalServerError)
		return nil, false
	}
	return connection, true
}

// abort closes the connection without an answer.
func abort(w http.ResponseWriter) {
	if connection, ok := hijack(w); ok {
		_ = connection.Close()
	}
}

// reset closes the connection so that the client sees ECONNRESET rather than an end of file.
func reset(w http.ResponseWriter) {
	connection, ok := hijack(w)
	if !ok {
		return
	}
	under := connection
	if tunnel, ok := connection.(interface{ NetConn() net.Conn }); ok { // TLS
		under = tunnel.NetConn()
	}
	if tcp, ok := under.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = under.Close()
}

// truncate sends an answer up to half of its body or, if it has none, without the line that ends
// its head.
func truncate(w http.ResponseWriter, answer response) {
	connection, ok := hijack(w)
	if !ok {
		return
	}
	var wire bytes.Buffer
	fmt.Fprintf(&wire, "HTTP/1.1 %d %s\r\n", answer.status, http.StatusText(answer.status))
	_ = answer.header.Write(&wire)
	if answer.body != "" {
		wire.WriteString("\r\n" + answer.body[:len(answer.body)/2])
	}
	_, _ = connection.Write(wire.Bytes())
	_ = connection.Close()
}
