// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// list queries a bucket's jobs and stops after stop results; 0 takes all.
func (p *protocol) list(config object, include bool, limit int64, stop int) []tfprotov6.ListResourceResult {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), testBound)
	defer cancel()
	stream, err := p.server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: testType, Config: p.query(config), IncludeResource: include, Limit: limit,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	var results []tfprotov6.ListResourceResult
	for result := range stream.Results {
		results = append(results, result)
		if len(results) == stop {
			break
		}
	}
	return results
}

// query encodes the configuration of a query; nil is no config block at all.
func (p *protocol) query(config object) *tfprotov6.DynamicValue {
	p.t.Helper()
	typ := p.schema.ListResourceSchemas[testType].ValueType()
	if config == nil {
		return p.dynamic(tftypes.NewValue(typ, nil))
	}
	return p.dynamic(newValue(p.t, typ, config))
}

// seedJobs puts n jobs into the bucket, which show on pages of a hundred.
func (w *world) seedJobs(n int) {
	for i := range n {
		id := fmt.Sprintf("job-%04d", i)
		w.Seed(testBucket, id, strings.Replace(nightlyDocument, "nightly", id, 1))
	}
}

func TestBucketInventoryList(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		jobs        int
		limit       int64
		stop        int
		want, pages int
		cut         bool // by the limit
	}{
		"no jobs":                   {0, 1000, 0, 0, 1, false},
		"all":                       {250, 1000, 0, 250, 3, false},
		"as many as the limit":      {150, 150, 0, 150, 2, false},
		"up to the limit":           {250, 150, 0, 150, 2, true},
		"a limit that ends a page":  {250, 100, 0, 100, 1, true},
		"until nobody wants more":   {250, 100, 30, 30, 1, false},
		"more than Terraform wants": {3, 2, 0, 2, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.seedJobs(test.jobs)
			p := w.configured()
			results := p.list(object{"bucket": testBucket}, false, test.limit, test.stop)
			if len(results) != test.want {
				t.Errorf("%d results, want %d", len(results), test.want)
			}
			for i, result := range results {
				var found []finding
				if test.cut && i == test.want-1 { // Terraform drops what comes after it
					found = []finding{{true, "", "Query Limit Reached", fmt.Sprintf("at its limit of %d results", test.limit)}}
				}
				expectFindings(t, findings(t, result.Diagnostics), found...)
				id := fmt.Sprintf("job-%04d", i)
				identity, err := result.Identity.IdentityData.Unmarshal(identityType)
				want := newValue(t, identityType, object{"bucket": testBucket, "id": id, "region": testRegion})
				if err != nil || !identity.Equal(want) || result.DisplayName != testBucket+"/"+id || result.Resource != nil {
					t.Errorf("result %d: %q %s %v %+v", i, result.DisplayName, identity, err, result.Diagnostics)
				}
			}
			if sent := w.sent(); sent[opList] != test.pages || len(sent) != 1 {
				t.Errorf("requests %v, want %d pages", sent, test.pages)
			}
		})
	}
}

// What a query shows is what a read would put into the state.
func TestBucketInventoryList_includesTheResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	p := w.configured()
	results := p.list(object{"bucket": testBucket, "region": testRegion}, true, 100, 0)
	if len(results) != 1 || len(results[0].Diagnostics) > 0 {
		t.Fatalf("results: %+v", results)
	}
	read := call(p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: p.job(storedJob(nil))})
	if got, want := p.member(results[0].Resource), p.member(read.NewState); !got.Equal(want) {
		t.Errorf("listed %s\nread %s", got, want)
	}
}

// What a generated configuration would lose is said with the job.
func TestBucketInventoryList_unsupported(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", strings.Replace(nightlyDocument, "<Schedule>", "<Schedule><Zone/>", 1))
	for _, config := range []object{{"bucket": testBucket}, {}} {
		_, found := w.configured().queried(config, 100)
		expectFindings(t, found, finding{true, "", "Unsupported Settings in COS Bucket Inventory", "Schedule/Zone"})
	}
}

