// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"crypto/md5" //nolint:gosec // an ETag
	"encoding/hex"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxKeys is the most keys and common prefixes of a page.
const maxKeys = 1000

// headBucket answers whether a bucket is there:
// https://www.tencentcloud.com/document/product/436/7735
func headBucket(b *bucket) response {
	r := success(http.StatusOK, "")
	r.header = http.Header{"X-Cos-Bucket-Region": {b.region}}
	if b.ofs {
		r.header.Set("X-Cos-Bucket-Arch", "OFS")
	}
	return r
}

// getObject answers an object: https://www.tencentcloud.com/document/product/436/7753
func getObject(c *call, b *bucket) response {
	object, ok := b.objects[strings.TrimPrefix(c.path, "/")]
	if !ok {
		// Assumption: absent-object
		return failure(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	}
	if len(c.query) > 0 {
		return failure(http.StatusNotImplemented, "NotImplemented", "An object is answered whole, without query parameters.")
	}
	return response{
		status: http.StatusOK, body: object.Content, contentType: "application/octet-stream",
		header: http.Header{
			"Etag":                {`"` + object.etag() + `"`},
			"Last-Modified":       {object.Modified.Format(http.TimeFormat)},
			"X-Cos-Storage-Class": {object.StorageClass},
			"Accept-Ranges":       {"bytes"},
		},
	}
}

// listResult is laid out as the page shows it.
type listResult struct {
	XMLName        xml.Name `xml:"ListBucketResult"`
	Name           string
	EncodingType   string `xml:"EncodingType,omitempty"`
	Prefix         string
	Marker         string
	MaxKeys        int
	Delimiter      string `xml:"Delimiter,omitempty"`
	IsTruncated    bool
	NextMarker     string         `xml:"NextMarker,omitempty"`
	Contents       []listedObject `xml:"Contents"`
	CommonPrefixes []listedPrefix `xml:"CommonPrefixes"`
}

type listedObject struct {
	Key, LastModified, ETag string
	Size                    int
	Owner                   struct{ ID, DisplayName string }
	StorageClass            string
}

type listedPrefix struct{ Prefix string }

// listObjects answers a page of objects: https://www.tencentcloud.com/document/product/436/7734
func listObjects(c *call, b *bucket) response {
	page, refusal := checkPage(c.query, listParameters, maxKeys)
	encoding := c.query.Get("encoding-type")
	switch {
	case refusal.failed():
		return refusal
	case c.query.Has("encoding-type") && encoding != "url":
		return invalidArgument("encoding-type must be url, not %q.", encoding)
	}
	page = min(page, maxKeys)
	shown := func(s string) string { return s }
	if encoding != "" {
		shown = encode
	}
	prefix, delimiter, marker := c.query.Get("prefix"), c.query.Get("delimiter"), c.query.Get("marker")
	result := listResult{
		Name: c.record.Bucket, Prefix: shown(prefix), Marker: shown(marker), MaxKeys: page, Delimiter: shown(delimiter), EncodingType: encoding,
	}
	last, n := "", 0
	for _, key := range b.keys() {
		entry, isPrefix := entryOf(key, prefix, delimiter)
		if entry == "" || entry <= marker || isPrefix && entry == last {
			continue
		}
		if n == page {
			result.IsTruncated, result.NextMarker = true, shown(last)
			break
		}
		last, n = entry, n+1
		if isPrefix {
			result.CommonPrefixes = append(result.CommonPrefixes, listedPrefix{shown(entry)})
			continue
		}
		object := b.objects[key]
		listed := listedObject{
			Key: shown(key), LastModified: object.Modified.Format("2006-01-02T15:04:05.000Z"), ETag: `"` + object.etag() + `"`,
			Size: len(object.Content), StorageClass: object.StorageClass,
		}
		listed.Owner.ID, listed.Owner.DisplayName = appID(c.record.Bucket), appID(c.record.Bucket)
		result.Contents = append(result.Contents, listed)
	}
	return success(http.StatusOK, xmlBody(result))
}

// listParameters are those of List Objects.
var listParameters = []string{"prefix", "delimiter", "marker", "max-keys", "encoding-type"}

// entryOf returns how a key is listed: as itself, as a common prefix, or, as "", not at all.
func entryOf(key, prefix, delimiter string) (entry string, isPrefix bool) {
	rest, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return "", false
	}
	if before, _, cut := strings.Cut(rest, delimiter); cut && delimiter != "" {
		return prefix + before + delimiter, true
	}
	return key, false
}

// shortName is a bucket's name without its APPID.
func shortName(bucket string) string { return strings.TrimSuffix(bucket, "-"+appID(bucket)) }

// appID is the APPID at the end of a bucket's name.
func appID(bucket string) string { return bucket[strings.LastIndexByte(bucket, '-')+1:] }

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
