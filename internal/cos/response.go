// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	sdk "github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

const headerRequestID = "X-Cos-Request-Id"

// document is a whole response. What it holds is foreign: its texts are decoded with unmarshal, and
// shown through word and secrets.
type document struct {
	*http.Response // nil if there is none; its Body has been read
	body           []byte
	secrets        network.Redactor // of the request
}

// word returns a header of one word, fit to be shown.
func (d document) word(header string) string { return d.secrets.Word(d.Header.Get(header)) }

// fail returns the error of a response that cannot be used.
func (d document) fail(err error) *Error {
	return &Error{Status: d.StatusCode, RequestID: d.word(headerRequestID), Err: err}
}

// failure returns the error of a response that is not a success of COS, or nil.
func (d document) failure() *Error {
	switch {
	case d.StatusCode >= http.StatusBadRequest:
		return d.refusal()
	case d.StatusCode >= http.StatusMultipleChoices:
		return d.fail(fmt.Errorf("the answer redirects to %s, which is not followed: the signed request is meant for %s alone", d.redirectHost(), d.Request.Host))
	case d.StatusCode < http.StatusOK:
		return d.fail(errors.New("the answer is none to the request: it changes the protocol"))
	case d.Header.Get(headerRequestID) == "":
		// A captive portal returns 200 for everything. Its response must not pass for that of a
		// write.
		return d.fail(fmt.Errorf("the answer is not one of COS (%s): it carries no request id", d.describe()))
	}
	return nil
}

// refusal returns the error that a response with a status of 400 or more describes.
func (d document) refusal() *Error {
	e := d.fail(nil)
	if d.Request != nil && d.Request.Method == http.MethodHead && e.RequestID != "" {
		e.Code = headCodes[e.Status] // the response to a HEAD has no body
	}
	if e.Code != "" {
		return e
	}
	var answer sdk.ErrorResponse
	if err := xml.Unmarshal(d.body, &answer); err != nil || answer.Code == "" {
		e.Err = fmt.Errorf("the answer is not one of COS (%s)", d.describe())
		return e
	}
	e.Code, e.Message = d.secrets.Word(answer.Code), d.secrets.Text(strings.TrimSpace(answer.Message))
	if answer.RequestID != "" {
		e.RequestID = d.secrets.Word(answer.RequestID)
	}
	return e
}

// headCodes are the codes that COS returns for other calls with the same status.
var headCodes = map[int]string{
	http.StatusForbidden:       CodeAccessDenied,
	http.StatusNotFound:        CodeNoSuchBucket,
	http.StatusTooManyRequests: CodeSlowDown,
}

// redirectHost returns only the host of a redirect: its path or query may contain secrets.
func (d document) redirectHost() string {
	location, err := url.Parse(d.Header.Get("Location"))
	if err != nil || location.Host == "" {
		return "another address"
	}
	return "the host " + d.secrets.Text(location.Host)
}

// isWebPage reports whether the response is one for a browser, such as a login page.
func (d document) isWebPage() bool {
	return bytes.Contains(bytes.ToLower(d.body[:min(len(d.body), 1024)]), []byte("<html"))
}

// describe describes a response of unknown origin without repeating it.
func (d document) describe() string {
	contentType := d.word("Content-Type")
	switch {
	case d.isWebPage():
		contentType = "a web page"
	case contentType == "":
		contentType = "no content type"
	}
	return fmt.Sprintf("%s, %d bytes", contentType, len(d.body))
}
