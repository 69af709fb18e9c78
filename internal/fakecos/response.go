package fakecos

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// response is an answer as a value: handlers make it, one adapter writes it.
type response struct {
	status      int
	code        string // COS error code, "" for success
	message     string
	contentType string
	body        string
	header      http.Header // beside those every answer carries
}

func success(status int, body string) response {
	r := response{status: status, body: body}
	if body != "" {
		r.contentType = "application/xml"
	}
	return r
}

// failure is a COS error; the adapter renders its document, which names the request.
func failure(status int, code, format string, args ...any) response {
	return response{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

func invalidArgument(format string, args ...any) response {
	return failure(http.StatusBadRequest, "InvalidArgument", format, args...)
}

func (r response) failed() bool {
	return r.code != ""
}

// requestID and traceID are unique per server and shaped like the service's, opaque base64.
func requestID(serial int, now time.Time) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%08x_fa4ec05_%04x", now.Unix(), serial))
}

func traceID(serial int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "trace_%016x", serial))
}

// errorDocument is laid out as https://www.tencentcloud.com/document/product/436/7730 shows it.
type errorDocument struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string
	Message   string
	Resource  string
	RequestID string `xml:"RequestId"`
	TraceID   string `xml:"TraceId"`
}

// finish turns an answer into what goes over the wire: the error document rendered, the usual headers set.
func (r response) finish(record Request, trace string, now time.Time) response {
	if r.failed() && r.body == "" {
		r.contentType = "application/xml"
		r.body = errorBody(errorDocument{
			Code: r.code, Message: r.message, Resource: record.Host + "/", RequestID: record.RequestID, TraceID: trace,
		})
	}
	header := http.Header{}
	header.Set("Date", now.UTC().Format(http.TimeFormat))
	header.Set("Server", "tencent-cos")
	header.Set("X-Cos-Request-Id", record.RequestID)
	header.Set("X-Cos-Trace-Id", trace)
	if r.contentType != "" {
		header.Set("Content-Type", r.contentType)
	}
	if r.status != http.StatusNoContent && r.status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	for name, values := range r.header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	r.header = header
	return r
}

func errorBody(document errorDocument) string {
	var b bytes.Buffer
	b.WriteString("<?xml version='1.0' encoding='utf-8' ?>\n")
	// A bytes.Buffer takes every write and the document is strings alone, so there is no error to have.
	_ = xml.NewEncoder(&b).Encode(document)
	return b.String()
}

func (r response) write(w http.ResponseWriter, method string) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	if method != http.MethodHead {
		// The client may be gone already; that is its affair.
		_, _ = w.Write([]byte(r.body))
	}
}
