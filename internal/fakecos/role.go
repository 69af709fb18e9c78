// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Role is a CAM role: who gets temporary keys of it, and how.
type Role struct {
	ARN        string     // qcs::cam::uin/100000000001:roleName/ci
	ExternalID string     // demanded of AssumeRole; "" for none
	Identities []Identity // web identities that may assume it
	CVM        bool       // bound to the instance: the metadata service gives out keys of it under its name
}

// Identity is a web identity that a role trusts: an OIDC token of an identity provider.
type Identity struct {
	ProviderID string
	Token      string
	Expires    time.Time // from then on the token is refused; zero for never
}

// roleARN has two forms, by id and by name, each for roles and for service roles.
// https://www.tencentcloud.com/document/product/1150/49456
var roleARN = regexp.MustCompile(`^qcs::cam::uin/([0-9]+):` +
	`(?:role/(?:tencentcloudServiceRole/)?[0-9]+|(?:roleName|role/tencentcloudServiceRoleName)/([\w+=,.@-]+))$`)

// NewRole returns the role of an ARN that anyone with a key may assume. Its error says what form an
// ARN has.
func NewRole(arn string) (Role, error) {
	if !roleARN.MatchString(arn) {
		return Role{}, fmt.Errorf("%q is no role: it must be like qcs::cam::uin/100000000001:roleName/ci", arn)
	}
	return Role{ARN: arn}, nil
}

// owner is the UIN of the account that the role belongs to; name is what the ARN ends in, "" if that
// is the role's id.
func (r Role) owner() (uin, name string) {
	match := roleARN.FindStringSubmatch(r.ARN)
	if match == nil {
		return "", ""
	}
	return match[1], match[2]
}

// issuedKey is a temporary key of a role.
type issuedKey struct {
	Credential
	role      int    // index in Options.Roles
	session   string // RoleSessionName
	principal string // UIN of the account that asked for it
}

// issue makes a key of a role that COS and STS know from now on; s.mu is held.
func (s *Server) issue(role int, session, principal string, life time.Duration, now time.Time) issuedKey {
	if s.options.KeyLife > 0 {
		life = s.options.KeyLife
	}
	owner, _ := s.options.Roles[role].owner()
	key := issuedKey{
		Credential: Credential{
			// Beside letters and digits, what a client might take for markup: "-" and "_" in ids,
			// "+", "/" and "=" in keys.
			SecretID:  "AKID" + rand.Text() + "-_" + rand.Text(),
			SecretKey: rand.Text() + "+/" + rand.Text()[:15] + "=",
			Token:     strings.Join([]string{rand.Text(), rand.Text(), rand.Text(), rand.Text()}, "-_"),
			// Whole seconds, as announced.
			Expires:   time.Unix(now.Add(life).Unix(), 0),
			AccountID: owner,
		},
		role: role, session: session, principal: principal,
	}
	s.issued[key.SecretID] = key
	return key
}

// RevokeIssued ends all keys issued so far, whatever expiry was announced: they answer as expired
// ones do.
func (s *Server) RevokeIssued() {
	now := s.options.Clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, key := range s.issued {
		key.Expires = now
		s.issued[id] = key
	}
}

// credential finds the key of a secret id, issued or not; s.mu is held.
func (s *Server) credential(secretID string) (Credential, bool) {
	for _, credential := range s.options.Credentials {
		if credential.SecretID == secretID {
			return credential, true
		}
	}
	key, ok := s.issued[secretID]
	return key.Credential, ok
}

// The examples of the vendor's pages, a UIN and an APPID.
const (
	defaultAccount = "100000000001"
	defaultAppID   = "1250000000"
)

// account is the UIN of a key's owner.
func (s *Server) account(credential Credential) string {
	return cmp.Or(credential.AccountID, s.options.AccountID, defaultAccount)
}

// announcement is when a key expires, in the two forms that every answer with a key has.
func (k issuedKey) announcement() (expiredTime int64, expiration string) {
	return k.Expires.Unix(), k.Expires.UTC().Format(time.RFC3339)
}

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
