// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Delivery is what became of a job's report.
type Delivery struct {
	Bucket, ID  string // of the job
	Destination string // name of the destination bucket
	ManifestKey string // "": nothing was delivered, as there is no such bucket in that region
}

// Deliver does what the service does at night: it delivers the reports of all enabled jobs and of
// all one-time jobs that have none yet, dated by Options.Clock in UTC. A report whose destination
// is not there is not delivered, and nothing tells of that but the result.
//
// https://www.tencentcloud.com/document/product/436/30622
func (s *Server) Deliver() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deliverAll()
}

// deliverAll is Deliver; s.mu is held.
func (s *Server) deliverAll() []Delivery {
	deliveries := []Delivery{}
	now := s.options.Clock()
	for _, name := range s.bucketNames() {
		b := s.buckets[name]
		for _, id := range b.visibleIDs(now) {
			text, _ := b.visible(id, now)
			if d, err := parseDocument(text); err == nil && strings.EqualFold(d.value("IsEnabled"), "true") {
				deliveries = append(deliveries, s.deliver(name, id, d, now))
			}
		}
		deliveries = append(deliveries, s.deliverRuns(name, now)...)
	}
	return deliveries
}

// deliverDue delivers the reports of one-time jobs that are older than Options.RunDelay; s.mu is
// held.
func (s *Server) deliverDue(now time.Time) {
	if s.options.RunDelay <= 0 {
		return
	}
	for _, name := range s.bucketNames() {
		s.deliverRuns(name, now.Add(-s.options.RunDelay))
	}
}

// deliverRuns delivers the reports of a bucket's one-time jobs that were started by then.
func (s *Server) deliverRuns(bucket string, startedBy time.Time) []Delivery {
	var deliveries []Delivery
	runs := s.buckets[bucket].runs
	for i, run := range runs {
		if run.delivered || run.Time.After(startedBy) {
			continue
		}
		runs[i].delivered = true
		if d, err := parseDocument(run.Document); err == nil {
			deliveries = append(deliveries, s.deliver(bucket, run.ID, d, s.options.Clock()))
		}
	}
	return deliveries
}

// deliver writes the report of a job; s.mu is held.
func (s *Server) deliver(bucket, id string, job *element, now time.Time) Delivery {
	source, destined := s.buckets[bucket], job.at("Destination", "COSBucketDestination")
	match := destinationBucket.FindStringSubmatch(destined.value("Bucket"))
	delivery := Delivery{Bucket: bucket, ID: id}
	if match == nil {
		return delivery
	}
	delivery.Destination = match[2]
	destination, ok := s.buckets[match[2]]
	if !ok || destination.region != match[1] || source.region != match[1] {
		return delivery
	}

	var listed, left []Object
	for _, key := range source.keys() {
		object := source.objects[key]
		listed = append(listed, object)
		if leaves(job.at("Filter"), object) {
			left = append(left, object)
		}
	}
	columns := []string{"Appid", "Bucket", "Key"}
	for _, field := range job.at("OptionalFields").all("Field") {
		columns = append(columns, field.Text)
	}
	data := gzipped(rows(bucket, columns, left))
	prefix := reportPrefix(bucket, id, destined.value("Prefix"))
	dataKey := prefix + md5Hex(data+now.UTC().Format(time.RFC3339Nano)) + ".csv.gz"
	s.putObject(destination, Object{Key: dataKey, Content: data, Modified: now})

	// Every scalar is a string, as the page shows it. So there is no error to have.
	text, _ := json.MarshalIndent(map[string]any{
		"sourceAppid": appID(bucket), "sourceBucket": shortName(bucket),
		"destinationAppid": appID(match[2]), "destinationBucket": shortName(match[2]),
		"fileFormat":      destined.value("Format"),
		"listObjectCount": strconv.Itoa(len(listed)), "listStorageSize": totalSize(listed),
		"filterObjectCount": strconv.Itoa(len(left)), "filterStorageSize": totalSize(left),
		"fileSchema": strings.Join(columns, ", "),
		"files":      []map[string]string{{"key": dataKey, "size": strconv.Itoa(len(data)), "md5Checksum": md5Hex(data)}},
	}, "", " ")
	day := prefix + now.In(cmp.Or(s.skew.zone, time.UTC)).Format("20060102") + "/" // Assumption: run-day
	delivery.ManifestKey = day + "manifest.json"
	s.putObject(destination, Object{Key: delivery.ManifestKey, Content: string(text), Modified: now})
	checksum := md5Hex // Assumption: checksum
	if s.skew.checksum != nil {
		checksum = s.skew.checksum
	}
	s.putObject(destination, Object{Key: day + "manifest.checksum", Content: checksum(string(text)), Modified: now})
	return delivery
}

// reportPrefix is <prefix>/<appid>/<source bucket without appid>/<id>/.
func reportPrefix(bucket, id, prefix string) string {
	if prefix != "" {
		prefix += "/"
	}
	return prefix + appID(bucket) + "/" + shortName(bucket) + "/" + id + "/"
}

func totalSize(objects []Object) string {
	total := 0
	for _, o := range objects {
		total += len(o.Content)
	}
	return strconv.Itoa(total)
}

func (s *Server) bucketNames() []string {
	return slices.Sorted(maps.Keys(s.buckets))
}

// leaves reports whether a filter, whose conditions stand directly in it or in And, leaves an object.
func leaves(filter *element, o Object) bool {
	for _, conditions := range []*element{filter, filter.at("And")} {
		class := conditions.value("StorageClass")
		if !strings.HasPrefix(o.Key, conditions.value("Prefix")) || class != "" && class != o.StorageClass {
			return false
		}
	}
	for _, tag := range filterTags(filter) {
		if value, ok := o.Tags[tag.value("Key")]; !ok || value != tag.value("Value") {
			return false
		}
	}
	// A time that is absent or 0 leaves the end open.
	from, _ := strconv.ParseInt(filter.value("Period", "StartTime"), 10, 64)
	until, _ := strconv.ParseInt(filter.value("Period", "EndTime"), 10, 64)
	at := o.Modified.Unix() // Assumption: period.
	return at >= from && (until == 0 || at <= until)
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
