// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	stsHost = "sts.tencentcloudapi.com"
	roleARN = "qcs::cam::uin/100000000002:roleName/ci"
)

// newSTSRequest makes an unsigned call to STS.
func newSTSRequest(action, body string, now time.Time) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://"+stsHost+"/", strings.NewReader(body))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-TC-Action": action, "X-TC-Version": "2018-08-13",
		"X-TC-Region": region, "X-TC-Timestamp": fmt.Sprint(now.Unix()),
	} {
		r.Header.Set(name, value)
	}
	return r
}

// signTC3 signs a call by the letter of https://www.tencentcloud.com/document/product/213/31574,
// sharing nothing with the fake.
func signTC3(r *http.Request, body string, credential fakecos.Credential) {
	var seconds int64
	_, _ = fmt.Sscan(r.Header.Get("X-TC-Timestamp"), &seconds)
	signTC3As(r, body, credential, time.Unix(seconds, 0).UTC().Format("2006-01-02"), "content-type", "host")
}

// signTC3As signs these headers, in this order, with the date.
func signTC3As(r *http.Request, body string, credential fakecos.Credential, date string, names ...string) {
	if credential.Token != "" {
		r.Header.Set("X-TC-Token", credential.Token)
	}
	hash := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	mac := func(key, text string) string {
		h := hmac.New(sha256.New, []byte(key))
		h.Write([]byte(text))
		return string(h.Sum(nil))
	}
	signed, headers := strings.Join(names, ";"), ""
	for _, name := range names {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers += name + ":" + value + "\n"
	}
	canonical := "POST\n/\n\n" + headers + "\n" + signed + "\n" + hash(body)
	text := "TC3-HMAC-SHA256\n" + r.Header.Get("X-TC-Timestamp") + "\n" + date + "/sts/tc3_request\n" + hash(canonical)
	key := mac(mac(mac("TC3"+credential.SecretKey, date), "sts"), "tc3_request")
	r.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential="+credential.SecretID+"/"+date+"/sts/tc3_request, "+
		"SignedHeaders="+signed+", Signature="+hex.EncodeToString([]byte(mac(key, text))))
}

// callSTS makes a call to STS, signed by the credential.
func callSTS(s http.Handler, action, body string, credential fakecos.Credential, now time.Time) *httptest.ResponseRecorder {
	r := newSTSRequest(action, body, now)
	signTC3(r, body, credential)
	return serve(s, r)
}

// stsAnswer is any answer of STS.
type stsAnswer struct {
	Error *struct{ Code, Message string }

	Credentials                               struct{ TmpSecretId, TmpSecretKey, Token string } //nolint:revive // the wire's own names
	ExpiredTime                               int64
	Expiration                                string
	Type, AccountId, UserId, PrincipalId, Arn string //nolint:revive // the wire's own names
	RequestId                                 string //nolint:revive // the wire's own name
}

func (a stsAnswer) credential() fakecos.Credential {
	return fakecos.Credential{SecretID: a.Credentials.TmpSecretId, SecretKey: a.Credentials.TmpSecretKey, Token: a.Credentials.Token}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// readSTS checks the envelope of an answer, whose code must be the one given; "" is success.
func readSTS(t *testing.T, w *httptest.ResponseRecorder, code string) stsAnswer {
	t.Helper()
	wantStatus(t, w, http.StatusOK)
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	var document struct{ Response stsAnswer }
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&document); err != nil {
		t.Fatalf("answer: %v", err)
	}
	answer := document.Response
	if !uuid.MatchString(answer.RequestId) {
		t.Errorf("RequestId %q is no UUID", answer.RequestId)
	}
	switch {
	case code == "" && answer.Error != nil:
		t.Fatalf("refused: %+v", *answer.Error)
	case code != "" && (answer.Error == nil || answer.Error.Code != code || answer.Error.Message == ""):
		t.Fatalf("error %+v, want %s", answer.Error, code)
	}
	return answer
}

// assume asks for the role's keys with the default ones.
func assume(t *testing.T, s http.Handler, now time.Time) stsAnswer {
	t.Helper()
	body := `{"RoleArn":"` + roleARN + `","RoleSessionName":"test"}`
	return readSTS(t, callSTS(s, "AssumeRole", body, fakecos.DefaultCredential(), now), "")
}

// listJobs calls COS with keys.
func listJobs(s http.Handler, credential fakecos.Credential, now time.Time) *httptest.ResponseRecorder {
	r := newRequest(http.MethodGet, "inventory", "")
	sign(r, credential, now)
	return serve(s, r)
}
