// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"fmt"
	"regexp"
	"time"
)

// Role is a CAM role: who gets temporary keys of it, and how.
type Role struct {
	ARN        string     // qcs::cam::uin/100000000001:roleName/ci
	AccountID  string     // UIN of the account that it belongs to, and its keys with it; default that of the ARN
	ExternalID string     // demanded of AssumeRole; "" for none
	Callers    []string   // secret ids that may assume it; none means every key STS knows, temporary ones too
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

// account is the UIN of the role's owner.
func (r Role) account() string {
	if r.AccountID != "" {
		return r.AccountID
	}
	uin, _ := r.parts()
	return uin
}

// name is what the ARN ends in; "" if that is the role's id.
func (r Role) name() string {
	_, name := r.parts()
	return name
}

func (r Role) parts() (uin, name string) {
	match := roleARN.FindStringSubmatch(r.ARN)
	if match == nil {
		return "", ""
	}
	return match[1], match[2]
}
