// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Manifest is what a report's manifest.json says. A member that the manifest omits, or that has
// another type than the documented ones, is "" or nil. A list that is there is not nil.
//
// https://www.tencentcloud.com/document/product/436/30622
type Manifest struct {
	FileFormat                           string
	FileSchema                           []string // names of the columns
	ListObjectCount, ListStorageSize     *int64   // listed, which COS bills
	FilterObjectCount, FilterStorageSize *int64   // left by the filter, which the report holds
	Files                                []ReportFile
}

// ReportFile is a data file of a report.
type ReportFile struct {
	Key         string // in the destination bucket, below the destination's prefix
	Size        *int64 // bytes
	MD5Checksum string
}

// The bounds of a manifest, beside that of its object. A key of COS has at most 850 bytes, and a
// report some twenty columns.
const (
	maxManifestText = 2 << 10  // bytes
	maxFileSchema   = 64 << 10 // bytes
	maxColumns      = 1000

	// maxManifestSigns bounds the members and elements, in their signs { [ and ,. A file has four of
	// them in more than a hundred bytes: no manifest of COS has so many within 16 MiB.
	maxManifestSigns = 500_000
)

var byteOrderMark = []byte("\ufeff")

// wholeNumber is written as a string or, on an older page, as a number. It is nil for anything else.
type wholeNumber struct{ *int64 }

// UnmarshalJSON reads any value.
func (n *wholeNumber) UnmarshalJSON(value []byte) error {
	n.int64 = nil
	if number, err := strconv.ParseInt(strings.Trim(string(value), `"`), 10, 64); err == nil && number >= 0 {
		n.int64 = &number
	}
	return nil
}

// decodeManifest decodes the manifest.json of a report within a destination's prefix. COS may add
// members, and older manifests have others. What no manifest of COS holds is an error.
func decodeManifest(content []byte, within string) (Manifest, error) {
	var w struct {
		FileFormat, FileSchema               string
		ListObjectCount, ListStorageSize     wholeNumber
		FilterObjectCount, FilterStorageSize wholeNumber
		Files                                []struct {
			Key         string
			Size        wholeNumber
			MD5Checksum string // on an older page, MD5checksum
		}
	}
	content = bytes.TrimSpace(bytes.TrimPrefix(content, byteOrderMark))
	signs := bytes.Count(content, []byte("{")) + bytes.Count(content, []byte("[")) + bytes.Count(content, []byte(","))
	if signs > maxManifestSigns {
		return Manifest{}, errors.New("the manifest is not one of COS: it has too many members")
	}
	var otherType *json.UnmarshalTypeError // which leaves the member empty, and the others as they are
	if err := json.Unmarshal(content, &w); err != nil && !errors.As(err, &otherType) || !bytes.HasPrefix(content, []byte("{")) {
		return Manifest{}, errors.New("the manifest is not a JSON object") // the decoder's error may quote the content
	}
	var check manifestCheck
	m := Manifest{
		FileFormat:      check.text("fileFormat", w.FileFormat, maxManifestText),
		ListObjectCount: w.ListObjectCount.int64, ListStorageSize: w.ListStorageSize.int64,
		FilterObjectCount: w.FilterObjectCount.int64, FilterStorageSize: w.FilterStorageSize.int64,
	}
	if w.FileSchema != "" {
		m.FileSchema = check.columns(w.FileSchema)
	}
	if w.Files != nil {
		m.Files = []ReportFile{}
	}
	for i, file := range w.Files {
		if name := fmt.Sprintf("files[%d]", i); file.Key != "" { // an entry without a key is no file
			check.key(name+".key", file.Key, within)
			m.Files = append(m.Files, ReportFile{file.Key, file.Size.int64, check.text(name+".md5Checksum", file.MD5Checksum, maxManifestText)})
		}
	}
	if check.fault != nil {
		return Manifest{}, fmt.Errorf("the manifest is not one of COS: %w", check.fault)
	}
	return m, nil
}

// manifestCheck keeps the first fault of a manifest's members.
type manifestCheck struct{ fault error }

func (c *manifestCheck) fail(format string, args ...any) {
	if c.fault == nil {
		c.fault = fmt.Errorf(format, args...)
	}
}

// text returns a text that can be shown.
func (c *manifestCheck) text(name, text string, limit int) string {
	switch {
	case len(text) > limit:
		c.fail("%s has more than %d bytes", name, limit)
	case strings.ContainsFunc(text, isForeign):
		c.fail("%s holds a control character, or bytes that are no text: %q", name, text)
	}
	return text
}

// isForeign reports whether a character stands in no text of COS: those that control a terminal or
// the direction of writing, and what stands for bytes that are not UTF-8.
func isForeign(c rune) bool {
	return c == utf8.RuneError || unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}

func (c *manifestCheck) columns(schema string) []string {
	columns := strings.Split(c.text("fileSchema", schema, maxFileSchema), ",")
	if len(columns) > maxColumns {
		c.fail("fileSchema has more than %d columns", maxColumns)
	}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	return slices.DeleteFunc(columns, func(column string) bool { return column == "" })
}

// key checks the key of a data file. Whoever loads or deletes the file must not be led out of the
// destination's prefix, which is the one part that all manifests of COS have in common.
func (c *manifestCheck) key(name, key, within string) {
	rest, isWithin := strings.CutPrefix(key, within)
	segments := strings.FieldsFunc(rest, func(c rune) bool { return c == '/' || c == '\\' })
	switch {
	case len(key) > MaxKey:
		c.fail("%s has more than %d bytes", name, MaxKey)
	case !isWithin:
		c.fail("%s %q does not begin with the destination's prefix %q", name, key, within)
	case strings.HasPrefix(rest, "/"), slices.Contains(segments, "."), slices.Contains(segments, ".."):
		c.fail("%s %q leads out of its place, with a / at the start or a segment . or ..", name, key)
	case strings.ContainsFunc(rest, isForeign):
		c.fail("%s %q holds a control character, or bytes that are no text", name, key)
	}
}
