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
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
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

// Domain is a custom endpoint of the buckets.
type Domain struct {
	scheme string
	host   string // with the port, if any
	region string // the region that the host's name tells, if it does
	dial   string // address:port to dial in place of a bucket's public address
}

// regionalHost matches the region in the names of COS's endpoints: cos.<region>.myqcloud.com,
// cos-internal.<region>.tencentcos.cn, <cluster>.cos-cdc.<region>.myqcloud.com. With another
// suffix, a region must start like those that COS has.
//
// https://www.tencentcloud.com/document/product/436/6224
var regionalHost = regexp.MustCompile(`(?:^|\.)(?:cos|cos-internal|cos-cdc)\.(?:` +
	`([a-z]+(?:-[a-z0-9]+)+)\.(?:myqcloud\.com|tencentcos\.cn)$|` +
	`((?:af|ap|eu|me|na|sa)(?:-[a-z0-9]+)+)\.[^.]+\.[^.])`)

// ParseDomain reads a URL such as https://cos-internal.ap-guangzhou.tencentcos.cn. The host of a
// bucket is the domain with the bucket as one more label. If the host is an IP address or
// localhost, only the TCP connection goes there: the Host header, the signature and the TLS name
// remain those of the bucket's public host. Plain http is allowed only for the loopback, because
// requests carry credentials.
func ParseDomain(s string) (Domain, error) {
	u, err := network.ParseAddress(s, "domain", "https://cos-internal.ap-guangzhou.tencentcos.cn")
	if err != nil {
		return Domain{}, err
	}
	if err := network.CheckEncrypted(u, "signatures, tokens and job settings"); err != nil {
		return Domain{}, err
	}
	d := Domain{scheme: u.Scheme, host: u.Host}
	_, notIP := netip.ParseAddr(u.Hostname())
	if notIP == nil || network.IsLocalhost(u.Hostname()) {
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		d.dial = net.JoinHostPort(u.Hostname(), port)
	} else if most := network.MaxHost - len(".") - maxLabel; len(u.Hostname()) > most {
		return Domain{}, fmt.Errorf("the domain's host has at most %d characters: a bucket's name is put before it", most)
	} else if match := regionalHost.FindStringSubmatch(strings.ToLower(u.Hostname())); match != nil {
		d.region = match[1] + match[2] // one of them is empty
	}
	return d, nil
}

// hidesRegion reports whether the domain does not tell which region it serves.
func (d Domain) hidesRegion() bool { return d.host != "" && d.dial == "" && d.region == "" }

// checkRegion refuses a region that the domain does not serve, where an existing bucket would look
// deleted.
func (d Domain) checkRegion(region string) error {
	if d.region != "" && d.region != region {
		return fmt.Errorf("%w (%s is for %s, not for %s)", ErrOtherRegion, d.host, d.region, region)
	}
	return nil
}

// bucketURL returns the URL of a bucket's root.
func (d Domain) bucketURL(bucket Bucket) (*url.URL, error) {
	if err := d.checkRegion(bucket.Region); err != nil {
		return nil, err
	}
	u := bucket.url("/")
	if d.scheme != "" {
		u.Scheme = d.scheme
	}
	if d.host != "" && d.dial == "" {
		u.Host = bucket.Name + "." + d.host
	}
	return u, nil
}

// url returns the URL that a call is sent to, without its path and query.
func (d Domain) url(r request) (*url.URL, error) {
	if r.op == GetService {
		return d.serviceURL(r.bucket.Region)
	}
	return d.bucketURL(r.bucket)
}

// serviceURL returns the URL that lists an account's buckets, of one region or of all.
//
// https://www.tencentcloud.com/document/product/436/8291
func (d Domain) serviceURL(region string) (*url.URL, error) {
	if d.host != "" && d.dial == "" {
		return nil, ErrNoService
	}
	u := &url.URL{Scheme: "https", Host: "service.cos.myqcloud.com", Path: "/"}
	if region != "" {
		u.Host = "cos." + region + ".myqcloud.com"
	}
	if d.scheme != "" {
		u.Scheme = d.scheme
	}
	return u, nil
}
