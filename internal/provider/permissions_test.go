// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	callerPolicy = "../../examples/policies/caller.json"
	rolePolicy   = "../../examples/policies/cos-qcs-role.json"
)

// permissions are the names of actions on the source bucket, on the destination bucket and on the
// account.
type permissions struct{ source, destination, account []string }

func (p permissions) plus(other permissions) permissions {
	return permissions{
		source:      union(p.source, other.source),
		destination: union(p.destination, other.destination),
		account:     union(p.account, other.account),
	}
}

func union(a, b []string) []string {
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}

// tasks are what the rows of the table of permissions name. Each is done by credentials that may do
// nothing else, and returns what it was told.
var tasks = map[string]func(w *world, p *protocol) []finding{
	"plan, refresh": func(w *world, p *protocol) (found []finding) {
		w.seedJobs(3)
		for _, id := range []string{"job-0000", "job-0001", "job-0002"} {
			_, ds := p.refresh(w.t.Context(), kept{state: newValue(w.t, p.typ(), storedJob(object{"id": id, "report_prefix": "1250000000/examplebucket/" + id + "/"}))})
			found = append(found, findings(w.t, ds)...)
		}
		return found
	},
	"import, data source `cos_bucket_inventory`": func(w *world, p *protocol) []finding {
		found, _ := p.importResource(testBucket + "/nightly")
		read, _ := p.dataSource(testType, object{"bucket": testBucket, "id": "nightly"})
		return slices.Concat(found, findings(w.t, read.Diagnostics))
	},
	"create, update": func(w *world, p *protocol) []finding {
		w.Remove(testBucket, "nightly")
		created, ds := p.apply(w.t.Context(), p.nothing(), p.complete(nil))
		_, more := p.apply(w.t.Context(), created, p.complete(object{"is_enabled": false}))
		return slices.Concat(findings(w.t, ds), findings(w.t, more))
	},
	"delete": func(w *world, p *protocol) []finding {
		_, ds := p.destroy(w.t.Context(), kept{state: newValue(w.t, p.typ(), storedJob(nil))})
		return findings(w.t, ds)
	},
	"data source `cos_bucket_inventories`, `terraform query`": func(w *world, p *protocol) []finding {
		read := p.readAccount(object{"bucket": testBucket}).found
		_, queried := p.queried(object{"bucket": testBucket}, 100)
		return slices.Concat(read, queried)
	},
	"the same two without `bucket`, for a whole account": func(w *world, p *protocol) []finding {
		w.RemoveBucket(testDestinationBucket)
		read := p.readAccount(object{}).found
		_, queried := p.queried(object{}, 100)
		return slices.Concat(read, queried)
	},
	"data source `cos_bucket_inventory_report`": func(w *world, p *protocol) []finding {
		w.seedReport(reportPrefix, "20260101", wireManifest(w.t, "manifest.json"), time.Now())
		_, found := p.readReport(object{"bucket": testBucket, "id": "nightly"})
		return found
	},
	"resource and action `cos_bucket_inventory_run`": func(w *world, p *protocol) []finding {
		w.Intercept(func(r fakecos.Request) *fakecos.Fault {
			if r.Op == getObject && len(w.Runs(testBucket)) > 0 {
				w.Deliver()
			}
			return nil
		})
		_, found := p.invoke(object{"bucket": testBucket, "job_id": "nightly", "id": "once", "wait_for_report": true})
		return found
	},
}

// demanded are actions that no call of the provider shows: what COS itself demands of the caller of
// the five calls, and what the vendor's page about LIST demands.
func demanded(called permissions) permissions {
	var more permissions
	if slices.Contains(called.source, opPut) || slices.Contains(called.source, opPost) {
		more.destination = []string{"PutObject"}
	}
	if slices.Contains(called.source, opList) {
		more.source = []string{opGet}
	}
	return more
}

