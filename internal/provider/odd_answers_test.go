// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

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
	empty := ""
	return []oddAnswer{
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
