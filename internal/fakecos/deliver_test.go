// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"compress/gzip"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const reportsBucket = "reports-1250000000"

// deliveringServer has a destination, and three objects to list.
func deliveringServer(t *testing.T, options fakecos.Options) *fakecos.Server {
	t.Helper()
	s := newServer(t, options)
	s.AddBucket(region, reportsBucket)
	at := time.Unix(1_700_000_000, 0)
	s.PutObject(bucketName, fakecos.Object{Key: "logs/a b", Content: "12345", Modified: at, Tags: map[string]string{"team": "a"}})
	s.PutObject(bucketName, fakecos.Object{Key: "logs/c", Content: "1", Modified: at, StorageClass: "ARCHIVE"})
	s.PutObject(bucketName, fakecos.Object{Key: "data/d", Content: "12", Modified: at.Add(time.Hour)})
	return s
}

// filtered is a job's document with a filter and optional fields.
func filtered(id, filter, fields string) string {
	return strings.NewReplacer("<Schedule>", filter+fields+"<Schedule>").Replace(minimal(id))
}

func unzipped(t *testing.T, s *fakecos.Server, key string) string {
	t.Helper()
	object, ok := s.Object(reportsBucket, key)
	if !ok {
		t.Fatalf("no %s among %q", key, s.Objects(reportsBucket))
	}
	r, err := gzip.NewReader(strings.NewReader(object.Content))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	s := deliveringServer(t, fakecos.Options{Clock: func() time.Time { return now }})
	s.Seed(bucketName, "nightly", filtered("nightly", "<Filter><Prefix>logs/</Prefix></Filter>", "<OptionalFields><Field>Size</Field><Field>ETag</Field></OptionalFields>"))
	const abroad, source = "abroad-1250000000", "source-1250000000"
	s.AddBucket("ap-beijing", abroad)
	s.AddBucket("ap-beijing", source)
	s.Seed(bucketName, "elsewhere", strings.Replace(minimal("elsewhere"), "ap-guangzhou::reports-", "ap-guangzhou::abroad-", 1))
	s.Seed(source, "here", minimal("here"))
	s.Seed(bucketName, "off", strings.Replace(minimal("off"), "true", "false", 1))
	s.Seed(bucketName, "nowhere", strings.Replace(minimal("nowhere"), "reports-", "missing-", 1))

	got := s.Deliver()
	const prefix = "1250000000/examplebucket/nightly/"
	want := []fakecos.Delivery{
		{Bucket: bucketName, ID: "nightly", Destination: reportsBucket, ManifestKey: prefix + "20260301/manifest.json"},
		{Bucket: bucketName, ID: "elsewhere", Destination: abroad},
		{Bucket: bucketName, ID: "nowhere", Destination: "missing-1250000000"},
		{Bucket: source, ID: "here", Destination: reportsBucket},
	}
	if !slices.Equal(got, want) {
		t.Fatalf("delivered %+v", got)
	}
	object, _ := s.Object(reportsBucket, prefix+"20260301/manifest.json")
	var manifest struct {
		SourceBucket, DestinationBucket, FileFormat, FileSchema, ListObjectCount, ListStorageSize, FilterObjectCount, FilterStorageSize string
		Files                                                                                                                           []struct{ Key, Size, MD5Checksum string }
	}
	if err := json.Unmarshal([]byte(object.Content), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.SourceBucket != "examplebucket" || manifest.DestinationBucket != "reports" || manifest.FileFormat != "CSV" || manifest.FileSchema != "Appid, Bucket, Key, Size, ETag" ||
		manifest.ListObjectCount != "3" || manifest.ListStorageSize != "8" || manifest.FilterObjectCount != "2" || manifest.FilterStorageSize != "6" || len(manifest.Files) != 1 {
		t.Fatalf("manifest %s", object.Content)
	}
	file := manifest.Files[0]
	if !strings.HasPrefix(file.Key, prefix) || strings.Count(file.Key, "/") != strings.Count(prefix, "/") || !strings.HasSuffix(file.Key, ".csv.gz") {
		t.Errorf("data in %s", file.Key)
	}
	if rows := unzipped(t, s, file.Key); rows != "1250000000,examplebucket,logs%2Fa+b,5,827ccb0eea8a706c4c34a16891f84e7b\n1250000000,examplebucket,logs%2Fc,1,c4ca4238a0b923820dcc509a6f75849b\n" {
		t.Errorf("rows %q", rows)
	}
	checksum, ok := s.Object(reportsBucket, prefix+"20260301/manifest.checksum")
	if !ok || checksum.Content != fmt.Sprintf("%x", md5.Sum([]byte(object.Content))) {
		t.Errorf("checksum %q", checksum.Content)
	}
	if len(s.Objects(reportsBucket)) != 3 {
		t.Errorf("objects %q", s.Objects(reportsBucket))
	}

	now = now.Add(2 * time.Hour)
	s.Deliver()
	if keys := s.Objects(reportsBucket); !slices.Contains(keys, prefix+"20260302/manifest.json") || len(keys) != 6 {
		t.Errorf("objects of two days %q", keys)
	}
}

// Each condition of a filter counts, wherever it stands.
func TestDeliver_filter(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]int{
		"": 3,
		"<Filter><And><Prefix>logs/</Prefix><StorageClass>ARCHIVE</StorageClass></And></Filter>":  1,
		"<Filter><Tag><Key>team</Key><Value>a</Value></Tag></Filter>":                             1,
		"<Filter><And><Tag><Key>team</Key><Value>b</Value></Tag></And></Filter>":                  0,
		"<Filter><Tag><Key>team</Key><Value></Value></Tag></Filter>":                              0,
		"<Filter><Period><StartTime>1700000001</StartTime></Period></Filter>":                     1,
		"<Filter><Period><StartTime>1700000000</StartTime></Period></Filter>":                     3,
		"<Filter><Period><StartTime>0</StartTime><EndTime>1700000000</EndTime></Period></Filter>": 2,
	} {
		s := deliveringServer(t, fakecos.Options{})
		s.Seed(bucketName, "nightly", filtered("nightly", filter, ""))
		s.Deliver()
		got := 0
		for _, key := range s.Objects(reportsBucket) {
			if strings.HasSuffix(key, ".csv.gz") {
				got = strings.Count(unzipped(t, s, key), "\n")
			}
		}
		if got != want {
			t.Errorf("%s: %d rows, want %d", filter, got, want)
		}
	}
}

// The report of a one-time job is there after a delay, and once.
func TestDeliver_run(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 23, 59, 0, 0, time.UTC)
	s := deliveringServer(t, fakecos.Options{Clock: func() time.Time { return now }, RunDelay: 5 * time.Minute})
	send := func(method, query, body string) {
		r := newRequest(method, query, body)
		sign(r, fakecos.DefaultCredential(), now)
		wantStatus(t, serve(s, r), http.StatusOK)
	}
	send(http.MethodPost, "inventory&id=once", oneTime("once"))
	now = now.Add(4 * time.Minute)
	send(http.MethodGet, "inventory", "")
	if keys := s.Objects(reportsBucket); len(keys) > 0 {
		t.Errorf("too early: %q", keys)
	}
	now = now.Add(time.Minute)
	send(http.MethodGet, "inventory", "")
	if keys := s.Objects(reportsBucket); len(keys) != 3 || keys[1] != "1250000000/examplebucket/once/20260302/manifest.checksum" && keys[0] != "1250000000/examplebucket/once/20260302/manifest.checksum" {
		t.Errorf("delivered %q", keys)
	}
	if got := s.Deliver(); len(got) > 0 {
		t.Errorf("delivered again: %v", got)
	}
}
