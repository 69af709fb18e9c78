// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"encoding/base64"
	"strings"
)

// tokenMark makes every token begin with "+///", so that a client that does not escape tokens fails
// at once.
const tokenMark = "\xfb\xff\xff"

// continuationToken is opaque to clients; it holds the last id of a page and ends in "==".
func continuationToken(last string) string {
	raw := tokenMark + last
	for len(raw)%3 != 1 {
		raw += "\x00"
	}
	return base64.StdEncoding.EncodeToString([]byte(raw))
}

func parseContinuationToken(token string) (last string, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return "", false
	}
	return strings.CutPrefix(strings.TrimRight(string(raw), "\x00"), tokenMark)
}
