// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A key may hold any character; the request is signed for it as it is.
func TestGetObject(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{})
	client := cos.New(config(t, fake.URL))
	modified := time.Unix(1_700_000_000, 0).UTC()
	for _, key := range []string{"a", "a/b.json", "a b/+ü&?#%41=.json", "/a", "a//b/", "团队/manifest.json", "a;b,c:d@e", "..", "a/../b"} {
		fake.PutObject(bucket, fakecos.Object{Key: key, Content: "content of " + key, Modified: modified})
		object, err := client.GetObject(t.Context(), jobOf("").Bucket, key)
		if err != nil || string(object.Content) != "content of "+key || !object.Modified.Equal(modified) || len(object.ETag) != 32 {
			t.Errorf("%q: got %+v, %v", key, object, err)
		}
	}
	if _, err := client.GetObject(t.Context(), jobOf("").Bucket, "none"); !cos.IsNoSuchKey(err) || cos.IsNotFound(err) {
		t.Errorf("no such key: %v", err)
	}
}

// No part on the way may read a segment of a key as one that shortens the path.
func TestGetObject_path(t *testing.T) {
	t.Parallel()
	var sent string
	server := startServer(t, func(_ http.ResponseWriter, r *http.Request) { sent = r.RequestURI })
	client := cos.New(config(t, server.URL))
	for key, want := range map[string]string{
		"inv/../a": "/inv/%2E%2E/a", "./a": "/%2E/a", "..": "/%2E%2E", "a/.": "/a/%2E",
		"a.b/.../..c": "/a.b/.../..c", "a//b/": "/a//b/", "ü %2E?": "/%C3%BC%20%252E%3F",
	} {
		if _, _ = client.GetObject(t.Context(), jobOf("").Bucket, key); sent != want { // the answer is none of COS
			t.Errorf("%q went out as %q, want %q", key, sent, want)
		}
	}
}

func TestHeadBucket(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{})
	client := cos.New(config(t, fake.URL))
	if info, err := client.HeadBucket(t.Context(), jobOf("").Bucket); err != nil || info.IsOFS {
		t.Error(err)
	}
	if _, err := client.HeadBucket(t.Context(), cos.Bucket{Region: region, Name: "none-1258888888"}); !cos.IsNoSuchBucket(err) {
		t.Errorf("no such bucket: %v", err)
	}
	// It is one attempt, whatever becomes of it.
	fake.ResetRequests()
	fake.Inject(fakecos.Fault{Status: 503, Code: "SlowDown"})
	var e *cos.Error
	if _, err := client.HeadBucket(t.Context(), jobOf("").Bucket); !errors.As(err, &e) || e.Attempts != 1 || len(fake.Requests()) != 1 {
		t.Errorf("got %v after %d requests", err, len(fake.Requests()))
	}
}
