// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// TestParseDomains: both are addresses, and only the metadata service may be plain http elsewhere.
func TestParseDomains(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ sts, metadata bool }{
		"https://sts.private:8443/": {true, true},
		"http://127.0.0.1:8080":     {true, true},
		"http://169.254.0.23":       {false, true},
		"https://user:hush@sts":     {false, false},
		"hush":                      {false, false},
	} {
		_, sts := credentials.ParseSTSDomain(text)
		_, metadata := credentials.ParseMetadataDomain(text)
		if (sts == nil) != want.sts || (metadata == nil) != want.metadata {
			t.Errorf("%s: %v, %v", text, sts, metadata)
		}
		for _, err := range []error{sts, metadata} {
			if err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("%s is repeated: %v", text, err)
			}
		}
	}
}

// TestCheckRoleARN: whatever is no ARN is refused, wherever it is from.
func TestCheckRoleARN(t *testing.T) {
	t.Parallel()
	for text, valid := range map[string]bool{
		roleCI: true, "qcs::cam::uin/1:role/tencentcloudServiceRoleName/2": true, roleCI + strings.Repeat("x", 512-len(roleCI)): true,
		"": false, "ci": false, "qcs::cos::uin/1:roleName/x": false, "qcs::cam::uin/1:uin/2": false, roleCI + "\x1b": false, roleCI + "\u202e": false,
		roleCI + " x": false, roleCI + strings.Repeat("x", 513-len(roleCI)): false,
	} {
		if err := credentials.CheckRoleARN(text); (err == nil) != valid {
			t.Errorf("%.80q: %v", text, err)
		}
	}
}
