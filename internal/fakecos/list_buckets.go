// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"cmp"
	"encoding/xml"
	"net/http"
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
	page, refusal := checkPage(c.query, []string{"region", "tagkey", "tagvalue", "marker", "max-keys"}, maxBuckets)
	hostRegion, _ := serviceRegion(c.request.Host)
	region, tag, marker := cmp.Or(c.query.Get("region"), hostRegion), c.query.Get("tagkey"), c.query.Get("marker")
	switch {
	case refusal.failed():
		return refusal
	case page > maxBuckets:
		return invalidArgument("max-keys must be at most %d.", maxBuckets)
	case tag == "" && (c.query.Has("tagkey") || c.query.Has("tagvalue")):
		return invalidArgument("tagkey and tagvalue go together.")
	case hostRegion != "" && region != hostRegion:
		return invalidArgument("region is %q, and the host is that of %s.", region, hostRegion)
	}
	account := cmp.Or(key.AppID, defaultAppID)
	uin := s.account(key)
	result := serviceResult{Marker: marker}
	result.Owner.ID, result.Owner.DisplayName = "qcs::cam::uin/"+uin+":uin/"+uin, uin
	for _, name := range s.bucketNames() {
		b := s.buckets[name]
		value, isTagged := b.tags[tag]
		if tag != "" && (!isTagged || value != c.query.Get("tagvalue")) || region != "" && region != b.region {
			continue
		}
		if b.region == "" || appID(name) != account || name <= marker {
			continue
		}
		if len(result.Buckets) == page {
			result.IsTruncated, result.NextMarker = true, result.Buckets[len(result.Buckets)-1].Name
			break
		}
		result.Buckets = append(result.Buckets, listedBucket{name, b.region, time.Unix(1_700_000_000, 0).UTC().Format(time.RFC3339), "cos"})
	}
	return success(http.StatusOK, xmlBody(result))
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
