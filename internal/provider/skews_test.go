// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// changedBy names the setting that a skew changes the meaning of.
var changedBy = map[string]string{
	"fewer-fields": "optional_fields", "other-filter": "filter.prefix", "other-prefix": "destination.prefix", "other-schedule": "schedule.frequency",
}

// What nobody knows of COS cannot break a job's life, whichever answer COS gives: nothing is asked
// twice, no wait goes on to its end, and no change is planned for another spelling.
func TestSkews(t *testing.T) {
	t.Parallel()
	for _, skew := range append(fakecos.Skews(), fakecos.Skew{}) {
		t.Run(skew.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{Skew: skew.Name})
			p := w.configured()
			settings := object{
				"filter":          object{"prefix": "logs/", "tags": object{"team": "a"}, "period": object{"start_time": 12}},
				"optional_fields": []any{"Size", "Tag"},
				"destination":     object{"bucket": testDestination, "account_id": "100000000042", "prefix": "inv", "format": "CSV"},
			}
			if strings.HasPrefix(skew.Name, "empty-") || skew.Name == "account-filled" { // COS fills in what is not set
				settings = object{"destination": object{"bucket": testDestination, "format": "CSV"}}
			}
			first := p.complete(settings)
			settings["is_enabled"] = false
			second := p.complete(settings)
			setting := changedBy[skew.Name]
			if (setting != "") != skew.Changes {
				t.Fatalf("which setting does it change: %q", setting)
			}
			sent := func(what string, want map[string]int) {
				t.Helper()
				if skew.Changes && want[opPut] > 0 {
					want[opGet]++ // COS goes on showing something else
				}
				if got := w.sent(); !maps.Equal(got, want) {
					t.Errorf("%s: %v, want %v", what, got, want)
				}
				w.ResetRequests()
			}
			write := func(what string, prior kept, config tftypes.Value, want map[string]int) kept {
				t.Helper()
				job, ds := p.apply(t.Context(), prior, config)
				text := ds.String()
				switch isTold := strings.Contains(text, "COS Shows Other Settings: ") && strings.Contains(text, "  "+setting+": "); {
				case skew.Changes && (!isTold || len(ds) != 1), !skew.Changes && len(ds) > 0:
					t.Errorf("%s: %s", what, ds)
				}
				sent(what, want)
				return job
			}
			// Each plan is that of a process of its own, to which nothing is known.
			plan := func(what string, job kept, config tftypes.Value) kept {
				t.Helper()
				p = w.configured()
				read, ds := p.refresh(t.Context(), job)
				planned, more := p.change(read, config)
				if len(ds)+len(more) > 0 {
					t.Errorf("%s: %s %s", what, ds, more)
				}
				want := map[string]int{opList: 1}
				if skew.Changes {
					want[opGet] = 1
				}
				if planned.state.Equal(read.state) == skew.Changes {
					t.Errorf("%s: from %s\nto %s", what, read.state, planned.state)
				}
				sent(what, want)
				return read
			}
			job := write("create", p.nothing(), first, map[string]int{opList: 1, opGet: 2, opPut: 1})
			if read, ds := p.refresh(t.Context(), job); !skew.Changes && (len(ds) > 0 || !read.state.Equal(job.state)) {
				t.Errorf("a GET keeps no spelling: %s %s", read.state, ds)
			}
			sent("read by a GET", map[string]int{opGet: 1})
			job = plan("after the create", job, first)
			job = write("update", job, second, map[string]int{opGet: 2, opPut: 1})
			job = plan("after the update", job, second)

			w.Remove(testBucket, "nightly")
			p = w.configured()
			gone, ds := p.refresh(t.Context(), job)
			if len(ds) > 0 || !gone.state.IsNull() {
				t.Errorf("deleted outside: %s, %s", gone.state, ds)
			}
			sent("deleted outside", map[string]int{opList: 1, opGet: 2})
			job = write("create again", p.nothing(), second, map[string]int{opGet: 2, opPut: 1})

			p = w.configured()
			imported := call(p, p.server.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: testType, ID: testBucket + "/nightly"}).ImportedResources[0]
			read, ds := p.refresh(t.Context(), kept{p.known(imported.State), imported.Private})
			if len(ds) > 0 {
				t.Errorf("import: %s", ds)
			}
			sent("import", map[string]int{opGet: 1})
			want := map[string]int{}
			if skew.Changes || slices.Contains([]string{"prefix-slash", "account-hidden", "destination-account"}, skew.Name) {
				want = map[string]int{opGet: 2, opPut: 1} // an import has COS's spelling
			}
			if !skew.Changes { // what COS made of the first write is the older version of the next
				job = plan("after the import", write("adopt", read, second, want), second)
			}

			p = w.configured()
			if gone, ds = p.destroy(t.Context(), job); len(ds) > 0 || !gone.state.IsNull() {
				t.Errorf("destroy: %s, %s", gone.state, ds)
			}
			sent("destroy", map[string]int{opDelete: 1, opGet: 1})
		})
	}
}
