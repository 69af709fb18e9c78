// SPDX-License-Identifier: MPL-2.0

// Package fakecos is an in-memory Tencent Cloud COS that serves the bucket inventory API, the calls
// that read buckets and objects, and the reports that it delivers, with as much of STS and of CVM's
// metadata service as it takes to get keys for it. One address serves the three: a request with an
// X-TC-Action header is for STS, one below /latest/meta-data/ for the metadata service, any other
// for COS.
//
// It stands in for the service in tests and in demonstrations, so it is as strict as the vendor's
// API pages: it verifies signatures and digests, refuses documents the pages do not allow, and
// never creates a bucket on demand. It shares no code with any client; what it knows of the wire
// format it reads from the vendor's pages itself:
// https://www.tencentcloud.com/document/product/436/30622
package fakecos

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Options shapes a [Server]; the zero value is a service with [DefaultCredential] and the real
// clock.
type Options struct {
	Credentials    []Credential     // keys the service knows; none means DefaultCredential alone
	Clock          func() time.Time // judges signatures, tokens, VisibilityLag and the day of a run; default time.Now
	PageSize       int              // jobs on a LIST page; default 100, as the service
	AccountID      string           // owner's UIN filled into written documents that carry none; "" leaves them alone
	Roles          []Role           // CAM roles that STS and the metadata service give out keys of
	KeyLife        time.Duration    // of issued keys; default what STS was asked for, or 6 h from the metadata service
	ExtraFields    []string         // optional field names accepted beside the documented ones
	RunDelay       time.Duration    // until the report of a one-time job is delivered; 0: Deliver alone delivers it
	VisibilityLag  time.Duration    // how long, by Clock, GET and LIST still show what was there before a PUT or DELETE
	RequireMD5     bool             // refuse a PUT or POST without Content-MD5: the pages demand it, the vendor's SDKs for Java and Python send none
	Skew           string           // the name of one of [Skews]: an answer that COS may give in place of the fake's own; "" for none
	ConnectLatency time.Duration    // of the first answer on a connection, as handshakes with a far region would
	Log            func(Request)    // called after each request, from its goroutine; nil for none
}

// Credential is a key pair the service accepts, with the token that makes it a temporary one.
type Credential struct {
	SecretID  string
	SecretKey string
	Token     string    // demanded in x-cos-security-token and X-TC-Token; "" for permanent keys
	Expires   time.Time // from then on COS answers ExpiredToken, STS AuthFailure.TokenFailure; zero for never
	AppID     string    // of the account whose buckets the key may list; default 1250000000
	AccountID string    // UIN of the account whose key it is; default Options.AccountID, and without one 100000000001
}

// DefaultCredential is the pair a [Server] knows when its Options name none. It opens nothing
// anywhere else.
func DefaultCredential() Credential {
	return Credential{SecretID: "AKIDEXAMPLE0000000000000000000000000", SecretKey: "EXAMPLEKEY0000000000000000000000"}
}

// defaultPageSize is the service's own: https://www.tencentcloud.com/document/product/436/30627
const defaultPageSize = 100

// Server is the services: an [http.Handler] that takes the bucket from the Host header. Create one
// with [New] or, with a listener, [Listen]. All methods may be called at any time from any
// goroutine.
type Server struct {
	options Options
	skew    Skew
	closed  chan struct{}
	close   sync.Once

	mu          sync.Mutex           // guards everything below
	issued      map[string]issuedKey // by secret id
	buckets     map[string]*bucket
	requests    []*Request
	serial      int      // numbers answers and runs
	faults      []*Fault // their counts are what is left of them
	intercept   func(Request) *Fault
	connections int
	inFlight    int
	inFlightMax int
}

// New returns a service without buckets. It panics if Options.Skew names none.
func New(options Options) *Server {
	skew, ok := findSkew(options.Skew)
	if !ok {
		panic("fakecos: there is no skew " + options.Skew)
	}
	if len(options.Credentials) == 0 {
		options.Credentials = []Credential{DefaultCredential()}
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.PageSize <= 0 {
		options.PageSize = defaultPageSize
	}
	return &Server{options: options, skew: skew, closed: make(chan struct{}), issued: map[string]issuedKey{}, buckets: map[string]*bucket{}}
}

// Close releases the requests that a fault keeps hanging. A closed service still answers.
func (s *Server) Close() {
	s.close.Do(func() { close(s.closed) })
}

// Request is one request as the handler saw it, and how it was answered.
type Request struct {
	Time      time.Time // arrival, by Options.Clock
	Method    string
	Op        string // CAM action name such as PutBucketInventory or AssumeRole, or GetMetadata; "" if the request is none of them
	Host      string
	Region    string // from Host; "" if Host names no bucket
	Bucket    string // from Host; "" if Host names no bucket
	ID        string // query parameter id
	Query     string // raw
	Body      string // at most 1 MiB and a byte
	Header    http.Header
	Status    int    // 0 while unanswered, and when a fault left it without an answer
	Code      string // error code answered; "" for success
	RequestID string // x-cos-request-id, or RequestId of STS; the metadata service has none
	Fault     bool   // a fault was injected
}

// Requests returns every request that reached the handler, refused ones too, in order of arrival.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.requests))
	for i, r := range s.requests {
		requests[i] = *r
		requests[i].Header = r.Header.Clone()
	}
	return requests
}

// ResetRequests forgets the requests seen so far.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// InFlightMax returns how many requests were in the handler at once, at most.
func (s *Server) InFlightMax() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inFlightMax
}

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
