// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Tags that another client has put directly into Filter are like tags within And: they are in the
// state, they are no drift, and the next write keeps them.
func TestBucketInventoryResource_tagsOutsideAnd(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile(filepath.Join("..", "cos", "testdata", "filter-tags-outside-and.xml"))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := object{
		"id": "tags", "filter": object{"tags": object{"team": "a", "stage": "prod"}}, "optional_fields": []any{"Tag"},
		"destination": object{"bucket": testDestination, "format": "CSV"},
	}
	job := p.create(p.complete(config))
	w.Seed(testBucket, "tags", string(document))
	job, ds := p.refresh(t.Context(), job)
	if len(ds) > 0 {
		t.Fatalf("a refresh says %s", ds)
	}
	planned, ds := p.change(job, p.complete(config))
	if len(ds) > 0 || !planned.state.Equal(job.state) {
		t.Errorf("the plan is %s, %s", planned.state, ds)
	}
	config["is_enabled"] = false
	if _, ds := p.apply(t.Context(), job, p.complete(config)); len(ds) > 0 {
		t.Errorf("an apply says %s", ds)
	}
	const tags = "<Tag><Key>stage</Key><Value>prod</Value></Tag><Tag><Key>team</Key><Value>a</Value></Tag>"
	if written := w.wrote(); !strings.Contains(written[len(written)-1], "<Filter><And>"+tags+"</And></Filter>") {
		t.Errorf("written %s", written[len(written)-1])
	}
}
