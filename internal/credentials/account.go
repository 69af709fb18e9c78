// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sdkhttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
)

// checkAccount returns a fetch that asks STS for the account of the credentials before it returns
// them. It asks again when the secret id changes: a login file that is read again may hold the
// credentials of another account. After credentials of a wrong account, it fetches no others.
func (f *finder) checkAccount(from *source) fetch {
	next := from.fetch
	if len(f.AllowedAccounts) == 0 && len(f.ForbiddenAccounts) == 0 {
		return next
	}
	var checkedID string // the secret id of keys whose account is right
	var wrong error
	return func(ctx context.Context) (lease, error) { // from one goroutine at a time
		if wrong != nil {
			return lease{}, wrong
		}
		l, err := next(ctx)
		if err != nil || l.keys.SecretID == checkedID {
			return l, err
		}
		account, err := f.account(ctx, from.origin, l.keys)
		if err != nil {
			return lease{}, err
		}
		if wrong = f.checkAllowed(from.origin, account); wrong != nil {
			return lease{}, wrong
		}
		checkedID = l.keys.SecretID
		return l, nil
	}
}

// checkAllowed compares the account with those that the options allow and forbid.
func (f *finder) checkAllowed(origin, account string) error {
	e := &Error{Origin: origin, Problem: fmt.Sprintf("the keys belong to the account %s, which is ", account), Remedy: "Use other keys, or "}
	switch {
	case slices.Contains(f.ForbiddenAccounts, account):
		e.Setting = "forbidden_account_ids"
		e.Problem += "forbidden"
		e.Remedy += "take the account off forbidden_account_ids."
	case len(f.AllowedAccounts) > 0 && !slices.Contains(f.AllowedAccounts, account):
		e.Setting = "allowed_account_ids"
		e.Problem += fmt.Sprintf("not among those allowed (%s)", strings.Join(f.AllowedAccounts, ", "))
		e.Remedy += "add the account to allowed_account_ids."
	default:
		return nil
	}
	return e
}

// account asks STS for the UIN of the root account that owns the credentials.
//
// https://www.tencentcloud.com/document/product/1150/49453
func (f *finder) account(ctx context.Context, origin string, k Credentials) (string, error) {
	const action = "GetCallerIdentity"
	var answer struct {
		sdkhttp.BaseResponse `json:"-"`
		Response             struct{ AccountId string } //nolint:revive // the service's name
	}
	if e := f.callSTS(ctx, action, origin, &k, map[string]any{}, &answer, k.SecretID, k.SecretKey, k.Token); e != nil {
		if isUnauthorized(e.Code) {
			e.Remedy = "Allow name/sts:GetCallerIdentity to the owner of the keys, or remove allowed_account_ids and forbidden_account_ids."
		}
		return "", e
	}
	if answer.Response.AccountId == "" {
		return "", &Error{Origin: origin, Problem: "STS answered without an account", Remedy: faultyService}
	}
	return answer.Response.AccountId, nil
}
