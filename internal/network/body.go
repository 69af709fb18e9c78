// SPDX-License-Identifier: MPL-2.0

package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// TooLargeError is the error of a response that exceeds its limit.
type TooLargeError struct {
	Limit int // in bytes
}

// Error names the limit.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the response exceeds the limit of %d bytes", e.Limit)
}

// BufferBody reads the response's body to its end and returns its size. Body can then be read
// again, and its connection has gone back to the pool. A body that is larger than limit, in bytes,
// is a [*TooLargeError].
func BufferBody(response *http.Response, limit int) (size int, err error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return 0, fmt.Errorf("reading the response: %w", err)
	}
	if len(body) > limit {
		return 0, &TooLargeError{Limit: limit}
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return len(body), nil
}
