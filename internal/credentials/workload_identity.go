// SPDX-License-Identifier: MPL-2.0

package credentials

import "strings"

// workloadIdentity is that of a TKE pod whose service account has a role. TKE sets all four
// variables or none.
//
// https://github.com/TencentCloud/tencentcloud-sdk-go/blob/master/tencentcloud/common/oidc_role_arn_provider.go
func (f *finder) workloadIdentity() (*source, error) {
	values := map[string]string{}
	var missing []string
	for _, name := range []string{"TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN"} {
		if values[name] = f.Getenv(name); values[name] == "" {
			missing = append(missing, name)
		}
	}
	switch len(missing) {
	case 0:
	case len(values):
		f.recordSkipped("this is no TKE pod with a workload identity (TKE_ROLE_ARN is not set)")
		return nil, nil
	default:
		f.recordSkipped("the TKE workload identity is incomplete (%s not set)", strings.Join(missing, " and "))
		return nil, nil
	}
	r := newRole("", values["TKE_ROLE_ARN"], "", 0)
	r.origin = "the TKE workload identity of this pod"
	if err := r.check(); err != nil {
		return nil, err
	}
	r.origin += " (" + r.arn + ")"
	t := f.tokenFile(values["TKE_WEB_IDENTITY_TOKEN_FILE"], "", r.origin)
	return withWebIdentity(f.sts.in(values["TKE_REGION"]), r, values["TKE_PROVIDER_ID"], t)
}
