// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDecode: whatever a document holds, each reader of one makes of it what can be written, shown and
// kept.
func FuzzDecode(f *testing.F) {
	files, err := os.ReadDir("testdata/wire")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(readWire(f, file.Name()))
	}
	for before, element := range map[string]string{"<Schedule>": "<a/>", "</Schedule>": "<MonthlyDate/>", "<Destination>": "<OptionalFields><Field>a</Field></OptionalFields>"} {
		f.Add([]byte(edit(f, plainDocument, before, strings.Repeat(element, 2*maxElements)+before)))
	}
	for _, document := range []string{
		plainDocument,
		listOf(strings.Repeat(plainDocument, 2*maxElements)),
		"<ListAllMyBucketsResult><Buckets>" + strings.Repeat("<Bucket><Name>a-1</Name><Location>b-c</Location></Bucket>", 2000) + "</Buckets></ListAllMyBucketsResult>",
		"<ListAllMyBucketsResult><Buckets><Bucket><Name>\u202ea</Name><Name/><Location>\u202eb</Location></Bucket></Buckets><IsTruncated>true</IsTruncated><NextMarker>a</NextMarker></ListAllMyBucketsResult>",
		"<ListBucketResult><Contents><Key>a%2Fb</Key></Contents><IsTruncated>true</IsTruncated><NextMarker>a%2Fb</NextMarker></ListBucketResult>",
		"<ListBucketResult>" + strings.Repeat("<Contents><Key>a</Key></Contents>", 2*maxElements) + "<IsTruncated>false</IsTruncated></ListBucketResult>",
		"<ListBucketResult>" + strings.Repeat("<Contents/>", 1<<14) + "</ListBucketResult>",
	} {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		if inv, err := decodeInventory(received(document)); err == nil {
			keepsItsMeaning(t, inv)
		}
		jobs, _, _ := decodeList(received(document))
		var shown []string
		for _, job := range jobs {
			if shown = append(shown, job.ID); job.unreadable == nil {
				keepsItsMeaning(t, job.Inventory)
			}
		}
		if page, err := decodeBuckets(received(document)); err == nil {
			for _, bucket := range page.buckets {
				shown = append(shown, bucket.String())
			}
		}
		for _, text := range shown {
			if strings.ContainsAny(text, "\x1b\n\u202e") {
				t.Errorf("%q reaches a terminal", text)
			}
		}
		if page, err := decodeObjectPage(received(document)); err == nil && len(page.keys) > maxElements {
			t.Errorf("%d keys", len(page.keys))
		}
	})
}

// keepsItsMeaning writes what was read, and reads it back: nothing that the package models may
// change on the way.
func keepsItsMeaning(t *testing.T, inv Inventory) {
	t.Helper()
	document, err := encodeInventory(inv)
	if err != nil {
		t.Fatalf("what was read cannot be written: %+v: %v", inv, err)
	}
	again, err := decodeInventory(received(document))
	if err != nil {
		t.Fatalf("what was written cannot be read: %s: %v", document, err)
	}
	if !again.Equal(inv) || again.Unmodelled != nil || again.Extra != nil {
		t.Fatalf("read    %+v\nwritten %s\nre-read %+v", inv, document, again)
	}
	spelled := otherwiseSpelled(again)
	if !spelled.Echoes(again) || len(again.Differences(spelled)) > 0 || !spelled.Spelled(again).Equal(again) {
		t.Fatalf("%+v\nis another job than\n%+v", spelled, again)
	}
	if second, err := encodeInventory(again); err != nil || !bytes.Equal(second, document) {
		t.Fatalf("first %s\nthen  %s, %v", document, second, err)
	}
}

// otherwiseSpelled spells a document as COS may.
func otherwiseSpelled(inv Inventory) Inventory {
	switch prefix := strings.TrimSuffix(inv.Destination.Prefix, "/"); prefix {
	case "":
	case inv.Destination.Prefix:
		inv.Destination.Prefix += "/"
	default:
		inv.Destination.Prefix = prefix
	}
	if bucket, err := ParseBucketQCS(inv.Destination.Bucket); err == nil {
		inv.Destination.Bucket = "qcs::cos:" + bucket.Region + ":uid/" + AppID(bucket.Name) + ":" + bucket.Name
	}
	inv.Destination.AccountID = ""
	return inv
}

