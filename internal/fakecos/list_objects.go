// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	query, refusal := readListQuery(c.query)
	if refusal.failed() {
		return refusal
	}
	shown := func(s string) string { return s }
	if query.encoded {
		shown = encode
	}
	result := listResult{
		Name: c.record.Bucket, Prefix: shown(query.prefix), Marker: shown(query.marker),
		MaxKeys: query.maxKeys, Delimiter: shown(query.delimiter),
	}
	if query.encoded {
		result.EncodingType = "url"
	}
	last, n := "", 0
	for _, key := range b.keys() {
		entry, isPrefix := query.entry(key)
		if entry == "" || entry <= query.marker || isPrefix && entry == last {
			continue
		}
		if n == query.maxKeys {
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

// listQuery is what a List Objects request asks for.
type listQuery struct {
	prefix, delimiter, marker string
	maxKeys                   int
	encoded                   bool
}

// isListQuery reports whether a query has no parameter that belongs to another call.
func isListQuery(query url.Values) bool {
	for name := range query {
		switch name {
		case "prefix", "delimiter", "marker", "encoding-type", "max-keys":
		default:
			return false
		}
	}
	return true
}

func readListQuery(given url.Values) (listQuery, response) {
	query := listQuery{maxKeys: maxKeys}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := given.Get(name)
		switch {
		case len(given[name]) != 1:
			return listQuery{}, invalidArgument("Query parameter %q is given twice.", name)
		case name == "prefix":
			query.prefix = value
		case name == "delimiter":
			query.delimiter = value
		case name == "marker":
			query.marker = value
		case name == "encoding-type" && value == "url":
			query.encoded = true
		case name == "max-keys":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return listQuery{}, invalidArgument("max-keys must be a number from 1 to %d, not %q.", maxKeys, value)
			}
			query.maxKeys = min(n, maxKeys)
		default:
			return listQuery{}, invalidArgument("The query parameter %s=%s is not one of List Objects.", name, value)
		}
	}
	return query, response{}
}

// entry returns how a key is listed: as itself, as a common prefix, or, as "", not at all.
func (q listQuery) entry(key string) (entry string, isPrefix bool) {
	rest, ok := strings.CutPrefix(key, q.prefix)
	if !ok {
		return "", false
	}
	if q.delimiter != "" {
		if before, _, cut := strings.Cut(rest, q.delimiter); cut {
			return q.prefix + before + q.delimiter, true
		}
	}
	return key, false
}

// shortName is a bucket's name without its APPID.
func shortName(bucket string) string { return strings.TrimSuffix(bucket, "-"+appID(bucket)) }

// appID is the APPID at the end of a bucket's name.
func appID(bucket string) string { return bucket[strings.LastIndexByte(bucket, '-')+1:] }
