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

// response is one that was read whole. What it holds is foreign: its texts are decoded with
// unmarshal, and shown through word and secrets.
type response struct {
	*http.Response // nil if there is none; its Body has been read
	body           []byte
	secrets        network.Redactor // of the request
}

// word returns a header of one word, fit to be shown.
func (resp response) word(header string) string { return resp.secrets.Word(resp.Header.Get(header)) }

// fail returns the error of a response that cannot be used.
func (resp response) fail(err error) *Error {
	return &Error{Status: resp.StatusCode, RequestID: resp.word(headerRequestID), Err: err}
}

// failure returns the error of a response that is not a success of COS, or nil.
func (resp response) failure() *Error {
	switch {
	case resp.StatusCode >= http.StatusBadRequest:
		return resp.refusal()
	case resp.StatusCode >= http.StatusMultipleChoices:
		return resp.fail(fmt.Errorf("the answer redirects to %s, which is not followed: the signed request is meant for %s alone", resp.redirectHost(), resp.Request.Host))
	case resp.StatusCode < http.StatusOK:
		return resp.fail(errors.New("the answer is none to the request: it changes the protocol"))
	case resp.Header.Get(headerRequestID) == "":
		// A captive portal returns 200 for everything. Its response must not pass for that of a
		// write.
		return resp.fail(fmt.Errorf("the answer is not one of COS (%s): it carries no request id", resp.describe()))
	}
	return nil
}

// refusal returns the error that a response with a status of 400 or more describes.
func (resp response) refusal() *Error {
	e := resp.fail(nil)
	if resp.Request != nil && resp.Request.Method == http.MethodHead && e.RequestID != "" {
		e.Code = headCodes[e.Status] // the response to a HEAD has no body
	}
	if e.Code != "" {
		return e
	}
	var answer sdk.ErrorResponse
	if err := xml.Unmarshal(resp.body, &answer); err != nil || answer.Code == "" {
		e.Err = fmt.Errorf("the answer is not one of COS (%s)", resp.describe())
		return e
	}
	e.Code, e.Message = resp.secrets.Word(answer.Code), resp.secrets.Text(strings.TrimSpace(answer.Message))
	if answer.RequestID != "" {
		e.RequestID = resp.secrets.Word(answer.RequestID)
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
func (resp response) redirectHost() string {
	location, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || location.Host == "" {
		return "another address"
	}
	return "the host " + resp.secrets.Text(location.Host)
}

// isWebPage reports whether the response is one for a browser, such as a login page.
func (resp response) isWebPage() bool {
	return bytes.Contains(bytes.ToLower(resp.body[:min(len(resp.body), 1024)]), []byte("<html"))
}

// describe describes a response of unknown origin without repeating it.
func (resp response) describe() string {
	contentType := resp.word("Content-Type")
	switch {
	case resp.isWebPage():
		contentType = "a web page"
	case contentType == "":
		contentType = "no content type"
	}
	return fmt.Sprintf("%s, %d bytes", contentType, len(resp.body))
}