// TestPermissions: each operation calls what its row of the table names, and nothing else.
func TestPermissions(t *testing.T) {
	t.Parallel()
	rows := permissionRows(t)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(tasks)), slices.Sorted(maps.Keys(rows))); diff != "" {
		t.Fatalf("tasks -, rows +:\n%s", diff)
	}
	for name, task := range tasks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.Seed(testBucket, "nightly", nightlyDocument)
			p := w.configured()
			allowed := rows[name]
			for _, op := range cos.Operations() {
				for bucket, actions := range map[string][]string{testBucket: allowed.source, testDestinationBucket: allowed.destination} {
					if !slices.Contains(actions, string(op)) {
						w.Inject(fakecos.Fault{Op: string(op), Bucket: bucket, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
					}
				}
			}
			for _, finding := range task(w, p) {
				t.Errorf("with what the row names: %+v", finding)
			}
			var called permissions
			for _, r := range w.Requests() {
				switch r.Bucket {
				case testBucket:
					called.source = append(called.source, r.Op)
				case testDestinationBucket:
					called.destination = append(called.destination, r.Op)
				default:
					called.account = append(called.account, r.Op)
				}
			}
			if diff := cmp.Diff(called.plus(demanded(called)), allowed, cmp.AllowUnexported(permissions{})); diff != "" {
				t.Errorf("called -, named +:\n%s", diff)
			}
		})
	}
}

// permissionRows are the rows of the table of permissions. One that says "also" has those of the row
// before it, too.
func permissionRows(t *testing.T) map[string]permissions {
	t.Helper()
	action := regexp.MustCompile("`name/cos:([A-Za-z]+)`")
	named := func(cell string) (actions []string) {
		for _, match := range action.FindAllStringSubmatch(cell, -1) {
			actions = append(actions, match[1])
		}
		return actions
	}
	rows := map[string]permissions{}
	var last permissions
	for line := range strings.Lines(indexSection(t, "Permissions")) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 3 || !strings.Contains(cells[1], "`name/cos:") {
			continue
		}
		row := permissions{source: named(cells[1]), destination: named(cells[2])}
		if strings.Contains(cells[1], "on all resources") {
			row.source, row.account = row.account, row.source
		}
		if strings.HasPrefix(cells[1], "also ") {
			row = row.plus(last)
		}
		last = row.plus(permissions{})
		rows[strings.TrimPrefix(cells[0], "| ")] = last
	}
	return rows
}

// TestPolicy: the policy allows what the table names, bucket by bucket, and each page shows it.
func TestPolicy(t *testing.T) {
	t.Parallel()
	var whole, allowed permissions
	for _, row := range permissionRows(t) {
		whole = whole.plus(row)
	}
	for _, statement := range statements(t, readText(t, callerPolicy)) {
		actions := make([]string, len(statement.Action))
		for i, action := range statement.Action {
			actions[i] = strings.TrimPrefix(action, "name/cos:")
		}
		switch strings.Join(statement.Resource, " ") {
		case "qcs::cos:" + testRegion + ":uid/1250000000:" + testBucket + "/*":
			allowed = allowed.plus(permissions{source: actions})
		case "qcs::cos:" + testRegion + ":uid/1250000000:" + testDestinationBucket + "/*":
			allowed = allowed.plus(permissions{destination: actions})
		case "*":
			allowed = allowed.plus(permissions{account: actions})
		default:
			t.Errorf("a statement about %q", statement.Resource)
		}
	}
	if diff := cmp.Diff(whole, allowed, cmp.AllowUnexported(permissions{})); diff != "" {
		t.Errorf("the table's -, the policy's +:\n%s", diff)
	}
	expectContains(t, "../../docs/index.md", strings.TrimSpace(readText(t, callerPolicy)))
	expectContains(t, "../../docs/guides/getting-started.md", strings.TrimSpace(readText(t, rolePolicy)))
}

// TestPolicy_example: the role of the complete example has the same policy.
func TestPolicy_example(t *testing.T) {
	t.Parallel()
	context := &hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}}
	for _, block := range parsedBlocks(t, readText(t, examplesFolder+"/guides/complete/tencentcloud.tf"), "resource") {
		if block.Labels[0] != "tencentcloud_cam_role" {
			continue
		}
		document, diags := block.Body.Attributes["document"].Expr.Value(context)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if diff := cmp.Diff(decodedJSON(t, readText(t, rolePolicy)), decodedJSON(t, document.AsString())); diff != "" {
			t.Errorf("%s -, the example's role +:\n%s", rolePolicy, diff)
		}
		return
	}
	t.Error("the example has no role")
}

type policyStatement struct {
	Action   []string `json:"action"`
	Resource []string `json:"resource"`
}

func statements(t *testing.T, policy string) []policyStatement {
	t.Helper()
	var document struct {
		Statement []policyStatement `json:"statement"`
	}
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		t.Fatal(err)
	}
	return document.Statement
}

func decodedJSON(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.NewDecoder(bytes.NewBufferString(text)).Decode(&value); err != nil {
		t.Fatalf("%v: %q", err, text)
	}
	return value
}
