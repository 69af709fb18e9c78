// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"fmt"
	"strings"
)

// Setting is an attribute of the provider's configuration, such as profile or assume_role.role_arn.
// Something that has only an environment variable is not a setting.
type Setting string

// Error describes a failure of a credential source, and what to do. It contains no secret, and of a
// response only the code and message of STS.
type Error struct {
	Setting Setting // at fault; "" if none is
	Origin  string  // the source that was tried; "" if there is none
	Problem string  // a clause
	Remedy  string  // whole sentences

	Code, RequestID string // of STS, if it refused

	Err error // beneath, or nil
}

// Error returns all of it in one line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Origin != "" {
		b.WriteString(e.Origin + ": ")
	}
	b.WriteString(e.Problem)
	if e.RequestID != "" {
		b.WriteString(" (request id " + e.RequestID + ")")
	}
	if e.Remedy != "" {
		b.WriteString(". " + e.Remedy)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

const (
	halfPair = "Set both secret_id and secret_key (in the environment TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY), " +
		"or remove both to use another credential source."
	hasOddCharacter = "holds white space or another character that no key has"
)

// fileFault says what is wrong with the keys of a file, whose names for them are id and key, and
// what to do: writing both, or copying one again. It returns "" if nothing is.
func (k Credentials) fileFault(place, id, key, write string) (problem, remedy string) {
	switch odd := oddCharacter(k); {
	case k.SecretID == "" && k.SecretKey == "":
		return place + " holds no keys", write
	case k.SecretID == "":
		return fmt.Sprintf("%s has a %s, but no %s", place, key, id), write
	case k.SecretKey == "":
		return fmt.Sprintf("%s has a %s, but no %s", place, id, key), write
	case odd != "":
		return "the " + odd + " " + hasOddCharacter, "Copy it again without spaces or line breaks."
	}
	return "", ""
}

// oddCharacter names the part that holds a character outside printable ASCII, or "".
func oddCharacter(k Credentials) string {
	for _, part := range []struct{ name, value string }{
		{"secret_id", k.SecretID}, {"secret_key", k.SecretKey}, {"security_token", k.Token},
	} {
		if HasOddCharacter(part.value) {
			return part.name
		}
	}
	return ""
}
