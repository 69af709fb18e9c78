// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The look at a destination warns once, and changes nothing else.
func TestDestinationLook(t *testing.T) {
	t.Parallel()
	missing := object{"destination": object{"bucket": "qcs::cos:ap-guangzhou::missing-1250000000", "account_id": "1", "format": "CSV"}}
	w := newWorld(t, fakecos.Options{})
	w.patient()
	p := w.configured()
	job, ds := p.apply(t.Context(), p.nothing(), p.complete(sumOf(missing, object{"id": "first"})))
	if ds.errors() != "" || !strings.HasPrefix(ds.warnings(), "Destination Bucket Not Found: COS has no bucket missing-1250000000 in region ap-guangzhou") || strings.Count(ds.warnings(), "\n\n") != 1 {
		t.Errorf("the first job: %s", ds)
	}
	p.expectState(job, p.complete(sumOf(missing, object{"id": "first"})))
	for _, id := range []string{"second", "third"} {
		if _, ds := p.apply(t.Context(), p.nothing(), p.complete(sumOf(missing, object{"id": id}))); len(ds) > 0 {
			t.Errorf("the %s job: %s", id, ds)
		}
	}
	if _, ds = p.apply(t.Context(), job, p.complete(object{"id": "first"})); len(ds) > 0 {
		t.Errorf("a change to a destination that is there: %s", ds)
	}
	if looks := w.looks(); !slices.Equal(looks, []string{"missing-1250000000", testDestinationBucket}) {
		t.Errorf("looked at %q", looks)
	}
	w.expectWrites(t, 4, 0)

	// Another change looks at nothing, nor do a read and a deletion, nor a job that delivers to the
	// source bucket.
	q := w.configured()
	w.ResetRequests()
	own := sourceBucket.QCS()
	q.create(q.complete(object{"id": "own", "destination": object{"bucket": own, "account_id": "1", "format": "CSV"}}))
	heads := slices.DeleteFunc(w.Requests(), func(r fakecos.Request) bool { return r.Op != string(cos.HeadBucket) })
	if len(heads) != 1 || heads[0].Bucket != testBucket {
		t.Errorf("looked at %+v for a job that delivers to its own bucket, of which the create sees one", heads)
	}
	kept := p.create(p.complete(object{"id": "kept"}))
	w.ResetRequests()
	kept, ds = q.apply(t.Context(), kept, q.complete(object{"id": "kept", "is_enabled": false}))
	if len(ds) > 0 {
		t.Errorf("a change of the switch: %s", ds)
	}
	kept, _ = q.refresh(t.Context(), kept)
	if _, ds = q.destroy(t.Context(), kept); len(ds) > 0 || len(w.looks()) > 0 {
		t.Errorf("%s after looks at %q", ds, w.looks())
	}

	// A one-time job is accepted as well.
	if _, found := w.configured().invoke(runObject(object{"destination": object{"bucket": "qcs::cos:ap-guangzhou::missing-1250000000"}})); len(found) != 1 ||
		!found[0].warning || found[0].path != "destination" || found[0].summary != "Destination Bucket Not Found" {
		t.Errorf("a one-time job: %+v", found)
	}
}

// The first job may be cancelled while the look is under way: the others need its result.
func TestDestinationLook_outlivesItsJob(t *testing.T) {
	t.Parallel()
	client := cos.New(newAttempt(t, cos.HeadBucket).config)
	looks := newBucketLooks(client, 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	look := looks.start(ctx, cos.Bucket{Region: testRegion, Name: "missing-1250000000"})
	await(t, look.done)
	if !look.isMissing {
		t.Error("the look was cut off")
	}
}

// Trouble with the look is silent. It neither fails a write nor delays it for more than its waits.
func TestDestinationLook_trouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakecos.Fault{
		"refused":     {Status: http.StatusForbidden, Code: "AccessDenied"},
		"busy":        {Status: http.StatusServiceUnavailable, Code: "SlowDown"},
		"a proxy's":   {Status: http.StatusNotFound, Body: new("<html>"), Header: http.Header{"X-Cos-Request-Id": nil}},
		"cut off":     {Reset: true},
		"no response": {Hang: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, _, end := newMemoryWorld(t, fakecos.Options{})
				defer end()
				fault.Op = string(cos.HeadBucket)
				w.Inject(fault)
				p := w.configured()
				began := time.Now()
				for _, id := range []string{"a", "b"} {
					p.create(p.complete(object{"id": id}))
				}
				if looks, took := w.looks(), time.Since(began); len(looks) != 1 || took > 0 && !fault.Hang || fault.Hang && took != 2*1500*time.Millisecond {
					t.Errorf("looked at %q, and it took %s", looks, took)
				}
			})
		})
	}
}
