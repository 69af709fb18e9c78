// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"crypto/hmac"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxSkew is how far ahead of the service a client's clock may be.
// https://www.tencentcloud.com/document/product/436/7730 (RequestTimeTooSkewed)
const maxSkew = 15 * time.Minute

// authenticate checks a request's signature and returns the key that made it; the answer has failed
// unless all is well.
func authenticate(c *call, find func(secretID string) (Credential, bool)) (Credential, response) {
	header := c.request.Header
	values := header.Values("Authorization")
	if len(values) == 0 {
		return Credential{}, denied("Access Denied.")
	}
	given, ok := parseAuthorization(values)
	if !ok {
		return Credential{}, denied("The Authorization header is not a COS signature.")
	}
	credential, ok := find(given["q-ak"])
	if !ok {
		return Credential{}, failure(http.StatusForbidden, "InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records.")
	}
	if refusal := checkToken(header.Values("X-Cos-Security-Token"), credential, c.now); refusal.failed() {
		return Credential{}, refusal
	}
	if refusal := checkTime(given, c.now); refusal.failed() {
		return Credential{}, refusal
	}

	names := strings.FieldsFunc(given["q-header-list"], func(r rune) bool { return r == ';' })
	headers := headerPairs(c.request, names)
	params := newPairs(c.query)
	expected := signature(credential.SecretKey, given["q-key-time"], c.request.Method, c.path, params, headers)
	if headers.list() != given["q-header-list"] || params.list() != given["q-url-param-list"] ||
		!hmac.Equal([]byte(expected), []byte(given["q-signature"])) {
		return Credential{}, failure(http.StatusForbidden, "SignatureDoesNotMatch",
			"The Signature you specified is invalid. Signed headers %q, present of them %q; signed parameters %q, present %q.",
			given["q-header-list"], headers.list(), given["q-url-param-list"], params.list())
	}
	return credential, response{}
}

func denied(message string) response {
	return failure(http.StatusForbidden, "AccessDenied", "%s", message)
}

// parseAuthorization reads the seven fields of a signature, each exactly once and nothing beside
// them.
func parseAuthorization(values []string) (map[string]string, bool) {
	fields := map[string]string{}
	if len(values) != 1 {
		return nil, false
	}
	for _, term := range strings.Split(values[0], "&") {
		name, value, ok := strings.Cut(term, "=")
		if _, twice := fields[name]; !ok || twice {
			return nil, false
		}
		fields[name] = value
	}
	for _, name := range []string{
		"q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature",
	} {
		if _, ok := fields[name]; !ok {
			return nil, false
		}
	}
	return fields, len(fields) == 7 && fields["q-sign-algorithm"] == "sha1"
}

// checkToken checks the token of temporary keys:
// https://www.tencentcloud.com/document/product/436/14048
func checkToken(given []string, credential Credential, now time.Time) response {
	switch {
	case credential.Token == "" && len(given) > 0:
		return denied("A security token came with keys that have none.")
	case credential.Token != "" && len(given) == 0:
		return denied("These keys are temporary: x-cos-security-token is missing.")
	case credential.Token != "" && (len(given) != 1 || given[0] != credential.Token):
		return failure(http.StatusForbidden, "InvalidAccessKeyId", "The security token does not belong to these keys.")
	case !credential.Expires.IsZero() && !now.Before(credential.Expires):
		return failure(http.StatusBadRequest, "ExpiredToken", "The provided token has expired.")
	}
	return response{}
}

// checkTime checks q-sign-time and q-key-time, which the page has be the same.
func checkTime(given map[string]string, now time.Time) response {
	from, until, ok := strings.Cut(given["q-sign-time"], ";")
	start, startErr := strconv.ParseInt(from, 10, 64)
	end, endErr := strconv.ParseInt(until, 10, 64)
	switch {
	case !ok || startErr != nil || endErr != nil || start >= end || given["q-key-time"] != given["q-sign-time"]:
		return denied("q-sign-time and q-key-time must be one start;end in seconds.")
	case now.Unix() >= end:
		return denied("Request has expired")
	case time.Unix(start, 0).After(now.Add(maxSkew)):
		return failure(http.StatusForbidden, "RequestTimeTooSkewed",
			"The difference between the request time and the current time is too large.")
	}
	return response{}
}
