// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// list queries a bucket's jobs and stops after stop results; 0 takes all.
func (p *protocol) list(config object, include bool, limit int64, stop int) []tfprotov6.ListResourceResult {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the server hides the list resources")
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
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

func (p *protocol) query(config object) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.dynamic(newValue(p.t, p.schema.ListResourceSchemas[testType].ValueType(), config))
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
		"until nobody wants more":   {250, 1000, 30, 30, 1, false},
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
			if sent := w.sent(); sent[string(cos.ListInventories)] != test.pages || len(sent) != 1 {
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

func TestBucketInventoryList_fails(t *testing.T) {
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
			test.fault.Op = string(cos.ListInventories)
			w.Inject(test.fault)
			results := w.configured().list(object{"bucket": testBucket}, false, 1000, 0)
			if len(results) != test.before+1 {
				t.Fatalf("%d results, want %d and an error", len(results), test.before)
			}
			last := results[test.before].Diagnostics
			if len(last) != 1 || last[0].Severity != tfprotov6.DiagnosticSeverityError || !strings.Contains(last[0].Detail, test.detail) {
				t.Errorf("diagnostics: %+v", last)
			}
		})
	}
}

func TestBucketInventoryList_missingRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	env := w.provider.getenv
	w.provider.getenv = func(name string) string {
		if name == envRegion {
			return ""
		}
		return env(name)
	}
	results := w.configured().list(object{"bucket": testBucket}, false, 100, 0)
	if len(results) != 1 || len(results[0].Diagnostics) != 1 || results[0].Diagnostics[0].Summary != "Missing Region" {
		t.Errorf("results: %+v", results)
	}
}

// dataSource reads a data source.
func (p *protocol) dataSource(typeName string, config object) (*tfprotov6.ReadDataSourceResponse, tftypes.Type) {
	p.t.Helper()
	typ := p.schema.DataSourceSchemas[typeName].ValueType()
	return call(p, p.server.ReadDataSource, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: p.dynamic(newValue(p.t, typ, config))}), typ
}

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

func TestBucketInventoriesDataSource(t *testing.T) {
	t.Parallel()
	const name = "cos_bucket_inventories"
	w := newWorld(t, fakecos.Options{})
	p := w.configured()

	resp, typ := p.dataSource(name, object{"bucket": testBucket})
	none := newValue(t, typ, object{"bucket": testBucket, "region": testRegion})
	members := map[string]tftypes.Value{}
	if err := none.As(&members); err != nil {
		t.Fatal(err)
	}
	for _, listName := range []string{"ids", "inventories", "unreadable_jobs"} {
		members[listName] = tftypes.NewValue(members[listName].Type(), []tftypes.Value{})
	}
	if got, err := resp.State.Unmarshal(typ); err != nil || !got.Equal(tftypes.NewValue(typ, members)) || len(resp.Diagnostics) > 0 {
		t.Errorf("no jobs: %s, %v, %+v", got, err, resp.Diagnostics)
	}

	w.seedJobs(250)
	resp, _ = p.dataSource(name, object{"bucket": testBucket, "region": testRegion})
	got, err := resp.State.Unmarshal(typ)
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	var ids, inventories []tftypes.Value
	if got.As(&members) != nil || members["ids"].As(&ids) != nil || members["inventories"].As(&inventories) != nil {
		t.Fatalf("state %s", got)
	}
	if len(ids) != 250 || len(inventories) != 250 || !slices.IsSortedFunc(ids, func(a, b tftypes.Value) int { return strings.Compare(a.String(), b.String()) }) {
		t.Errorf("%d ids, %d jobs, or not in order", len(ids), len(inventories))
	}
	want := storedJob(object{"id": "job-0007", "report_prefix": "1250000000/examplebucket/job-0007/"})
	if !inventories[7].Equal(newValue(t, inventories[7].Type(), want)) {
		t.Errorf("job 7: %s", inventories[7])
	}

	w.Inject(fakecos.Fault{Op: string(cos.ListInventories), Skip: 1, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	resp, _ = p.dataSource(name, object{"bucket": testBucket})
	if found := findings(t, resp.Diagnostics); len(found) != 1 || !strings.Contains(found[0].detail, "could not be listed") {
		t.Errorf("an error on the second page: %+v", found)
	}
}

// A query has no timeout of Terraform's: the provider bounds it, with its pages and its waits.
func TestBucketInventoryList_timeout(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakecos.Fault{
		"no answer":              {Hang: true},
		"asked to wait for days": {Status: http.StatusServiceUnavailable, Code: "SlowDown", Header: http.Header{"Retry-After": {"86400"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.provider.onConfigure = func(data *providerData) { data.defaultTimeout = 2 * time.Second }
			w.Inject(fault)
			results := w.configured().list(object{"bucket": testBucket}, false, 100, 0)
			if len(results) != 1 || len(results[0].Diagnostics) != 1 || !strings.Contains(results[0].Diagnostics[0].Detail, "the operation's timeout ran out") || len(w.Requests()) != 1 {
				t.Errorf("%d requests; want one error about the timeout, not %+v", len(w.Requests()), results)
			}
		})
	}
}
