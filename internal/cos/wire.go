// SPDX-License-Identifier: MPL-2.0

package cos

import "encoding/xml"

// The wire types are the document's elements, in the order of the vendor's example. Every element
// is a list: an empty list is an absent element. Each list is bounded while it is decoded.
type (
	wireInventory struct {
		XMLName                xml.Name                 `xml:"InventoryConfiguration"`
		ID                     lone[string]             `xml:"Id"`
		IsEnabled              lone[string]             `xml:"IsEnabled"`
		IncludedObjectVersions lone[string]             `xml:"IncludedObjectVersions"`
		Filter                 lone[wireFilter]         `xml:"Filter"`
		OptionalFields         lone[wireOptionalFields] `xml:"OptionalFields"`
		Schedule               lone[wireSchedule]       `xml:"Schedule"`
		Destination            lone[wireDestination]    `xml:"Destination"`
		Unmodelled             many[wireUnmodelled]     `xml:",any"`
	}
	wireFilter struct {
		Prefix     lone[string]         `xml:"Prefix"` // a prefix alone stands here …
		And        lone[wireAnd]        `xml:"And"`    // … or here, and here with anything beside it
		Tag        many[wireTag]        `xml:"Tag"`    // read only: where other clients may have put tags
		Period     lone[wirePeriod]     `xml:"Period"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wireAnd struct {
		Prefix       lone[string]         `xml:"Prefix"`
		Tag          many[wireTag]        `xml:"Tag"`
		StorageClass lone[string]         `xml:"StorageClass"`
		Unmodelled   many[wireUnmodelled] `xml:",any"`
	}
	wireTag struct {
		Key        lone[string]         `xml:"Key"`
		Value      lone[string]         `xml:"Value"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wirePeriod struct {
		StartTime  lone[string]         `xml:"StartTime"`
		EndTime    lone[string]         `xml:"EndTime"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wireOptionalFields struct {
		Field      many[string]         `xml:"Field"`
		Unmodelled many[wireUnmodelled] `xml:",any"`
	}
	wireSchedule struct {
		Frequency   lone[string]         `xml:"Frequency"`
		MonthlyDate lone[string]         `xml:"MonthlyDate"`
		Unmodelled  many[wireUnmodelled] `xml:",any"`
	}
	wireDestination struct {
		COSBucketDestination lone[wireBucketDestination] `xml:"COSBucketDestination"`
		Unmodelled           many[wireUnmodelled]        `xml:",any"`
	}
	wireBucketDestination struct {
		Bucket     lone[string]         `xml:"Bucket"`
		AccountID  lone[string]         `xml:"AccountId"`
		Prefix     lone[string]         `xml:"Prefix"`
		Format     lone[string]         `xml:"Format"`
		Encryption lone[wireEncryption] `xml:"Encryption"`
		SSECOS     many[wireEmpty]      `xml:"SSE-COS"` // read only: where the LIST page shows it
		Unmodelled many[wireUnmodelled] `xml:",any"`
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
		IsTruncated           lone[string]        `xml:"IsTruncated"`
		NextContinuationToken lone[string]        `xml:"NextContinuationToken"`
	}
	wirePostResult struct {
		XMLName xml.Name     `xml:"PostInventoryResult"`
		JobID   lone[string] `xml:"JobId"`
	}
)

// maxElements is how many elements of one name a list keeps. A job with a tenth of that is unheard
// of, and a page of LIST has a hundred jobs.
const maxElements = 1000

// lone is an element that may stand once. A second one is kept as evidence, others are skipped.
type lone[T any] []T

// UnmarshalXML decodes the next element of the list.
func (e *lone[T]) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	return appendElement((*[]T)(e), 2, d, start)
}

// many is a list of elements. One more than maxElements is kept as evidence, others are skipped.
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
