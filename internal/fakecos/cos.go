// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// cosService is COS, as far as bucket inventories and their reports need it.
type cosService struct{}

// The CAM action names of the COS calls: https://www.tencentcloud.com/document/product/436/31923
const (
	opPut    = "PutBucketInventory"
	opGet    = "GetBucketInventory"
	opList   = "ListBucketInventory" // Assumption: actions
	opDelete = "DeleteBucketInventory"
	opPost   = "PostBucketInventory"

	opPutBucket    = "PutBucket"
	opDeleteBucket = "DeleteBucket"
	opHeadBucket   = "HeadBucket"
	opListObjects  = "GetBucket"
	opHeadObject   = "HeadObject"
	opGetObject    = "GetObject"
)

// isBucketOp reports whether a call is about a bucket or an object, not about inventory jobs.
func isBucketOp(op string) bool {
	return slices.Contains([]string{opPutBucket, opDeleteBucket, opHeadBucket, opListObjects, opHeadObject, opGetObject}, op)
}

// operation names the call that a request makes, or "" if the fake knows none like it.
func (cosService) operation(r *http.Request, path string, query url.Values) string {
	if _, ok := serviceRegion(r.Host); ok && path == "/" && r.Method == http.MethodGet && !query.Has("inventory") {
		return opGetService
	}
	switch {
	case path != "/" && r.Method == http.MethodGet:
		return opGetObject
	case path != "/" && r.Method == http.MethodHead:
		return opHeadObject
	case path != "/":
		return ""
	case r.Method == http.MethodHead && len(query) == 0:
		return opHeadBucket
	case r.Method == http.MethodPut && len(query) == 0:
		return opPutBucket
	case r.Method == http.MethodDelete && len(query) == 0:
		return opDeleteBucket
	case r.Method == http.MethodGet && !query.Has("inventory") && isListQuery(query):
		return opListObjects
	case !query.Has("inventory"):
		return ""
	}
	switch r.Method {
	case http.MethodPut:
		return opPut
	case http.MethodDelete:
		return opDelete
	case http.MethodPost:
		return opPost
	case http.MethodGet:
		if query.Has("id") {
			return opGet
		}
		return opList
	}
	return ""
}

// handle finds out whose bucket, who asks, what for.
func (cosService) handle(s *Server, c *call) response {
	record := c.record
	if record.Op == opGetService {
		key, refusal := authenticate(c, s.credential)
		if refusal.failed() {
			return refusal
		}
		return s.getService(c, key)
	}
	if record.Op == opPutBucket && record.Bucket != "" {
		return s.putBucket(c)
	}
	b, ok := s.buckets[record.Bucket]
	if record.Bucket == "" || !ok || b.region != record.Region {
		return failure(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist.")
	}
	if _, refusal := authenticate(c, s.credential); refusal.failed() {
		return refusal
	}
	if refusal := checkTarget(c); refusal.failed() {
		return refusal
	}
	switch record.Op {
	case opHeadBucket:
		return headBucket(b)
	case opDeleteBucket:
		return s.deleteBucket(record.Bucket, b)
	case opListObjects:
		return listObjects(c, b)
	case opGetObject, opHeadObject:
		return getObject(c, b)
	case opPut:
		return s.put(c, b)
	case opGet:
		return s.get(c, b)
	case opList:
		return s.list(c, b)
	case opDelete:
		return s.delete(c, b)
	default:
		return s.post(c, b)
	}
}

func invalidArgument(format string, args ...any) response {
	return failure(http.StatusBadRequest, "InvalidArgument", format, args...)
}

// requestID and traceID are unique per server and shaped like the service's, opaque base64.
func (cosService) requestID(serial int, now time.Time) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%08x_fa4ec05_%04x", now.Unix(), serial))
}

func traceID(serial int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "trace_%016x", serial))
}

func (cosService) header(record Request, trace string) http.Header {
	header := http.Header{}
	header.Set("Server", "tencent-cos")
	header.Set("X-Cos-Request-Id", record.RequestID)
	header.Set("X-Cos-Trace-Id", trace)
	return header
}

func (cosService) faultStatus() int {
	return http.StatusInternalServerError
}

// errorDocument is laid out as https://www.tencentcloud.com/document/product/436/7730 shows it.
type errorDocument struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string
	Message   string
	Resource  string
	RequestID string `xml:"RequestId"`
	TraceID   string `xml:"TraceId"`
}

func (cosService) errorDocument(r response, record Request, trace string) (contentType, body string) {
	return "application/xml", xmlBody(errorDocument{
		Code: r.code, Message: r.message, Resource: record.Host + "/", RequestID: record.RequestID, TraceID: trace,
	})
}

// xmlBody is a document with the declaration that the service's own have.
func xmlBody(document any) string {
	var b bytes.Buffer
	b.WriteString("<?xml version='1.0' encoding='utf-8' ?>\n")
	// A bytes.Buffer takes every write and the documents are strings and numbers alone, so there is
	// no error to have.
	_ = xml.NewEncoder(&b).Encode(document)
	return b.String()
}
