// SPDX-License-Identifier: MPL-2.0

package network

import (
	"encoding/xml"
	"strings"
)

// minSecret is shorter than any secret of the services. Words that stand for credentials in tests,
// such as "test", are shorter: they stay in the texts.
const minSecret = 16

const redacted = "[redacted]"

// Redactor replaces secrets in texts of others, also where XML escapes their characters.
func Redactor(secrets ...string) *strings.Replacer {
	var pairs []string
	for _, secret := range secrets {
		if len(secret) < minSecret {
			continue
		}
		var escaped strings.Builder
		_ = xml.EscapeText(&escaped, []byte(secret)) // a strings.Builder accepts every write
		pairs = append(pairs, secret, redacted, escaped.String(), redacted)
	}
	return strings.NewReplacer(pairs...)
}
