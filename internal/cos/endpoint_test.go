// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

func TestParseDomain(t *testing.T) {
	t.Parallel()
	const (
		bucket = "examplebucket-1250000000"
		region = "ap-guangzhou"
		public = bucket + ".cos.ap-guangzhou.myqcloud.com"
	)
	long := strings.Repeat("a.", 94) + "a" // 189 characters
	for domain, want := range map[string]struct {
		url    string // of the bucket
		dial   string // the address, where it is not that of the URL
		region string // the only one that is served
		hidden bool   // which one is served
	}{
		"https://cos.ap-guangzhou.myqcloud.com":               {url: "https://" + public + "/", region: region},
		"https://COS.ap-guangzhou.MyQcloud.com/":              {url: "https://" + bucket + ".COS.ap-guangzhou.MyQcloud.com/", region: region},
		"https://cos-internal.ap-guangzhou.tencentcos.cn":     {url: "https://" + bucket + ".cos-internal.ap-guangzhou.tencentcos.cn/", region: region},
		"https://cos.ap-guangzhou.tencentcos.cn:8443":         {url: "https://" + bucket + ".cos.ap-guangzhou.tencentcos.cn:8443/", region: region},
		"https://cluster-1.cos-cdc.ap-guangzhou.myqcloud.com": {url: "https://" + bucket + ".cluster-1.cos-cdc.ap-guangzhou.myqcloud.com/", region: region},
		"https://cos.accelerate.myqcloud.com":                 {url: "https://" + bucket + ".cos.accelerate.myqcloud.com/", hidden: true},
		"https://storage.example":                             {url: "https://" + bucket + ".storage.example/", hidden: true},
		"https://cos.ap-guangzhou.myqcloud.com.example":       {url: "https://" + bucket + ".cos.ap-guangzhou.myqcloud.com.example/", region: region},
		"https://cos.ap-guangzhou.storage.example":            {url: "https://" + bucket + ".cos.ap-guangzhou.storage.example/", region: region},
		"https://cos.ap-guangzhou.myqcloud.com.":              {url: "https://" + public + "/", region: region},
		"https://cos.ap-guangzhou.myqcloud.com.:8443/":        {url: "https://" + public + ":8443/", region: region},
		"https://cos.my-company.example":                      {url: "https://" + bucket + ".cos.my-company.example/", hidden: true},
		"https://cos.ap-works.example":                        {url: "https://" + bucket + ".cos.ap-works.example/", hidden: true},
		"https://notcos.ap-shanghai.myqcloud.com":             {url: "https://" + bucket + ".notcos.ap-shanghai.myqcloud.com/", hidden: true},
		"https://10.1.2.3":                                    {url: "https://" + public + "/", dial: "10.1.2.3:443"},
		"https://10.1.2.3:8443/":                              {url: "https://" + public + "/", dial: "10.1.2.3:8443"},
		"https://[2001:db8::1]":                               {url: "https://" + public + "/", dial: "[2001:db8::1]:443"},
		"http://127.0.0.1":                                    {url: "http://" + public + "/", dial: "127.0.0.1:80"},
		"http://127.0.0.1:8080":                               {url: "http://" + public + "/", dial: "127.0.0.1:8080"},
		"HTTP://127.9.9.9:8080/":                              {url: "http://" + public + "/", dial: "127.9.9.9:8080"},
		"http://[::1]:8080":                                   {url: "http://" + public + "/", dial: "[::1]:8080"},
		"http://[::ffff:127.0.0.1]:8080":                      {url: "http://" + public + "/", dial: "[::ffff:127.0.0.1]:8080"},
		"http://localhost:8080":                               {url: "http://" + public + "/", dial: "localhost:8080"},
		"https://localhost":                                   {url: "https://" + public + "/", dial: "localhost:443"},
		"https://" + long:                                     {url: "https://" + bucket + "." + long + "/", hidden: true},
	} {
		t.Run(domain, func(t *testing.T) {
			t.Parallel()
			d, err := ParseDomain(domain)
			if err != nil {
				t.Fatal(err)
			}
			u, err := d.bucketURL(Bucket{region, bucket})
			if err != nil || u.String() != want.url || d.dial != want.dial {
				t.Errorf("got %v, dialled at %q, %v; want %s at %q", u, d.dial, err, want.url, want.dial)
			}
			if direct := newConnections(d, &network.Proxy{}).Proxy == nil; direct != (want.dial != "") {
				t.Errorf("past the environment's proxy: %t", direct)
			}
			if hidden := New(Config{Domain: d}).HidesRegion(); hidden != want.hidden {
				t.Errorf("hides its region: %t", hidden)
			}
			_, err = d.bucketURL(Bucket{"ap-shanghai", bucket})
			if refused := errors.Is(err, ErrOtherRegion); refused != (want.region != "") {
				t.Errorf("another region: %v", err)
			}
			if err := New(Config{Domain: d}).CheckRegion("ap-shanghai"); errors.Is(err, ErrOtherRegion) != (want.region != "") {
				t.Errorf("another region, asked of the client: %v", err)
			}
		})
	}
	t.Run("zero", func(t *testing.T) {
		t.Parallel()
		u, err := Domain{}.bucketURL(Bucket{region, bucket})
		if err != nil || u.String() != "https://"+public+"/" || (Domain{}).hidesRegion() {
			t.Errorf("got %v, %v", u, err)
		}
	})
}

// TestParseDomainRefuses: network has the other forms of an address.
func TestParseDomainRefuses(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{
		"":                                     "the domain",
		"ftp://cos.example":                    "the domain's scheme is https",
		"http://u:p@127.0.0.1":                 "a scheme and a host only",
		"http://cos.ap-guangzhou.myqcloud.com": "plain http is accepted for the loopback only",
		"https://" + strings.Repeat("a.", 95) + "a": "the domain's host has at most 189 characters",
	} {
		if d, err := ParseDomain(domain); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v, %v; want %q", domain, d, err, want)
		}
	}
}

// TestTunnel: of a domain that is an address, only the address is used. TLS and the request are for
// the bucket's public host.
func TestTunnel(t *testing.T) {
	t.Parallel()
	const host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com"
	for name, test := range map[string]struct {
		certified string
		trusted   bool
	}{
		"certificate for the public host": {"*.cos.ap-guangzhou.myqcloud.com", true},
		"certificate for another host":    {"*.cos.ap-shanghai.myqcloud.com", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, err := fakecos.ListenTLS(fakecos.Options{}, test.certified)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(fake.Close)
			domain, err := ParseDomain(fake.URL)
			if err != nil {
				t.Fatal(err)
			}
			transport := newConnections(domain, nil)
			transport.TLSClientConfig.RootCAs = x509.NewCertPool()
			transport.TLSClientConfig.RootCAs.AppendCertsFromPEM([]byte(fake.CA))
			u, err := domain.bucketURL(Bucket{"ap-guangzhou", "examplebucket-1250000000"})
			if err != nil {
				t.Fatal(err)
			}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.String(), nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := transport.RoundTrip(request)
			if !test.trusted {
				var mismatch x509.HostnameError
				if !errors.As(err, &mismatch) || mismatch.Host != host {
					t.Errorf("got %v, %v", response, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if got := fake.Requests(); len(got) != 1 || got[0].Host != host {
				t.Errorf("the fake saw %+v", got)
			}
		})
	}
}
