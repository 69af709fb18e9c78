// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// What happens to a job between its plan and its apply decides whether the apply writes.
func TestBucketInventoryResource_changedSincePlan(t *testing.T) {
	t.Parallel()
	const (
		before = `<Frequency>Daily</Frequency>`
		more   = `</Schedule>`
	)
	for name, test := range map[string]struct {
		edit  func(w *world)
		wrote int
		// What the error or else the warning says; "": neither.
		err, warning string
	}{
		"nothing": {edit: func(*world) {}, wrote: 1},
		"another schedule": {
			edit: func(w *world) { w.edit("nightly", before, `<Frequency>Weekly</Frequency>`) },
			err:  `schedule.frequency: "Daily" when it was planned, now "Weekly"`,
		},
		"a setting that is not supported": {
			edit: func(w *world) { w.edit("nightly", more, more+`<Filter><And><SizeRange>1</SizeRange></And></Filter>`) },
			err:  `Filter/And/SizeRange: not set when it was planned, now set`,
		},
		"another account": {
			edit: func(w *world) { w.edit("nightly", "100000000001", "100000000002") },
			err:  `destination.account_id: "100000000001" when it was planned, now "100000000002"`,
		},
		"the planned change": {edit: func(w *world) { w.edit("nightly", "<IsEnabled>true", "<IsEnabled>false") }},
		"the planned change, and a setting that is not supported": {
			edit: func(w *world) {
				w.edit("nightly", "<IsEnabled>true", "<IsEnabled>false")
				w.edit("nightly", "</COSB", "<Newer/></COSB")
			},
			err: `Destination/COSBucketDestination/Newer: not set when it was planned, now set`,
		},
		"a text in another Unicode form": {
			edit: func(w *world) {
				w.edit("nightly", more, more+"<OptionalFields><Field>x-cos-meta-cafe\u0301</Field></OptionalFields>")
			},
			err: `optional_fields (not in Unicode NFC, the only form that Terraform keeps): not set when it was planned, now set`,
		},
		"its end": {
			edit:    func(w *world) { w.Remove(testBucket, "nightly") },
			wrote:   1,
			warning: "It is created again, as planned.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			prior := p.create(p.complete(nil))
			changed := p.complete(object{"is_enabled": false})
			planned, ds := p.change(prior, changed)
			if len(ds) > 0 {
				t.Fatalf("planning: %s", ds)
			}
			test.edit(w)
			held, _ := w.Document(testBucket, "nightly")
			w.ResetRequests()
			after, ds := p.applyPlanned(prior, planned, planned.state)
			w.expectWrites(t, test.wrote, 0)
			if !strings.Contains(ds.errors(), test.err) || (ds.errors() == "") != (test.err == "") ||
				!strings.Contains(ds.warnings(), test.warning) || (ds.warnings() == "") != (test.warning == "") {
				t.Errorf("want the error %q and the warning %q, not %s", test.err, test.warning, ds)
			}
			if test.err != "" {
				p.expectState(after, prior.state)
				if now := w.document("nightly"); now != held {
					t.Errorf("the job was changed to %s", now)
				}
				return
			}
			p.expectState(after, changed)
			p.expectNoDrift(after, changed)
		})
	}
}

// edit changes a job past the API, as the console does.
func (w *world) edit(id, old, changed string) {
	w.t.Helper()
	document := w.document(id)
	if !strings.Contains(document, old) {
		w.t.Fatalf("no %q in %s", old, document)
	}
	w.Seed(testBucket, id, strings.Replace(document, old, changed, 1))
}

// COS may still show an older version when the update looks: it looks again before that counts as a
// change.
func TestBucketInventoryResource_olderVersionIsNoConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.provider.tune = func(c *cos.Config) { impatient(c); c.Settle = time.Minute }
	p := w.configured()
	prior := p.create(p.complete(nil))
	planned, _ := p.change(prior, p.complete(object{"is_enabled": false}))
	current := w.document("nightly")
	w.edit("nightly", "Daily", "Weekly")
	var looks atomic.Int64
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Op == opGet && looks.Add(1) == 3 {
			w.Seed(testBucket, "nightly", current)
		}
		return nil
	})
	w.ResetRequests()
	after, ds := p.applyPlanned(prior, planned, planned.state)
	if len(ds) > 0 {
		t.Errorf("updating: %s", ds)
	}
	p.expectState(after, planned.state)
	if got := w.sent(); got[opGet] != 4 || got[opPut] != 1 {
		t.Errorf("want three looks before the write and one after it, not %v", got)
	}
}
