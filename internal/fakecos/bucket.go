// SPDX-License-Identifier: MPL-2.0

package fakecos

import "net/http"

// putBucket makes a bucket: https://www.tencentcloud.com/document/product/436/7738
func (s *Server) putBucket(c *call) response {
	if _, refusal := authenticate(c, s.credential); refusal.failed() {
		return refusal
	}
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
