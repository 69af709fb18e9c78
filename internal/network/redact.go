// SPDX-License-Identifier: MPL-2.0

package network

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// minSecret is shorter than any secret of the services. Words that stand for credentials in tests,
// such as "test", are shorter: they stay in the texts.
const minSecret = 16

const redacted = "[redacted]"

// Redactor makes the texts of others fit for errors and logs: it takes out the secrets of a request,
// in each spelling in which a service may repeat what it was sent. The zero value has no secrets.
type Redactor struct{ spellings []string } // the longest first

// NewRedactor returns a redactor of these secrets. Empty and very short ones are ignored.
func NewRedactor(secrets ...string) Redactor {
	var r Redactor
	for _, secret := range secrets {
		if len(secret) < minSecret {
			continue
		}
		r.spellings = append(r.spellings, secret, url.QueryEscape(secret), url.PathEscape(secret))
		r.spellings = append(r.spellings, inBase64(secret)...)
	}
	slices.SortFunc(r.spellings, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	r.spellings = slices.Compact(r.spellings)
	return r
}

// inBase64 returns what all Base64 of a text that holds the secret has in common: it depends on
// where in the text the secret is, modulo three bytes.
func inBase64(secret string) []string {
	var spellings []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := encoding.EncodeToString([]byte("\x00\x00"[:before] + secret))
			start, end := (before*8+5)/6, (before+len(secret))*8/6 // of the characters without bits of others
			spellings = append(spellings, text[start:end])
		}
	}
	return spellings
}

// Text returns s without the secrets, as [untrusted.Text]: escaped, and at most 2 KiB of it.
func (r Redactor) Text(s string) string { return untrusted.Text(r.redact(s)) }

// Word returns a code or an id without the secrets, as [untrusted.Word].
func (r Redactor) Word(s string) string { return untrusted.Word(r.redact(s)) }

func (r Redactor) redact(s string) string {
	for _, spelling := range r.spellings {
		s = strings.ReplaceAll(s, spelling, redacted)
	}
	return s
}

// Error returns err if its text is fit to be shown. Otherwise it returns an error of what [Text]
// makes of it, which wraps none: what is wrapped would show it all the same.
func (r Redactor) Error(err error) error {
	if text := r.Text(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// ErrSecret is the error of a response that repeats the secrets of its request.
var ErrSecret = errors.New("the response repeats the credentials of the request: " + redacted)

// Check returns [ErrSecret] if a text of a decoded document holds a secret.
func (r Redactor) Check(document any) error {
	holdsSecret := func(text string) bool {
		return slices.ContainsFunc(r.spellings, func(s string) bool { return strings.Contains(text, s) })
	}
	if len(r.spellings) > 0 && untrusted.HasText(document, holdsSecret) {
		return ErrSecret
	}
	return nil
}
