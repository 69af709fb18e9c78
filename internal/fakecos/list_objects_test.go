// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The vendor's client reads buckets and objects.
func TestVendorSDK_Objects(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	modified := time.Date(2026, 3, 1, 4, 5, 6, 0, time.UTC)
	s.PutObject(bucketName, fakecos.Object{Key: "a b/+1.txt", Content: "hello", Modified: modified})
	client := sdk(t, s, fakecos.DefaultCredential())

	head, err := client.Bucket.Head(t.Context())
	if err != nil || head.Header.Get("X-Cos-Bucket-Region") != region {
		t.Errorf("HEAD: %v, %v", head, err)
	}
	listed, _, err := client.Bucket.Get(t.Context(), &cos.BucketGetOptions{EncodingType: "url"})
	if err != nil || len(listed.Contents) != 1 {
		t.Fatalf("listed %+v, %v", listed, err)
	}
	if o := listed.Contents[0]; o.Key != "a%20b%2F%2B1.txt" || o.Size != 5 || o.LastModified != "2026-03-01T04:05:06.000Z" || o.ETag != `"5d41402abc4b2a76b9719d911017c592"` {
		t.Errorf("listed %+v", o)
	}
	got, err := client.Object.Get(t.Context(), "a b/+1.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	content, err := io.ReadAll(got.Body)
	if err != nil || string(content) != "hello" || got.Header.Get("ETag") != `"5d41402abc4b2a76b9719d911017c592"` || got.Header.Get("Last-Modified") != "Sun, 01 Mar 2026 04:05:06 GMT" {
		t.Errorf("got %q, %v, %v", content, got.Header, err)
	}
	if _, err := client.Object.Get(t.Context(), "none", nil); !cos.IsNotFoundError(err) {
		t.Errorf("an object that is not there: %v", err)
	}
}

// Keys and common prefixes count together, and a page goes on behind the last of either.
func TestListObjects_pages(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	for i := range 5 {
		for _, key := range []string{"x/day%d/a", "x/day%d/b", "x/file%d", "y%d"} {
			s.PutObject(bucketName, fakecos.Object{Key: fmt.Sprintf(key, i)})
		}
	}
	client := sdk(t, s, fakecos.DefaultCredential())
	var got []string
	pages := 0
	for marker := ""; ; pages++ {
		page, _, err := client.Bucket.Get(t.Context(), &cos.BucketGetOptions{Prefix: "x/", Delimiter: "/", Marker: marker, MaxKeys: 3})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(page.Contents) + len(page.CommonPrefixes); n > 3 {
			t.Errorf("a page of %d", n)
		}
		got = append(got, page.CommonPrefixes...)
		for _, o := range page.Contents {
			got = append(got, o.Key)
		}
		if !page.IsTruncated {
			if page.NextMarker != "" {
				t.Errorf("the last page leads to %q", page.NextMarker)
			}
			break
		}
		marker = page.NextMarker
	}
	var want []string
	for _, form := range []string{"x/day%d/", "x/file%d"} {
		for i := range 5 {
			want = append(want, fmt.Sprintf(form, i))
		}
	}
	if !slices.Equal(got, want) || pages != 3 {
		t.Errorf("%d pages, of %q", pages+1, got)
	}
}

func TestObjects_bounds(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	for _, query := range []string{"", "max-keys=2000"} {
		if w := call(s, http.MethodGet, query, ""); !strings.Contains(w.Body.String(), "<MaxKeys>1000</MaxKeys>") {
			t.Errorf("%s: %s", query, w.Body)
		}
	}
	s.PutObject(bucketName, fakecos.Object{Key: "a"})
	wantError(t, call(s, http.MethodDelete, "", ""), http.StatusConflict, "BucketNotEmpty")
	missing := httptest.NewRequest(http.MethodHead, "http://other-1250000000.cos.ap-guangzhou.myqcloud.com/", nil)
	if w := serve(s, missing); w.Code != http.StatusNotFound || w.Body.Len() > 0 {
		t.Errorf("HEAD of no bucket: %d %q", w.Code, w.Body)
	}
}
