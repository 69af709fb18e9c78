// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// TestIsNotFound: only COS's own word counts. A proxy that knows no such page must not make a job
// look as if it were gone.
func TestIsNotFound(t *testing.T) {
	t.Parallel()
	const noSuchJob = "<Error><Code>InventoryConfigurationNotFoundError</Code><Message>gone</Message></Error>"
	for name, test := range map[string]struct {
		status       int
		body         string
		want, bucket bool
		text         string
	}{
		"no such job":            {http.StatusNotFound, noSuchJob, true, false, "InventoryConfigurationNotFoundError: gone"},
		"no such bucket":         {http.StatusNotFound, "<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>NoSuchBucket</Code></Error>", true, true, "NoSuchBucket"},
		"another code":           {http.StatusNotFound, "<Error><Code>NoSuchKey</Code></Error>", false, false, "NoSuchKey"},
		"of another kind":        {http.StatusNotFound, "<Error><Code>ReplicationConfigurationNotFoundError</Code></Error>", false, false, ""},
		"an empty code":          {http.StatusNotFound, "<Error><Code></Code></Error>", false, false, "not one of COS"},
		"HTML":                   {http.StatusNotFound, "<html><body>404: InventoryConfigurationNotFoundError</body></html>", false, false, "not one of COS (a web page, 66 bytes)"},
		"the code within HTML":   {http.StatusNotFound, "<html><Error><Code>NoSuchBucket</Code></Error></html>", false, false, "not one of COS"},
		"empty":                  {http.StatusNotFound, "", false, false, "not one of COS (no content type, 0 bytes)"},
		"cut off":                {http.StatusNotFound, noSuchJob[:len(noSuchJob)-9], false, false, "not one of COS"},
		"forbidden":              {http.StatusForbidden, noSuchJob, false, false, "HTTP status 403"},
		"bad request":            {http.StatusBadRequest, "<Error><Code>NoSuchBucket</Code></Error>", false, false, "HTTP status 400"},
		"success with the error": {http.StatusOK, noSuchJob, false, false, "not the document asked for"},
		"gone":                   {http.StatusGone, noSuchJob, false, false, "HTTP status 410"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := startServer(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header()["Content-Type"] = nil
				if strings.Contains(test.body, "html") {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
				}
				w.Header().Set("X-Cos-Request-Id", "Njg=")
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.body)
			})
			_, err := cos.New(config(t, server.URL)).GetInventory(t.Context(), jobOf("nightly"))
			e := failure(t, err)
			if cos.IsNotFound(err) != test.want || cos.IsNoSuchBucket(err) != test.bucket {
				t.Errorf("not found: %t, no such bucket: %t: %v", cos.IsNotFound(err), cos.IsNoSuchBucket(err), err)
			}
			if e.Status != test.status || e.RequestID != "Njg=" || !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %v, want %q", err, test.text)
			}
			if strings.Contains(err.Error(), "<html") {
				t.Errorf("a foreign page is repeated: %v", err)
			}
			if n := requests.Load(); n != 1 || e.Attempts != 1 {
				t.Errorf("%d requests, %d told", n, e.Attempts)
			}
		})
	}
	if cos.IsNotFound(nil) || cos.IsNotFound(errors.New("NoSuchBucket")) {
		t.Error("found no error of COS to be one")
	}
	if !cos.IsNotFound(fmt.Errorf("reading: %w", &cos.Error{Status: http.StatusNotFound, Code: cos.CodeNoSuchBucket})) {
		t.Error("a wrapped error is not seen")
	}
}

// TestIsNoSuchJob: no page names the code, so that each one counts which says it of an inventory or of
// a configuration, to a call that asks.
func TestIsNoSuchJob(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		cos.CodeNoSuchJob: true, "NoSuchInventoryConfiguration": true, "NoSuchConfiguration": true, "NoSuchInventory": true,
		"InventoryConfigurationNotFound": true, "InventoryNotExist": true, "ConfigurationDoesNotExist": true, "NoSuchBucketInventory": true,
		"NoSuchBucket": false, "NoSuchKey": false, "NotFound": false, "": false, "InventoryFull": false, "InvalidConfiguration": false,
		"NoSuchLifecycleConfiguration": false, "ReplicationConfigurationNotFoundError": false, "Inventory": false,
	} {
		for op, asks := range map[cos.Operation]bool{
			cos.GetInventory: true, cos.DeleteInventory: true, cos.ListInventories: true, cos.PutInventory: false, cos.PostInventory: false, cos.GetObject: false,
		} {
			e := &cos.Error{Op: op, Status: http.StatusNotFound, Code: code}
			if got := cos.IsNoSuchJob(e); got != (want && asks) {
				t.Errorf("%v: %t", e, got)
			}
			if e.Status = http.StatusBadRequest; cos.IsNoSuchJob(e) {
				t.Errorf("%v", e)
			}
		}
	}
}

