// SPDX-License-Identifier: MPL-2.0

package network

import (
	"errors"
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

func TestBufferBody(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "1234"} {
		source := &body{Reader: strings.NewReader(text)}
		response := &http.Response{Body: source}
		size, err := BufferBody(response, 4)
		if err != nil || size != len(text) || !source.closed {
			t.Errorf("%q: got %d, %v, closed: %t", text, size, err, source.closed)
		}
		if again, err := io.ReadAll(response.Body); string(again) != text || err != nil {
			t.Errorf("%q: read again as %q, %v", text, again, err)
		}
	}

	source := &body{Reader: strings.NewReader("12345")}
	var large *TooLargeError
	if _, err := BufferBody(&http.Response{Body: source}, 4); !errors.As(err, &large) || large.Limit != 4 || !source.closed || !IsFinal(err) {
		t.Errorf("got %v, closed: %t", err, source.closed)
	}
	source = &body{Reader: io.MultiReader(strings.NewReader("1"), failingReader{})}
	if _, err := BufferBody(&http.Response{Body: source}, 4); !errors.Is(err, io.ErrUnexpectedEOF) || !source.closed || IsFinal(err) {
		t.Errorf("got %v, closed: %t", err, source.closed)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestRedactor(t *testing.T) {
	t.Parallel()
	r := Redactor("0123456789<abcdef", "test", "")
	for text, want := range map[string]string{
		"test of 0123456789<abcdef.":    "test of [redacted].",
		"test of 0123456789&lt;abcdef.": "test of [redacted].",
	} {
		if got := r.Replace(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
