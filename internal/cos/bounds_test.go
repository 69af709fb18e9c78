// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// allocated returns how many bytes a call allocates. The test that calls it must not be parallel.
func allocated(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// numbered writes n elements.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func listOf(jobs string) string {
	return "<ListInventoryConfigurationResult>" + jobs + "<IsTruncated>false</IsTruncated></ListInventoryConfigurationResult>"
}

// Each list of a document has a bound. Beyond it, this job alone cannot be read.
func TestDecodeBounds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ open, element, close, path string }{
		"fields":           {"<OptionalFields>", "<Field>x-cos-meta-%d</Field>", "</OptionalFields>", "OptionalFields/Field"},
		"tags":             {"<Filter><And>", "<Tag><Key>%d</Key><Value/></Tag>", "</And></Filter>", "Filter/And/Tag"},
		"tags outside And": {"<Filter>", "<Tag><Key>%d</Key><Value/></Tag>", "</Filter>", "Filter/Tag"},
		"unknown":          {"", "<New%d/>", "", "*"},
		"unknown in a tag": {"<Filter><And><Tag><Key>k</Key><Value/>", "<New%d/>", "</Tag></And></Filter>", "Filter/And/Tag/*"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := func(n int) string {
				return edit(t, plainDocument, "<Schedule>", test.open+numbered(n, test.element)+test.close+"<Schedule>")
			}
			if _, err := decodeInventory(received(document(maxElements))); err != nil {
				t.Errorf("at the bound: %.200v", err)
			}
			page, _, err := decodeList(received(listOf(document(maxElements+1) + plainDocument)))
			if err != nil || len(page) != 2 {
				t.Fatalf("%d jobs, %v", len(page), err)
			}
			want := fmt.Sprintf("%s stands more than %d times", test.path, maxElements)
			if page[0].unreadable == nil || !strings.Contains(page[0].unreadable.Error(), want) || page[1].unreadable != nil {
				t.Errorf("got %.200v, want %q, and %v", page[0].unreadable, want, page[1].unreadable)
			}
		})
	}
	t.Run("jobs of a page", func(t *testing.T) {
		t.Parallel()
		for n, want := range map[int]bool{maxElements: true, maxElements + 1: false} {
			if _, _, err := decodeList(received(listOf(strings.Repeat("<InventoryConfiguration/>", n)))); (err == nil) != want {
				t.Errorf("%d jobs: %v", n, err)
			}
		}
	})
	t.Run("what is kept", func(t *testing.T) {
		t.Parallel()
		var w wireList
		if err := unmarshal(received(listOf(strings.Repeat("<InventoryConfiguration/>", 2*maxElements))), &w); err != nil || len(w.Inventories) != maxElements+1 {
			t.Errorf("%d jobs, %v", len(w.Inventories), err)
		}
	})
	t.Run("markup", func(t *testing.T) {
		t.Parallel()
		for n, want := range map[int]bool{maxMarkup: true, maxMarkup + 1: false} {
			document := listOf("<!--")
			rest := n - strings.Count(document, "<") // the comment's own sign is counted
			document = strings.Replace(document, "<!--", "<!--"+strings.Repeat("=", rest)+"-->", 1)
			if _, _, err := decodeList(received(document)); (err == nil) != want {
				t.Errorf("%d signs: %v", n, err)
			}
		}
	})
}

// Bodies that are read at the same time count before they are whole, and are decoded one by one.
func TestBudget_readers(t *testing.T) {
	t.Parallel()
	b := &budget{size: 10}
	first, second := b.share(GetObject), b.share(GetObject)
	read := func(s *share) error {
		_, err := io.ReadAll(s.counted(io.NopCloser(strings.NewReader("123456"))))
		return err
	}
	var over *BudgetError
	if err := read(first); err != nil {
		t.Error(err)
	}
	if err := read(second); !errors.As(err, &over) || !over.Shared {
		t.Errorf("beside the first: %v", err)
	}
	first.end(false)
	if err := read(second); err != nil {
		t.Errorf("after the first: %v", err)
	}
	second.close()
	if err := read(second); err == nil || b.taken != 0 {
		t.Errorf("of a closed share: %v, %d bytes are taken", err, b.taken)
	}
	_ = first.decode(func(response) error {
		if b.decoding.TryLock() {
			t.Error("another one may be decoded meanwhile")
		}
		return nil
	}, response{})
}

