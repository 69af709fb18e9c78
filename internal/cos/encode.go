// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"encoding/xml"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
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
	if err := inv.checkBounds(); err != nil {
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
	return w, checkTexts(w)
}

// checkBounds refuses what could be written, and then not be read.
func (inv Inventory) checkBounds() error {
	counts := map[string]int{"report fields": len(inv.OptionalFields)}
	if inv.Filter != nil {
		counts["tags"] = len(inv.Filter.Tags)
	}
	for what, n := range counts {
		if n > maxElements {
			return &ValueError{Value: fmt.Sprintf("%d %s", n, what), Err: fmt.Errorf("a job has at most %d", maxElements)}
		}
	}
	return nil
}

// newWireFilter writes a prefix alone directly into Filter. Beside tags or a storage class it stands
// with them in And, as on the vendor's page. A period is always beside And, not in it.
func newWireFilter(f Filter) wireFilter {
	and := wireAnd{StorageClass: element(f.StorageClass)}
	for _, key := range slices.Sorted(maps.Keys(f.Tags)) {
		and.Tag = append(and.Tag, wireTag{Key: []string{key}, Value: []string{f.Tags[key]}})
	}
	var w wireFilter
	if reflect.ValueOf(and).IsZero() {
		w.Prefix = element(f.Prefix)
	} else {
		and.Prefix = element(f.Prefix)
		w.And = []wireAnd{and}
	}
	if f.Period != nil {
		w.Period = []wirePeriod{{StartTime: numberElement(f.Period.StartTime), EndTime: numberElement(f.Period.EndTime)}}
	}
	return w
}

// checkTexts refuses characters that the encoder would replace without an error.
func checkTexts(w *wireInventory) (err error) {
	untrusted.HasText(w, func(text string) bool {
		if wrong := CheckText(text); wrong != nil {
			err = &ValueError{Value: text, Err: wrong}
		}
		return err != nil
	})
	return err
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
