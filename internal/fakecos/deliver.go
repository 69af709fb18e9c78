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
			if d, err := parseDocument(text); err == nil && strings.EqualFold(d.root.value("IsEnabled"), "true") {
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

// manifest is laid out as the page shows it: every scalar is a string.
type manifest struct {
	SourceAppid       string         `json:"sourceAppid"`
	SourceBucket      string         `json:"sourceBucket"`
	DestinationAppid  string         `json:"destinationAppid"`
	DestinationBucket string         `json:"destinationBucket"`
	FileFormat        string         `json:"fileFormat"`
	ListObjectCount   string         `json:"listObjectCount"`
	ListStorageSize   string         `json:"listStorageSize"`
	FilterObjectCount string         `json:"filterObjectCount"`
	FilterStorageSize string         `json:"filterStorageSize"`
	FileSchema        string         `json:"fileSchema"`
	Files             []manifestFile `json:"files"`
}

type manifestFile struct {
	Key         string `json:"key"`
	Size        string `json:"size"`
	MD5Checksum string `json:"md5Checksum"`
}

// deliver writes the report of a job; s.mu is held.
func (s *Server) deliver(bucket, id string, d *document, now time.Time) Delivery {
	source := s.buckets[bucket]
	match := destinationBucket.FindStringSubmatch(d.root.value("Destination", "COSBucketDestination", "Bucket"))
	delivery := Delivery{Bucket: bucket, ID: id}
	if match == nil {
		return delivery
	}
	delivery.Destination = match[2]
	destination, ok := s.buckets[match[2]]
	if !ok || destination.region != match[1] || source.region != match[1] {
		return delivery
	}

	listed, left := source.inventoried(d)
	columns := append([]string{"Appid", "Bucket", "Key"}, optionalFields(d)...)
	data := gzipped(rows(bucket, columns, left))
	prefix := reportPrefix(bucket, id, d.root.value("Destination", "COSBucketDestination", "Prefix"))
	dataKey := prefix + md5Hex(data+now.UTC().Format(time.RFC3339Nano)) + ".csv.gz"
	s.putObject(destination, Object{Key: dataKey, Content: data, Modified: now})

	m := manifest{
		SourceAppid: appID(bucket), SourceBucket: shortName(bucket),
		DestinationAppid: appID(match[2]), DestinationBucket: shortName(match[2]),
		FileFormat:      d.root.value("Destination", "COSBucketDestination", "Format"),
		ListObjectCount: strconv.Itoa(len(listed)), ListStorageSize: totalSize(listed),
		FilterObjectCount: strconv.Itoa(len(left)), FilterStorageSize: totalSize(left),
		FileSchema: strings.Join(columns, ", "),
		Files:      []manifestFile{{Key: dataKey, Size: strconv.Itoa(len(data)), MD5Checksum: md5Hex(data)}},
	}
	text, _ := json.MarshalIndent(m, "", " ")                                      // strings alone, so there is no error to have
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
	}
	for _, tag := range filterTags(filter) {
		f.tags = append(f.tags, [2]string{tag.value("Key"), tag.value("Value")})
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