// TestForeignAnswers: a 200 is not yet the answer that was asked for. What COS or somebody in its place
// says is shown without its control characters, and not without end.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 1<<20)
	body := func(s string) fakecos.Fault { return fakecos.Fault{Body: &s} }
	edited := func(from, to string) fakecos.Fault { return body(strings.Replace(document("nightly"), from, to, 1)) }
	refusal := func(code, message string) fakecos.Fault {
		fault := body("<Error><Code>" + code + "</Code><Message>" + message + "</Message><RequestId>R\u202e</RequestId></Error>")
		fault.Status = http.StatusBadRequest
		return fault
	}
	for name, test := range map[string]struct {
		fault fakecos.Fault
		want  string
	}{
		"another job":          {body(document("weekly")), `about another job, "weekly"`},
		"a job of a long name": {edited(">nightly<", ">"+long+"<"), `another job, "aaaa`},
		"a listing":            {body("<ListInventoryConfigurationResult/>"), "not the document asked for"},
		"HTML":                 {body("<html><body>Please log in</body></html>"), "not the document asked for"},
		"an invisible root":    {body("<a\u200b/>"), "not the document asked for"},
		"nothing":              {body(""), "the answer is empty"},
		"half of a job":        {body(document("nightly")[:100]), "not the document asked for"},
		"a job in part":        {body("<InventoryConfiguration><Id>nightly</Id></InventoryConfiguration>"), "IsEnabled is missing"},
		"a value":              {edited(">true<", ">[2J\u202e<"), `IsEnabled is "[2J\u202e"`},
		"a message":            {refusal("InvalidArgument", "no\u202eon\u200b\nError: all is lost"), `InvalidArgument: no\u202eon\u200b\nError: all is lost (request id R\u202e)`},
		"a code":               {refusal("Invalid\u2066", "no"), `Invalid\u2066: no`},
		"a long code":          {refusal(long, "no"), strings.Repeat("a", 100) + "… (1048476 more bytes): no (request id R"},
		"a long message":       {refusal("InvalidArgument", long), "… (1046528 more bytes)"},
		"a content type":       {fakecos.Fault{Status: http.StatusBadRequest, Body: new("no"), ContentType: "text/\u202ehtml"}, `(text/\u202ehtml, 2 bytes)`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{})
			fake.Inject(test.fault)
			client := cos.New(config(t, fake.URL))
			inv, err := client.GetInventory(t.Context(), jobOf("nightly"))
			e := failure(t, err)
			if text := err.Error(); !strings.Contains(text, test.want) || len(text) > 8<<10 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Errorf("want %q, got %d bytes: %.300q", test.want, len(text), text)
			}
			if n := len(fake.Requests()); n != 1 || e.Status != max(test.fault.Status, http.StatusOK) || e.RequestID == "" || cos.IsNotFound(err) || inv.ID != "" {
				t.Errorf("%d requests, status %d, %+v", n, e.Status, inv)
			}
			if _, err = client.PostInventory(t.Context(), jobOf("nightly"), nightly("nightly")); test.fault.Status == 0 && name != "nothing" {
				if !failure(t, err).MayBeDone || len(fake.Requests()) != 2 {
					t.Errorf("the one-time job may run: %v", err)
				}
			}
		})
	}
}

// TestSize: a document is read up to 2 MiB, and not a byte further. [TestBudget_refusals] has
// lists.
func TestSize(t *testing.T) {
	t.Parallel()
	const most = 2 << 20
	for name, test := range map[string]struct {
		op           cos.Operation
		status, size int
		limit        int // that the error names
	}{
		"the largest document":         {cos.GetInventory, http.StatusOK, most, 0},
		"a byte larger":                {cos.GetInventory, http.StatusOK, most + 1, most},
		"an error larger than allowed": {cos.GetInventory, http.StatusServiceUnavailable, most + 1, most},
		"an answer to a run":           {cos.PostInventory, http.StatusOK, most + 1, most},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{})
			body := document("nightly")
			body += strings.Repeat(" ", test.size-len(body))
			fake.Inject(fakecos.Fault{Status: test.status, Body: &body})
			err := calls[test.op](t.Context(), cos.New(config(t, fake.URL)), "nightly")
			if test.limit == 0 && err != nil {
				t.Error(err)
			}
			var large *network.TooLargeError
			if test.limit != 0 && (!errors.As(err, &large) || large.Limit != test.limit || !strings.Contains(err.Error(), "the response exceeds the limit of")) {
				t.Errorf("got %v", err)
			}
			if n := len(fake.Requests()); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestNoAnswer: what is no answer to the request ends the attempt at its headers. The server keeps
// silent behind them.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"101 Switching Protocols\r\nX-Cos-Request-Id: x": "HTTP status 101: the answer is none to the request",
		"302 Found\r\nContent-Length: 10":                "HTTP status 302: the answer redirects to another address",
	} {
		eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
			t.Helper()
			server := startServer(t, func(w http.ResponseWriter, _ *http.Request) {
				conn := hijack(t, w, "HTTP/1.1 %s\r\n\r\n", head)
				t.Cleanup(func() { _ = conn.Close() })
				time.AfterFunc(5*time.Second, func() { _ = conn.Close() }) // so that a test that fails ends
			})
			err := do(t.Context(), cos.New(config(t, server.URL)), "nightly")
			if e := failure(t, err); !strings.Contains(err.Error(), want) || e.Attempts != 1 || e.MayBeDone != op.IsWrite() && e.Status == 101 {
				t.Errorf("%s: %v", head, err)
			}
		})
	}
}

