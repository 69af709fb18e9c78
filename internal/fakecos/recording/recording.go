// SPDX-License-Identifier: MPL-2.0

// Package recording asks a service a fixed list of requests, keeps what it answered without anything
// that tells whose account it is, and compares that with another service: COS, recorded once by
// whoever has an account, with the fake.
package recording

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// What requests and recordings name; a service may have other names, see [Names].
const (
	Bucket      = "examplebucket-1250000000"
	Destination = "qcs::cos:ap-guangzhou::reports-1250000000"
	idPrefix    = "tf-live-recording"
)

// Exchange is a request about the bucket, and its answer in [canonical] form.
type Exchange struct {
	Name   string `json:"name"`
	Method string `json:"method"`
	Query  string `json:"query"`
	Body   string `json:"body,omitempty"`
	Status int    `json:"status"`
	Answer string `json:"answer,omitempty"`

	Headers map[string]string `json:"headers,omitempty"` // those of the answer that are compared
}

// Send sends a signed request about the bucket of a service.
type Send func(method, query, body string) (Answer, error)

// Answer is what a service answered.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// comparedHeaders say the same for every account.
var comparedHeaders = []string{"Content-Type"}

// take sets what an exchange keeps of an answer.
func (e *Exchange) take(answer Answer) (err error) {
	e.Status, e.Headers = answer.Status, map[string]string{}
	for _, name := range comparedHeaders {
		if value := answer.Header.Get(name); value != "" {
			e.Headers[name] = value
		}
	}
	e.Answer, err = canonical(answer.Body)
	return err
}

// Names are what a service calls the bucket and the destination.
type Names struct{ Bucket, Destination string }

// Record asks everything, and returns the answers.
func Record(send Send, names Names) ([]Exchange, error) {
	there := strings.NewReplacer(Destination, names.Destination, Bucket, names.Bucket)
	back := strings.NewReplacer(names.Destination, Destination, names.Bucket, Bucket)
	exchanges := requests()
	for i, e := range exchanges {
		answer, err := send(e.Method, e.Query, there.Replace(e.Body))
		if err == nil {
			answer.Body = back.Replace(answer.Body)
			err = exchanges[i].take(answer)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return exchanges, nil
}

// Differences asks a service again what was recorded, and says where it answers otherwise.
func Differences(recorded []Exchange, send Send) ([]string, error) {
	var found []string
	for _, e := range recorded {
		now := e
		answer, err := send(e.Method, e.Query, e.Body)
		if err == nil {
			err = now.take(answer)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
		if now.Status != e.Status || now.Answer != e.Answer || !maps.Equal(now.Headers, e.Headers) {
			found = append(found, fmt.Sprintf("%s: %d %v %s\nrecorded: %d %v %s", e.Name, now.Status, now.Headers, now.Answer, e.Status, e.Headers, e.Answer))
		}
	}
	return found, nil
}

// Write writes a recording.
func Write(w io.Writer, exchanges []Exchange) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(exchanges); err != nil {
		return fmt.Errorf("write a recording: %w", err)
	}
	return nil
}

// Read reads what [Write] wrote.
func Read(r io.Reader) ([]Exchange, error) {
	var exchanges []Exchange
	if err := json.NewDecoder(r).Decode(&exchanges); err != nil {
		return nil, fmt.Errorf("read a recording: %w", err)
	}
	if len(exchanges) == 0 {
		return nil, errors.New("the recording has no exchange")
	}
	return exchanges, nil
}

// notCompared are elements that differ from answer to answer, or are prose.
var notCompared = []string{"Message", "RequestId", "TraceId", "Resource", "HostId", "JobId", "ContinuationToken", "NextContinuationToken"}

// accountID is an account's UIN, which COS may fill in.
var accountID = regexp.MustCompile(`^[0-9]{6,}$`)

// canonical writes an XML answer so that the order of its elements, white space and whose account it
// is say nothing: an element a line, its children sorted below it.
func canonical(answer string) (string, error) {
	if strings.TrimSpace(answer) == "" {
		return "", nil
	}
	decoder := xml.NewDecoder(strings.NewReader(answer))
	for {
		token, err := decoder.Token()
		if err != nil {
			return "", fmt.Errorf("the answer is not XML: %w", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			return element(decoder, start)
		}
	}
}

func element(decoder *xml.Decoder, start xml.StartElement) (string, error) {
	var children []string
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if err != nil {
			return "", fmt.Errorf("the answer is not XML: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			child, err := element(decoder, token)
			if err != nil {
				return "", err
			}
			if !slices.Contains(notCompared, token.Name.Local) && !isForeignJob(token.Name.Local, child) {
				children = append(children, strings.ReplaceAll(child, "\n", "\n  "))
			}
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			slices.Sort(children)
			value := strings.TrimSpace(text.String())
			if accountID.MatchString(value) {
				value = "100000000001"
			}
			line := strings.TrimSpace(start.Name.Local + " " + value)
			return strings.Join(append([]string{line}, children...), "\n  "), nil
		}
	}
}

// isForeignJob reports whether an element of a listing is a job that the recording did not write.
func isForeignJob(name, text string) bool {
	return name == "InventoryConfiguration" && !strings.Contains(text, "\n  Id "+idPrefix)
}
