// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// redactTransport removes the secrets of a request from its response. A message that repeats them
// would reach errors, logs and states.
type redactTransport struct {
	credentials Credentials
	next        http.RoundTripper
}

func (t redactTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	secrets := network.Redactor(t.credentials.SecretID, t.credentials.SecretKey, t.credentials.Token, signatureOf(request))
	response, err := t.next.RoundTrip(request)
	if err != nil {
		if text := secrets.Replace(err.Error()); text != err.Error() {
			return nil, errors.New(text) // what is wrapped would show it all the same
		}
		return nil, err
	}
	body, err := io.ReadAll(response.Body) // in memory already, see bufferTransport
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader([]byte(secrets.Replace(string(body)))))
	for _, values := range response.Header {
		for i, value := range values {
			values[i] = secrets.Replace(value)
		}
	}
	return response, nil
}

// signatureOf returns the signature within the header that the signer writes.
//
// https://www.tencentcloud.com/document/product/436/7778
func signatureOf(request *http.Request) string {
	_, rest, _ := strings.Cut(request.Header.Get("Authorization"), "q-signature=")
	signature, _, _ := strings.Cut(rest, "&")
	return signature
}
