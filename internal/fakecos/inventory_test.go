// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// fullOptions is a job with everything the vendor's SDK can say.
func fullOptions(id string) *cos.BucketPutInventoryOptions {
	return &cos.BucketPutInventoryOptions{
		ID: id, IsEnabled: "true", IncludedObjectVersions: "All",
		Filter: &cos.BucketInventoryFilter{
			Prefix: "data/<raw> & cooked/", StorageClass: "STANDARD_IA",
			Tags:   []cos.ObjectTaggingTag{{Key: "age", Value: "18"}, {Key: "团队", Value: ""}},
			Period: &cos.BucketInventoryFilterPeriod{StartTime: 1767225600, EndTime: 1798761599},
		},
		OptionalFields: &cos.BucketInventoryOptionalFields{BucketInventoryFields: []string{
			"Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", "Tag", "Crc64",
			"x-cos-meta-owner", "x-cos-meta-*",
		}},
		Schedule: &cos.BucketInventorySchedule{Frequency: "Monthly", MonthlyDate: 15},
		Destination: &cos.BucketInventoryDestination{
			Bucket: reports, AccountId: "100000000001", Prefix: "inv", Format: "CSV", Encryption: &cos.BucketInventoryEncryption{},
		},
	}
}

func TestVendorSDK_RoundTrip(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	bucket, ctx := sdk(t, l, fakecos.DefaultCredential()).Bucket, t.Context()

	written := fullOptions("audit.2026_q4-v1")
	response, err := bucket.PutInventory(ctx, written.ID, written)
	if err != nil {
		t.Fatal(err)
	}
	if body := readAll(t, response.Body); response.StatusCode != http.StatusOK || body != "" {
		t.Errorf("PUT: %d %q", response.StatusCode, body)
	}
	got, _, err := bucket.GetInventory(ctx, written.ID)
	if err != nil {
		t.Fatal(err)
	}
	got.XMLName = xml.Name{}
	if want := (*cos.BucketGetInventoryResult)(written); !reflect.DeepEqual(got, want) {
		t.Errorf("GET:\n%+v, want\n%+v", got, want)
	}

	// A PUT replaces the whole job.
	if _, err := bucket.PutInventory(ctx, written.ID, &cos.BucketPutInventoryOptions{
		ID: written.ID, IsEnabled: "false", IncludedObjectVersions: "Current",
		Schedule:    &cos.BucketInventorySchedule{Frequency: "Weekly"},
		Destination: &cos.BucketInventoryDestination{Bucket: reports, Format: "ORC"},
	}); err != nil {
		t.Fatal(err)
	}
	if got, _, err = bucket.GetInventory(ctx, written.ID); err != nil || got.Filter != nil || got.OptionalFields != nil {
		t.Errorf("GET after the second PUT: %+v, %v", got, err)
	}

	response, err = bucket.DeleteInventory(ctx, written.ID)
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Errorf("DELETE: %v, %v", response, err)
	}
	for name, call := range map[string]func() error{
		"GET":    func() error { _, _, err := bucket.GetInventory(ctx, written.ID); return err },
		"DELETE": func() error { _, err := bucket.DeleteInventory(ctx, written.ID); return err },
	} {
		var e *cos.ErrorResponse
		if err := call(); !errors.As(err, &e) || e.Response.StatusCode != http.StatusNotFound || e.Code != "InventoryConfigurationNotFoundError" {
			t.Errorf("%s of a job that is gone: %v", name, err)
		}
	}
}

