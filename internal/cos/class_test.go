// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"errors"
	"fmt"
	"net"
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

// TestOperations: a call without a row in the table is refused, whatever it is about.
func TestOperations(t *testing.T) {
	t.Parallel()
	unknown := request{op: "PutBucket", bucket: Bucket{Region: "ap-shanghai", Name: "sourcebucket-1258888888"}}
	if err := unknown.check(); err == nil || unknown.op.IsWrite() {
		t.Errorf("got %v", err)
	}
}
