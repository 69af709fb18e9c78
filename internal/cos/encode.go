// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"
)

func encodeInventory(inv Inventory) ([]byte, error) {
	document, err := newWireInventory(inv)
	if err != nil {
		return nil, err
	}
	return xml.Marshal(document)
}

// encodeRun encodes inv as a one-time job, which has neither a schedule nor IsEnabled.
//
// https://www.tencentcloud.com/document/product/436/46869
func encodeRun(inv Inventory) ([]byte, error) {
	document, err := newWireInventory(inv)
	if err != nil {
		return nil, err
	}
	document.IsEnabled, document.Schedule = nil, nil
	return xml.Marshal(document)
}

func newWireInventory(inv Inventory) (*wireInventory, error) {
	if err := checkTexts(inv); err != nil {
		return nil, err
	}
	bucket := wireBucketDestination{
		Bucket:    []string{inv.Destination.Bucket},
		AccountID: element(inv.Destination.AccountID),
		Prefix:    element(inv.Destination.Prefix),
		Format:    []string{inv.Destination.Format},
	}
	if inv.Destination.SSECOS {
		bucket.Encryption = []wireEncryption{{SSECOS: []wireEmpty{{}}}}
	}
	w := &wireInventory{
		ID:                     []string{inv.ID},
		IsEnabled:              []string{strconv.FormatBool(inv.IsEnabled)},
		IncludedObjectVersions: []string{inv.IncludedObjectVersions},
		Schedule:               []wireSchedule{{Frequency: []string{inv.Schedule.Frequency}, MonthlyDate: numberElement(inv.Schedule.MonthlyDate)}},
		Destination:            []wireDestination{{COSBucketDestination: []wireBucketDestination{bucket}}},
	}
	if filter := inv.Filter.normalised(); filter != nil {
		w.Filter = []wireFilter{newWireFilter(*filter)}
	}
	if len(inv.OptionalFields) > 0 {
		w.OptionalFields = []wireOptionalFields{{Field: sortedSet(inv.OptionalFields)}}
	}
	return w, nil
}

// newWireFilter writes a prefix alone directly into Filter. With tags, a storage class or a period,
// all conditions are in And, as on the vendor's page.
func newWireFilter(f Filter) wireFilter {
	var w wireFilter
	if len(f.Tags) == 0 && f.StorageClass == "" {
		w.Prefix = element(f.Prefix)
	} else {
		and := wireAnd{Prefix: element(f.Prefix), StorageClass: element(f.StorageClass)}
		for _, key := range slices.Sorted(maps.Keys(f.Tags)) {
			and.Tag = append(and.Tag, wireTag{Key: []string{key}, Value: []string{f.Tags[key]}})
		}
		w.And = []wireAnd{and}
	}
	if f.Period != nil {
		w.Period = []wirePeriod{{StartTime: numberElement(f.Period.StartTime), EndTime: numberElement(f.Period.EndTime)}}
	}
	return w
}

// checkTexts refuses characters that the encoder would replace without an error.
func checkTexts(inv Inventory) error {
	texts := []string{
		inv.ID, inv.IncludedObjectVersions, inv.Schedule.Frequency,
		inv.Destination.Bucket, inv.Destination.AccountID, inv.Destination.Prefix, inv.Destination.Format,
	}
	texts = append(texts, inv.OptionalFields...)
	if inv.Filter != nil {
		texts = append(texts, inv.Filter.Prefix, inv.Filter.StorageClass)
		for key, value := range inv.Filter.Tags {
			texts = append(texts, key, value)
		}
	}
	for _, text := range texts {
		if err := CheckText(text); err != nil {
			return &ValueError{Value: text, Err: err}
		}
	}
	return nil
}

func element(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func numberElement(n *int64) []string {
	if n == nil {
		return nil
	}
	return []string{strconv.FormatInt(*n, 10)}
}
