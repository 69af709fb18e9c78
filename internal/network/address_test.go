// SPDX-License-Identifier: MPL-2.0

package network

import (
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	const host, port = "the address's host is an IP address, or a name of at most 253", "the address's port is a number from 1 to 65535"
	label := strings.Repeat("a", 63)
	longest := "https://" + strings.Join([]string{label, label, label, label[:61]}, ".")
	for s, want := range map[string]string{
		"https://sts.example":       "https://sts.example",
		"https://sts.example.":      "https://sts.example",
		"https://sts.example.:8443": "https://sts.example:8443",
		"http://127.0.0.1:80/":      "http://127.0.0.1:80/",
		"https://[fe80::1%25eth0]":  "https://[fe80::1%25eth0]",
		"https://xn--fiq.my_host":   "https://xn--fiq.my_host",
		"https://sts:65535":         "https://sts:65535",
		longest:                     longest,
	} {
		if u, err := ParseAddress(s, "address", "https://example"); err != nil || u.String() != want {
			t.Errorf("%s: got %v, %v", s, u, err)
		}
	}
	for s, want := range map[string]string{
		"":                            "the address is a URL such as https://example",
		"sts.example":                 "the address has no scheme: write https:// before it, as in https://example",
		"hush:8080":                   "the address has no scheme: write https:// before it, as in https://example",
		"//hush":                      "the address has no scheme: write https:// before it, as in https://example",
		"https://sts.example#hush":    "the address is a scheme and a host only",
		"https://u:hush@sts.example":  "the address is a scheme and a host only",
		"https://sts.example/hush":    "the address is a scheme and a host only",
		"ftp://sts.example":           `the address's scheme is https, not "ftp"`,
		"https://.":                   host,
		"https://..":                  host,
		"https://.hush":               host,
		"https://hush..example":       host,
		"https://hush.example..":      host,
		"https://*.hush":              host,
		"https://hush\u3002example":   host, // sent as a dot
		"https://hüsh.example":        host,
		"https://-hush.example":       host,
		"https://hush-":               host,
		longest + "a":                 host,
		"https://hush." + label + "a": host,
		"https://hush:0":              port,
		"https://hush:65536":          port,
		"https://hush:99999":          port,
	} {
		if u, err := ParseAddress(s, "address", "https://example"); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: got %v, %v", s, u, err)
		}
	}
}

func TestCheckEncrypted(t *testing.T) {
	t.Parallel()
	for s, accepted := range map[string]bool{
		"https://sts.example": true, "http://sts.example": false, "http://127.0.0.1": true, "http://[::1]:80": true,
		"http://LOCALHOST": true, "http://localhost.example": false, "http://10.0.0.1": false,
		"http://127.0.0.1.example": false, "http://0.0.0.0:80": false, "http://[::]:80": false, "http://127.1": false, "http://[fe80::1%25lo]:80": false,
	} {
		u, err := ParseAddress(s, "address", "https://example")
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckEncrypted(u, "keys"); (err == nil) != accepted || err != nil && !strings.Contains(err.Error(), "it would show keys to everybody") {
			t.Errorf("%s: got %v", s, err)
		}
	}
}
