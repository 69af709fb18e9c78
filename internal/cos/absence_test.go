// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A bucket counts as gone once COS has returned nothing else for a while. The jobs of a bucket wait
// for that together.
func TestFindInventory_missingBucket(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		job := cos.Bucket{Region: region, Name: "late-1258888888"}.Job("nightly")
		expect := func(what string, find func() error, wait time.Duration, gone bool) {
			t.Helper()
			started := time.Now()
			if err := find(); cos.IsNoSuchBucket(err) != gone || time.Since(started) != wait {
				t.Errorf("%s: %v after %v, want gone %t after %v", what, err, time.Since(started), gone, wait)
			}
		}
		find := func() error { _, err := client.FindInventory(t.Context(), job); return err }
		findInNew := func() error { _, err := client.FindInNewBucket(t.Context(), job); return err }

		expect("the first job", find, 3750*time.Millisecond, true) // looks at 0, 0.25, 0.75, 1.75 and 3.75 s
		expect("the next one", find, 0, true)

		// What COS returned long ago says nothing of a bucket that has been created since.
		time.Sleep(time.Minute)
		time.AfterFunc(time.Second, func() { fake.AddBucket(region, job.Name) })
		expect("a new bucket", findInNew, 1750*time.Millisecond, false)

		// Nor does a single response after others.
		fake.Inject(fakecos.Fault{Status: 404, Code: cos.CodeNoSuchBucket, Times: 1})
		expect("one response", find, 250*time.Millisecond, false)
	})
}
