// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// maxMarkup bounds the elements and attributes of a document, in their signs < and =. A page of a
// hundred jobs with a thousand tags each has 600,000.
const maxMarkup = 1_000_000

// unmarshal decodes one whole document into v. Nothing may follow its root, and none of its texts
// may be a secret.
func unmarshal(resp response, v any) error {
	if len(bytes.TrimSpace(resp.body)) == 0 {
		return errors.New("the answer is empty")
	}
	if bytes.Count(resp.body, []byte("<"))+bytes.Count(resp.body, []byte("=")) > maxMarkup {
		return errors.New("the answer is not a document of COS: it has too many elements")
	}
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(resp.body, []byte("\ufeff"))))
	root, err := outside(decoder, true)
	if err == nil && root == nil {
		err = errors.New("it holds no element")
	}
	if err == nil {
		err = decoder.DecodeElement(v, root)
	}
	if _, ok := errors.AsType[*xml.SyntaxError](err); ok && decoder.InputOffset() == int64(len(resp.body)) {
		err = errors.New("it breaks off")
	}
	if err != nil && resp.isWebPage() {
		err = ErrWebPage
	}
	if err != nil {
		return fmt.Errorf("the answer is not the document asked for: %w", err)
	}
	if more, err := outside(decoder, false); err != nil || more != nil {
		return errors.New("the answer does not end with the document")
	}
	return resp.secrets.Check(v)
}

// outside skips what may precede or follow a document's root. Text may not; declarations may
// precede it.
func outside(decoder *xml.Decoder, before bool) (*xml.StartElement, error) {
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil, nil //nolint:nilnil // the end, and no element before it
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return nil, errors.New("it holds text outside of its elements")
			}
		case xml.ProcInst, xml.Directive:
			if !before {
				return nil, errors.New("it holds a declaration behind its elements")
			}
		}
	}
}

func decodeInventory(resp response) (Inventory, error) {
	var w wireInventory
	if err := unmarshal(resp, &w); err != nil {
		return Inventory{}, err
	}
	return w.inventory()
}

// listRoot is the root of a LIST, with or without an s of the plural.
var listRoot = regexp.MustCompile(`^ListInventoryConfigurations?Results?$`)

// decodeList decodes a page and the token of the next one, "" after the last. A job that cannot be
// read is listed with its error.
func decodeList(resp response) (page []listed, next string, err error) {
	var w wireList
	if err := unmarshal(resp, &w); err != nil {
		return nil, "", err
	}
	if !listRoot.MatchString(w.XMLName.Local) {
		return nil, "", fmt.Errorf("the answer is not the document asked for: expected element type <ListInventoryConfigurationResult> but have <%.100s>", w.XMLName.Local)
	}
	for _, element := range w.Inventories {
		inv, err := element.inventory()
		if err == nil {
			err = CheckID(inv.ID)
		}
		if err != nil {
			id := untrusted.Text(strings.Join(element.ID, ""))
			page = append(page, listed{Inventory: Inventory{ID: id}, unreadable: &UnreadableJob{ID: id, Err: err}})
			continue
		}
		page = append(page, listed{Inventory: inv})
	}
	var r reader
	bounded(&r, "InventoryConfiguration", w.Inventories)
	if r.boolean("IsTruncated", w.IsTruncated) {
		next = r.required("NextContinuationToken", w.NextContinuationToken)
	}
	return page, next, r.err()
}

// decodePostResult decodes a one-time job's id, "" if an older service returns none.
func decodePostResult(resp response) (string, error) {
	if len(bytes.TrimSpace(resp.body)) == 0 {
		return "", nil
	}
	var w wirePostResult
	if err := unmarshal(resp, &w); err != nil {
		return "", err
	}
	var r reader
	jobID := single(&r, "JobId", w.JobID)
	return untrusted.Text(jobID), r.err()
}

