// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// metadataService is CVM's, as far as it gives out keys:
// https://www.tencentcloud.com/document/product/213/4934
var metadataService = service{
	operation: func(r *http.Request, _ string, _ url.Values) string {
		if r.Method != http.MethodGet {
			return ""
		}
		return opGetMetadata
	},
	handle:        handleMetadata,
	errorDocument: metadataError,
	faultStatus:   http.StatusOK,
}

const (
	opGetMetadata = "GetMetadata"

	metadataRoot = "/latest/meta-data/"
	metadataKeys = metadataRoot + "cam/security-credentials"

	// metadataKeyLife is the fake's own choice: the page shows keys that expire without saying
	// after how long.
	metadataKeyLife = 6 * time.Hour
)

// metadataError is the document of a key with another Code than Success or, with the status of an
// error, plain text.
func metadataError(r response, _ Request, _ string) (contentType, body string) {
	if r.status >= http.StatusMultipleChoices {
		return "text/plain", r.message
	}
	answer := jsonAnswer(map[string]any{"Code": r.code, "Message": r.message})
	return answer.contentType, answer.body
}

// handleMetadata answers the name of the bound role or, below it, a new key. A role without a name in its
// ARN cannot be bound.
func handleMetadata(s *Server, c *call) response {
	if c.request.Method != http.MethodGet {
		return failure(http.StatusMethodNotAllowed, "MethodNotAllowed", "Metadata can only be read.")
	}
	wanted, found := strings.CutPrefix(c.path, metadataKeys)
	if !found {
		return noSuchMetadata()
	}
	var names []string
	for i, role := range s.options.Roles {
		owner, name := role.owner()
		if !role.CVM || name == "" {
			continue
		}
		if wanted == "/"+name {
			return metadataKey(s.issue(i, "cvm", owner, metadataKeyLife, c.now))
		}
		names = append(names, name)
	}
	if wanted != "" && wanted != "/" || names == nil {
		return noSuchMetadata()
	}
	return response{status: http.StatusOK, contentType: "text/plain", body: strings.Join(names, "\n")}
}

func noSuchMetadata() response {
	return failure(http.StatusNotFound, "NotFound", "404 Not Found")
}

// metadataKey is the document of a key.
func metadataKey(key issuedKey) response {
	expiredTime, expiration := key.announcement()
	return jsonAnswer(map[string]any{
		"TmpSecretId": key.SecretID, "TmpSecretKey": key.SecretKey, "Token": key.Token,
		"ExpiredTime": expiredTime, "Expiration": expiration, "Code": "Success",
	})
}
