// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// stsService is the Security Token Service:
// https://www.tencentcloud.com/document/product/1150/49452
var stsService = service{
	operation: func(r *http.Request, _ string, _ url.Values) string {
		switch action := r.Header.Get("X-Tc-Action"); action {
		case opAssumeRole, opAssumeRoleWithWebIdentity, opGetCallerIdentity:
			return action
		}
		return ""
	},
	handle:        handleSTS,
	errorDocument: stsError,
	requestID: func(serial int, now time.Time) string { // shaped like the service's, a UUID
		return fmt.Sprintf("%08x-fa4e-4c05-8000-%012x", uint32(now.Unix()), serial)
	},
	faultStatus: http.StatusOK,
}

const stsVersion = "2018-08-13"

// The actions of STS that are served.
const (
	opAssumeRole                = "AssumeRole"
	opAssumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"
	opGetCallerIdentity         = "GetCallerIdentity"
)

// defaultDuration is how many seconds an assumed role's keys last unless the caller says otherwise,
// maxDuration the most that it may say. https://www.tencentcloud.com/document/product/1150/49456
const (
	defaultDuration = 7200
	maxDuration     = 43200
)

// stsError is laid out as https://www.tencentcloud.com/document/product/1150/49458 shows it.
func stsError(r response, record Request, _ string) (contentType, body string) {
	answer := stsAnswer(record, map[string]any{"Error": map[string]string{"Code": r.code, "Message": r.message}})
	return answer.contentType, answer.body
}

// stsFailure is an error of STS, which answers 200 whatever happened.
func stsFailure(code, format string, args ...any) response {
	return failure(http.StatusOK, code, format, args...)
}

func stsAnswer(record Request, fields map[string]any) response {
	fields["RequestId"] = record.RequestID
	return jsonAnswer(map[string]any{"Response": fields})
}

// jsonAnswer is a document of strings and numbers, so that there is no error to have.
func jsonAnswer(document map[string]any) response {
	text, _ := json.Marshal(document)
	return response{status: http.StatusOK, contentType: "application/json", body: string(text)}
}

// handleSTS checks the envelope, then who asks, then what for.
func handleSTS(s *Server, c *call) response {
	if refusal := checkEnvelope(c); refusal.failed() {
		return refusal
	}
	header := c.request.Header
	action := header.Get("X-Tc-Action")
	caller, refusal := Credential{}, response{}
	// The one action that no key signs: https://www.tencentcloud.com/document/product/1150/49454
	if action != opAssumeRoleWithWebIdentity {
		caller, refusal = authenticateTC3(c, s.credential)
	} else if header.Get("Authorization") != "SKIP" {
		refusal = stsFailure("AuthFailure.InvalidAuthorization", "Authorization must be SKIP.")
	}
	switch {
	case refusal.failed():
		return refusal
	case c.record.Op == "":
		return stsFailure("InvalidAction", "The request action %q is invalid or not found.", action)
	case header.Get("X-Tc-Version") != stsVersion:
		return stsFailure("NoSuchVersion", "The version %q does not exist, %s does.", header.Get("X-Tc-Version"), stsVersion)
	case header.Get("X-Tc-Region") == "":
		return stsFailure("MissingParameter", "The request is missing a required parameter `Region`.")
	}
	given, refusal := readParameters(c.body, actionParameters[action])
	if refusal.failed() {
		return refusal
	}
	switch action {
	case opAssumeRole:
		return s.assumeRole(c, caller, given)
	case opAssumeRoleWithWebIdentity:
		return s.assumeRoleWithWebIdentity(c, given)
	}
	return s.callerIdentity(c, caller)
}

