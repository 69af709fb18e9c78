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

func TestReadBody(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "1234"} {
		source := &body{Reader: strings.NewReader(text)}
		response := &http.Response{Body: source}
		got, err := ReadBody(response, 4)
		if err != nil || string(got) != text || !source.closed {
			t.Errorf("%q: got %q, %v, closed: %t", text, got, err, source.closed)
		}
	}

	source := &body{Reader: strings.NewReader("12345")}
	var large *TooLargeError
	if _, err := ReadBody(&http.Response{Body: source}, 4); !errors.As(err, &large) || large.Limit != 4 || !source.closed || !IsFinal(err) {
		t.Errorf("got %v, closed: %t", err, source.closed)
	}
	source = &body{Reader: io.MultiReader(strings.NewReader("1"), failingReader{})}
	if _, err := ReadBody(&http.Response{Body: source}, 4); !errors.Is(err, io.ErrUnexpectedEOF) || !source.closed || IsFinal(err) {
		t.Errorf("got %v, closed: %t", err, source.closed)
	}
}

// TestReadBody_noAnswer: behind 101 is the raw connection, on which a read may hang for ever.
func TestReadBody_noAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{101, 199, 300, 302, 399} {
		source := &body{Reader: failingReader{}}
		if text, err := ReadBody(&http.Response{StatusCode: status, Body: source}, 4); len(text) > 0 || err != nil || !source.closed {
			t.Errorf("%d: %q, %v, closed: %t", status, text, err, source.closed)
		}
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
