// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// The values that the API's page lists. Validators and descriptions use these lists, so that they
// cannot differ. Of the last three, the service may know more.
//
// https://www.tencentcloud.com/document/product/436/30625
var (
	// IncludedObjectVersions are what a job can include: all versions, or the current ones.
	IncludedObjectVersions = []string{"All", "Current"}
	// Frequencies are how often a job can run.
	Frequencies = []string{"Daily", "Weekly", FrequencyMonthly}
	// Formats are those of reports.
	Formats = []string{FormatCSV, "ORC"}
	// StorageClasses are on another page: https://cloud.tencent.com/document/product/436/33417
	StorageClasses = []string{
		"STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ARCHIVE", "DEEP_ARCHIVE",
		"MAZ_STANDARD", "MAZ_STANDARD_IA", "MAZ_INTELLIGENT_TIERING",
	}
	// OptionalFields are the report fields but those of custom metadata, see [FieldMetadataPrefix].
	OptionalFields = []string{"Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", FieldTag, "Crc64"}
)

const (
	// FrequencyMonthly is the frequency that goes with a day of the month.
	FrequencyMonthly = "Monthly"
	// FormatCSV is the report format that the API's page documents.
	FormatCSV = "CSV"
	// FieldTag is the report field that a filter by tags needs.
	FieldTag = "Tag"
	// FieldMetadataPrefix is the prefix of a report field for custom metadata: x-cos-meta-<name>,
	// or x-cos-meta-* for all of it.
	FieldMetadataPrefix = "x-cos-meta-"
	// MonthlyDateMin is the first day of a monthly schedule.
	MonthlyDateMin = 1
	// MonthlyDateMax is the last day of a monthly schedule.
	MonthlyDateMax = 31
	// MaxElements is how many report fields, and how many tags, a job can have.
	MaxElements = maxElements
)

// Inventory is an inventory job's document, in one shape for all that occur. An empty string, a nil
// pointer and an empty map mean that the document omits the element.
//
// https://cloud.tencent.com/document/product/436/33705
type Inventory struct {
	ID                     string
	IsEnabled              bool
	IncludedObjectVersions string
	Filter                 *Filter
	OptionalFields         []string // a set: order and repetition mean nothing
	Schedule               Schedule
	Destination            Destination

	// Unmodelled holds the paths of elements that were read but are not supported, such as
	// Filter/And/SizeRange. They are lost when the document is written.
	Unmodelled []string
	// Extra holds the names of those that stand beside the settings, such as CreateTime: they say
	// nothing about what is listed, or where to.
	Extra []string
}

// Filter narrows a job to some of the bucket's objects.
type Filter struct {
	Prefix       string
	Tags         map[string]string
	StorageClass string
	Period       *Period
}

// Period narrows a job to objects that were created, or last modified, within it: the vendor's
// pages say both. Both ends are in seconds since the epoch; nil leaves an end open.
type Period struct {
	StartTime, EndTime *int64
}

// Schedule says how often a job runs.
type Schedule struct {
	Frequency   string
	MonthlyDate *int64 // day of the month, with FrequencyMonthly
}

// Destination says where a job's reports go.
type Destination struct {
	Bucket    string // see [BucketQCS]
	AccountID string // UIN of the owner, which the server may fill in
	Prefix    string
	Format    string

	// SSECOS reports whether the reports are encrypted with keys that COS manages.
	SSECOS bool `attribute:"encryption" on:"{ sse_cos = {} }"`
}

// Spelled returns what COS shows of a job in the spelling of another document, where both mean the
// same. The pages say that COS adds a / to a destination's prefix, and it need not show an account.
func (inv Inventory) Spelled(as Inventory) Inventory {
	shown, kept := &inv.Destination, as.Destination
	if shown.Prefix != "" && kept.Prefix != "" && strings.TrimSuffix(shown.Prefix, "/") == strings.TrimSuffix(kept.Prefix, "/") {
		shown.Prefix = kept.Prefix
	}
	bucket, err := ParseBucketQCS(shown.Bucket)
	if same, other := ParseBucketQCS(kept.Bucket); err == nil && other == nil && same == bucket {
		shown.Bucket = kept.Bucket
	}
	shown.AccountID = cmp.Or(shown.AccountID, kept.AccountID)
	return inv
}

// Echoes reports whether inv shows a write of sent: everything in sent means the same. COS may have
// filled in an account id that was not sent. Unmodelled elements are not compared.
func (inv Inventory) Echoes(sent Inventory) bool {
	inv = inv.Spelled(sent)
	sent.Destination.AccountID = cmp.Or(sent.Destination.AccountID, inv.Destination.AccountID)
	return inv.Equal(sent)
}

// compareID orders documents by id.
func (inv Inventory) compareID(other Inventory) int { return cmp.Compare(inv.ID, other.ID) }

// Equal reports whether both documents set the same, in the same spelling. Unmodelled elements are
// not compared.
func (inv Inventory) Equal(other Inventory) bool {
	return reflect.DeepEqual(inv.normalised(), other.normalised())
}

// normalised returns the same value for all documents that set the same. Equal compares all of it,
// so that no field is forgotten.
func (inv Inventory) normalised() Inventory {
	inv.OptionalFields = sortedSet(inv.OptionalFields)
	inv.Filter = inv.Filter.normalised()
	inv.Unmodelled, inv.Extra = nil, nil
	return inv
}

// normalised returns nil for a filter that sets nothing, as COS treats it.
func (f *Filter) normalised() *Filter {
	if f == nil {
		return nil
	}
	n := *f
	if len(n.Tags) == 0 {
		n.Tags = nil
	}
	if n.Period != nil && *n.Period == (Period{}) {
		n.Period = nil
	}
	if reflect.DeepEqual(n, Filter{}) {
		return nil
	}
	return &n
}

func sortedSet(s []string) []string {
	if len(s) == 0 {
		return nil
	}
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
