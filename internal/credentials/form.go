// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// What holds where a role's settings do not say otherwise, and STS's bound.
const (
	DefaultSessionName = "terraform-provider-cos"
	DefaultProviderID  = "OIDC" // what CAM suggests for an identity provider
	MaxSessionDuration = 12 * time.Hour
)

// The forms of a session's name and of an external id: https://www.tencentcloud.com/document/product/1150/49456
var (
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalID  = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
)

// CheckRoleARN refuses what does not describe a role.
//
// https://www.tencentcloud.com/document/product/598/10606
func CheckRoleARN(s string) error {
	if !strings.HasPrefix(s, "qcs::cam:") || !strings.Contains(s, ":role") {
		return errors.New("a role is described as qcs::cam::uin/<account>:roleName/<name>, as the CAM console shows it")
	}
	return nil
}

// CheckSessionName refuses what STS does not take for a session's name.
func CheckSessionName(s string) error {
	if !sessionName.MatchString(s) {
		return errors.New("a session's name has 2 to 128 letters, digits and characters of +=,.@_-")
	}
	return nil
}

// CheckExternalID refuses what STS does not take for an external id.
func CheckExternalID(s string) error {
	if !externalID.MatchString(s) {
		return errors.New("an external id has 2 to 128 letters, digits and characters of +=,.@:/_-")
	}
	return nil
}

// HasOddCharacter reports whether a key or token holds white space or another
// character outside printable ASCII, which none has.
func HasOddCharacter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// ParseSTSDomain reads the address of STS, a URL such as
// https://sts.internal.tencentcloudapi.com. Plain http is for the loopback
// alone: over a network it would show keys to everybody on the way.
func ParseSTSDomain(s string) (*url.URL, error) {
	u, err := parseAddress(s)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "http" && !cos.IsLoopback(u.Hostname()) {
		return nil, errors.New("plain http is accepted for the loopback only (127.0.0.1, ::1, localhost): over a network it would show the credentials of roles to everybody on the way; use https")
	}
	return u, nil
}

// ParseMetadataDomain reads the address of a metadata service, which speaks
// plain http, and is never farther away than the host of the instance.
func ParseMetadataDomain(s string) (*url.URL, error) { return parseAddress(s) }

func parseAddress(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the address is a URL, such as https://sts.tencentcloudapi.com") // the parser's error would quote it
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the address is a scheme and a host only, without user, path or query")
	}
	return u, nil
}
