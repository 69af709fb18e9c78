// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// TestIsFinal: errors that the next attempt would meet again, as deep as net/http wraps them.
func TestIsFinal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"no such host":         {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.invalid", IsNotFound: true}}, true},
		"name server silent":   {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.invalid", IsTimeout: true}}, false},
		"name server fails":    {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.invalid", IsTemporary: true}}, false},
		"too large an answer":  {&network.TooLargeError{Limit: 1}, true},
		"no credentials":       {credentials.ErrNoCredentials, true},
		"proxy refuses":        {&network.ProxyError{Status: 403}, true},
		"proxy fails":          {&network.ProxyError{Status: 502}, false},
		"no credential source": {fmt.Errorf("%w: %w", ErrCredentialSource, errors.New("metadata service")), true},
		"refused":              {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, false},
		"anything else":        {errors.New("unexpected EOF"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := isFinal(fmt.Errorf("attempt: %w", test.err)); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

// TestClass: what each failure means for a write that was sent.
func TestClass(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  Error
		want class
	}{
		"no answer":                {Error{Err: errors.New("no answer in time")}, class{passing: true}},
		"an answer beyond bounds":  {Error{Err: &network.TooLargeError{Limit: 1}}, class{}},
		"slow down":                {Error{Status: 503, Code: CodeSlowDown}, class{passing: true, notDone: true}},
		"too many requests":        {Error{Status: 429, Code: "TooManyRequests"}, class{passing: true, notDone: true}},
		"a proxy's many requests":  {Error{Status: 429, Err: errors.New("not one of COS")}, class{passing: true}},
		"server error":             {Error{Status: 500, Code: "InternalError"}, class{passing: true}},
		"unavailable":              {Error{Status: 503, Code: "ServiceUnavailable"}, class{passing: true}},
		"request time-out":         {Error{Status: 400, Code: CodeRequestTimeout}, class{passing: true}},
		"gateway time-out":         {Error{Status: 504, Err: errors.New("not one of COS")}, class{passing: true}},
		"another operation":        {Error{Op: PutInventory, Status: 409, Code: CodeOperationAborted}, class{passing: true, notDone: true}},
		"another operation on run": {Error{Op: PostInventory, Status: 409, Code: CodeOperationAborted}, class{notDone: true}},
		"another conflict":         {Error{Op: PutInventory, Status: 409, Code: "OperationConflict"}, class{notDone: true}},
		"not implemented":          {Error{Status: 501, Code: "NotImplemented"}, class{notDone: true}},
		"a proxy's 501":            {Error{Status: 501, Err: errors.New("not one of COS")}, class{}},
		"refused":                  {Error{Status: 403, Code: CodeAccessDenied}, class{notDone: true}},
		"a proxy's refusal":        {Error{Status: 403, Err: errors.New("not one of COS")}, class{}},
		"redirected":               {Error{Status: 302, Err: errors.New("redirects")}, class{notDone: true}},
		"a captive portal":         {Error{Status: 200, Err: errors.New("not one of COS")}, class{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.err.class(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestNewHTTPRequest: keys and queries are escaped so that nobody on the way can read them otherwise.
// A call without a row in the table, and names that would change the host, are refused.
func TestNewHTTPRequest(t *testing.T) {
	t.Parallel()
	const name, path = "sourcebucket-1258888888", "https://sourcebucket-1258888888.cos.ap-shanghai.myqcloud.com/"
	here, evil, elsewhere := Bucket{"ap-shanghai", name}, Bucket{"ap-shanghai", "evil.example/a-1"}, Bucket{"evil.example/", name}
	job := here.Job("nightly")
	for _, test := range []struct {
		request request
		want    string // "": refused
	}{
		{request{op: GetObject, bucket: here, key: "a b+c/ü?#%41"}, path + "a%20b%2Bc/%C3%BC%3F%23%2541"},
		{listRequest(here, "a b+/"), path + "?inventory&continuation-token=a%20b%2B%2F"},
		{jobRequest(GetInventory, job, nil), path + "?inventory&id=nightly"},
		{request{op: ListObjects, bucket: here, query: encodeQuery(url.Values{"prefix": {"a b+c"}}), last: true}, path + "?prefix=a%20b%2Bc"},
		{serviceRequest(BucketFilter{TagKey: "a b", TagValue: "+"}, "c d"), "https://service.cos.myqcloud.com/?marker=c%20d&tagkey=a%20b&tagvalue=%2B"},
		{serviceRequest(BucketFilter{Region: elsewhere.Region}, ""), ""},
		{jobRequest(GetInventory, here.Job("a&b"), nil), ""},
		{jobRequest(GetInventory, evil.Job("a"), nil), ""},
		{request{op: "PutBucket", bucket: here}, ""},
		{listRequest(evil, ""), ""}, {listRequest(elsewhere, ""), ""},
		{request{op: GetObject, bucket: evil, key: "a"}, ""}, {request{op: GetObject, bucket: elsewhere, key: "a"}, ""},
		{request{op: HeadBucket, bucket: evil}, ""}, {request{op: ListObjects, bucket: elsewhere}, ""},
	} {
		h, err := New(Config{}).newHTTPRequest(test.request)
		switch {
		case test.want == "":
			var value *ValueError
			if _, known := operations[test.request.op]; err == nil || errors.As(err, &value) != known {
				t.Errorf("%+v: %+v, %v", test.request, h, err)
			}
		case err != nil || h.URL.String() != test.want || h.Close != test.request.last:
			t.Errorf("%+v: %+v, %v", test.request, h, err)
		}
	}
}