// checkEnvelope checks what every request to the API has in common. GET and forms, which the API
// has too, are of no use with the signature that is served.
// https://www.tencentcloud.com/document/product/213/31574
func checkEnvelope(c *call) response {
	r := c.request
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method != http.MethodPost:
		return stsFailure("UnsupportedProtocol", "Only POST is supported, not %s.", r.Method)
	case err != nil || mediaType != "application/json":
		return stsFailure("UnsupportedProtocol", "Content-Type must be application/json, not %q.", r.Header.Get("Content-Type"))
	case r.Header.Get("X-Tc-Timestamp") == "":
		return stsFailure("MissingParameter", "The request is missing a required parameter `Timestamp`.")
	case c.path != "/" || r.URL.RawQuery != "":
		return stsFailure("InvalidRequest", "A POST goes to / without a query.")
	case len(c.body) > maxBody:
		return stsFailure("RequestSizeLimitExceeded", "The request is larger than %d bytes.", maxBody)
	}
	return response{}
}

// assumeRole: https://www.tencentcloud.com/document/product/1150/49456
func (s *Server) assumeRole(c *call, caller Credential, given parameters) response {
	arn := given.text("RoleArn")
	role := s.role(arn)
	if role < 0 {
		return stsFailure("ResourceNotFound.RoleNotFound", "The role %q of the account does not exist.", arn)
	}
	if demanded := s.options.Roles[role].ExternalID; demanded != "" && demanded != given.text("ExternalId") {
		return stsFailure("UnauthorizedOperation", "The role %q demands another ExternalId.", arn)
	}
	return issued(s.issue(role, given.text("RoleSessionName"), s.account(caller), given.duration(), c.now), *c.record)
}

// assumeRoleWithWebIdentity: https://www.tencentcloud.com/document/product/1150/49454. Its list of
// errors has no code for a role that does not exist but InternalError.GetRoleError.
func (s *Server) assumeRoleWithWebIdentity(c *call, given parameters) response {
	arn := given.text("RoleArn")
	role := s.role(arn)
	if role < 0 {
		return stsFailure("InternalError.GetRoleError", "Failed to get the role %q.", arn)
	}
	refusal := stsFailure("UnauthorizedOperation", "The identity provider is not trusted by the role %q.", arn)
	for _, identity := range s.options.Roles[role].Identities {
		if identity.ProviderID != given.text("ProviderId") {
			continue
		}
		if identity.Token == given.text("WebIdentityToken") && (identity.Expires.IsZero() || c.now.Before(identity.Expires)) {
			account, _ := s.options.Roles[role].owner()
			return issued(s.issue(role, given.text("RoleSessionName"), account, given.duration(), c.now), *c.record)
		}
		refusal = stsFailure("InvalidParameter.WebIdentityTokenError", "The web identity token is not one of the identity provider.")
	}
	return refusal
}

// callerIdentity: https://www.tencentcloud.com/document/product/1150/49453. The page shows no
// answer for an owner's key, so every key that was not issued is shown as a sub-user's.
func (s *Server) callerIdentity(c *call, caller Credential) response {
	account := s.account(caller)
	fields := map[string]any{
		"Type": "CAMUser", "AccountId": account, "UserId": account, "PrincipalId": account,
		"Arn": "qcs::cam:" + account + ":uin/" + account,
	}
	if key, ok := s.issued[caller.SecretID]; ok {
		id := roleID(key.role)
		fields["Type"], fields["UserId"], fields["PrincipalId"] = "CAMRole", id+":"+key.session, key.principal
		fields["Arn"] = "qcs::sts:" + account + ":assumed-role/" + id
	}
	return stsAnswer(*c.record, fields)
}

// issued is the answer that hands a key out.
func issued(key issuedKey, record Request) response {
	expiredTime, expiration := key.announcement()
	return stsAnswer(record, map[string]any{
		"Credentials": map[string]string{"TmpSecretId": key.SecretID, "TmpSecretKey": key.SecretKey, "Token": key.Token},
		"ExpiredTime": expiredTime, "Expiration": expiration,
	})
}

// role is the index of an ARN's role, or -1.
func (s *Server) role(arn string) int {
	return slices.IndexFunc(s.options.Roles, func(r Role) bool { return r.ARN == arn })
}

// roleID is shaped like CAM's ids, which count from a high number on.
func roleID(role int) string {
	return strconv.FormatInt(4611686018427387904+int64(role), 10)
}