// TestDecodeMemory: the largest responses take little memory. It is not parallel, so that what it
// measures is its own.
func TestDecodeMemory(t *testing.T) { //nolint:paralleltest // see above
	fill := func(element string, size int) string { return strings.Repeat(element, size/len(element)) }
	const page, document, mib = 16 << 20, 2 << 20, 1 << 20
	job := func(inner string) string { return edit(t, plainDocument, "<Schedule>", inner+"<Schedule>") }
	for name, test := range map[string]struct { //nolint:paralleltest // see above
		document string
		limit    uint64
		readable int // jobs
	}{
		"unknown elements of a page":   {listOf(fill("<a/>", page-100)), mib, 0},
		"attributes of a page":         {listOf("<a " + fill(`b="" `, page-100) + "/>"), mib, 0},
		"unknown elements of a job":    {listOf(plainDocument + job(fill("<a/>", document)) + plainDocument), 250 * mib, 2},
		"fields of a job":              {listOf(plainDocument + job("<OptionalFields>"+numbered(20_000, "<Field>%d</Field>")+"</OptionalFields>")), 20 * mib, 1},
		"one field again and again":    {listOf(plainDocument + job("<OptionalFields>"+strings.Repeat("<Field>Size</Field>", 99_000)+"</OptionalFields>")), 80 * mib, 1},
		"ids of a job":                 {listOf(plainDocument + job(fill("<Id/>", document/2))), 120 * mib, 1},
		"filters that have no content": {listOf(plainDocument + job(fill("<Filter/>", document))), 150 * mib, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := received(test.document)
			var page []listed
			if n := allocated(func() { page, _, _ = decodeList(d) }); n > test.limit {
				t.Errorf("%d MiB", n/mib)
			} else {
				t.Logf("%d MiB", n/mib)
			}
			readable := 0
			for _, job := range page {
				if job.unreadable == nil {
					readable++
				}
			}
			if readable != test.readable {
				t.Errorf("%d jobs of %d can be read", readable, len(page))
			}
		})
	}
}

// Each document of a page is listed, or named with what is wrong with it.
func TestDecodeList_odd(t *testing.T) {
	t.Parallel()
	job := func(id string) string { return edit(t, plainDocument, "nightly", id) }
	accelerated := edit(t, job("ofs"), "<IncludedObjectVersions>Current</IncludedObjectVersions>", "")
	page, _, err := decodeList(received(listOf(job("a") + "<InventoryConfiguration><Id>bad</Id></InventoryConfiguration>" +
		job("x/y\u202e&#10;") + accelerated + "<InventoryConfiguration/>" + job("b"))))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, job := range page {
		switch {
		case job.unreadable == nil:
			got = append(got, job.ID)
		case errors.Is(job.unreadable, ErrAccelerated):
			got = append(got, job.ID+" of OFS")
		default:
			got = append(got, fmt.Sprintf("%.30s", job.unreadable))
		}
	}
	want := `[a job "bad": the document cannot job "x/y\u202e\n": an inventor ofs of OFS job "": the document cannot be b]`
	if fmt.Sprint(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDecodeBuckets_odd(t *testing.T) {
	t.Parallel()
	page, err := decodeBuckets(received("<ListAllMyBucketsResult><Buckets><Bucket><Name>a-1</Name></Bucket><Bucket><Location>b-c</Location></Bucket>" +
		"<Bucket><Name>a-1</Name><Name>a-2</Name><Location>b-c</Location></Bucket><Bucket><Name>a-1</Name><Location>b-c</Location></Bucket></Buckets></ListAllMyBucketsResult>"))
	if err != nil || len(page.buckets) != 4 {
		t.Fatalf("%v, %v", page.buckets, err)
	}
	for i, bucket := range page.buckets {
		if valid := bucket.check() == nil; valid != (i == 3) {
			t.Errorf("%q: %t", bucket, valid)
		}
	}
}

// TestRefusals: what a refusal means for the reading of many buckets.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err                 Error
		denied, unsupported bool
	}{
		"denied":               {Error{Status: 403, Code: CodeAccessDenied, Message: "Access Denied."}, true, false},
		"expired":              {Error{Status: 403, Code: CodeAccessDenied, Message: "Request has expired"}, false, false},
		"expired, as a code":   {Error{Status: 403, Code: "Request has expired"}, false, false},
		"a proxy's 403":        {Error{Status: 403, Err: errors.New("not one of COS")}, false, false},
		"signature":            {Error{Status: 403, Code: CodeSignatureDoesNotMatch}, false, false},
		"unknown credentials":  {Error{Status: 403, Code: CodeInvalidAccessKeyID}, false, false},
		"clock":                {Error{Status: 403, Code: CodeRequestTimeTooSkewed}, false, false},
		"expired token":        {Error{Status: 403, Code: CodeExpiredToken}, false, false},
		"a method":             {Error{Status: 405, Code: "MethodNotAllowed"}, false, true},
		"a proxy's 405":        {Error{Status: 405, Err: errors.New("not one of COS")}, false, false},
		"not implemented":      {Error{Status: 501, Code: "NotImplemented"}, false, true},
		"a financial region":   {Error{Status: 400, Code: CodeInvalidRequest}, false, true},
		"a token as 400":       {Error{Status: 400, Code: CodeExpiredToken}, false, false},
		"request time-out":     {Error{Status: 400, Code: CodeRequestTimeout}, false, false},
		"a bucket that is not": {Error{Status: 404, Code: CodeNoSuchBucket}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("read: %w", &test.err)
			if denied, unsupported := IsDenied(err), IsUnsupported(err); denied != test.denied || unsupported != test.unsupported {
				t.Errorf("denied %t, unsupported %t", denied, unsupported)
			}
		})
	}
}
