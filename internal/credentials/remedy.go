// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// stsError returns the error for a failed call of STS.
func stsError(action, origin string, err error, secrets ...string) *Error {
	var refusal *sdkerrors.TencentCloudSDKError
	if !errors.As(err, &refusal) {
		return &Error{
			Origin:  origin,
			Problem: err.Error(),
			Remedy:  cmp.Or(network.Remedy(err), "Check the network, HTTPS_PROXY and, in a private cloud, sts_domain."),
			Err:     err,
		}
	}
	// STS's messages may end in a full stop.
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

// isPolicyFault reports whether STS rejects the session policy.
func isPolicyFault(code string) bool {
	return slices.Contains([]string{
		"InvalidParameter.ExtendStrategyOverSize", "InvalidParameter.GrantOtherResource", "InvalidParameter.PolicyTooLong",
		"InvalidParameter.ResouceError", "InvalidParameter.StrategyFormatError", "InvalidParameter.StrategyInvalid",
	}, code)
}
