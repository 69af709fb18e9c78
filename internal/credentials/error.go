// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// Setting is an attribute of the provider's configuration, such as profile or assume_role.role_arn.
// Something that has only an environment variable is not a setting.
type Setting string

// Error describes a failure of a credential source, and what to do. It contains no secret, and of a
// response only the code and message of STS.
type Error struct {
	Setting Setting // at fault; "" if none is
	Origin  string  // the source that was tried; "" if there is none
	Problem string  // a clause
	Remedy  string  // whole sentences

	Code, RequestID string // of STS, if it refused

	Err error // beneath, or nil
}

// Error returns all of it in one line.
func (e *Error) Error() string {
	text := e.Problem
	if e.Origin != "" {
		text = e.Origin + ": " + text
	}
	if e.RequestID != "" {
		text += " (request id " + e.RequestID + ")"
	}
	if e.Remedy != "" {
		text += ". " + e.Remedy
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

const (
	halfPair = "Set both secret_id and secret_key (in the environment TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY), " +
		"or remove both to use another credential source."
	hasOddCharacter = "holds white space or another character that no key has"
	faultyService   = "This is a fault of the service, or of something between it and this machine. Try again."
)

// fileFault says what is wrong with the keys of a file, whose names for them are id and key, and
// what to do: writing both, or copying one again. It returns "" if nothing is.
func (k Credentials) fileFault(place, id, key, write string) (problem, remedy string) {
	switch odd := oddCharacter(k); {
	case k.SecretID == "" && k.SecretKey == "":
		return place + " holds no keys", write
	case k.SecretID == "":
		return fmt.Sprintf("%s has a %s, but no %s", place, key, id), write
	case k.SecretKey == "":
		return fmt.Sprintf("%s has a %s, but no %s", place, id, key), write
	case odd != "":
		return "the " + odd + " " + hasOddCharacter, "Copy it again without spaces or line breaks."
	}
	return "", ""
}

// oddCharacter names the part that holds a character outside printable ASCII, or "".
func oddCharacter(k Credentials) string {
	for _, part := range []struct{ name, value string }{
		{"secret_id", k.SecretID}, {"secret_key", k.SecretKey}, {"security_token", k.Token},
	} {
		if HasOddCharacter(part.value) {
			return part.name
		}
	}
	return ""
}

// refused returns the error for what STS refused.
func refused(action string, refusal *sdkerrors.TencentCloudSDKError, secrets network.Redactor) *Error {
	// STS's messages may end in a full stop.
	message := secrets.Text(strings.TrimRight(refusal.Message, ". "))
	code := word(refusal.Code, secrets)
	said := []string{"STS refused " + action, code, message}
	return &Error{
		Problem:   strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), ": "),
		Remedy:    commonRemedy(code),
		Code:      code,
		RequestID: word(refusal.RequestId, secrets),
	}
}

var wordForm = regexp.MustCompile(`^[A-Za-z0-9._=-]{1,100}$`)

// word returns a code or an id of a service, or "" if it has another form or holds a secret.
func word(text string, secrets network.Redactor) string {
	if !wordForm.MatchString(text) || secrets.Text(text) != text {
		return ""
	}
	return text
}

// commonRemedy returns the remedy for codes that every action may return.
//
// https://www.tencentcloud.com/document/product/1150/49458
func commonRemedy(code string) string {
	switch {
	case code == "AuthFailure.SignatureExpire":
		return "Set this machine's clock: STS takes no signature that is more than five minutes off."
	case code == "AuthFailure.TokenFailure":
		return "The keys are temporary, and have expired or came without their token. Get new ones."
	case isUnauthorized(code):
		return "Allow it in CAM to the owner of the keys."
	case strings.HasPrefix(code, "AuthFailure."):
		return "Check the secret_id and the secret_key that the call was signed with: the key may be mistyped, disabled or deleted."
	case isBusy(code):
		return "STS is busy or has a fault. Try again later."
	default:
		return "See the error codes of STS: https://www.tencentcloud.com/document/product/1150/49458"
	}
}

// isBusy reports whether the code is that of a temporary fault.
func isBusy(code string) bool {
	kind, _, _ := strings.Cut(code, ".")
	return kind == "InternalError" || kind == "RequestLimitExceeded"
}

func isUnauthorized(code string) bool {
	return code == "AuthFailure.UnauthorizedOperation" || code == "AccessDenied" ||
		code == "UnauthorizedOperation" || strings.HasPrefix(code, "UnauthorizedOperation.")
}

// isRoleNotFound reports whether the role does not exist or is not visible. Two of its codes look
// like faults of the service.
func isRoleNotFound(code string) bool {
	return slices.Contains([]string{"ResourceNotFound.RoleNotFound", "InternalError.GetRoleError", "InternalError.IllegalRole"}, code)
}

// policyFaults are the codes of STS for a session policy that it rejects.
var policyFaults = []string{
	"InvalidParameter.ExtendStrategyOverSize", "InvalidParameter.GrantOtherResource", "InvalidParameter.PolicyTooLong",
	"InvalidParameter.ResouceError", "InvalidParameter.StrategyFormatError", "InvalidParameter.StrategyInvalid",
}
