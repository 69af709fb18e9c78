// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"context"
	"fmt"
	"net/url"

	sdkhttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
)

// assumeRole assumes the role of the options with the credentials of a source.
func (f *finder) assumeRole(base *source) *source {
	a := f.AssumeRole
	r := newRole("assume_role", a.RoleARN, a.SessionName, a.SessionDuration)
	parameters := r.parameters()
	if a.ExternalID != "" {
		parameters["ExternalId"] = a.ExternalID
	}
	if a.Policy != "" {
		parameters["Policy"] = url.QueryEscape(a.Policy) // the page asks for it, on top of the JSON
	}
	return f.assumeWith(base, r, parameters)
}

// assumeWith assumes a role with the credentials of another source, which are renewed on their own.
//
// https://www.tencentcloud.com/document/product/1150/49456
func (f *finder) assumeWith(base *source, r role, parameters map[string]any) *source {
	r.origin = fmt.Sprintf("the role %s, assumed with %s", r.arn, base.origin)
	keys := f.newRenewer(base.fetch)
	return &source{origin: r.origin, region: base.region, fetch: func(ctx context.Context) (lease, error) {
		k, err := keys.get(ctx)
		if err != nil {
			return lease{}, err
		}
		return r.assume(func(answer sdkhttp.Response) *Error {
			e := f.sts.call(ctx, "AssumeRole", r.origin, &k, parameters, answer, k.SecretID, k.SecretKey, k.Token)
			if e == nil {
				return nil
			}
			r.explain(e)
			switch {
			case e.Code == "AuthFailure.TokenFailure":
				keys.invalidate(k) // the next attempt has others
			case isUnauthorized(e.Code):
				e.Setting = r.at("role_arn")
				e.Remedy = fmt.Sprintf("The trust policy of %s must name the owner of the keys (%s), who must be allowed name/sts:AssumeRole on it; "+
					"an external_id must be the one that the trust policy asks for.", r.arn, base.origin)
			case e.Code == "FailedOperation.TempKeyNotAllowed", e.Code == "InvalidParameter.AccessKeyNotSupport":
				e.Remedy = fmt.Sprintf("The role cannot be assumed with the keys of %s: use permanent keys of a CAM user.", base.origin)
			case isPolicyFault(e.Code):
				e.Setting = r.at("policy")
				e.Remedy = "Correct the policy that narrows the session: it is in CAM's syntax, and can allow no more than the role does."
			}
			return e
		})
	}}
}
