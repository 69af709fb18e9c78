// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	opPut    = string(cos.PutInventory)
	opGet    = string(cos.GetInventory)
	opList   = string(cos.ListInventories)
	opDelete = string(cos.DeleteInventory)
)

// A bucket that answers from another region is gone from the one that was asked.
func TestBucketInventoryResource_bucketGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := p.complete(nil)
	job := p.create(config)
	w.AddBucket("ap-shanghai", testBucket)
	w.ResetRequests()

	expectWarning := func(ds diagnostics) {
		t.Helper()
		warnings := ds.warnings()
		if ds.errors() != "" || len(ds) != 1 || !strings.Contains(warnings, testBucket) || !strings.Contains(warnings, testRegion) || !strings.Contains(warnings, cos.CodeNoSuchBucket) {
			t.Errorf("want one warning that names the bucket, the region and the code, not %s", ds)
		}
	}
	read, ds := p.refresh(t.Context(), job)
	expectWarning(ds)
	p.expectState(read, p.none())
	planned, ds := p.change(read, config)
	if len(ds) > 0 {
		t.Errorf("planning to create it again says %s", ds)
	}
	p.expectState(planned, config)

	deleted, ds := p.destroy(t.Context(), job)
	expectWarning(ds)
	p.expectState(deleted, p.none())

	created, ds := p.apply(t.Context(), read, config)
	if !strings.Contains(ds.errors(), cos.CodeNoSuchBucket) || ds.warnings() != "" {
		t.Errorf("creating a job in a bucket that is gone: want an error, not %s", ds)
	}
	p.expectState(created, p.none())
	// COS is asked twice before it is believed, once for each bucket and run, and once more for a create,
	// which waits longer.
	if got := w.sent(); got[opGet] != 4 || got[opDelete] != 1 || got[opPut] != 0 {
		t.Errorf("want four reads and one delete, not %v", got)
	}
}

func TestBucketInventoryResource_oddAnswerToRead(t *testing.T) {
	t.Parallel()
	for _, answer := range oddReads("nightly") {
		t.Run(answer.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)
			job := p.create(config)
			w.ResetRequests()

			w.Inject(answer.at(opGet, 0))
			read, ds := p.refresh(t.Context(), job)
			expectFailure(t, ds, answer)
			p.expectState(read, job.state)
			if got := w.sent(); !answer.counted(got[opGet]) || len(got) != 1 {
				t.Errorf("want %d reads and nothing else, not %v", answer.sent, got)
			}
			updated, ds := p.apply(t.Context(), job, p.complete(object{"is_enabled": false})) // which reads the job first
			expectFailure(t, ds, answer)
			p.expectState(updated, job.state)
			w.ClearFaults()
			p.expectNoDrift(read, config)
			w.expectWrites(t, 0, 0) // since the reset
		})
	}
}

func expectFailure(t *testing.T, ds diagnostics, answer oddAnswer) {
	t.Helper()
	if !strings.Contains(ds.errors(), answer.says) || len(ds) != 1 || strings.Contains(ds.errors(), "secrets") {
		t.Errorf("want one error that says %q, not %s", answer.says, ds)
	}
}

// oddAnswer is an answer that says nothing about the job, though it may look so.
type oddAnswer struct {
	name  string
	fault fakecos.Fault
	says  string // part of what the user is told
	sent  int    // how often the call is made before it is given up
}

const defaultAttempts = 7 // the first, and max_retries of 6

