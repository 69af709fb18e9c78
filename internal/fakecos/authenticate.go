// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // q-sign-algorithm=sha1 is the only one the service has
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
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

// Sign adds the Authorization header, valid from now for five minutes, that a [Server] with this
// credential accepts. It signs the host, the digest, the token and every query parameter.
// https://www.tencentcloud.com/document/product/436/7778
func Sign(r *http.Request, credential Credential, now time.Time) {
	if credential.Token != "" {
		r.Header.Set("X-Cos-Security-Token", credential.Token)
	}
	names := []string{"host"}
	for _, name := range []string{"Content-Md5", "X-Cos-Security-Token"} {
		if r.Header.Get(name) != "" {
			names = append(names, strings.ToLower(name))
		}
	}
	keyTime := fmt.Sprintf("%d;%d", now.Unix(), now.Add(5*time.Minute).Unix())
	headers := headerPairs(r, names)
	params := newPairs(r.URL.Query())
	r.Header.Set("Authorization", strings.Join([]string{
		"q-sign-algorithm=sha1",
		"q-ak=" + credential.SecretID,
		"q-sign-time=" + keyTime,
		"q-key-time=" + keyTime,
		"q-header-list=" + headers.list(),
		"q-url-param-list=" + params.list(),
		"q-signature=" + signature(credential.SecretKey, keyTime, r.Method, uriPath(r), params, headers),
	}, "&"))
}

// signature is the algorithm itself, steps 2 and 5 to 7 of the page.
func signature(secretKey, keyTime, method, path string, params, headers pairs) string {
	signKey := hmacSHA1(secretKey, keyTime)
	httpString := strings.ToLower(method) + "\n" + path + "\n" + params.String() + "\n" + headers.String() + "\n"
	digest := sha1.Sum([]byte(httpString)) //nolint:gosec // see the import
	return hmacSHA1(signKey, "sha1\n"+keyTime+"\n"+hex.EncodeToString(digest[:])+"\n")
}

func hmacSHA1(key, message string) string {
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

// pairs are encoded keys and values, sorted: HttpParameters and HttpHeaders of the page.
type pairs [][2]string

func (p pairs) String() string {
	terms := make([]string, len(p))
	for i, pair := range p {
		terms[i] = pair[0] + "=" + pair[1]
	}
	return strings.Join(terms, "&")
}

// list is UrlParamList or HeaderList.
func (p pairs) list() string {
	keys := make([]string, len(p))
	for i, pair := range p {
		keys[i] = pair[0]
	}
	return strings.Join(keys, ";")
}

func newPairs(values map[string][]string) pairs {
	var p pairs
	for key, items := range values {
		for _, value := range items {
			p = append(p, [2]string{strings.ToLower(encode(strings.ToLower(key))), encode(value)})
		}
	}
	slices.SortFunc(p, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return p
}

// headerPairs takes the named headers from a request; one that is absent yields no pair. net/http
// keeps the host outside the header.
func headerPairs(r *http.Request, names []string) pairs {
	values := map[string][]string{}
	for _, name := range names {
		values[name] = r.Header.Values(name)
		if name == "host" {
			values[name] = []string{r.Host}
		}
	}
	return newPairs(values)
}

// encode is the page's UrlEncode: everything but letters, digits and -_.~ as %XX.
func encode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