// TestRedirect: the signed request is meant for one host.
func TestRedirect(t *testing.T) {
	t.Parallel()
	var strayed atomic.Int32
	elsewhere := startServer(t, func(http.ResponseWriter, *http.Request) { strayed.Add(1) })
	host := elsewhere.Listener.Addr().String()
	for name, test := range map[string]struct {
		status         int
		location, want string
	}{
		"301":         {http.StatusMovedPermanently, elsewhere.URL + "/secret-path?token=secret-token", "redirects to the host " + host + ","},
		"302":         {http.StatusFound, elsewhere.URL + "/secret-path?token=secret-token", "redirects to the host " + host + ","},
		"303":         {http.StatusSeeOther, elsewhere.URL + "/secret-path?token=secret-token", "redirects to the host " + host + ","},
		"307":         {http.StatusTemporaryRedirect, elsewhere.URL + "/secret-path?token=secret-token", "redirects to the host " + host + ","},
		"308":         {http.StatusPermanentRedirect, "//user:secret@" + host + "/", "redirects to the host " + host + ","},
		"same host":   {http.StatusFound, "/secret-path", "redirects to another address,"},
		"no URL":      {http.StatusFound, "https://[secret-path?token=secret-token", "redirects to another address,"},
		"no location": {http.StatusFound, "", "redirects to another address,"},
		"unmodified":  {http.StatusNotModified, "", "redirects to another address,"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCall(t, func(t *testing.T, _ cos.Operation, do func(context.Context, *cos.Client, string) error) {
				t.Helper()
				fake := startFake(t, fakecos.Options{})
				header := http.Header{}
				if test.location != "" {
					header.Set("Location", test.location)
				}
				fake.Inject(fakecos.Fault{Status: test.status, Code: "TemporaryRedirect", Header: header})
				err := do(t.Context(), cos.New(config(t, fake.URL)), "nightly")
				if e := failure(t, err); e.Status != test.status || cos.IsNotFound(err) || !strings.Contains(err.Error(), test.want) ||
					!strings.Contains(err.Error(), "meant for "+bucket+".cos.ap-shanghai.myqcloud.com alone") {
					t.Errorf("got %v", err)
				}
				if strings.Contains(err.Error(), "secret") {
					t.Errorf("the redirect's secrets are told: %v", err)
				}
				if n := len(fake.Requests()); n != 1 {
					t.Errorf("%d requests", n)
				}
			})
		})
	}
	t.Cleanup(func() {
		if n := strayed.Load(); n != 0 {
			t.Errorf("%d requests went elsewhere", n)
		}
	})
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*cos.Error{
		"GetBucketInventory of sourcebucket-1258888888/a@ap-shanghai: HTTP status 403 AccessDenied: Access Denied. (request id Njg=)": {
			Op: cos.GetInventory, Bucket: jobOf("a").Bucket, ID: "a", Attempts: 1, Status: 403, Code: "AccessDenied", Message: "Access Denied.", RequestID: "Njg=",
		},
		"PutBucketInventory of sourcebucket-1258888888/a@ap-shanghai (4 attempts): connection refused": {
			Op: cos.PutInventory, Bucket: jobOf("a").Bucket, ID: "a", Attempts: 4, Err: errors.New("connection refused"),
		},
		"ListBucketInventory of sourcebucket-1258888888@ap-shanghai: HTTP status 200: the answer is empty": {
			Op: cos.ListInventories, Bucket: jobOf("").Bucket, Attempts: 1, Status: 200, Err: errors.New("the answer is empty"),
		},
		"DeleteBucketInventory of sourcebucket-1258888888/a@ap-shanghai: HTTP status 503 SlowDown: Slow down.: the operation's timeout ran out": {
			Op: cos.DeleteInventory, Bucket: jobOf("a").Bucket, ID: "a", Attempts: 1, Status: 503, Code: "SlowDown", Message: "Slow down.",
			Err: &cos.Interruption{Err: context.DeadlineExceeded},
		},
		"GetBucketInventory of sourcebucket-1258888888/a@ap-shanghai: the operation was cancelled; before that: no answer in time": {
			Op: cos.GetInventory, Bucket: jobOf("a").Bucket, ID: "a", Err: &cos.Interruption{Err: context.Canceled, Last: errors.New("no answer in time")},
		},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