func TestVendorSDK_ListPages(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{PageSize: 2})
	bucket, ctx := sdk(t, l, fakecos.DefaultCredential()).Bucket, t.Context()
	want := []string{"e", "c-2", "a", "d_3", "b.1"} // in the order of creation
	for _, id := range want {
		if _, err := bucket.PutInventory(ctx, id, fullOptions(id)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	var pages []int
	token := ""
	for {
		page, _, err := bucket.ListInventoryConfigurations(ctx, token)
		if err != nil {
			t.Fatal(err)
		}
		if page.ContinuationToken != token {
			t.Errorf("ContinuationToken %q, want %q", page.ContinuationToken, token)
		}
		pages = append(pages, len(page.InventoryConfigurations))
		for _, job := range page.InventoryConfigurations {
			got = append(got, job.ID)
			if job.IsEnabled != fullOptions(job.ID).IsEnabled || job.Filter.Prefix != "data/<raw> & cooked/" {
				t.Errorf("listed job %+v", job)
			}
		}
		if !page.IsTruncated {
			if page.NextContinuationToken != "" {
				t.Errorf("last page has a NextContinuationToken %q", page.NextContinuationToken)
			}
			break
		}
		token = page.NextContinuationToken
		if !strings.Contains(token, "+") || !strings.Contains(token, "/") || !strings.Contains(token, "=") {
			t.Errorf("token %q needs no escaping", token)
		}
	}
	if !slices.Equal(got, want) || !slices.Equal(pages, []int{2, 2, 1}) {
		t.Errorf("listed %q in pages %v", got, pages)
	}
}

func TestList_GoesOnAfterADeletion(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{PageSize: 2})
	for _, id := range []string{"a", "b", "c"} {
		s.Seed(bucketName, id, minimal(id))
	}
	_, token, ok := strings.Cut(call(s, http.MethodGet, "inventory", "").Body.String(), "<NextContinuationToken>")
	if !ok {
		t.Fatal("the first page is the last")
	}
	token, _, _ = strings.Cut(token, "<")
	s.Remove(bucketName, "b")
	unescaped := call(s, http.MethodGet, "inventory&continuation-token="+token, "")
	wantError(t, unescaped, http.StatusBadRequest, "InvalidArgument")
	page := call(s, http.MethodGet, "inventory&continuation-token="+strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(token), "")
	wantStatus(t, page, http.StatusOK)
	if body := page.Body.String(); !strings.Contains(body, "<Id>c</Id>") || strings.Contains(body, "<Id>a</Id>") {
		t.Errorf("second page: %s", body)
	}
}

func TestInventoryFull(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	for i := range 1000 {
		id := fmt.Sprintf("job-%04d", i)
		s.Seed(bucketName, id, minimal(id))
	}
	wantError(t, call(s, http.MethodPut, "inventory&id=more", minimal("more")), http.StatusBadRequest, "InventoryFull")
	wantStatus(t, call(s, http.MethodPut, "inventory&id=job-0000", minimal("job-0000")), http.StatusOK)
	wantStatus(t, call(s, http.MethodDelete, "inventory&id=job-0001", ""), http.StatusNoContent)
	wantStatus(t, call(s, http.MethodPut, "inventory&id=more", minimal("more")), http.StatusOK)
}

// A bucket with metadata acceleration takes the job and never shows it.
func TestPut_acceleratedBucket(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.AddOFSBucket(region, bucketName)
	wantStatus(t, call(s, http.MethodPut, "inventory&id=a", minimal("a")), http.StatusOK)
	wantError(t, call(s, http.MethodGet, "inventory&id=a", ""), http.StatusNotFound, "InventoryConfigurationNotFoundError")
}

func TestVendorSDK_Post(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	full := fullOptions("run")
	if _, err := sdk(t, l, fakecos.DefaultCredential()).Bucket.PostInventory(t.Context(), "run", &cos.BucketPostInventoryOptions{
		ID: "run", IncludedObjectVersions: "All", Filter: full.Filter, OptionalFields: full.OptionalFields, Destination: full.Destination,
	}); err != nil {
		t.Fatal(err)
	}
	runs := l.Runs(bucketName)
	if len(runs) != 1 || runs[0].ID != "run" || runs[0].JobID == "" || !strings.Contains(runs[0].Document, "<Id>run</Id>") {
		t.Fatalf("runs %+v", runs)
	}
	if jobs := l.Jobs(bucketName); len(jobs) != 0 {
		t.Errorf("a run became a job: %q", jobs)
	}
}

// The id of a one-time job is neither a periodic job's nor one of the same day.
func TestPost_duplicates(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)}
	s := newServer(t, fakecos.Options{Clock: clock.Now})
	s.Seed(bucketName, "nightly", minimal("nightly"))
	var jobs []string
	for _, step := range []struct {
		id      string
		advance time.Duration
		refusal string
	}{
		{"nightly", 0, "periodic"}, {"run", 0, ""}, {"run", 0, "today"}, {"other", 0, ""}, {"run", 2 * time.Hour, ""},
	} {
		clock.Advance(step.advance)
		r := newRequest(http.MethodPost, "inventory&id="+step.id, oneTime(step.id))
		sign(r, fakecos.DefaultCredential(), clock.Now())
		w := serve(s, r)
		if step.refusal != "" {
			if message := wantError(t, w, http.StatusBadRequest, "DuplicateInventoryId"); !strings.Contains(message, step.refusal) {
				t.Errorf("POST %s: %s", step.id, message)
			}
			continue
		}
		runs := s.Runs(bucketName)
		jobs = append(jobs, runs[len(runs)-1].JobID)
		if body := w.Body.String(); body != "<PostInventoryResult><JobId>"+jobs[len(jobs)-1]+"</JobId></PostInventoryResult>" {
			t.Errorf("POST %s: %s", step.id, body)
		}
	}
	if len(jobs) != 3 || len(slices.Compact(jobs)) != 3 {
		t.Errorf("jobs %q", jobs)
	}
}

