// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// ignore_changes keeps values of the state, which may not fit the new ones of the configuration.
// Such a plan is refused, once, and nothing is sent. The job as it is stays acceptable.
func TestBucketInventoryResource_ignoreChanges(t *testing.T) {
	t.Parallel()
	ignored := func(name string) string { return "lifecycle {\n ignore_changes = [" + name + "]\n }" }
	for name, test := range map[string]struct {
		before, after []string
		ignored, want string
	}{
		"frequency": {
			[]string{`schedule = { frequency = "Weekly" }`},
			[]string{`schedule = { frequency = "Monthly", monthly_date = 3 }`},
			"schedule.frequency", "schedule.monthly_date: A Weekly job takes no monthly_date",
		},
		"day": {
			[]string{`schedule = { frequency = "Weekly" }`},
			[]string{`schedule = { frequency = "Monthly", monthly_date = 3 }`},
			"schedule.monthly_date", "schedule.monthly_date: A Monthly job needs monthly_date",
		},
		"fields": {
			[]string{`optional_fields = ["Size"]`},
			[]string{`optional_fields = ["Tag"]`, `filter = { tags = { a = "b" } }`},
			"optional_fields", `A filter by tags needs "Tag" in optional_fields`,
		},
		"end of a period": {
			[]string{`filter = { period = { start_time = 1, end_time = 5 } }`},
			[]string{`filter = { period = { start_time = 6, end_time = 9 } }`},
			"filter.period.end_time", "filter.period.end_time: The period ends at 5, which is not after its start at 6",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			c := newCLI(t, w)
			c.write("main.tf", jobConfig(test.before...))
			c.mustRun("apply", "-no-color", "-auto-approve")
			c.write("main.tf", jobConfig(append(test.after, ignored(test.ignored))...))
			code, output := c.run("apply", "-no-color", "-auto-approve")
			output = unwrapped(output)
			if code == 0 || strings.Count(output, "Error: ") != 1 || strings.Count(output, test.want) != 1 || !strings.Contains(output, "ignore_changes keeps some") {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			w.expectWrites(t, 1, 0)
		})
	}
}

// A job of another client that breaks a rule is no mistake of a configuration that leaves it alone.
func TestBucketInventoryResource_rulesOfUnchangedJob(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	odd := storedJob(object{"filter": object{"tags": object{"a": "b"}}, "optional_fields": []any{"Size"}})
	withTimeouts := maps.Clone(odd)
	withTimeouts["timeouts"] = object{"create": "5m"}
	for _, config := range []object{odd, withTimeouts} {
		expectFindings(t, findings(t, p.plan(odd, config, nil).Diagnostics))
	}
	changed := maps.Clone(odd)
	changed["is_enabled"] = false
	expectFindings(t, findings(t, p.plan(odd, changed, nil).Diagnostics),
		finding{path: "optional_fields", summary: "Missing Report Field", detail: "ignore_changes keeps some"})
}
