// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Manifest is what a report's manifest.json says. A member that the manifest omits, or that has
// another type than the documented ones, is "", nil or empty.
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
	Key         string // in the destination bucket
	Size        *int64 // bytes
	MD5Checksum string
}

// decodeManifest decodes manifest.json. Only a content that is not a JSON object is an error: COS
// may add members, and older manifests have others.
func decodeManifest(content []byte) (Manifest, error) {
	var m members
	if err := json.Unmarshal(content, &m); err != nil || m == nil {
		// The decoder's error may quote the content.
		return Manifest{}, errors.New("the manifest is not a JSON object")
	}
	manifest := Manifest{
		FileFormat:        m.text("fileFormat"),
		ListObjectCount:   m.number("listObjectCount"),
		ListStorageSize:   m.number("listStorageSize"),
		FilterObjectCount: m.number("filterObjectCount"),
		FilterStorageSize: m.number("filterStorageSize"),
	}
	for column := range strings.SplitSeq(m.text("fileSchema"), ",") {
		if column = strings.TrimSpace(column); column != "" {
			manifest.FileSchema = append(manifest.FileSchema, column)
		}
	}
	var files []json.RawMessage
	_ = json.Unmarshal(m["files"], &files) // another type is the same as none
	for _, raw := range files {
		var file members
		if json.Unmarshal(raw, &file) != nil || file == nil {
			continue
		}
		manifest.Files = append(manifest.Files, ReportFile{
			Key:         file.text("key"),
			Size:        file.number("size"),
			MD5Checksum: file.text("md5Checksum", "MD5checksum"), // the second is that of an older page
		})
	}
	return manifest, nil
}

// members are the members of a JSON object.
type members map[string]json.RawMessage

// text returns the first of these members that is a string.
func (m members) text(names ...string) string {
	for _, name := range names {
		var s string
		if json.Unmarshal(m[name], &s) == nil && s != "" {
			return s
		}
	}
	return ""
}

// number returns a whole number, which is written as a string or, on an older page, as a number.
func (m members) number(name string) *int64 {
	text := m.text(name)
	if text == "" {
		text = string(m[name])
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return nil
	}
	return &n
}
