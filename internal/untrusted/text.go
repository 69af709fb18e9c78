// SPDX-License-Identifier: MPL-2.0

// Package untrusted makes texts that others send fit to be shown: a service's messages, a proxy's
// headers, the names in a document.
package untrusted

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxText is the most bytes of a text that are shown. A message of COS has some hundred.
	maxText = 2 << 10

	// maxQuote is the most bytes of a value in quotation marks: those of the longest name of a file.
	maxQuote = 255

	// maxWord is the most bytes of a code or an id. Those of COS have some forty.
	maxWord = 100

	// maxItems is the most items of a list that are shown.
	maxItems = 20
)

// Text returns s for a terminal: with control characters, invisible characters and those that
// change the direction of writing escaped as in Go, such as \n or \u202e, and at most 2 KiB of it.
func Text(s string) string { return bounded(s, maxText) }

// Word is [Text] for a code or an id: at most 100 bytes of it.
func Word(s string) string { return bounded(s, maxWord) }

// Quote is [Text] for a value or a name, in quotation marks: at most 255 bytes of it, with quotation
// marks and backslashes escaped as well.
func Quote(s string) string {
	s, rest := cut(s, maxQuote)
	return strconv.Quote(s) + rest
}

// cut returns at most limit bytes of s, and how many more there are, in words.
func cut(s string, limit int) (start, rest string) {
	if len(s) <= limit {
		return s, ""
	}
	end := limit
	for !utf8.RuneStart(s[end]) && end > limit-utf8.UTFMax+1 {
		end--
	}
	return s[:end], fmt.Sprintf("… (%d more bytes)", len(s)-end)
}

func bounded(s string, limit int) string {
	s, rest := cut(s, limit)
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i]) // not UTF-8
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String() + rest
}

// List returns the items as [Text], and no more than 20 of them, the last of which then tells how
// many there are besides.
func List(items []string) (shown []string) {
	for i, item := range items {
		if i == maxItems-1 && len(items) > maxItems {
			return append(shown, fmt.Sprintf("and %d more", len(items)-i))
		}
		shown = append(shown, Text(item))
	}
	return shown
}

// HasText reports whether a text of the value meets the condition, be it in a field, an element, a
// key or behind a pointer.
func HasText(value any, condition func(text string) bool) bool {
	return hasText(reflect.ValueOf(value), condition)
}

func hasText(v reflect.Value, condition func(string) bool) bool {
	switch v.Kind() {
	case reflect.String:
		return condition(v.String())
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && hasText(v.Elem(), condition)
	case reflect.Struct:
		for i := range v.NumField() {
			if hasText(v.Field(i), condition) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if hasText(v.Index(i), condition) {
				return true
			}
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if hasText(entries.Key(), condition) || hasText(entries.Value(), condition) {
				return true
			}
		}
	}
	return false
}
