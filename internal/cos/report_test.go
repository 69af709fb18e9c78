// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	reports     = "reports-1258888888"
	listObjects = string(cos.ListObjects)
	getObject   = string(cos.GetObject)
)

func placeOf(id string) cos.ReportPlace {
	return cos.NewReportPlace(jobOf(id), cos.Bucket{Region: region, Name: reports}, "inv")
}

func checksum(content string) string {
	sum := md5.Sum([]byte(content))
	return hex.EncodeToString(sum[:])
}

// deliver puts a report into the fake's bucket.
func deliver(fake *memory, day, manifest, sum string) {
	prefix := "inv/1258888888/sourcebucket/nightly/" + day
	fake.PutObject(reports, fakecos.Object{Key: prefix + "/manifest.json", Content: manifest})
	fake.PutObject(reports, fakecos.Object{Key: prefix + "/manifest.checksum", Content: sum})
}

// A manifest and its checksum are read in each form in which they may come.
func TestReport_forms(t *testing.T) {
	t.Parallel()
	const day, manifest = "20260301", `{"fileFormat":"CSV"}`
	for name, test := range map[string]struct {
		manifest, checksum, etag string // of the header, "" for the fake's own
		want                     string // the ETag
	}{
		"plain":                 {manifest, checksum(manifest), "", checksum(manifest)},
		"of md5sum":             {manifest, checksum(manifest) + "  manifest.json\n", "", checksum(manifest)},
		"of md5sum -b":          {manifest, checksum(manifest) + " *manifest.json\n", "", checksum(manifest)},
		"with byte order marks": {"\ufeff" + manifest, "\ufeff" + checksum("\ufeff"+manifest), "", checksum("\ufeff" + manifest)},
		"a weak ETag":           {manifest, checksum(manifest), `W/"abc-2"`, "abc-2"},
		"a bare ETag":           {manifest, checksum(manifest), "abc", "abc"},
		"an ETag that is none":  {manifest, checksum(manifest), "\"a\u202eb\"", ""},
		"an ETag without end":   {manifest, checksum(manifest), strings.Repeat("a", 129), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				deliver(fake, day, test.manifest, test.checksum)
				if test.etag != "" {
					fake.Inject(fakecos.Fault{Op: getObject, Header: http.Header{"Etag": {test.etag}}})
				}
				report, err := client.Report(t.Context(), placeOf("nightly"), day)
				if err != nil || report == nil || report.FileFormat != "CSV" || report.ETag != test.want {
					t.Errorf("got %+v, %v; want the ETag %q", report, err, test.want)
				}
			})
		})
	}
}

// A day of the calendar that has begun, with manifest and checksum, is a report. Nothing else is, and
// none costs two lists.
func TestNewestReport_days(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		expect := func(want string, sent map[string]int) {
			t.Helper()
			fake.ResetRequests()
			report, err := client.NewestReport(t.Context(), placeOf("nightly"), now)
			got := ""
			if report != nil {
				got = report.Day
			}
			if err != nil || got != want {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
			wantSent(t, fake, sent)
		}
		none := map[string]int{listObjects: 2}
		expect("", none)
		for _, day := range []string{"20269999", "20260230", "20261231", "2026112", "20261128", "2026-1-1", "20190101/x"} {
			deliver(fake, day, "{}", checksum("{}"))
		}
		fake.PutObject(reports, fakecos.Object{Key: "inv/1258888888/sourcebucket/nightly/20261125/manifest.json", Content: "{}"})
		expect("", none)
		deliver(fake, "20181231", "{}", checksum("{}"))
		expect("20181231", map[string]int{listObjects: 2, getObject: 2})
		deliver(fake, "20261101", "{}", checksum("{}"))
		expect("20261101", map[string]int{listObjects: 1, getObject: 2})
		deliver(fake, "20261127", "{}", checksum("{}")) // it has begun where the day begins first
		expect("20261127", map[string]int{listObjects: 1, getObject: 2})
	})
}

