// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The vendor's client lists the buckets of an account, and of no other.
func TestVendorSDK_Service(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{Credentials: []fakecos.Credential{
		fakecos.DefaultCredential(), {SecretID: "AKIDOTHER", SecretKey: "other", AppID: "1250000001"},
	}})
	s.AddBucket("ap-beijing", "a-1250000000")
	s.AddBucket("ap-beijing", "b-1250000001")
	s.TagBucket("a-1250000000", "team", "x")
	s.Seed("seeded-1250000000", "a", minimal("a")) // which does not make it a bucket of the account
	for name, test := range map[string]struct {
		key     fakecos.Credential
		host    string
		options cos.ServiceGetOptions
		want    []string
	}{
		"all":             {fakecos.DefaultCredential(), "service.cos.myqcloud.com", cos.ServiceGetOptions{}, []string{"a-1250000000@ap-beijing", bucketName + "@" + region}},
		"another account": {fakecos.Credential{SecretID: "AKIDOTHER", SecretKey: "other"}, "service.cos.myqcloud.com", cos.ServiceGetOptions{}, []string{"b-1250000001@ap-beijing"}},
		"a region's host": {fakecos.DefaultCredential(), "cos.ap-beijing.myqcloud.com", cos.ServiceGetOptions{}, []string{"a-1250000000@ap-beijing"}},
		"a region":        {fakecos.DefaultCredential(), "service.cos.myqcloud.com", cos.ServiceGetOptions{Region: region}, []string{bucketName + "@" + region}},
		"a tag":           {fakecos.DefaultCredential(), "service.cos.myqcloud.com", cos.ServiceGetOptions{TagKey: "team", TagValue: "x"}, []string{"a-1250000000@ap-beijing"}},
		"another tag":     {fakecos.DefaultCredential(), "service.cos.myqcloud.com", cos.ServiceGetOptions{TagKey: "team", TagValue: "y"}, nil},
		"no such tag":     {fakecos.DefaultCredential(), "service.cos.myqcloud.com", cos.ServiceGetOptions{TagKey: "none"}, nil},
		"pages":           {fakecos.DefaultCredential(), "service.cos.myqcloud.com", cos.ServiceGetOptions{MaxKeys: 1}, []string{"a-1250000000@ap-beijing", bucketName + "@" + region}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := sdk(t, s, test.key)
			client.BaseURL.ServiceURL = &url.URL{Scheme: "http", Host: test.host}
			var got []string
			for options := test.options; ; {
				page, _, err := client.Service.Get(t.Context(), &options)
				if err != nil {
					t.Fatal(err)
				}
				for _, b := range page.Buckets {
					got = append(got, b.Name+"@"+b.Region)
				}
				if !page.IsTruncated {
					break
				}
				options.Marker = page.NextMarker
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("listed %q", got)
			}
		})
	}
}
