// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// stsError is what a failed call of STS means for the source that made it.
func stsError(action, origin string, err error, secrets ...string) *Error {
	var refusal *sdkerrors.TencentCloudSDKError
	if !errors.As(err, &refusal) {
		return &Error{
			Origin:  origin,
			Problem: err.Error(),
			Remedy:  "Check the network, HTTPS_PROXY and, in a private cloud, sts_domain.",
			Err:     err,
		}
	}
	// STS's texts end in a full stop, or do not.
	message := untrusted.Text(strings.TrimRight(redact(refusal.Message, secrets...), ". "))
	code := untrusted.Text(refusal.Code)
	return &Error{
		Origin:    origin,
		Problem:   fmt.Sprintf("STS refused %s: %s: %s", action, code, message),
		Remedy:    commonRemedy(code),
		Code:      code,
		RequestID: untrusted.Text(refusal.RequestId),
	}
}

// commonRemedy is what to do about a code that every action may answer.
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

// isBusy knows the codes of a fault that passes.
func isBusy(code string) bool {
	kind, _, _ := strings.Cut(code, ".")
	return kind == "InternalError" || kind == "RequestLimitExceeded"
}

func isUnauthorized(code string) bool {
	return code == "AuthFailure.UnauthorizedOperation" || code == "AccessDenied" ||
		code == "UnauthorizedOperation" || strings.HasPrefix(code, "UnauthorizedOperation.")
}

// isRoleNotFound knows the codes of a role that cannot be had. Two of them look like faults of the service.
func isRoleNotFound(code string) bool {
	return slices.Contains([]string{"ResourceNotFound.RoleNotFound", "InternalError.GetRoleError", "InternalError.IllegalRole"}, code)
}

// isPolicyFault knows the codes of a session policy that STS does not take.
func isPolicyFault(code string) bool {
	return slices.Contains([]string{
		"InvalidParameter.ExtendStrategyOverSize", "InvalidParameter.GrantOtherResource", "InvalidParameter.PolicyTooLong",
		"InvalidParameter.ResouceError", "InvalidParameter.StrategyFormatError", "InvalidParameter.StrategyInvalid",
	}, code)
}
