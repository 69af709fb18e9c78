// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// cosService is COS, as far as bucket inventories and their reports need it.
var cosService = service{
	operation:     cosOperation,
	handle:        handleCOS,
	errorDocument: cosError,
	requestID:     cosRequestID,
	header: func(record Request, trace string) http.Header {
		return http.Header{"Server": {"tencent-cos"}, "X-Cos-Request-Id": {record.RequestID}, "X-Cos-Trace-Id": {trace}}
	},
	faultStatus: http.StatusInternalServerError,
}

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

// The calls by their methods: those of an object, of a bucket, and of a job. LIST is a GET of no
// job.
var (
	objectOps = map[string]string{http.MethodGet: opGetObject, http.MethodHead: opHeadObject}
	bucketOps = map[string]string{http.MethodPut: opPutBucket, http.MethodDelete: opDeleteBucket, http.MethodHead: opHeadBucket, http.MethodGet: opListObjects}
	jobOps    = map[string]string{http.MethodPut: opPut, http.MethodDelete: opDelete, http.MethodPost: opPost, http.MethodGet: opGet}
)

// cosOperation names the call that a request makes, or "" if the fake knows none like it.
func cosOperation(r *http.Request, path string, query url.Values) string {
	_, isService := serviceRegion(r.Host)
	switch {
	case path != "/":
		return objectOps[r.Method]
	case query.Has("inventory") && r.Method == http.MethodGet && !query.Has("id"):
		return opList
	case query.Has("inventory"):
		return jobOps[r.Method]
	case isService && r.Method == http.MethodGet:
		return opGetService
	case len(query) == 0 || r.Method == http.MethodGet && hasOnly(query, listParameters):
		return bucketOps[r.Method]
	}
	return ""
}

// handleCOS finds out whose bucket, who asks, what for.
func handleCOS(s *Server, c *call) response {
	op, name := c.record.Op, c.record.Bucket
	b, ok := s.buckets[name]
	ok = ok && name != "" && b.region == c.record.Region
	if !ok && op != opGetService && (op != opPutBucket || name == "") {
		return noSuchBucket()
	}
	key, refusal := authenticate(c, s.credential)
	if !refusal.failed() {
		refusal = checkTarget(c)
	}
	if refusal.failed() {
		return refusal
	}
	switch op {
	case opGetService:
		return s.getService(c, key)
	case opPutBucket:
		return s.putBucket(c)
	case opHeadBucket:
		return headBucket(b)
	case opDeleteBucket:
		return s.deleteBucket(name, b)
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

func noSuchBucket() response {
	return failure(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist.")
}

func invalidArgument(format string, args ...any) response {
	return failure(http.StatusBadRequest, "InvalidArgument", format, args...)
}

// cosRequestID and traceID are unique per server and shaped like the service's, opaque base64.
func cosRequestID(serial int, now time.Time) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%08x_fa4ec05_%04x", now.Unix(), serial))
}

func traceID(serial int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "trace_%016x", serial))
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

func cosError(r response, record Request, trace string) (contentType, body string) {
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
