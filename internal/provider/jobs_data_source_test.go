// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The jobs of every page, in order, each as a read would put it into the state.
func TestBucketInventoriesDataSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	for _, n := range []int{0, 250} {
		w.seedJobs(n)
		ids, jobs := []any{}, []any{}
		for i := range n {
			id := fmt.Sprintf("job-%04d", i)
			ids = append(ids, id)
			jobs = append(jobs, storedJob(object{"id": id, "report_prefix": "1250000000/examplebucket/" + id + "/"}))
		}
		got, found := p.readData(inventoriesType, object{"bucket": testBucket})
		expectFindings(t, found)
		want, _ := objectMembers(newValue(t, p.schema.DataSourceSchemas[inventoriesType].ValueType(), object{
			"bucket": testBucket, "region": testRegion, "ids": ids, "inventories": jobs, "unreadable_jobs": []any{},
			"buckets": []any{object{"bucket": testBucket, "region": testRegion, "ids": ids}},
		}))
		for name, value := range want {
			if !got[name].Equal(value) {
				t.Errorf("%d jobs: %s is %s, want %s", n, name, got[name], value)
			}
		}
	}
}
