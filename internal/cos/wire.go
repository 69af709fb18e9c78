// SPDX-License-Identifier: MPL-2.0

package cos

import "encoding/xml"

// The wire types are the document's elements, in the order of the vendor's example. Every element
// is a list: an empty list is an absent element, and more than one is a document that cannot be
// read without guessing.
type (
	wireInventory struct {
		XMLName                xml.Name             `xml:"InventoryConfiguration"`
		ID                     []string             `xml:"Id"`
		IsEnabled              []string             `xml:"IsEnabled"`
		IncludedObjectVersions []string             `xml:"IncludedObjectVersions"`
		Filter                 []wireFilter         `xml:"Filter"`
		OptionalFields         []wireOptionalFields `xml:"OptionalFields"`
		Schedule               []wireSchedule       `xml:"Schedule"`
		Destination            []wireDestination    `xml:"Destination"`
		Unmodelled             []wireUnmodelled     `xml:",any"`
	}
	wireFilter struct {
		Prefix     []string         `xml:"Prefix"` // a prefix alone stands here …
		And        []wireAnd        `xml:"And"`    // … or here, and here with anything beside it
		Tag        []wireTag        `xml:"Tag"`    // read only: where other clients may have put tags
		Period     []wirePeriod     `xml:"Period"`
		Unmodelled []wireUnmodelled `xml:",any"`
	}
	wireAnd struct {
		Prefix       []string         `xml:"Prefix"`
		Tag          []wireTag        `xml:"Tag"`
		StorageClass []string         `xml:"StorageClass"`
		Unmodelled   []wireUnmodelled `xml:",any"`
	}
	wireTag struct {
		Key        []string         `xml:"Key"`
		Value      []string         `xml:"Value"`
		Unmodelled []wireUnmodelled `xml:",any"`
	}
	wirePeriod struct {
		StartTime  []string         `xml:"StartTime"`
		EndTime    []string         `xml:"EndTime"`
		Unmodelled []wireUnmodelled `xml:",any"`
	}
	wireOptionalFields struct {
		Field      []string         `xml:"Field"`
		Unmodelled []wireUnmodelled `xml:",any"`
	}
	wireSchedule struct {
		Frequency   []string         `xml:"Frequency"`
		MonthlyDate []string         `xml:"MonthlyDate"`
		Unmodelled  []wireUnmodelled `xml:",any"`
	}
	wireDestination struct {
		COSBucketDestination []wireBucketDestination `xml:"COSBucketDestination"`
		Unmodelled           []wireUnmodelled        `xml:",any"`
	}
	wireBucketDestination struct {
		Bucket     []string         `xml:"Bucket"`
		AccountID  []string         `xml:"AccountId"`
		Prefix     []string         `xml:"Prefix"`
		Format     []string         `xml:"Format"`
		Encryption []wireEncryption `xml:"Encryption"`
		SSECOS     []wireEmpty      `xml:"SSE-COS"` // read only: where the LIST page shows it
		Unmodelled []wireUnmodelled `xml:",any"`
	}
	wireEncryption struct {
		SSECOS     []wireEmpty      `xml:"SSE-COS"`
		Unmodelled []wireUnmodelled `xml:",any"`
	}
	// wireEmpty is an element that is a setting by being present, whatever its text.
	wireEmpty struct {
		Unmodelled []wireUnmodelled `xml:",any"`
	}
	// wireUnmodelled is an element that the types above do not contain.
	wireUnmodelled struct {
		XMLName xml.Name
	}

	wireList struct {
		XMLName               xml.Name        `xml:"ListInventoryConfigurationResult"`
		Inventories           []wireInventory `xml:"InventoryConfiguration"`
		IsTruncated           []string        `xml:"IsTruncated"`
		NextContinuationToken []string        `xml:"NextContinuationToken"`
	}
	wirePostResult struct {
		XMLName xml.Name `xml:"PostInventoryResult"`
		JobID   []string `xml:"JobId"`
	}
)
