// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// BucketInfo is what COS tells of a bucket.
type BucketInfo struct {
	// IsOFS reports metadata acceleration, an architecture with inventory jobs of another kind:
	// https://cloud.tencent.com/document/product/436/74437
	IsOFS bool
}

// HeadBucket looks at the bucket. If its region has no such bucket, [IsNoSuchBucket] holds for the
// error. It makes one attempt only.
//
// https://www.tencentcloud.com/document/product/436/7735
func (c *Client) HeadBucket(ctx context.Context, bucket Bucket) (info BucketInfo, err error) {
	err = c.do(Once(ctx), request{op: HeadBucket, bucket: bucket}, func(resp response) error {
		info.IsOFS = strings.EqualFold(resp.Header.Get("X-Cos-Bucket-Arch"), "OFS")
		return nil
	})
	return info, err
}

// Object is an object with its content.
type Object struct {
	Key      string
	ETag     string    // without quotes and without a weak mark; "" if COS does not say
	Modified time.Time // zero if COS does not say
	Content  []byte    // at most 16 MiB

	secrets network.Redactor // of the request
}

// GetObject reads a small object. If there is none, [IsNoSuchKey] holds for the error. The cause of
// the error is a [*network.TooLargeError] if its content is larger than 16 MiB.
//
// https://www.tencentcloud.com/document/product/436/7753
func (c *Client) GetObject(ctx context.Context, bucket Bucket, key string) (Object, error) {
	share := c.budget.share(GetObject)
	defer share.close()
	return c.getObject(ctx, bucket, key, share)
}

// getObject is GetObject. Its content counts until the share is closed.
func (c *Client) getObject(ctx context.Context, bucket Bucket, key string, share *share) (Object, error) {
	object := Object{Key: key}
	err := c.do(ctx, request{op: GetObject, bucket: bucket, key: key, share: share}, func(resp response) error {
		object.Content, object.secrets = resp.body, resp.secrets
		object.ETag = etag(resp.word("ETag"))
		object.Modified, _ = http.ParseTime(resp.Header.Get("Last-Modified")) // zero if it is not a time
		return nil
	})
	if err != nil {
		return Object{}, err
	}
	return object, nil
}

var etagShape = regexp.MustCompile(`^(?:W/)?"?([0-9A-Za-z.:_=+/-]{1,128})"?$`)

// etag returns the bare ETag of a header, which a proxy that compresses marks as weak.
func etag(header string) string {
	if match := etagShape.FindStringSubmatch(header); match != nil {
		return match[1]
	}
	return ""
}

// listKeys passes on the keys that start with prefix, in UTF-8 order, page by page.
//
// https://www.tencentcloud.com/document/product/436/7734
func (c *Client) listKeys(ctx context.Context, bucket Bucket, prefix string, found func(key string)) error {
	for pages, marker := 1, ""; ; pages++ {
		query := url.Values{"prefix": {prefix}, "encoding-type": {"url"}}
		if marker != "" {
			query.Set("marker", marker)
		}
		var page objectPage
		share := c.budget.share(ListObjects)
		err := c.do(ctx, request{op: ListObjects, bucket: bucket, query: encodeQuery(query), share: share}, func(resp response) (err error) {
			if page, err = decodeObjectPage(resp); err != nil {
				return err
			}
			return cmp.Or(checkPages(pages), checkNext(page.next, marker))
		})
		share.close() // few keys are kept
		if err != nil {
			return err
		}
		for _, key := range page.keys {
			found(key)
		}
		if page.next == "" {
			return nil
		}
		marker = page.next
	}
}

// objectPage is a page of List Objects, as far as it is used.
type objectPage struct {
	keys []string
	next string // marker of the next page, "" after the last
}

// decodeObjectPage decodes a page that was asked for with encoding-type=url.
func decodeObjectPage(resp response) (objectPage, error) {
	var w struct {
		XMLName     xml.Name         `xml:"ListBucketResult"`
		IsTruncated optional[string] `xml:"IsTruncated"`
		NextMarker  optional[string] `xml:"NextMarker"`
		Contents    many[struct {
			Key optional[string] `xml:"Key"`
		}] `xml:"Contents"`
	}
	if err := unmarshal(resp, &w); err != nil {
		return objectPage{}, err
	}
	var r reader
	decoded := func(path string, elements optional[string]) string {
		text, err := url.QueryUnescape(r.required(path, elements))
		if err != nil {
			r.fail("%s is not URL-encoded", path)
		}
		return text
	}
	var page objectPage
	for _, object := range bounded(&r, "Contents", w.Contents) {
		page.keys = append(page.keys, decoded("Contents/Key", object.Key))
	}
	if r.boolean("IsTruncated", w.IsTruncated) {
		page.next = decoded("NextMarker", w.NextMarker)
	}
	if err := r.err(); err != nil {
		return objectPage{}, fmt.Errorf("the list of objects: %w", err)
	}
	return page, nil
}
