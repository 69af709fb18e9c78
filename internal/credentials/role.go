// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	sdkhttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

const defaultDuration = 2 * time.Hour

// role is what both ways to assume a role have in common.
type role struct {
	origin   string
	setting  Setting // the block that names the role; "" if none does
	arn      string
	session  string
	duration time.Duration
}

func newRole(setting Setting, arn, session string, duration time.Duration) role {
	return role{setting: setting, arn: arn, session: cmp.Or(session, DefaultSessionName), duration: cmp.Or(duration, defaultDuration)}
}

// check returns what is wrong with the role, wherever its texts are from.
func (r role) check() (faults []error) {
	if CheckRoleARN(r.arn) != nil {
		faults = append(faults, r.fault("role_arn", untrusted.Quote(r.arn)+" is not a role ARN", "Expected: "+roleARNForm+"."))
	}
	if CheckSessionName(r.session) != nil {
		faults = append(faults, r.fault("session_name", untrusted.Quote(r.session)+" is not the name of a session", "It has "+plainText(SessionNameForm)))
	}
	if CheckSessionDuration(r.duration) != nil {
		faults = append(faults, r.fault("session_duration", fmt.Sprintf("%v is not a session's duration", r.duration), "It is "+sessionDurationForm+"."))
	}
	return faults
}

// fault returns the error for one of the role's attributes.
func (r role) fault(attribute, problem, remedy string) error {
	return &Error{Setting: r.at(attribute), Origin: r.origin, Problem: problem, Remedy: remedy}
}

func (r role) parameters() map[string]any {
	return map[string]any{
		"RoleArn":         r.arn,
		"RoleSessionName": r.session,
		"DurationSeconds": int64(r.duration / time.Second),
	}
}

// at returns the setting of one of the block's attributes.
func (r role) at(attribute string) Setting {
	if r.setting == "" {
		return ""
	}
	return r.setting + Setting("."+attribute)
}

// checkTemporary returns what is wrong with credentials that came from a service.
func checkTemporary(service, origin string, l lease) error {
	e := &Error{Origin: origin, Remedy: faultyService}
	switch k := l.keys; {
	case k.SecretID == "" || k.SecretKey == "" || k.Token == "":
		e.Problem = service + " answered without keys"
	case oddCharacter(k) != "":
		e.Problem = fmt.Sprintf("the %s that %s answered %s", oddCharacter(k), service, hasOddCharacter)
	case !time.Now().Before(l.expires):
		e.Problem = fmt.Sprintf("the keys that %s answered expired at %s", service, l.expires.UTC().Format(time.RFC3339))
		e.Remedy = "Set this machine's clock."
	default:
		return nil
	}
	return e
}

// assume fetches the credentials of the role with a call that the caller makes. explain adds what is
// known of a failure that is not about the role itself. The credentials end when STS says, or the
// requested duration after the call began if that is earlier. So a slow clock does not make them
// last longer.
func (r role) assume(call func(sdkhttp.Response) *Error, explain func(*Error)) (lease, error) {
	var answer struct {
		sdkhttp.BaseResponse `json:"-"`

		Response struct {
			Credentials struct{ TmpSecretId, TmpSecretKey, Token string } //nolint:revive // the service's name
			ExpiredTime int64                                             // s since 1970
		}
	}
	l := lease{expires: time.Now().Round(0).Add(r.duration)}
	if e := call(&answer); e != nil {
		switch {
		case isRoleNotFound(e.Code):
			e.Setting = r.at("role_arn")
			e.Remedy = fmt.Sprintf("Check the account and the name in %s: the role does not exist, or these credentials may not see it.", r.arn)
		case e.Code == "InvalidParameter.OverTimeError":
			e.Setting = r.at("session_duration")
			e.Remedy = fmt.Sprintf("Ask for less than %v, or raise the role's maximum session duration in CAM.", r.duration)
		default:
			explain(e)
		}
		return lease{}, e
	}
	given := answer.Response.Credentials
	l.keys = Credentials{SecretID: given.TmpSecretId, SecretKey: given.TmpSecretKey, Token: given.Token}
	if end := time.Unix(answer.Response.ExpiredTime, 0); answer.Response.ExpiredTime > 0 && end.Before(l.expires) {
		l.expires = end
	}
	return l, checkTemporary("STS", r.origin, l)
}

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
	keys := &renewer{fetch: base.fetch, failed: f.RenewalFailed}
	return &source{setting: base.setting, origin: r.origin, region: base.region, fetch: func(ctx context.Context) (lease, error) {
		k, err := keys.get(ctx)
		if err != nil {
			return lease{}, err
		}
		return r.assume(func(answer sdkhttp.Response) *Error {
			return f.callSTS(ctx, "AssumeRole", r.origin, &k, parameters, answer, k.SecretID, k.SecretKey, k.Token)
		}, func(e *Error) {
			switch {
			case e.Code == "AuthFailure.TokenFailure":
				keys.invalidate(k) // the next attempt has others
			case isUnauthorized(e.Code):
				e.Setting = r.at("role_arn")
				e.Remedy = fmt.Sprintf("The trust policy of %s must name the owner of the keys (%s), who must be allowed name/sts:AssumeRole on it; "+
					"an external_id must be the one that the trust policy asks for.", r.arn, base.origin)
			case e.Code == "FailedOperation.TempKeyNotAllowed", e.Code == "InvalidParameter.AccessKeyNotSupport":
				e.Remedy = fmt.Sprintf("The role cannot be assumed with the keys of %s: use permanent keys of a CAM user.", base.origin)
			case slices.Contains(policyFaults, e.Code):
				e.Setting = r.at("policy")
				e.Remedy = "Correct the policy that narrows the session: it is in CAM's syntax, and can allow no more than the role does."
			}
		})
	}}
}
