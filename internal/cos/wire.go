// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// The wire types are the document's elements, in the order of the vendor's example. Every element
// is a list: an empty list is an absent element. Each list is bounded while it is decoded.
type (
	wireInventory struct {
		XMLName                xml.Name                     `xml:"InventoryConfiguration"`
		ID                     optional[string]             `xml:"Id"`
		IsEnabled              optional[string]             `xml:"IsEnabled"`
		IncludedObjectVersions optional[string]             `xml:"IncludedObjectVersions"`
		Filter                 optional[wireFilter]         `xml:"Filter"`
		OptionalFields         optional[wireOptionalFields] `xml:"OptionalFields"`
		Schedule               optional[wireSchedule]       `xml:"Schedule"`
		Destination            optional[wireDestination]    `xml:"Destination"`
		Unmodelled             many[wireUnmodelled]         `xml:",any"`
	}
	wireFilter struct {
		Prefix     optional[string]     `xml:"Prefix"` // a prefix alone stands here …
		And        optional[wireAnd]    `xml:"And"`    // … or here, and here with anything beside it
		Tag        many[wireTag]        `xml:"Tag"`    // read only: where other clients may have put tags
		Period     optional[wirePeriod] `xml:"Period"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wireAnd struct {
		Prefix       optional[string]     `xml:"Prefix"`
		Tag          many[wireTag]        `xml:"Tag"`
		StorageClass optional[string]     `xml:"StorageClass"`
		Unmodelled   many[wireUnmodelled] `xml:",any"`
	}
	wireTag struct {
		Key        optional[string]     `xml:"Key"`
		Value      optional[string]     `xml:"Value"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wirePeriod struct {
		StartTime  optional[string]     `xml:"StartTime"`
		EndTime    optional[string]     `xml:"EndTime"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wireOptionalFields struct {
		Field      many[string]         `xml:"Field"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wireSchedule struct {
		Frequency   optional[string]     `xml:"Frequency"`
		MonthlyDate optional[string]     `xml:"MonthlyDate"`
		Unmodelled  many[wireUnmodelled] `xml:",any"`
	}
	wireDestination struct {
		COSBucketDestination optional[wireBucketDestination] `xml:"COSBucketDestination"`
		Unmodelled           many[wireUnmodelled]            `xml:",any"`
	}
	wireBucketDestination struct {
		Bucket     optional[string]         `xml:"Bucket"`
		AccountID  optional[string]         `xml:"AccountId"`
		Prefix     optional[string]         `xml:"Prefix"`
		Format     optional[string]         `xml:"Format"`
		Encryption optional[wireEncryption] `xml:"Encryption"`
		SSECOS     many[wireEmpty]          `xml:"SSE-COS"` // read only: where the LIST page shows it
		Unmodelled many[wireUnmodelled]     `xml:",any"`
	}
	wireEncryption struct {
		SSECOS     many[wireEmpty]      `xml:"SSE-COS"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	// wireEmpty is an element that is a setting by being present, whatever its text.
	wireEmpty struct {
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	// wireUnmodelled is an element that the types above do not contain.
	wireUnmodelled struct {
		XMLName xml.Name
	}

	wireList struct {
		XMLName               xml.Name            // see listRoot
		Inventories           many[wireInventory] `xml:"InventoryConfiguration"`
		IsTruncated           optional[string]    `xml:"IsTruncated"`
		NextContinuationToken optional[string]    `xml:"NextContinuationToken"`
	}
	wirePostResult struct {
		XMLName xml.Name         `xml:"PostInventoryResult"`
		JobID   optional[string] `xml:"JobId"`
	}
)

// maxElements is how many elements of one name a list keeps. A job with a tenth of that is unheard
// of, and a page of LIST has a hundred jobs.
const maxElements = 1000

// optional is an element that may stand once. A second one is kept, for [single] to refuse; others are
// skipped.
type optional[T any] []T

// UnmarshalXML decodes the next element of the list.
func (e *optional[T]) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	return appendElement((*[]T)(e), 2, d, start)
}

// many is a list of elements. One more than maxElements is kept, for [bounded] to refuse; others are
// skipped.
type many[T any] []T

// UnmarshalXML decodes the next element of the list.
func (e *many[T]) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	return appendElement((*[]T)(e), maxElements+1, d, start)
}

func appendElement[T any](elements *[]T, limit int, d *xml.Decoder, start xml.StartElement) error {
	if len(*elements) == limit {
		return d.Skip()
	}
	var element T
	if err := d.DecodeElement(&element, &start); err != nil {
		return err
	}
	*elements = append(*elements, element)
	return nil
}

// reader collects all faults of a document, for one error, and the paths of unsupported elements.
type reader struct {
	faults []string
	paths  []string
}

func (r *reader) fail(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

func (r *reader) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return fmt.Errorf("the document cannot be trusted: %s", strings.Join(untrusted.List(r.faults), "; "))
}

// single returns the only element, or the zero value if there is none.
func single[T any](r *reader, path string, elements optional[T]) T {
	var zero T
	switch len(elements) {
	case 0:
		return zero
	case 1:
		return elements[0]
	default:
		r.fail("%s stands more than once", path)
		return zero
	}
}

// bounded returns the elements if there are no more than a document of COS has.
func bounded[T any](r *reader, path string, elements many[T]) many[T] {
	if len(elements) <= maxElements {
		return elements
	}
	r.fail("%s stands more than %d times", path, maxElements)
	return nil
}

func (r *reader) required(path string, elements optional[string]) string {
	value := single(r, path, elements)
	if value == "" && len(elements) < 2 {
		r.fail("%s is missing or empty", path)
	}
	return value
}

// boolean parses true and false in any case: LIST pages and older clients write True.
func (r *reader) boolean(path string, elements optional[string]) bool {
	value := r.required(path, elements)
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "true":
		return true
	case "false":
		return false
	}
	if value != "" {
		r.fail("%s is %q, neither true nor false", path, value)
	}
	return false
}

// number parses a whole number. An empty element is the same as none.
func (r *reader) number(path string, elements optional[string]) *int64 {
	value := strings.TrimSpace(single(r, path, elements))
	if value == "" {
		return nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		r.fail("%s is %q, not a whole number", path, value)
		return nil
	}
	return &n
}

// time parses seconds since the epoch. Some clients write 0 for an open end.
func (r *reader) time(path string, elements optional[string]) *int64 {
	seconds := r.number(path, elements)
	if seconds != nil && *seconds == 0 {
		return nil
	}
	return seconds
}

// monthlyDate parses the day of a monthly schedule. Some clients write a day beside another
// frequency. A day other than 0 is then an unsupported setting.
func (r *reader) monthlyDate(frequency string, elements optional[string]) *int64 {
	const path = "Schedule/MonthlyDate"
	day := r.number(path, elements)
	if day == nil || frequency == FrequencyMonthly {
		return day
	}
	if *day != 0 {
		r.paths = append(r.paths, path+" of a "+frequency+" job")
	}
	return nil
}

func (r *reader) unmodelled(prefix string, elements many[wireUnmodelled]) {
	for _, e := range bounded(r, prefix+"*", elements) {
		r.paths = append(r.paths, prefix+e.XMLName.Local)
	}
}
