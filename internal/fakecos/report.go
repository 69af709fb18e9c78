// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// inventoried returns the objects that a job lists, and those that its filter leaves.
func (b *bucket) inventoried(d *document) (listed, left []Object) {
	filter := readFilter(d)
	for _, key := range b.keys() {
		object := b.objects[key]
		listed = append(listed, object)
		if filter.leaves(object) {
			left = append(left, object)
		}
	}
	return listed, left
}

// jobFilter is the filter of a document.
type jobFilter struct {
	prefix, storageClass string
	tags                 [][2]string
	from, until          *int64 // seconds
}

// readFilter reads the filter, whose conditions stand directly in Filter or in And.
func readFilter(d *document) jobFilter {
	var f jobFilter
	filter := d.root.at("Filter")
	for _, at := range []*element{filter, filter.at("And")} {
		if prefix := at.at("Prefix"); prefix != nil {
			f.prefix = prefix.text
		}
		if class := at.at("StorageClass"); class != nil {
			f.storageClass = class.text
		}
		for _, tag := range at.all("Tag") {
			f.tags = append(f.tags, [2]string{tag.value("Key"), tag.value("Value")})
		}
	}
	period := filter.at("Period")
	f.from, f.until = parseSeconds(period.at("StartTime")), parseSeconds(period.at("EndTime"))
	return f
}

// parseSeconds reads a time; nil for one that is absent or 0, which leaves the end open.
func parseSeconds(e *element) *int64 {
	if e == nil {
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(e.text), 10, 64)
	if err != nil || n == 0 {
		return nil
	}
	return &n
}

// optionalFields are the columns that a document asks for, in its order.
func optionalFields(d *document) []string {
	var fields []string
	for _, field := range d.root.at("OptionalFields").all("Field") {
		fields = append(fields, field.text)
	}
	return fields
}

func (f jobFilter) leaves(o Object) bool {
	for _, tag := range f.tags {
		if value, ok := o.Tags[tag[0]]; !ok || value != tag[1] {
			return false
		}
	}
	at := o.Modified.Unix() // Assumption: period.
	return strings.HasPrefix(o.Key, f.prefix) &&
		(f.storageClass == "" || f.storageClass == o.StorageClass) &&
		(f.from == nil || at >= *f.from) && (f.until == nil || at <= *f.until)
}

// rows is the CSV of the objects, without a header row. Assumption: header-row.
// A blank in a key is written as +. Assumption: key-encoding.
func rows(bucket string, columns []string, objects []Object) string {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	for _, o := range objects {
		values := map[string]string{
			"Appid": appID(bucket), "Bucket": shortName(bucket), "Key": url.QueryEscape(o.Key),
			"Size": strconv.Itoa(len(o.Content)), "LastModifiedDate": o.Modified.Format(time.RFC3339), "StorageClass": o.StorageClass,
			"ETag": o.etag(), "IsMultipartUploaded": "false", "Tag": tagText(o.Tags),
		}
		row := make([]string, len(columns))
		for i, column := range columns {
			row[i] = values[column]
		}
		_ = w.Write(row) // into a buffer
	}
	w.Flush()
	return text.String()
}

func tagText(tags map[string]string) string {
	query := url.Values{}
	for key, value := range tags {
		query.Set(key, value)
	}
	return query.Encode()
}

func gzipped(text string) string {
	var data bytes.Buffer
	w := gzip.NewWriter(&data)
	_, _ = w.Write([]byte(text)) // into a buffer
	_ = w.Close()
	return data.String()
}
