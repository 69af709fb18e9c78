// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// checkNames puts each name to check, which must find fault with the bad ones only.
func checkNames(t *testing.T, check func(string) error, good, bad []string) {
	t.Helper()
	for _, name := range good {
		if err := check(name); err != nil {
			t.Errorf("%q is refused: %v", name, err)
		}
	}
	for _, name := range bad {
		if err := check(name); err == nil {
			t.Errorf("%q is accepted", name)
		}
	}
}

func TestCheckBucket(t *testing.T) {
	t.Parallel()
	checkNames(t, cos.CheckBucket,
		[]string{
			"examplebucket-1250000000", "a-1", "0-0", "a--b-1", "2026-q4-audit-1250000000", "1-2-3",
			strings.Repeat("a", 52) + "-1250000000",
		},
		[]string{
			"", "-", "examplebucket", "examplebucket-", "-1250000000", "examplebucket-125x", "examplebucket_a-1250000000",
			"Examplebucket-1250000000", "-a-1250000000", "a.b-1250000000", "a b-1250000000", "a/b-1250000000", "a@b-1250000000",
			"a?inventory&id=b-1", "a#-1", "a:80-1", "é-1", "a-１", "a-1\n", "\na-1", "a-1 ", "evil.example/a-1",
			strings.Repeat("a", 53) + "-1250000000",
		})
}

func TestCheckRegion(t *testing.T) {
	t.Parallel()
	checkNames(t, cos.CheckRegion,
		[]string{"ap-guangzhou", "ap-shanghai-fsi", "na-siliconvalley", "eu-frankfurt", "ap-beijing-1", "sa-saopaulo"},
		[]string{
			"", "guangzhou", "ap", "ap-", "-guangzhou", "ap--guangzhou", "AP-guangzhou", "ap_guangzhou", "ap-guang.zhou", "ap-guangzhou/",
			"ap-guangzhou@evil", "ap-guangzhou ", "ap-guangzhou\n", "1-a", "ap-广州", "ap-" + strings.Repeat("a", 61),
		})
}

func TestCheckID(t *testing.T) {
	t.Parallel()
	checkNames(t, cos.CheckID,
		[]string{"a", "audit.2026_q4-v1", "0", "-", ".", "_", "AZaz09", strings.Repeat("a", 1000)},
		[]string{"", " ", "a b", "a/b", "a&delete", "a=b", "a%20b", "a+b", "a?b", "a#b", "a\x00", "a\n", "é", "团队", "a,b", "*"})
}

func TestCheckText(t *testing.T) {
	t.Parallel()
	checkNames(t, cos.CheckText,
		[]string{"", "a", " ", "\t\r\n", "<>&'\"", "团队", "🗃", "\x7f", "\u0085", "\u2028", "\ue000", "\ufffd", "\U00010000", "\U0010ffff", "]]>"},
		[]string{"\x00", "a\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\x1b[31m", "\ufffe", "\uffff", "\xff", "a\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80"})
}

func TestBucketQCS(t *testing.T) {
	t.Parallel()
	const s = "qcs::cos:ap-guangzhou::examplebucket-1250000000"
	bucket, err := cos.ParseBucketQCS(s)
	if want := (cos.Bucket{Region: "ap-guangzhou", Name: "examplebucket-1250000000"}); bucket != want || err != nil {
		t.Errorf("got %v, %v", bucket, err)
	}
	if got := bucket.QCS(); got != s {
		t.Errorf("written as %s", got)
	}
	if named, err := cos.ParseBucketQCS("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000"); named != bucket || err != nil {
		t.Errorf("got %v of a bucket that is named with its account, %v", named, err)
	}

	for _, bad := range []string{
		"", "examplebucket-1250000000", "qcs::cos:", "qcs::cos:ap-guangzhou", "qcs::cos:ap-guangzhou:examplebucket-1250000000",
		"qcs::cos::ap-guangzhou::examplebucket-1250000000", "qcs:cos:ap-guangzhou::examplebucket-1250000000",
		"QCS::cos:ap-guangzhou::examplebucket-1250000000", "qcs::cvm:ap-guangzhou::examplebucket-1250000000",
		"qcs::cos:::examplebucket-1250000000", "qcs::cos:ap-guangzhou::", "qcs::cos:ap-guangzhou::examplebucket",
		"qcs::cos:ap-guangzhou:uid/1258888888:examplebucket-1250000000", "qcs::cos:guangzhou::examplebucket-1250000000",
		" " + s, s + " ", s + "/", s + "/prefix/*", s + "::", "arn:aws:s3:::examplebucket-1250000000",
	} {
		bucket, err := cos.ParseBucketQCS(bad)
		if err == nil || bucket != (cos.Bucket{}) {
			t.Errorf("%q: got %v, %v", bad, bucket, err)
		} else if !strings.Contains(err.Error(), "qcs::cos:<region>::<name>-<appid>") {
			t.Errorf("%q: the error does not show the form: %v", bad, err)
		}
	}
}

func TestJobString(t *testing.T) {
	t.Parallel()
	bucket := cos.Bucket{Region: "ap-guangzhou", Name: "examplebucket-1250000000"}
	for want, named := range map[string]fmt.Stringer{
		"examplebucket-1250000000/nightly@ap-guangzhou": bucket.Job("nightly"),
		"examplebucket-1250000000@ap-guangzhou":         bucket,
	} {
		if got := named.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestDocumentedValues: as the vendor's pages list them.
func TestDocumentedValues(t *testing.T) {
	t.Parallel()
	const want = "[[All Current] [Daily Weekly Monthly] [CSV ORC] " +
		"[STANDARD STANDARD_IA INTELLIGENT_TIERING ARCHIVE DEEP_ARCHIVE MAZ_STANDARD MAZ_STANDARD_IA MAZ_INTELLIGENT_TIERING] " +
		"[Size LastModifiedDate StorageClass ETag IsMultipartUploaded ReplicationStatus Tag Crc64]]"
	if got := fmt.Sprint([][]string{cos.IncludedObjectVersions, cos.Frequencies, cos.Formats, cos.StorageClasses, cos.OptionalFields}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReportPrefix(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{
		"":            "1250000000/example-bucket/nightly/",
		"inv":         "inv/1250000000/example-bucket/nightly/",
		"inv/nightly": "inv/nightly/1250000000/example-bucket/nightly/",
		"inv/":        "inv//1250000000/example-bucket/nightly/",
	} {
		if got := cos.ReportPrefix("example-bucket-1250000000", "nightly", prefix); got != want {
			t.Errorf("%q: got %s, want %s", prefix, got, want)
		}
	}
}

// Only the address encodes the key.
func TestObjectNames(t *testing.T) {
	t.Parallel()
	b := cos.Bucket{Region: "ap-guangzhou", Name: "reports-1250000000"}
	const key = "团队 #1/a+b?.json"
	if got, want := b.ObjectQCS(key), "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000/"+key; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := b.ObjectURL(key), "https://reports-1250000000.cos.ap-guangzhou.myqcloud.com/%E5%9B%A2%E9%98%9F%20%231/a%2Bb%3F.json"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCheckReportKeys(t *testing.T) {
	t.Parallel()
	room := cos.MaxKey - len("/1250000000/examplebucket/nightly/20261126/manifest.checksum")
	for length, isRoom := range map[int]bool{0: true, room: true, room + 1: false} {
		if err := cos.CheckReportKeys("examplebucket-1250000000", "nightly", strings.Repeat("a", length)); (err == nil) != isRoom {
			t.Errorf("a prefix of %d bytes: %v", length, err)
		}
	}
}
