// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Bucket names a bucket.
type Bucket struct {
	Region string // for example ap-guangzhou
	Name   string // <name>-<appid>
}

// String shows the bucket as name@region.
func (b Bucket) String() string { return b.Name + "@" + b.Region }

// QCS writes the bucket as the destination element does: qcs::cos:<region>::<name>.
func (b Bucket) QCS() string { return "qcs::cos:" + b.Region + "::" + b.Name }

// compare orders buckets by name.
func (b Bucket) compare(other Bucket) int {
	return cmp.Or(cmp.Compare(b.Name, other.Name), cmp.Compare(b.Region, other.Region))
}

// Job returns the bucket's job with this id.
func (b Bucket) Job(id string) Job { return Job{Bucket: b, ID: id} }

// check refuses names that would change a request's host.
func (b Bucket) check() error {
	if err := checkValue("region", b.Region, CheckRegion); err != nil {
		return err
	}
	return checkValue("bucket", b.Name, CheckBucket)
}

// Job names one inventory job of a bucket.
type Job struct {
	Bucket
	ID string
}

// String shows the job as bucket/id@region, the long form of an import id.
func (j Job) String() string { return j.Name + "/" + j.ID + "@" + j.Region }

// check refuses names that would change a request's host or query.
func (j Job) check() error {
	if err := j.Bucket.check(); err != nil {
		return err
	}
	return checkValue("id", j.ID, CheckID)
}

func checkValue(name, value string, check func(string) error) error {
	if err := check(value); err != nil {
		return &ValueError{Name: name, Value: value, Err: err}
	}
	return nil
}

// The shapes follow the vendor's pages on bucket naming
// (https://www.tencentcloud.com/document/product/436/13312) and on regions
// (https://www.tencentcloud.com/document/product/436/6224). Lists of values are left out on
// purpose: COS gets new values more often than providers do.
var (
	bucketShape = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]+$`)
	regionShape = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)+$`)
	idShape     = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
)

// maxLabel is the longest DNS label: a bucket is the first label of its host.
const maxLabel = 63

// MaxKey is the most bytes of an object's key.
//
// https://www.tencentcloud.com/document/product/436/13324
const MaxKey = 850

// CheckBucket says why name cannot be a bucket's name of the form <name>-<appid>.
func CheckBucket(name string) error {
	switch {
	case !bucketShape.MatchString(name):
		return errors.New("a bucket is named <name>-<appid>: lowercase letters, digits and hyphens, then the APPID in digits, such as examplebucket-1250000000")
	case len(name) > maxLabel:
		return fmt.Errorf("a bucket's name, the APPID included, has at most %d characters; this one has %d", maxLabel, len(name))
	}
	return nil
}

// CheckRegion says why region cannot be a region's name. It checks only the form, because COS gets
// new regions.
func CheckRegion(region string) error {
	if !regionShape.MatchString(region) || len(region) > maxLabel {
		return errors.New("a region is named in lowercase letters and digits, with at least one hyphen between them, such as ap-guangzhou")
	}
	return nil
}

// CheckID says why id cannot be an inventory job's id.
//
// https://www.tencentcloud.com/document/product/436/30625
func CheckID(id string) error {
	if !idShape.MatchString(id) {
		return errors.New("an inventory job's id consists of one or more letters, digits, hyphens, underscores and dots (a-z A-Z 0-9 - _ .)")
	}
	return nil
}

// CheckText says why s cannot be part of a document: XML 1.0 cannot represent most control
// characters, and an encoder would replace them without an error.
func CheckText(s string) error {
	if !utf8.ValidString(s) {
		return errors.New("the text is not valid UTF-8")
	}
	for _, r := range s {
		if !isXMLChar(r) {
			return fmt.Errorf("the character %U cannot be part of an XML document, and COS accepts nothing else", r)
		}
	}
	return nil
}

// isXMLChar reports whether r is a Char of XML 1.0 (https://www.w3.org/TR/xml/#charsets).
func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0x10FFFF
}

// AppID returns the APPID at the end of a bucket's name: the account that owns it.
func AppID(bucket string) string {
	return bucket[strings.LastIndexByte(bucket, '-')+1:]
}

// ObjectQCS names an object of the bucket as COS Batch wants a manifest. The key stands in it as it
// is.
//
// https://www.tencentcloud.com/document/product/436/43560
func (b Bucket) ObjectQCS(key string) string {
	return "qcs::cos:" + b.Region + ":uid/" + AppID(b.Name) + ":" + b.Name + "/" + key
}

// ObjectURL is the public address of an object of the bucket. Its key is percent-encoded, but for
// the slashes.
//
// https://www.tencentcloud.com/document/product/436/7753
func (b Bucket) ObjectURL(key string) string {
	return strings.ReplaceAll(b.url("/"+key).String(), "+", "%2B") // which some clients take for a space
}

// url is the public address of a path in the bucket.
func (b Bucket) url(path string) *url.URL {
	return &url.URL{Scheme: "https", Host: b.Name + ".cos." + b.Region + ".myqcloud.com", Path: path}
}

// ParseBucketQCS reads what [Bucket.QCS] writes, also with the bucket's account between the colons,
// as other services name a bucket: uid/<appid>. The error shows the form.
func ParseBucketQCS(s string) (Bucket, error) {
	const form = "a destination bucket is written qcs::cos:<region>::<name>-<appid>, such as qcs::cos:ap-guangzhou::examplebucket-1250000000"
	parts := strings.Split(s, ":")
	if len(parts) != 6 || strings.Join(parts[:3], ":") != "qcs::cos" || parts[4] != "" && parts[4] != "uid/"+AppID(s) {
		return Bucket{}, errors.New(form)
	}
	region, name := parts[3], parts[5]
	if err := CheckRegion(region); err != nil {
		return Bucket{}, fmt.Errorf("%s; %w", form, err)
	}
	if err := CheckBucket(name); err != nil {
		return Bucket{}, fmt.Errorf("%s; %w", form, err)
	}
	return Bucket{Region: region, Name: name}, nil
}

// ReportPrefix returns the prefix of a job's reports in the destination bucket. COS adds a / to the
// destination's own prefix; "" means none.
//
// https://www.tencentcloud.com/document/product/436/30622
func ReportPrefix(bucket, id, destinationPrefix string) string {
	appID := AppID(bucket)
	name := strings.TrimSuffix(bucket, "-"+appID)
	return folder(destinationPrefix) + appID + "/" + name + "/" + id + "/"
}

// CheckReportKeys says why COS cannot deliver a job's reports: their keys would be longer than COS's
// are. What is not known of the job is "".
func CheckReportKeys(bucket, id, destinationPrefix string) error {
	place := NewReportPlace(Bucket{Name: bucket}.Job(id), Bucket{}, destinationPrefix)
	if n := len(place.checksumKey(DayFormat)); n > MaxKey {
		return fmt.Errorf("a report's keys would have %d bytes, and COS's keys have at most %d", n, MaxKey)
	}
	return nil
}

// folder returns a destination's prefix as the keys of its reports start with it.
func folder(destinationPrefix string) string {
	if destinationPrefix == "" {
		return ""
	}
	return destinationPrefix + "/"
}
