// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

const opGetService = "GetService"

// maxBuckets is the most buckets of a page.
const maxBuckets = 2000

// serviceHost matches the hosts that answer with the account's buckets, all or those of a region:
// https://www.tencentcloud.com/document/product/436/8291
var serviceHost = regexp.MustCompile(`^(?:service\.cos|cos\.([a-z0-9-]+))\.myqcloud\.com$`)

// serviceRegion returns the region of a service host, "" for all regions.
func serviceRegion(host string) (region string, ok bool) {
	match := serviceHost.FindStringSubmatch(hostname(host))
	if match == nil {
		return "", false
	}
	return match[1], true
}

// TagBucket gives a bucket a tag.
func (s *Server) TagBucket(bucket, key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bucket(bucket).tags[key] = value
}

// RemoveBucket deletes a bucket with all it holds.
func (s *Server) RemoveBucket(bucket string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.buckets, bucket)
}

// serviceResult is laid out as the page shows it.
type serviceResult struct {
	XMLName     xml.Name `xml:"ListAllMyBucketsResult"`
	Owner       struct{ ID, DisplayName string }
	Buckets     []listedBucket `xml:"Buckets>Bucket"`
	IsTruncated bool
	Marker      string `xml:"Marker,omitempty"`
	NextMarker  string `xml:"NextMarker,omitempty"`
}

type listedBucket struct {
	Name, Location, CreationDate, BucketType string
}

// getService answers the buckets of the account whose key signed the request.
func (s *Server) getService(c *call, key Credential) response {
	query, refusal := readServiceQuery(c.query)
	if refusal.failed() {
		return refusal
	}
	if region, _ := serviceRegion(c.request.Host); region != "" {
		if query.region != "" && query.region != region {
			return invalidArgument("region is %q, and the host is that of %s.", query.region, region)
		}
		query.region = region
	}
	account := cmp.Or(key.AppID, defaultAppID)
	uin := s.account(key)
	result := serviceResult{Marker: query.marker}
	result.Owner.ID, result.Owner.DisplayName = "qcs::cam::uin/"+uin+":uin/"+uin, uin
	for _, name := range s.bucketNames() {
		b := s.buckets[name]
		if b.region == "" || appID(name) != account || name <= query.marker || !query.holds(b) {
			continue
		}
		if len(result.Buckets) == query.maxKeys {
			result.IsTruncated, result.NextMarker = true, result.Buckets[len(result.Buckets)-1].Name
			break
		}
		result.Buckets = append(result.Buckets, listedBucket{name, b.region, time.Unix(1_700_000_000, 0).UTC().Format(time.RFC3339), "cos"})
	}
	return success(http.StatusOK, xmlBody(result))
}

// serviceQuery is what a GET Service asks for.
type serviceQuery struct {
	region, tagKey, tagValue, marker string
	maxKeys                          int
}

func (q serviceQuery) holds(b *bucket) bool {
	if q.tagKey != "" {
		if value, ok := b.tags[q.tagKey]; !ok || value != q.tagValue {
			return false
		}
	}
	return q.region == "" || q.region == b.region
}

func readServiceQuery(given url.Values) (serviceQuery, response) {
	query := serviceQuery{maxKeys: maxBuckets}
	refusal := readers{
		"region": textInto(&query.region), "tagkey": textInto(&query.tagKey), "tagvalue": textInto(&query.tagValue),
		"marker": textInto(&query.marker), "max-keys": countInto(&query.maxKeys),
	}.read(given, opGetService)
	switch {
	case refusal.failed():
	case query.maxKeys > maxBuckets:
		refusal = invalidArgument("max-keys must be at most %d.", maxBuckets)
	case query.tagKey == "" && (given.Has("tagkey") || given.Has("tagvalue")):
		refusal = invalidArgument("tagkey and tagvalue go together.")
	}
	return query, refusal
}

// putBucket makes a bucket: https://www.tencentcloud.com/document/product/436/7738
func (s *Server) putBucket(c *call) response {
	b := s.bucket(c.record.Bucket)
	if b.region != "" {
		return failure(http.StatusConflict, "BucketAlreadyOwnedByYou", "The bucket already exists.")
	}
	b.region = c.record.Region
	return success(http.StatusOK, "")
}

// deleteBucket removes a bucket without objects, and its jobs:
// https://www.tencentcloud.com/document/product/436/7732
func (s *Server) deleteBucket(name string, b *bucket) response {
	if len(b.objects) > 0 {
		return failure(http.StatusConflict, "BucketNotEmpty", "The bucket is not empty.")
	}
	delete(s.buckets, name)
	return success(http.StatusNoContent, "")
}
