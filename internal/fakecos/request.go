// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"net/http"
	"time"
)

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