// An error comes after what a query has found before, and the data source then has nothing.
func TestBucketInventories_fails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  fakecos.Fault
		before int // results that came before the error
		detail string
	}{
		"refused":             {fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}, 0, "cos:ListBucketInventory"},
		"on the second page":  {fakecos.Fault{Skip: 1, Status: http.StatusForbidden, Code: cos.CodeAccessDenied}, 100, "cos:ListBucketInventory"},
		"without such bucket": {fakecos.Fault{Status: http.StatusNotFound, Code: cos.CodeNoSuchBucket}, 0, "NoSuchBucket"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.seedJobs(150)
			test.fault.Op = opList
			w.Inject(test.fault)
			p := w.configured()
			jobs, found := p.queried(object{"bucket": testBucket}, 1000)
			expectFindings(t, found, finding{false, found[0].path, "Unable to List COS Bucket Inventories", test.detail})
			if len(jobs) != test.before {
				t.Errorf("%d results, want %d and an error", len(jobs), test.before)
			}
			w.ClearFaults()
			w.Inject(test.fault)
			found = p.readAccount(object{"bucket": testBucket}).found
			expectFindings(t, found, finding{false, found[0].path, "Unable to List COS Bucket Inventories", test.detail})
		})
	}
}

func TestBucketInventoryList_missingRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.setenv(envRegion, "")
	results := w.configured().list(object{"bucket": testBucket}, false, 100, 0)
	if len(results) != 1 || len(results[0].Diagnostics) != 1 || results[0].Diagnostics[0].Summary != "Missing Region" {
		t.Errorf("results: %+v", results)
	}
}

// A query that ends at its limit, or leaves something out, says so.
func TestBucketInventoryList_limitShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	if !c.has(14, never) {
		return // TestBucketInventoryList_generated shows what such a CLI says
	}
	w.seedJobs(120)
	w.Seed(testBucket, "job-0007", "<InventoryConfiguration><Id>job-0007</Id></InventoryConfiguration>")
	config := func(more string) string {
		return "list \"cos_bucket_inventory\" \"all\" {\n  provider = cos\n" + more + "\n  config {\n    bucket = \"" + testBucket + "\"\n    timeouts = { list = \"5m\" }\n  }\n}\n"
	}
	const cut, odd = "Warning: Query Limit Reached", "Warning: COS Bucket Inventory Not Listed"
	for more, wantCut := range map[string]bool{"": true, "  limit = 119": false} {
		c.write("main.tfquery.hcl", config(more))
		c.write("main.tf", "provider \"cos\" {}\n")
		output := c.mustRun("query", "-no-color")
		if got := strings.Contains(output, cut); got != wantCut || !strings.Contains(output, odd) || !strings.Contains(output, "job-0007") {
			t.Errorf("%q: cut %t:\n%s", more, got, output)
		}
	}
}

// What Terraform writes of the jobs that a query finds imports them as they are, whatever tool made
// them.
func TestBucketInventoryList_generated(t *testing.T) {
	t.Parallel()
	w, samples := wireWorld(t)
	c := newCLI(t, w)
	var queries strings.Builder
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		fmt.Fprintf(&queries, "list \"cos_bucket_inventory\" %q {\n  provider = cos\n  config {\n    bucket = %q\n    region = %q\n  }\n}\n",
			name, wireBucketOf(name), secondRegion)
	}
	c.write("main.tfquery.hcl", queries.String())
	if !c.has(14, never) { // which the tests of the provider's protocol do without
		if code, output := c.run("query", "-no-color"); code == 0 || !strings.Contains(output, `no command named "query"`) {
			t.Errorf("exit code %d, without a word of queries:\n%s", code, output)
		}
		return
	}
	c.mustRun("query", "-no-color", "-generate-config-out=generated.tf")
	applied := c.mustRun("apply", "-no-color", "-auto-approve")
	if want := "7 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(applied, want) {
		t.Errorf("the apply does not say %q:\n%s\n%s", want, applied, c.read("generated.tf"))
	}
	c.mustRun("plan", "-no-color", "-detailed-exitcode")
	w.expectWrites(t, 0, 0)
}
