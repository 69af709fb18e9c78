// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

func TestParseDomains(t *testing.T) {
	t.Parallel()
	const anywhere, loopback, nowhere = "both", "metadata and STS on the loopback", "neither"
	for text, want := range map[string]string{
		"https://sts.internal.tencentcloudapi.com": anywhere,
		"https://sts.private:8443/":                anywhere,
		"http://127.0.0.1:8080":                    anywhere,
		"http://localhost":                         anywhere,
		"http://[::1]:8080":                        anywhere,
		"http://169.254.0.23":                      loopback,
		"http://sts.private":                       loopback,
		"http://localhost.example.com":             loopback,
		"":                                         nowhere,
		"sts.tencentcloudapi.com":                  nowhere,
		"ftp://sts":                                nowhere,
		"https://":                                 nowhere,
		"https://:443":                             nowhere,
		"//sts":                                    nowhere,
		"https://user:hush@sts":                    nowhere,
		"https://sts/path":                         nowhere,
		"https://sts/?a=b":                         nowhere,
		"https://sts#hush":                         nowhere,
		"https://hush hush":                        nowhere,
	} {
		for name, parse := range map[string]func(string) (*url.URL, error){"STS": credentials.ParseSTSDomain, "metadata": credentials.ParseMetadataDomain} {
			u, err := parse(text)
			if ok := want == anywhere || want == loopback && name == "metadata"; ok != (err == nil) {
				t.Errorf("%s at %q: %v", name, text, err)
			}
			if err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("%s at %q: the error repeats it: %v", name, text, err)
			}
			if err == nil && (u.Host == "" || u.Scheme == "") {
				t.Errorf("%s at %q is %v", name, text, u)
			}
		}
	}
}
