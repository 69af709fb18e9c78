// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	opPut    = string(cos.PutInventory)
	opGet    = string(cos.GetInventory)
	opList   = string(cos.ListInventories)
	opDelete = string(cos.DeleteInventory)
)

// A bucket that answers from another region is gone from the one that was asked.
func TestBucketInventoryResource_bucketGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := p.complete(nil)
	job := p.create(config)
	w.AddBucket("ap-shanghai", testBucket)
	w.ResetRequests()

	expectWarning := func(ds diagnostics) {
		t.Helper()
		warnings := ds.warnings()
		if ds.errors() != "" || len(ds) != 1 || !strings.Contains(warnings, testBucket) || !strings.Contains(warnings, testRegion) || !strings.Contains(warnings, cos.CodeNoSuchBucket) {
			t.Errorf("want one warning that names the bucket, the region and the code, not %s", ds)
		}
	}
	read, ds := p.refresh(t.Context(), job)
	expectWarning(ds)
	p.expectState(read, p.none())
	planned, ds := p.change(read, config)
	if len(ds) > 0 {
		t.Errorf("planning to create it again says %s", ds)
	}
	p.expectState(planned, config)

	deleted, ds := p.destroy(t.Context(), job)
	expectWarning(ds)
	p.expectState(deleted, p.none())

	created, ds := p.apply(t.Context(), read, config)
	if !strings.Contains(ds.errors(), cos.CodeNoSuchBucket) || ds.warnings() != "" {
		t.Errorf("creating a job in a bucket that is gone: want an error, not %s", ds)
	}
	p.expectState(created, p.none())
	// COS is asked twice before it is believed, once for each bucket and run, and once more for a create,
	// which waits longer.
	if got := w.sent(); got[opGet] != 4 || got[opDelete] != 1 || got[opPut] != 0 {
		t.Errorf("want four reads and one delete, not %v", got)
	}
}

func TestBucketInventoryResource_oddAnswerToRefresh(t *testing.T) {
	t.Parallel()
	for _, answer := range oddReads("nightly") {
		t.Run(answer.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)
			job := p.create(config)
			w.ResetRequests()

			w.Inject(answer.at(opGet, 0))
			read, ds := p.refresh(t.Context(), job)
			expectFailure(t, ds, answer)
			p.expectState(read, job.state)
			if got := w.sent(); !answer.counted(got[opGet]) || len(got) != 1 {
				t.Errorf("want %d reads and nothing else, not %v", answer.sent, got)
			}
			w.ClearFaults()
			p.expectNoDrift(read, config)
		})
	}
}

func expectFailure(t *testing.T, ds diagnostics, answer oddAnswer) {
	t.Helper()
	if !strings.Contains(ds.errors(), answer.says) || len(ds) != 1 {
		t.Errorf("want one error that says %q, not %s", answer.says, ds)
	}
}
