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
		for before := range 3 { // Base64 depends on where in a text the secret is, modulo three bytes
			text := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:before] + secret))
			own := text[(before*8+5)/6 : (before+len(secret))*8/6] // the characters without bits of others
			r.spellings = append(r.spellings, own, strings.NewReplacer("+", "-", "/", "_").Replace(own))
		}
	}
	slices.SortFunc(r.spellings, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return r
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

// Error returns an error of the same kind whose text is what [Redactor.Text] makes of it. [Describe]
// shows no more of it.
func (r Redactor) Error(err error) error { return &redactedError{r, err} }

type redactedError struct {
	secrets Redactor
	err     error
}

func (e *redactedError) Error() string { return e.secrets.Text(e.err.Error()) }
func (e *redactedError) Unwrap() error { return e.err }

// ErrSecret is the error of a response that repeats the secrets of its request.
var ErrSecret = errors.New("the response repeats the credentials of the request: " + redacted)

// Check returns [ErrSecret] if a text of a decoded document holds a secret.
func (r Redactor) Check(document any) error {
	if len(r.spellings) > 0 && untrusted.HasText(document, func(text string) bool { return r.redact(text) != text }) {
		return ErrSecret
	}
	return nil
}
