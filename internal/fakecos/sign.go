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
	"strings"
	"time"
)

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
