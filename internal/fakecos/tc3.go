// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tc3Skew is how far from the service's a client's clock may be, either way.
// https://www.tencentcloud.com/document/product/1150/49458 (AuthFailure.SignatureExpire)
const tc3Skew = 5 * time.Minute

// tc3Authorization is secret id, date, service, signed headers and signature.
var tc3Authorization = regexp.MustCompile(`^TC3-HMAC-SHA256 ` +
	`Credential=([^/, ]+)/([0-9]{4}-[0-9]{2}-[0-9]{2})/([a-z0-9]+)/tc3_request, ` +
	`SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$`)

// authenticateTC3 checks a request's signature v3; its answer has failed unless all is well.
// https://www.tencentcloud.com/document/product/213/31574
func authenticateTC3(c *call, find func(secretID string) (Credential, bool)) (Credential, response) {
	given := tc3Authorization.FindStringSubmatch(strings.Join(c.request.Header.Values("Authorization"), "; "))
	if given == nil {
		return Credential{}, stsFailure("AuthFailure.InvalidAuthorization", "Authorization in the request header is invalid.")
	}
	secretID, date, product, signed, mac := given[1], given[2], given[3], given[4], given[5]

	timestamp := c.request.Header.Get("X-Tc-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return Credential{}, stsFailure("InvalidParameter", "X-TC-Timestamp must be seconds, not %q.", timestamp)
	}
	if skew := c.now.Sub(time.Unix(seconds, 0)).Abs(); skew > tc3Skew {
		return Credential{}, stsFailure("AuthFailure.SignatureExpire", "Signature expired. Timestamp and server time are %v apart.", skew)
	}
	credential, ok := find(secretID)
	if !ok {
		return Credential{}, stsFailure("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your SecretId is correct.")
	}
	if refusal := checkTC3Token(c.request.Header.Values("X-Tc-Token"), credential, c.now); refusal.failed() {
		return Credential{}, refusal
	}

	headers, ok := tc3Headers(c.request, signed)
	if !ok || date != time.Unix(seconds, 0).UTC().Format(time.DateOnly) ||
		mac != tc3Signature(credential.SecretKey, date, product, timestamp, headers, signed, c.body) {
		return Credential{}, stsFailure("AuthFailure.SignatureFailure",
			"The provided credentials could not be validated. Please check your signature is correct.")
	}
	if product != "sts" {
		return Credential{}, stsFailure("AuthFailure.InvalidAuthorization", "The credential scope is for %q, the service is sts.", product)
	}
	return credential, response{}
}

// checkTC3Token checks the token of temporary keys. The error list has one code for every fault of
// a token.
func checkTC3Token(given []string, credential Credential, now time.Time) response {
	wrong := len(given) > 0
	if credential.Token != "" {
		wrong = len(given) != 1 || given[0] != credential.Token
	}
	expired := !credential.Expires.IsZero() && !now.Before(credential.Expires)
	if wrong || expired {
		return stsFailure("AuthFailure.TokenFailure", "Token verification failed, please check if your Token is correct.")
	}
	return response{}
}

// tc3Headers is CanonicalHeaders; false if the list of names is unsorted, short of a mandatory one
// or names one that is not there exactly once.
func tc3Headers(r *http.Request, signed string) (string, bool) {
	names := strings.Split(signed, ";")
	if !slices.Contains(names, "content-type") || !slices.Contains(names, "host") {
		return "", false
	}
	var b strings.Builder
	for i, name := range names {
		values := headerValues(r, name)
		if len(values) != 1 || i > 0 && name <= names[i-1] {
			return "", false
		}
		b.WriteString(name + ":" + strings.ToLower(strings.TrimSpace(values[0])) + "\n")
	}
	return b.String(), true
}

// tc3Signature is the algorithm itself, for a POST to "/".
func tc3Signature(secretKey, date, product, timestamp, headers, signed string, body []byte) string {
	request := strings.Join([]string{http.MethodPost, "/", "", headers, signed, hexSHA256(body)}, "\n")
	scope := date + "/" + product + "/tc3_request"
	key := []byte("TC3" + secretKey)
	for _, step := range []string{date, product, "tc3_request"} {
		key = hmacSHA256(key, step)
	}
	text := strings.Join([]string{"TC3-HMAC-SHA256", timestamp, scope, hexSHA256([]byte(request))}, "\n")
	return hex.EncodeToString(hmacSHA256(key, text))
}

func hexSHA256(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

func hmacSHA256(key []byte, message string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(message))
	return mac.Sum(nil)
}
