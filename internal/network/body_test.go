// SPDX-License-Identifier: MPL-2.0

package network

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// body breaks off after its text, and records that it was closed.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error {
	b.closed = true
	return nil
}

// TestReadBody: behind 101 is the raw connection, on which a read may hang for ever.
func TestReadBody(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		reader  io.Reader
		text    string
		fails   string
		isFinal bool
	}{
		"empty":       {200, strings.NewReader(""), "", "<nil>", false},
		"largest":     {200, strings.NewReader("1234"), "1234", "<nil>", false},
		"larger":      {200, strings.NewReader("12345"), "", "the response exceeds the limit of 4 bytes", true},
		"broken off":  {200, io.MultiReader(strings.NewReader("1"), failingReader{}), "", "reading the response: unexpected EOF", false},
		"protocol":    {101, failingReader{}, "", "<nil>", false},
		"another 1xx": {199, failingReader{}, "", "<nil>", false},
		"choices":     {300, failingReader{}, "", "<nil>", false},
		"redirect":    {302, failingReader{}, "", "<nil>", false},
		"another 3xx": {399, failingReader{}, "", "<nil>", false},
	} {
		source := &body{Reader: test.reader}
		text, err := ReadBody(&http.Response{StatusCode: test.status, Body: source}, 4)
		if string(text) != test.text || fmt.Sprint(err) != test.fails || !source.closed || IsFinal(err) != test.isFinal {
			t.Errorf("%s: %q, %v, closed: %t", name, text, err, source.closed)
		}
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