// inventory converts every shape of the document to [Inventory].
func (w wireInventory) inventory() (Inventory, error) {
	var r reader
	filter := single(&r, "Filter", w.Filter)
	fields := single(&r, "OptionalFields", w.OptionalFields)
	schedule := single(&r, "Schedule", w.Schedule)
	destination := single(&r, "Destination", w.Destination)
	bucket := single(&r, "Destination/COSBucketDestination", destination.COSBucketDestination)
	encryption := single(&r, "Destination/COSBucketDestination/Encryption", bucket.Encryption)

	inv := Inventory{
		ID:                     r.required("Id", w.ID),
		IsEnabled:              r.boolean("IsEnabled", w.IsEnabled),
		IncludedObjectVersions: r.required("IncludedObjectVersions", w.IncludedObjectVersions),
		Filter:                 filter.filter(&r),
		Schedule:               Schedule{Frequency: r.required("Schedule/Frequency", schedule.Frequency)},
		Destination: Destination{
			Bucket:    r.required("Destination/COSBucketDestination/Bucket", bucket.Bucket),
			AccountID: single(&r, "Destination/COSBucketDestination/AccountId", bucket.AccountID),
			Prefix:    single(&r, "Destination/COSBucketDestination/Prefix", bucket.Prefix),
			Format:    r.required("Destination/COSBucketDestination/Format", bucket.Format),
			SSECOS:    len(encryption.SSECOS)+len(bucket.SSECOS) > 0,
		},
	}
	inv.Schedule.MonthlyDate = r.monthlyDate(inv.Schedule.Frequency, schedule.MonthlyDate)
	seen := map[string]bool{"": true}
	for _, field := range bounded(&r, "OptionalFields/Field", fields.Field) {
		if !seen[field] {
			seen[field] = true
			inv.OptionalFields = append(inv.OptionalFields, field)
		}
	}
	r.unmodelled("OptionalFields/", fields.Unmodelled)
	r.unmodelled("Schedule/", schedule.Unmodelled)
	r.unmodelled("Destination/", destination.Unmodelled)
	r.unmodelled("Destination/COSBucketDestination/", bucket.Unmodelled)
	r.unmodelled("Destination/COSBucketDestination/Encryption/", encryption.Unmodelled)
	for _, sse := range slices.Concat(bounded(&r, "Destination/COSBucketDestination/Encryption/SSE-COS", encryption.SSECOS), bounded(&r, "Destination/COSBucketDestination/SSE-COS", bucket.SSECOS)) {
		r.unmodelled("Destination/COSBucketDestination/Encryption/SSE-COS/", sse.Unmodelled)
	}
	inv.Unmodelled = untrusted.List(sortedSet(r.paths))
	for _, e := range bounded(&r, "*", w.Unmodelled) {
		inv.Extra = append(inv.Extra, e.XMLName.Local)
	}
	inv.Extra = untrusted.List(sortedSet(inv.Extra))
	if len(r.faults) == 1 && len(w.IncludedObjectVersions) == 0 {
		return Inventory{}, ErrAccelerated
	}
	return inv, r.err()
}

func (w wireFilter) filter(r *reader) *Filter {
	and := single(r, "Filter/And", w.And)
	period := single(r, "Filter/Period", w.Period)
	r.unmodelled("Filter/", w.Unmodelled)
	r.unmodelled("Filter/And/", and.Unmodelled)
	r.unmodelled("Filter/Period/", period.Unmodelled)

	f := Filter{
		Prefix:       single(r, "Filter/And/Prefix", and.Prefix),
		StorageClass: single(r, "Filter/And/StorageClass", and.StorageClass),
	}
	if prefix := single(r, "Filter/Prefix", w.Prefix); prefix != "" {
		if f.Prefix != "" && f.Prefix != prefix {
			r.fail("Filter holds two prefixes, %q and %q", prefix, f.Prefix)
		}
		f.Prefix = prefix
	}
	f.readTags(r, "Filter/Tag", w.Tag)
	f.readTags(r, "Filter/And/Tag", and.Tag)
	p := Period{
		StartTime: r.time("Filter/Period/StartTime", period.StartTime),
		EndTime:   r.time("Filter/Period/EndTime", period.EndTime),
	}
	if p.StartTime != nil || p.EndTime != nil {
		f.Period = &p
	}
	return f.normalised() // <Filter></Filter>, <Filter><And/></Filter> and the like set nothing
}

// readTags reads the tags at a path. The SDKs of COS know two: tags stand in And, or directly in
// Filter.
func (f *Filter) readTags(r *reader, path string, tags many[wireTag]) {
	for _, tag := range bounded(r, path, tags) {
		r.unmodelled(path+"/", tag.Unmodelled)
		key, value := single(r, path+"/Key", tag.Key), single(r, path+"/Value", tag.Value)
		if key == "" {
			r.fail("%s has no Key", path)
		}
		// filter.tags is a map: it holds one value for each key.
		if first, taken := f.Tags[key]; taken && first != value {
			r.paths = append(r.paths, fmt.Sprintf("%s[Key=%q]", path, key))
			continue
		}
		if f.Tags == nil {
			f.Tags = make(map[string]string, len(tags))
		}
		f.Tags[key] = value
	}
}
