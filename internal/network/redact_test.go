// SPDX-License-Identifier: MPL-2.0

package network

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestRedactor: a secret is taken out of a text in each spelling, wherever it stands.
func TestRedactor(t *testing.T) {
	t.Parallel()
	const secret = "0123456789+/ abcdef=="
	r := NewRedactor(secret, "test", "")
	texts := map[string]string{
		"plain":        "test of " + secret + ".",
		"query":        "test of " + url.QueryEscape(secret) + ".",
		"path":         "test of " + url.PathEscape(secret) + ".",
		"long":         "test" + strings.Repeat(" ", 2030) + secret, // would be cut within the secret
		"5 MB":         "test" + strings.Repeat(secret, 5<<20/len(secret)),
		"twice":        "test of " + url.QueryEscape(secret) + secret,
		"line breaks":  "test of\n" + secret,
		"Base64 (URL)": "test of " + base64.URLEncoding.EncodeToString([]byte(secret)),
	}
	for before := range 4 {
		texts[fmt.Sprintf("Base64 after %d", before)] = "test of " + base64.StdEncoding.EncodeToString([]byte("user:"[:before]+secret+":x"))
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := r.Text(text)
			if !strings.Contains(got, redacted) || !strings.HasPrefix(got, "test") || len(got) > 3<<10 {
				t.Errorf("got %d bytes: %.300q", len(got), got)
			}
			for _, leak := range []string{"56789", url.QueryEscape(secret)[:12], base64.StdEncoding.EncodeToString([]byte(secret))[:16]} {
				if strings.Contains(got, leak) {
					t.Errorf("%q is shown in %.300q", leak, got)
				}
			}
		})
	}
	if got := NewRedactor("0123456789abcdef", "0123456789abcdef-and-the-rest").Text("0123456789abcdef-and-the-rest"); got != redacted {
		t.Errorf("of two secrets, one in the other: %q", got)
	}
	if got := (Redactor{}).Text("test of\n" + secret); got != `test of\n`+secret {
		t.Errorf("got %q", got)
	}
}

// TestRedactor_check: a secret is found wherever a document has a text.
func TestRedactor_check(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef"
	type document struct {
		Name   *string
		Items  []string
		Any    any
		hidden map[string]string
	}
	r, text := NewRedactor(secret), "of "+secret
	for name, holding := range map[string]document{
		"pointer":   {Name: &text},
		"slice":     {Items: []string{"", text}},
		"interface": {Any: document{Items: []string{text}}},
		"key":       {hidden: map[string]string{text: ""}},
		"value":     {hidden: map[string]string{"": url.QueryEscape(text)}},
		"Base64":    {Items: []string{base64.StdEncoding.EncodeToString([]byte(text))}},
	} {
		if err := r.Check(&holding); !errors.Is(err, ErrSecret) {
			t.Errorf("%s: got %v", name, err)
		}
		if err := (Redactor{}).Check(holding); err != nil {
			t.Errorf("%s, no secrets: %v", name, err)
		}
	}
	if err := r.Check(document{Items: []string{secret[1:]}}); err != nil {
		t.Error(err)
	}
}
