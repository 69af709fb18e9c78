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

// The bounds of a manifest. A key of COS has at most 850 bytes, which JSON may escape; a report has
// some twenty columns, and a file for many thousands of objects.
const (
	maxManifestText = 2 << 10  // bytes as they are written
	maxFileSchema   = 64 << 10 // bytes as they are written
	maxColumns      = 1000
	maxReportFiles  = 10_000
)

var byteOrderMark = []byte("\ufeff")

// decodeManifest decodes the manifest.json of a report within a destination's prefix. COS may add
// members, and older manifests have others. What no manifest of COS holds is an error.
func decodeManifest(content []byte, within string) (Manifest, error) {
	var w *struct {
		FileFormat, FileSchema, Files        json.RawMessage
		ListObjectCount, ListStorageSize     json.RawMessage
		FilterObjectCount, FilterStorageSize json.RawMessage
	}
	if err := json.Unmarshal(bytes.TrimPrefix(content, byteOrderMark), &w); err != nil || w == nil {
		// The decoder's error may quote the content.
		return Manifest{}, errors.New("the manifest is not a JSON object")
	}
	r := manifestReader{within: within}
	manifest := Manifest{
		FileFormat:        r.text("fileFormat", w.FileFormat, maxManifestText),
		FileSchema:        r.columns(w.FileSchema),
		ListObjectCount:   r.number("listObjectCount", w.ListObjectCount),
		ListStorageSize:   r.number("listStorageSize", w.ListStorageSize),
		FilterObjectCount: r.number("filterObjectCount", w.FilterObjectCount),
		FilterStorageSize: r.number("filterStorageSize", w.FilterStorageSize),
		Files:             r.files(w.Files),
	}
	if r.fault != nil {
		return Manifest{}, fmt.Errorf("the manifest is not one of COS: %w", r.fault)
	}
	return manifest, nil
}

// manifestReader reads the members of a manifest, and keeps the first fault.
type manifestReader struct {
	within string
	fault  error
}

func (r *manifestReader) fail(format string, args ...any) {
	if r.fault == nil {
		r.fault = fmt.Errorf(format, args...)
	}
}

// raw returns a string as it is, and "" for every other type.
func (r *manifestReader) raw(name string, value json.RawMessage, limit int) (text string) {
	if len(value) > limit && value[0] == '"' {
		r.fail("%s has more than %d bytes", name, limit)
		return ""
	}
	_ = json.Unmarshal(value, &text) // of another type
	return text
}

// text returns a string that can be shown.
func (r *manifestReader) text(name string, value json.RawMessage, limit int) string {
	text := r.raw(name, value, limit)
	if strings.ContainsFunc(text, isForeign) {
		r.fail("%s holds a control character, or bytes that are no text: %q", name, text)
	}
	return text
}

// isForeign reports whether a character stands in no text of COS: those that control a terminal or
// the direction of writing, and what stands for bytes that are not UTF-8.
func isForeign(c rune) bool {
	return c == utf8.RuneError || unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}

// number returns a whole number, which is written as a string or, on an older page, as a number.
func (r *manifestReader) number(name string, value json.RawMessage) *int64 {
	text := r.raw(name, value, maxManifestText)
	if text == "" {
		text = string(value)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return nil
	}
	return &n
}

func (r *manifestReader) columns(value json.RawMessage) []string {
	if !bytes.HasPrefix(value, []byte(`"`)) {
		return nil
	}
	columns := []string{}
	for i, column := range strings.SplitN(r.text("fileSchema", value, maxFileSchema), ",", maxColumns+1) {
		if i == maxColumns {
			r.fail("fileSchema has more than %d columns", maxColumns)
		}
		if column = strings.TrimSpace(column); column != "" {
			columns = append(columns, column)
		}
	}
	return columns
}

// files reads the data files, one after the other. An entry without a key is no file.
func (r *manifestReader) files(value json.RawMessage) []ReportFile {
	if !bytes.HasPrefix(value, []byte("[")) {
		return nil
	}
	files := []ReportFile{}
	entries := json.NewDecoder(bytes.NewReader(value))
	_, _ = entries.Token() // of JSON that is known to be sound
	for i := 0; entries.More() && r.fault == nil; i++ {
		if i == maxReportFiles {
			r.fail("files has more than %d entries", maxReportFiles)
			break
		}
		// MD5Checksum is also that of an older page, MD5checksum.
		var w struct{ Key, Size, MD5Checksum json.RawMessage }
		_ = entries.Decode(&w) // of another type
		name := fmt.Sprintf("files[%d]", i)
		file := ReportFile{
			Key:         r.key(name+".key", w.Key),
			Size:        r.number(name+".size", w.Size),
			MD5Checksum: r.text(name+".md5Checksum", w.MD5Checksum, maxManifestText),
		}
		if file.Key != "" {
			files = append(files, file)
		}
	}
	return files
}

// key returns the key of a data file. Whoever loads or deletes the file must not be led out of the
// destination's prefix, which is the one part that all manifests of COS have in common.
func (r *manifestReader) key(name string, value json.RawMessage) string {
	key := r.raw(name, value, maxManifestText)
	if key == "" {
		return ""
	}
	rest, isWithin := strings.CutPrefix(key, r.within)
	segments := strings.FieldsFunc(rest, func(c rune) bool { return c == '/' || c == '\\' })
	switch {
	case len(key) > MaxKey:
		r.fail("%s has more than %d bytes", name, MaxKey)
	case !isWithin:
		r.fail("%s %q does not begin with the destination's prefix %q", name, key, r.within)
	case strings.HasPrefix(rest, "/"), slices.Contains(segments, "."), slices.Contains(segments, ".."):
		r.fail("%s %q leads out of its place, with a / at the start or a segment . or ..", name, key)
	case strings.ContainsFunc(rest, isForeign):
		r.fail("%s %q holds a control character, or bytes that are no text", name, key)
	}
	return key
}