// A page that repeats a day a thousand times is read in no time; one with more objects than COS shows
// is not COS's.
func TestNewestReport_repeated(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		deliver(fake, "20260301", "{}", checksum("{}"))
		key := placeOf("nightly").ManifestKey("20260301")
		now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		for n, want := range map[int]string{998: "", 999: "Contents stands more than 1000 times"} {
			fake.ClearFaults()
			keys := append(strings.Split(strings.Repeat(key+" ", n)+key, " "), strings.Replace(key, ".json", ".checksum", 1))
			fake.Inject(fakecos.Fault{Op: listObjects, Body: objectPage("", keys...)})
			report, err := client.NewestReport(t.Context(), placeOf("nightly"), now)
			switch {
			case want == "" && (err != nil || report == nil || report.Day != "20260301"):
				t.Errorf("%d objects: %+v, %v", len(keys), report, err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("%d objects: %v", len(keys), err)
			}
		}
	})
}

// awaitReport looks for the report of a one-time job that run starts.
func awaitReport(t *testing.T, client *cos.Client, run, waiting func()) (*cos.Report, error) {
	t.Helper()
	report, err := client.NewRunReport(t.Context(), placeOf("nightly"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	run()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	return report.Await(ctx, waiting)
}

// The report of a one-time job counts on each day that may be COS's: west and east of UTC.
func TestRunReport_days(t *testing.T) {
	t.Parallel()
	for day := -1; day <= 1; day++ {
		inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
			time.Sleep(11 * time.Hour) // neither day is over everywhere
			want := time.Now().UTC().AddDate(0, 0, day).Format(cos.DayFormat)
			report, err := awaitReport(t, client, func() { deliver(fake, want, "{}", checksum("{}")) }, func() {})
			if err != nil || report == nil || report.Day != want {
				t.Errorf("got %+v, %v; want %s", report, err, want)
			}
		})
	}
}

// A manifest that was there before the run is not its report. Another one of the same day is, also with
// the same content, or of the same time.
func TestRunReport_before(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content string
		after   time.Duration
		want    bool
	}{"the same": {"{}", 0, false}, "another time": {"{}", time.Second, true}, "another content": {"{ }", 0, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				day, began := time.Now().UTC().Format(cos.DayFormat), time.Now()
				put := func(content string, modified time.Time) {
					deliver(fake, day, content, checksum(content))
					fake.PutObject(reports, fakecos.Object{Key: placeOf("nightly").ManifestKey(day), Content: content, Modified: modified})
				}
				put("{}", began)
				report, err := awaitReport(t, client, func() { put(test.content, began.Add(test.after)) }, func() {})
				if (report != nil) != test.want {
					t.Errorf("got %+v, %v", report, err)
				}
			})
		})
	}
}

// A wait ends at once when COS refuses a look for good. A look that is cut off by the end of the wait
// keeps what COS returned.
func TestRunReport_ends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault fakecos.Fault // from the third look on
		late  bool
	}{
		"no bucket":    {fault: noBucket},
		"unknown keys": {fault: fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeInvalidAccessKeyID}},
		"wrong keys":   {fault: fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeSignatureDoesNotMatch}},
		"expired keys": {fault: fakecos.Fault{Status: http.StatusBadRequest, Code: cos.CodeExpiredToken}},
		"denied":       {fault: fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}},
		"throttled":    {fault: fakecos.Fault{Status: http.StatusServiceUnavailable, Code: "SlowDown", Header: http.Header{"Retry-After": {"3600"}}}, late: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				looks := 0
				_, err := awaitReport(t, client, func() {}, func() {
					if looks++; looks == 2 {
						fake.Inject(test.fault)
					}
				})
				if e := failure(t, err); e.Code != test.fault.Code || errors.Is(err, context.DeadlineExceeded) != test.late || !test.late && looks != 2 {
					t.Errorf("got %v after %d looks", err, looks)
				}
			})
		})
	}
}

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
