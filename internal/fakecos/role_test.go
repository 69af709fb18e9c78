// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const metadataURL = "http://metadata.tencentyun.com/latest/meta-data/"

func getMetadata(s http.Handler, method, path string) *httptest.ResponseRecorder {
	return serve(s, httptest.NewRequest(method, metadataURL+path, nil))
}

// metadataKey is the document of a key, every field of it.
type metadataKey struct {
	TmpSecretId, TmpSecretKey, Token string //nolint:revive // the wire's own names
	ExpiredTime                      int64
	Expiration, Code                 string
}

func readMetadataKey(t *testing.T, w *httptest.ResponseRecorder) (metadataKey, fakecos.Credential) {
	t.Helper()
	wantStatus(t, w, http.StatusOK)
	var key metadataKey
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&key); err != nil {
		t.Fatal(err)
	}
	return key, fakecos.Credential{SecretID: key.TmpSecretId, SecretKey: key.TmpSecretKey, Token: key.Token}
}

func TestMetadata_Refusals(t *testing.T) {
	t.Parallel()
	bound := []fakecos.Role{
		{ARN: roleARN, CVM: true},
		{ARN: "qcs::cam::uin/100000000002:roleName/unbound"},
		{ARN: "qcs::cam::uin/100000000002:role/4611686018427397919", CVM: true},
	}
	for name, test := range map[string]struct {
		roles        []fakecos.Role
		method, path string
		status       int
	}{
		"no role bound":         {bound[1:], http.MethodGet, "cam/security-credentials/", http.StatusNotFound},
		"unbound role":          {bound, http.MethodGet, "cam/security-credentials/unbound", http.StatusNotFound},
		"unknown role":          {bound, http.MethodGet, "cam/security-credentials/other", http.StatusNotFound},
		"other letter case":     {bound, http.MethodGet, "cam/security-credentials/CI", http.StatusNotFound},
		"slash behind the role": {bound, http.MethodGet, "cam/security-credentials/ci/", http.StatusNotFound},
		"no slash before it":    {bound, http.MethodGet, "cam/security-credentialsci", http.StatusNotFound},
		"other metadata":        {bound, http.MethodGet, "instance-id", http.StatusNotFound},
		"the root":              {bound, http.MethodGet, "", http.StatusNotFound},
		"PUT":                   {bound, http.MethodPut, "cam/security-credentials/ci", http.StatusMethodNotAllowed},
		"HEAD":                  {bound, http.MethodHead, "cam/security-credentials/ci", http.StatusMethodNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{Roles: test.roles})
			wantStatus(t, getMetadata(s, test.method, test.path), test.status)
			if r := s.Requests()[0]; r.Status != test.status || r.Code == "" || (r.Op == "GetMetadata") != (test.method == http.MethodGet) {
				t.Errorf("log: %+v", r)
			}
		})
	}
	for _, path := range []string{"cam/security-credentials/", "cam/security-credentials"} {
		if w := getMetadata(newServer(t, fakecos.Options{Roles: bound}), http.MethodGet, path); w.Code != http.StatusOK || w.Body.String() != "ci" {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}