func FuzzParseBucketQCS(f *testing.F) {
	f.Add("qcs::cos:ap-guangzhou::examplebucket-1250000000")
	f.Add("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000")
	f.Add("qcs::cos:ap-shanghai-fsi::a-1::b-2")
	f.Fuzz(func(t *testing.T, s string) {
		bucket, err := ParseBucketQCS(s)
		if err != nil {
			return
		}
		if got := bucket.QCS(); got != s && got != strings.Replace(s, ":uid/"+AppID(bucket.Name)+":", "::", 1) {
			t.Errorf("%q is written as %q", s, got)
		}
		if bucket.check() != nil {
			t.Errorf("read as %v", bucket)
		}
	})
}

// FuzzCheckText: a text is accepted if, and only if, XML carries it unchanged.
func FuzzCheckText(f *testing.F) {
	for _, s := range []string{"", "logs/", "<&>", "\r\n", "\x00", "\xff", "\ufffe", "团队", "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		document, err := xml.Marshal(struct {
			XMLName xml.Name `xml:"a"`
			Text    string   `xml:"b"`
		}{Text: s})
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Text string `xml:"b"`
		}
		carried := xml.Unmarshal(document, &got) == nil && got.Text == s
		if err := CheckText(s); (err == nil) != carried {
			t.Errorf("%q arrives as %q, but the check says %v", s, got.Text, err)
		}
	})
}

// FuzzParseDomain: whatever domain is accepted, a request goes to its scheme and under the bucket's
// own name, and in plain text to the loopback only.
func FuzzParseDomain(f *testing.F) {
	for _, s := range []string{
		"https://cos-internal.ap-guangzhou.tencentcos.cn", "http://127.0.0.1:8080", "https://[::1]", "http://localhost", "https://cos.example:8443/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		domain, err := ParseDomain(s)
		if err != nil {
			return
		}
		region := domain.region
		if region == "" {
			region = "ap-guangzhou"
		}
		u, err := domain.bucketURL(Bucket{region, "examplebucket-1250000000"})
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme != "https" && (u.Scheme != "http" || domain.dial == "") {
			t.Errorf("%q is served at %s by %q", s, u, domain.dial)
		}
		if u.Path != "/" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !strings.HasPrefix(u.Host, "examplebucket-1250000000.") {
			t.Errorf("%q is served at %s", s, u)
		}
	})
}

// FuzzDecodeManifest: whatever a manifest holds, what is read of it can be shown.
func FuzzDecodeManifest(f *testing.F) {
	for _, name := range []string{"manifest.json", "manifest-older-page.json"} {
		content, err := os.ReadFile(filepath.Join("testdata", "report", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(`{"files":[{"key":"\ud800","size":"-1"}],"fileSchema":", ,a"}`))
	f.Add([]byte(`{"listObjectCount":-1,"files":[{"key":"inventory/a","size":"-1"}]}`))
	f.Add([]byte(entries(2000, `{"key":"inventory/a"}`)))
	f.Add([]byte(entries(1<<16, "{}")))
	f.Add([]byte(schemaOf(1 << 16)))
	f.Fuzz(func(t *testing.T, content []byte) {
		m, err := decodeManifest(content, "inventory/")
		if err != nil {
			return
		}
		for _, n := range []*int64{m.ListObjectCount, m.ListStorageSize, m.FilterObjectCount, m.FilterStorageSize} {
			if n != nil && *n < 0 {
				t.Errorf("a negative number in %+v", m)
			}
		}
		texts := append([]string{m.FileFormat}, m.FileSchema...)
		for _, file := range m.Files {
			texts = append(texts, file.Key, file.MD5Checksum)
			if file.Size != nil && *file.Size < 0 {
				t.Errorf("a negative size in %+v", file)
			}
			if segments := strings.Split(file.Key, "/"); segments[0] != "inventory" || slices.Contains(segments, ".") || slices.Contains(segments, "..") {
				t.Errorf("%q leads out of its place", file.Key)
			}
		}
		if len(m.FileSchema) > maxColumns {
			t.Errorf("%d columns, %d files", len(m.FileSchema), len(m.Files))
		}
		for _, text := range texts {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\r\n\u202e") || len(text) > maxFileSchema {
				t.Errorf("%q is not fit to be shown", text)
			}
		}
	})
}
