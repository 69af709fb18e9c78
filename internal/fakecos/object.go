// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"crypto/md5" //nolint:gosec // an ETag
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// Object is an object of a bucket.
type Object struct {
	Key          string
	Content      string
	Modified     time.Time // zero: now, by Options.Clock
	StorageClass string    // "": STANDARD
	Tags         map[string]string
}

// etag returns the ETag of an object that was written in one part, without its quotes.
func (o Object) etag() string { return md5Hex(o.Content) }

func md5Hex(content string) string {
	sum := md5.Sum([]byte(content)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

// PutObject writes an object past the API. It replaces an object of the same key.
func (s *Server) PutObject(bucket string, object Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.putObject(s.bucket(bucket), object)
}

func (s *Server) putObject(b *bucket, object Object) {
	if object.Modified.IsZero() {
		object.Modified = s.options.Clock()
	}
	if object.StorageClass == "" {
		object.StorageClass = "STANDARD"
	}
	object.Modified = object.Modified.UTC().Truncate(time.Second)
	b.objects[object.Key] = object
}

// Objects returns the keys of a bucket's objects in the order of List Objects.
func (s *Server) Objects(bucket string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bucket(bucket).keys()
}

// Object returns an object, and whether there is one.
func (s *Server) Object(bucket, key string) (Object, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.bucket(bucket).objects[key]
	return o, ok
}

// keys are in UTF-8 order, which is that of Go's strings.
func (b *bucket) keys() []string { return slices.Sorted(maps.Keys(b.objects)) }
