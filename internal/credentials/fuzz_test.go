// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// FuzzSharedFiles: whatever the files of others hold, there are keys or an error, and the error
// repeats none of it that may be a key.
func FuzzSharedFiles(f *testing.F) {
	const hush = "0123456789abcdefHUSH0123456789"
	for _, seed := range []struct{ profile, settings, file string }{
		{`{"secretId": "AKID", "secretKey": "$K"}`, `{"_sys_param": {"region": "ap-guangzhou"}}`, ""},
		{`{"secretId": "AKID", "secretKey": "$K", "token": "$K", "role-arn": "$K", "role-session-name": "x"}`, "{}", ""},
		{`{"secretId": "AKID", "secretKey": "$K", "role-arn": "qcs::cam::uin/1:roleName/x", "role-session-name": "me"}`, "{}", ""},
		{`{"secretId": "AKID", "secretKey": $K}`, "", ""},
		{`{"secretId": "AKID", "secretKey": "$K", "expiresAt": 1e300}`, `["$K"]`, ""},
		{"{}", "", "[default]\nsecret_id = AKID\nsecret_key = $K\n"},
		{"", "", "[default]\n$K\n"},
		{"{}", "", "[default\nsecret_id = $K"},
		{"{}", "", "[default]\nsecret_id = \"$K\nsecret_key = \"\"\"$K"},
	} {
		f.Add(seed.profile, seed.settings, seed.file)
	}
	f.Fuzz(func(t *testing.T, profile, settings, file string) {
		fill := func(s string) string { return strings.ReplaceAll(s, "$K", hush) }
		h := newHome(t)
		h.write(".tccli/default.credential", fill(profile))
		h.write(".tccli/default.configure", fill(settings))
		h.write(".tencentcloud/credentials", fill(file))
		found, err := credentials.Find(credentials.Options{Getenv: h.getenv, Transport: nobody{t}})
		isRole := strings.Contains(strings.ToLower(profile), "role") // whose names are shown
		switch {
		case err != nil && strings.Contains(err.Error(), hush) && !isRole:
			t.Errorf("the error repeats a key: %v", err)
		case err != nil:
		case strings.Contains(found.Origin, hush) && !isRole:
			t.Errorf("the origin repeats a key: %s", found.Origin)
		case found.Source == nil || found.Invalidate == nil:
			t.Error("there is neither a source nor an error")
		}
	})
}