// A seeded text, a document or not, is answered byte for byte, and embedded in a list without its
// declaration.
func TestSeed_verbatim(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../cos/testdata/wire/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	texts := []string{"", "<Inventory", "<a/><b/>", "<html>captive</html>"}
	for _, file := range files {
		texts = append(texts, readFile(t, file))
	}
	for _, text := range texts {
		s := newServer(t, fakecos.Options{AccountID: "100000000001"})
		s.Seed(bucketName, "odd", text)
		if got := call(s, http.MethodGet, "inventory&id=odd", "").Body.String(); got != text {
			t.Errorf("GET answers %q, want %q", got, text)
		}
		listed := regexp.MustCompile(`^<\?xml.*?\?>\s*`).ReplaceAllString(strings.TrimSpace(text), "")
		want := "<ListInventoryConfigurationResult>" + listed + "<IsTruncated>false</IsTruncated><ContinuationToken></ContinuationToken></ListInventoryConfigurationResult>"
		if got := call(s, http.MethodGet, "inventory", "").Body.String(); got != want {
			t.Errorf("LIST answers %q, want %q", got, want)
		}
	}
}

func TestAccountID_FilledIntoWrittenDocuments(t *testing.T) {
	t.Parallel()
	const uin = "100000000042"
	s := newServer(t, fakecos.Options{AccountID: uin})
	account := func(element string) string {
		return strings.Replace(minimal("nightly"), "<COSBucketDestination>", "<COSBucketDestination>"+element, 1)
	}
	filled := account("<AccountId>" + uin + "</AccountId>")
	for name, test := range map[string]struct{ written, want string }{
		"absent":       {minimal("nightly"), filled},
		"empty":        {account("<AccountId></AccountId>"), filled},
		"self-closing": {account("<AccountId/>"), filled},
		"another":      {account("<AccountId>1</AccountId>"), account("<AccountId>1</AccountId>")},
	} {
		wantStatus(t, call(s, http.MethodPut, "inventory&id=nightly", test.written), http.StatusOK)
		if got, _ := s.Document(bucketName, "nightly"); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestVisibilityLag(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := newServer(t, fakecos.Options{Clock: clock.Now, VisibilityLag: 10 * time.Second})
	shows := func(want string) {
		t.Helper()
		w := call(s, http.MethodGet, "inventory&id=nightly", "")
		list := call(s, http.MethodGet, "inventory", "").Body.String()
		if got := w.Body.String(); (want == "") != (w.Code == http.StatusNotFound) || want != "" && got != want {
			t.Errorf("GET shows %s, want %s", got, want)
		}
		if listed := strings.Contains(list, "<Id>nightly</Id>"); listed != (want != "") {
			t.Errorf("LIST shows %s", list)
		}
	}
	write := func(method, document, before, after string) {
		t.Helper()
		if w := call(s, method, "inventory&id=nightly", document); w.Code >= http.StatusBadRequest {
			t.Errorf("%s: %d %s", method, w.Code, w.Body)
		}
		if newest, ok := s.Document(bucketName, "nightly"); ok != (after != "") || newest != after {
			t.Errorf("the newest version is %q", newest)
		}
		clock.Advance(10*time.Second - 1)
		shows(before)
		clock.Advance(1)
		shows(after)
	}
	first := minimal("nightly")
	second := strings.Replace(first, "Daily", "Weekly", 1)
	write(http.MethodPut, first, "", first)
	write(http.MethodPut, second, first, second)
	write(http.MethodDelete, "", second, "")
	wantError(t, call(s, http.MethodDelete, "inventory&id=nightly", ""), http.StatusNotFound, "InventoryConfigurationNotFoundError")
	s.Seed(bucketName, "nightly", first)
	shows(first)
	s.Remove(bucketName, "nightly")
	shows("")
}
