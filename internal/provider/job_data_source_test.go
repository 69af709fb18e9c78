// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestBucketInventoryDataSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	p := w.configured()
	resp, typ := p.dataSource(testType, object{"bucket": testBucket, "id": "nightly"})
	want := newValue(t, typ, storedJob(nil))
	if got, err := resp.State.Unmarshal(typ); err != nil || !got.Equal(want) || len(resp.Diagnostics) > 0 {
		t.Errorf("read %s\nwant %s\n%v %+v", got, want, err, resp.Diagnostics)
	}

	resp, _ = p.dataSource(testType, object{"bucket": testBucket, "id": "weekly"})
	found := findings(t, resp.Diagnostics)
	expectFindings(t, found, finding{false, "id", "COS Bucket Inventory Not Found", `no inventory job "weekly"`})
	expectFindings(t, found, finding{false, "id", "COS Bucket Inventory Not Found", "or add depends_on with the resource"})
	resp, _ = p.dataSource(testType, object{"bucket": "other-1250000000", "id": "weekly"})
	if found := findings(t, resp.Diagnostics); len(found) != 1 || found[0].path != "bucket" {
		t.Errorf("a missing bucket: %+v", found)
	}
}
