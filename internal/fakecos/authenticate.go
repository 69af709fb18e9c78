// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // q-sign-algorithm=sha1 is the only one the service has
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxSkew is how far ahead of the service a client's clock may be.
// https://www.tencentcloud.com/document/product/436/7730 (RequestTimeTooSkewed)
const maxSkew = 15 * time.Minute

// authorization is key, time, the same again, signed headers, signed parameters and signature, as the
// page has them: https://www.tencentcloud.com/document/product/436/7778
var authorization = regexp.MustCompile(`^q-sign-algorithm=sha1&q-ak=([^&, ]+)&` +
	`q-sign-time=(([0-9]{1,18});([0-9]{1,18}))&q-key-time=([0-9;]+)&` +
	`q-header-list=([^&, ]*)&q-url-param-list=([^&, ]*)&q-signature=([0-9a-f]{40})$`)

// authenticate checks a request's signature and returns the key that made it; the answer has failed
// unless all is well.
func authenticate(c *call, find func(secretID string) (Credential, bool)) (Credential, response) {
	header := c.request.Header
	given := authorization.FindStringSubmatch(strings.Join(header.Values("Authorization"), ", "))
	if given == nil {
		return Credential{}, denied("Access Denied.")
	}
	secretID, keyTime, headerList, paramList, mac := given[1], given[2], given[6], given[7], given[8]
	credential, ok := find(secretID)
	if !ok {
		return Credential{}, failure(http.StatusForbidden, "InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records.")
	}
	if refusal := checkToken(header.Values("X-Cos-Security-Token"), credential, c.now); refusal.failed() {
		return Credential{}, refusal
	}
	start, _ := strconv.ParseInt(given[3], 10, 64) // digits
	end, _ := strconv.ParseInt(given[4], 10, 64)
	switch {
	case start >= end || given[5] != keyTime:
		return Credential{}, denied("q-sign-time and q-key-time must be one start;end in seconds.")
	case c.now.Unix() >= end:
		return Credential{}, denied("Request has expired")
	case time.Unix(start, 0).After(c.now.Add(maxSkew)):
		return Credential{}, failure(http.StatusForbidden, "RequestTimeTooSkewed",
			"The difference between the request time and the current time is too large.")
	}

	signed := map[string][]string{}
	for _, name := range strings.Split(headerList, ";") {
		signed[name] = headerValues(c.request, name)
	}
	present, headers := canonical(signed)
	named, params := canonical(c.query)
	httpString := strings.ToLower(c.request.Method) + "\n" + c.path + "\n" + params + "\n" + headers + "\n"
	digest := sha1.Sum([]byte(httpString)) //nolint:gosec // see the import
	expected := hmacSHA1(hmacSHA1(credential.SecretKey, keyTime), "sha1\n"+keyTime+"\n"+hex.EncodeToString(digest[:])+"\n")
	if present != headerList || named != paramList || expected != mac {
		return Credential{}, failure(http.StatusForbidden, "SignatureDoesNotMatch",
			"The Signature you specified is invalid. Signed headers %q, present of them %q; signed parameters %q, present %q.",
			headerList, present, paramList, named)
	}
	return credential, response{}
}

func denied(message string) response {
	return failure(http.StatusForbidden, "AccessDenied", "%s", message)
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

func hmacSHA1(key, message string) string {
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

// canonical is the sorted list of the names and all that is signed: UrlParamList and HttpParameters
// of the page, or HeaderList and HttpHeaders.
func canonical(values map[string][]string) (list, text string) {
	encoded := map[string][]string{}
	for name, items := range values {
		name = strings.ToLower(encode(name))
		for _, value := range items {
			encoded[name] = append(encoded[name], encode(value))
		}
	}
	var names, terms []string
	for _, name := range slices.Sorted(maps.Keys(encoded)) {
		for _, value := range slices.Sorted(slices.Values(encoded[name])) {
			names, terms = append(names, name), append(terms, name+"="+value)
		}
	}
	return strings.Join(names, ";"), strings.Join(terms, "&")
}

// headerValues are those of a header. net/http keeps the host outside the header.
func headerValues(r *http.Request, name string) []string {
	if name == "host" {
		return []string{r.Host}
	}
	return r.Header.Values(name)
}

// encode is the page's UrlEncode: everything but letters, digits and -_.~ as %XX.
func encode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
