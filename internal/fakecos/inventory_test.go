// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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

func TestVendorSDK_RoundTrip(t *testing.T) {
	t.Parallel()
	bucket, ctx := sdk(t, newServer(t, fakecos.Options{}), fakecos.DefaultCredential()).Bucket, t.Context()
	written := &cos.BucketPutInventoryOptions{}
	if err := xml.Unmarshal([]byte(readFile(t, "../cos/testdata/wire/get-everything.xml")), written); err != nil {
		t.Fatal(err)
	}
	// A PUT replaces the whole job.
	for _, filter := range []*cos.BucketInventoryFilter{written.Filter, nil} {
		written.Filter = filter
		if _, err := bucket.PutInventory(ctx, written.ID, written); err != nil {
			t.Fatal(err)
		}
		got, _, err := bucket.GetInventory(ctx, written.ID)
		if err != nil {
			t.Fatal(err)
		}
		if want := (*cos.BucketGetInventoryResult)(written); !reflect.DeepEqual(got, want) {
			t.Errorf("GET:\n%+v, want\n%+v", got, want)
		}
	}
	if response, err := bucket.DeleteInventory(ctx, written.ID); err != nil || response.StatusCode != http.StatusNoContent {
		t.Errorf("DELETE: %v, %v", response, err)
	}
	_, _, read := bucket.GetInventory(ctx, written.ID)
	_, deleted := bucket.DeleteInventory(ctx, written.ID)
	for _, err := range []error{read, deleted} {
		var e *cos.ErrorResponse
		if !errors.As(err, &e) || e.Response.StatusCode != http.StatusNotFound || e.Code != "InventoryConfigurationNotFoundError" {
			t.Errorf("of a job that is gone: %v", err)
		}
	}
}

// A page goes on behind the last job of the one before, which may be gone.
func TestVendorSDK_ListPages(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{PageSize: 2})
	want := []string{"e", "c-2", "a", "d_3", "b.1"} // in the order of creation
	for _, id := range want {
		s.Seed(bucketName, id, minimal(id))
	}
	bucket := sdk(t, s, fakecos.DefaultCredential()).Bucket
	var got []string
	token := ""
	for {
		page, _, err := bucket.ListInventoryConfigurations(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if page.ContinuationToken != token || page.IsTruncated != (page.NextContinuationToken != "") || page.IsTruncated != (len(page.InventoryConfigurations) == 2) {
			t.Errorf("after %q: %+v", token, page)
		}
		for _, job := range page.InventoryConfigurations {
			got = append(got, job.ID)
		}
		if !page.IsTruncated {
			break
		}
		token = page.NextContinuationToken
		wantError(t, call(s, http.MethodGet, "inventory&continuation-token="+token, ""), http.StatusBadRequest, "InvalidArgument") // not escaped
		cut := url.QueryEscape(strings.TrimRight(token, "="))
		wantError(t, call(s, http.MethodGet, "inventory&continuation-token="+cut, ""), http.StatusBadRequest, "InvalidArgument")
		s.Remove(bucketName, "c-2") // the last of the first page
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %q", got)
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

// The id of a one-time job is neither a periodic job's nor one of the same day.
func TestPost_duplicates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	s := newServer(t, fakecos.Options{Clock: func() time.Time { return now }})
	s.Seed(bucketName, "nightly", minimal("nightly"))
	var jobs []string
	for _, step := range []struct {
		id      string
		advance time.Duration
		refusal string
	}{
		{"nightly", 0, "periodic"}, {"run", 0, ""}, {"run", 0, "today"}, {"other", 0, ""}, {"run", 2 * time.Hour, ""},
	} {
		now = now.Add(step.advance)
		r := newRequest(http.MethodPost, "inventory&id="+step.id, oneTime(step.id))
		sign(r, fakecos.DefaultCredential(), now)
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
	if runs := s.Runs(bucketName); len(slices.Compact(jobs)) != 3 || runs[1].ID != "other" || runs[1].Document != oneTime("other") {
		t.Errorf("jobs %q, runs %+v", jobs, runs)
	}
	if periodic := s.Jobs(bucketName); len(periodic) != 1 {
		t.Errorf("a run became a job: %q", periodic)
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
	now := time.Now()
	s := newServer(t, fakecos.Options{Clock: func() time.Time { return now }, VisibilityLag: 10 * time.Second})
	shows := func(want string) {
		t.Helper()
		if w := call(s, http.MethodGet, "inventory&id=nightly", ""); (want == "") != (w.Code == http.StatusNotFound) || want != "" && w.Body.String() != want {
			t.Errorf("GET shows %s, want %s", w.Body, want)
		}
		if list := call(s, http.MethodGet, "inventory", "").Body.String(); !strings.Contains(list, want) || want == "" && strings.Contains(list, "<Id>") {
			t.Errorf("LIST shows %s, want %s", list, want)
		}
	}
	before := ""
	for _, document := range []string{minimal("nightly"), strings.Replace(minimal("nightly"), "Daily", "Weekly", 1), "", minimal("nightly")} {
		method := http.MethodPut
		if document == "" {
			method = http.MethodDelete
		}
		if w := call(s, method, "inventory&id=nightly", document); w.Code >= http.StatusBadRequest {
			t.Errorf("%s: %d %s", method, w.Code, w.Body)
		}
		now = now.Add(10*time.Second - 1)
		shows(before)
		now = now.Add(1)
		shows(document)
		before = document
	}
}
