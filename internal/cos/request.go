// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // Content-MD5 is what the API asks for, as a checksum
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operation is a call of the API, by the name of the CAM action that allows it.
type Operation string

// The five calls about inventory jobs, those on the buckets that receive the reports, and the one
// that lists an account's buckets.
const (
	PutInventory    Operation = "PutBucketInventory"
	GetInventory    Operation = "GetBucketInventory"
	ListInventories Operation = "ListBucketInventory"
	DeleteInventory Operation = "DeleteBucketInventory"
	PostInventory   Operation = "PostBucketInventory"
	HeadBucket      Operation = "HeadBucket"
	ListObjects     Operation = "GetBucket"
	GetObject       Operation = "GetObject"
	GetService      Operation = "GetService"
)

// subject is what a call is about.
type subject int

const (
	aboutAccount subject = iota
	aboutBucket
	aboutJob
	aboutObject
)

// operation is all that is particular to a call.
type operation struct {
	method      string
	about       subject
	isWrite     bool // may change something in COS
	maxResponse int  // bytes
	part        int  // of the budget, for all pages; 0 is the whole of it
}

// The largest responses, in bytes. A job's document is a few KiB as a rule; one with thousands of
// tags may have a MiB. A page of LIST has a hundred documents, a page of objects a thousand keys,
// and a manifest some hundred bytes for each of its files.
const (
	maxDocument = 2 << 20
	maxKeys     = 8 << 20
	maxContent  = 16 << 20
)

var operations = map[Operation]operation{
	PutInventory:    {http.MethodPut, aboutJob, true, maxDocument, 0},
	GetInventory:    {http.MethodGet, aboutJob, false, maxDocument, 0},
	ListInventories: {http.MethodGet, aboutBucket, false, maxContent, 3},
	DeleteInventory: {http.MethodDelete, aboutJob, true, maxDocument, 0},
	PostInventory:   {http.MethodPost, aboutJob, true, maxDocument, 0},
	HeadBucket:      {http.MethodHead, aboutBucket, false, maxDocument, 0},
	ListObjects:     {http.MethodGet, aboutBucket, false, maxKeys, 0},
	GetObject:       {http.MethodGet, aboutObject, false, maxContent, 0},
	GetService:      {http.MethodGet, aboutAccount, false, maxKeys, 12},
}

// Operations returns every call that a client can make, sorted.
func Operations() []Operation { return slices.Sorted(maps.Keys(operations)) }

// IsWrite reports whether the call may change something in COS.
func (op Operation) IsWrite() bool { return operations[op].isWrite }

// request is what a call sends.
type request struct {
	op     Operation
	bucket Bucket // without a name for a call about the account, without a region for all of them
	id     string // of the job; "" for a call about the bucket or an object
	key    string // of the object; "" for any other call
	query  string // encoded
	body   []byte
	once   bool // a failed attempt is not retried
	last   bool // no other call to this host is expected: its connection is not kept
	share  *share
}

// jobRequest is a call about one job.
func jobRequest(op Operation, job Job, body []byte) request {
	return request{op: op, bucket: job.Bucket, id: job.ID, query: "inventory&id=" + escapeQuery(job.ID), body: body}
}

// listRequest reads a page of the bucket's jobs. The first one has no token.
func listRequest(bucket Bucket, token string) request {
	r := request{op: ListInventories, bucket: bucket, query: "inventory"}
	if token != "" {
		r.query += "&continuation-token=" + escapeQuery(token)
	}
	return r
}

// serviceRequest reads a page of the account's buckets. The first one has no marker.
func serviceRequest(filter BucketFilter, marker string) request {
	query := url.Values{}
	if filter.TagKey != "" {
		query.Set("tagkey", filter.TagKey)
		query.Set("tagvalue", filter.TagValue)
	}
	if marker != "" {
		query.Set("marker", marker)
	}
	return request{op: GetService, bucket: Bucket{Region: filter.Region}, query: encodeQuery(query)}
}

// check refuses names that would change the request's host or query.
func (r request) check() error {
	switch operation, known := operations[r.op]; {
	case !known:
		return fmt.Errorf("operations has no %s", r.op)
	case operation.about == aboutJob:
		return r.bucket.Job(r.id).check()
	case operation.about != aboutAccount:
		return r.bucket.check()
	case r.bucket.Region == "": // all of them
		return nil
	}
	return checkValue("region", r.bucket.Region, CheckRegion)
}

// newHTTPRequest returns a request without a context and without a signature.
func (c *Client) newHTTPRequest(r request) (*http.Request, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	u, err := c.config.Domain.url(r)
	if err != nil {
		return nil, err
	}
	if r.key != "" {
		u.Path = "/" + r.key
		u.RawPath = "/" + escapePath(r.key)
	}
	u.RawQuery = r.query
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	h, err := http.NewRequestWithContext(context.Background(), operations[r.op].method, u.String(), body)
	if err != nil {
		return nil, err
	}
	h.Close = r.last
	h.Header.Set("User-Agent", c.config.UserAgent)
	if r.body != nil {
		sum := md5.Sum(r.body) //nolint:gosec // see the import
		h.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
		h.Header.Set("Content-Type", "application/xml")
	}
	return h, nil
}

// escapePath escapes every character of a key but those that no reader could mistake. Some shorten a
// path by its segments . and ..
func escapePath(key string) string {
	segments := strings.Split(key, "/")
	for i, segment := range segments {
		segments[i] = escapeQuery(segment)
		if segment == "." || segment == ".." {
			segments[i] = strings.ReplaceAll(segment, ".", "%2E")
		}
	}
	return strings.Join(segments, "/")
}

// encodeQuery encodes a query so that no reading of + matters.
func encodeQuery(values url.Values) string {
	return strings.ReplaceAll(values.Encode(), "+", "%20")
}

// escapeQuery escapes a query's value so that no reading of + matters.
func escapeQuery(value string) string {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}
