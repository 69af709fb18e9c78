// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// Defaults of a role's settings, and STS's limit.
const (
	DefaultSessionName = "terraform-provider-cos"
	DefaultProviderID  = "OIDC" // what CAM suggests for an identity provider
	MaxSessionDuration = 12 * time.Hour
)

// The forms of values, as schemas and errors show them.
//
// https://www.tencentcloud.com/document/product/1150/49456
const (
	SessionNameForm = "2 to 128 letters, digits and characters of `+=,.@_-`"
	ExternalIDForm  = "2 to 128 letters, digits and characters of `+=,.@:/_-`"

	roleARNForm         = "qcs::cam::uin/<account>:roleName/<name>"
	maxRoleARN          = 512                                   // far above the name's 128 characters
	sessionDurationForm = "a number of seconds from 1 to 43200" // MaxSessionDuration
)

// CheckRoleARN says why s cannot be a role's ARN.
//
// https://www.tencentcloud.com/document/product/598/10606
func CheckRoleARN(s string) error {
	if !strings.HasPrefix(s, "qcs::cam:") || !strings.Contains(s, ":role") || HasOddCharacter(s) || len(s) > maxRoleARN {
		return errors.New("a role ARN is written " + roleARNForm + ", as the CAM console shows it")
	}
	return nil
}

// CheckSessionName and CheckExternalID say why a text cannot be one.
var (
	CheckSessionName = inForm(`^[\w+=,.@-]{2,128}$`, "a session's name has "+plainText(SessionNameForm))
	CheckExternalID  = inForm(`^[\w+=,.@:/-]{2,128}$`, "an external id has "+plainText(ExternalIDForm))
)

func inForm(pattern, form string) func(string) error {
	matcher := regexp.MustCompile(pattern)
	return func(s string) error {
		if !matcher.MatchString(s) {
			return errors.New(form)
		}
		return nil
	}
}

// CheckSessionDuration says why d cannot be a session's duration.
func CheckSessionDuration(d time.Duration) error {
	if d <= 0 || d > MaxSessionDuration || d%time.Second != 0 {
		return errors.New("a session's duration is " + sessionDurationForm)
	}
	return nil
}

// CheckPolicy says why s cannot be a session's policy. STS checks the rest.
func CheckPolicy(s string) error {
	if !json.Valid([]byte(s)) {
		return errors.New("this is not JSON; write it with jsonencode")
	}
	return nil
}

// plainText removes the marks of Markdown's code.
func plainText(markdown string) string { return strings.ReplaceAll(markdown, "`", "") }

// HasOddCharacter reports whether a key or token contains white space or a character outside
// printable ASCII, which no valid one does.
func HasOddCharacter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// ParseSTSDomain reads the address of STS, a URL such as https://sts.internal.tencentcloudapi.com.
// Plain http is allowed only for the loopback.
func ParseSTSDomain(s string) (*url.URL, error) {
	u, err := network.ParseAddress(s, "address", "https://"+stsHost)
	if err != nil {
		return nil, err
	}
	return u, network.CheckEncrypted(u, "the credentials of roles")
}

// ParseMetadataDomain reads the address of a metadata service. It may be plain http: the service
// runs on the host of the instance.
func ParseMetadataDomain(s string) (*url.URL, error) {
	return network.ParseAddress(s, "address", "http://"+metadataHost)
}