// oddReads are the answers to a GET that must never count as "gone", nor as another setting.
func oddReads(id string) []oddAnswer {
	document := jobDocument(id, "<IsEnabled>true</IsEnabled>", "<IncludedObjectVersions>All</IncludedObjectVersions>",
		"<Filter><Prefix>not/what/was/set/</Prefix></Filter>", "<Schedule><Frequency>Daily</Frequency></Schedule>",
		"<Destination><COSBucketDestination><Bucket>"+testDestination+"</Bucket><Format>CSV</Format></COSBucketDestination></Destination>")
	body := func(status int, contentType, text string) fakecos.Fault {
		return fakecos.Fault{Status: status, ContentType: contentType, Body: &text}
	}
	portal := body(http.StatusOK, "text/html", "<html><body>Please log in</body></html>")
	portal.Header = http.Header{"X-Cos-Request-Id": nil} // it is not COS, so it has none
	return append(oddWrites(),
		oddAnswer{"empty 200", body(http.StatusOK, "", ""), "empty", 1},
		oddAnswer{"another job's document", body(http.StatusOK, "application/xml", strings.Replace(document, "<Id>"+id, "<Id>another", 1)), `another job, "another"`, 1},
		oddAnswer{"HTML 200", body(http.StatusOK, "text/html", "<html><body>Please log in</body></html>"), "not the document", 1},
		oddAnswer{"half a document", body(http.StatusOK, "application/xml", document[:len(document)/2]), "not the document", 1},
		oddAnswer{"a document without its schedule", body(http.StatusOK, "application/xml", strings.Replace(document, "<Frequency>Daily</Frequency>", "", 1)), "Schedule/Frequency", 1},
		oddAnswer{"a document over 2 MiB", body(http.StatusOK, "application/xml", document+strings.Repeat(" ", 2<<20)), "exceeds the limit of 2097152 bytes", 1},
		oddAnswer{"a body that breaks off", fakecos.Fault{Truncate: true}, "no answer", defaultAttempts},
	)
}

// oddWrites are refusals and foreign answers that can come to any call. None of them takes effect.
func oddWrites() []oddAnswer {
	html := func(status int) fakecos.Fault {
		text := "<html><body>" + http.StatusText(status) + "</body></html>"
		return fakecos.Fault{Status: status, ContentType: "text/html", Body: &text, Header: http.Header{"X-Cos-Request-Id": nil}}
	}
	redirect := func(status int) fakecos.Fault { // would carry the signature and the token to another host
		return fakecos.Fault{Status: status, Header: http.Header{"Location": {"https://elsewhere.example/path?with=secrets"}}}
	}
	empty := ""
	return []oddAnswer{
		{"301", redirect(http.StatusMovedPermanently), "elsewhere.example", 1},
		{"302", redirect(http.StatusFound), "elsewhere.example", 1},
		{"307", redirect(http.StatusTemporaryRedirect), "elsewhere.example", 1},
		{"308", redirect(http.StatusPermanentRedirect), "elsewhere.example", 1},
		{"HTML 200 of a captive portal", html(http.StatusOK), "not one of COS", 1},
		{"HTML 404 of a proxy", html(http.StatusNotFound), "not one of COS", 1},
		{"empty 404", fakecos.Fault{Status: http.StatusNotFound, Body: &empty}, "not one of COS", 1},
		{"404 about something else", fakecos.Fault{Status: http.StatusNotFound, Code: "NoSuchKey"}, "NoSuchKey", 1},
		{"gone with another status", fakecos.Fault{Status: http.StatusBadRequest, Code: "InventoryConfigurationNotFoundError"}, "InventoryConfigurationNotFoundError", 1},
		{"403", fakecos.Fault{Status: http.StatusForbidden, Code: "AccessDenied"}, "AccessDenied", 1},
		{"403 ExpiredToken", fakecos.Fault{Status: http.StatusForbidden, Code: "ExpiredToken"}, "ExpiredToken", 1},
		{"400 ExpiredToken", fakecos.Fault{Status: http.StatusBadRequest, Code: "ExpiredToken"}, "ExpiredToken", 1},
		{"503 for ever", fakecos.Fault{Status: http.StatusServiceUnavailable, Code: "SlowDown"}, "SlowDown", defaultAttempts},
		{"HTML 502 for ever", html(http.StatusBadGateway), "not one of COS", defaultAttempts},
		{"connection reset for ever", fakecos.Fault{Reset: true}, "no answer", defaultAttempts},
	}
}

// at aims the fault at an operation, after some calls of it.
func (a oddAnswer) at(op string, skip int) fakecos.Fault {
	a.fault.Op, a.fault.Skip = op, skip
	return a.fault
}

// counted reports whether the call was made as often as it should. A GET on a connection that
// net/http took from its pool is repeated by net/http itself when that connection turns out to be
// reset. The pool has one for each call that was under way at a time.
func (a oddAnswer) counted(sent int) bool {
	return sent == a.sent || a.fault.Reset && sent <= a.sent+2 && sent > a.sent
}
