// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Mistakes that Terraform itself finds, or only a configured provider, stop a plan as well as the
// others do.
func TestBucketInventoryResource_mistakesStopPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	var steps []resource.TestStep
	for _, mistake := range []struct{ line, want string }{
		{`destination = { bucket = "reports-1250000000" }`, `"qcs::cos:ap-guangzhou::reports-1250000000"\s+instead\s+of\s+"reports-1250000000"`},
		{`filter = { period = { start_time = 1.5 } }`, `start_time`},
		{`optional_fields = ["Size", ""]`, `"":\s+the\s+text\s+is\s+empty`},
		{`id = "nightly&delete"`, `"nightly&delete":\s+an\s+inventory\s+job's\s+id\s+consists\s+of\s+one\s+or\s+more\s+letters`},
	} {
		name, _, _ := strings.Cut(mistake.line, " ")
		steps = append(steps, resource.TestStep{
			Config: jobConfig(mistake.line), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)Error: .*` + name + `.*` + mistake.want),
		})
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: w.factories(), Steps: steps})
	if requests := w.Requests(); len(requests) > 0 {
		t.Errorf("requests were sent: %v", requests)
	}
}

// Whatever can be known only after an apply may be, the whole job included.
func TestBucketInventoryResource_unknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	const job = `
resource "terraform_data" "later" {
  input = {
    bucket      = "examplebucket-1250000000"
    id          = "nightly"
    region      = "ap-guangzhou"
    versions    = "All"
    filter      = { prefix = "a/", tags = { team = "a" }, storage_class = null, period = { start_time = 1, end_time = null } }
    fields      = ["Tag"]
    schedule    = { frequency = "Monthly", monthly_date = 15 }
    destination = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000", account_id = null, prefix = null, format = null, encryption = { sse_cos = {} } }
    timeouts    = { create = "1m", read = null, update = null, delete = null }
  }
}
`
	later := func(name string) string { return name + " = terraform_data.later.output." + name }
	whole := job + jobConfig(
		later("bucket"), later("id"), later("region"), later("filter"), later("schedule"), later("destination"), later("timeouts"),
		"included_object_versions = terraform_data.later.output.versions", "optional_fields = toset(terraform_data.later.output.fields)",
	)
	unknown := func(path tfjsonpath.Path) plancheck.PlanCheck { return plancheck.ExpectUnknownValue(testAddress, path) }
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{{
			Config: whole,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				unknown(tfjsonpath.New("region")), unknown(tfjsonpath.New("filter")), unknown(tfjsonpath.New("destination")), unknown(tfjsonpath.New("report_prefix")),
			}},
			ConfigStateChecks: expectState(testAddress, "nightly", members{
				"included_object_versions": text("All"),
				"filter": filterState(members{
					"prefix": text("a/"), "tags": knownvalue.MapExact(members{"team": text("a")}),
					"period": knownvalue.ObjectExact(members{"start_time": number(1), "end_time": knownvalue.Null()}),
				}),
				"optional_fields": textSet("Tag"),
				"schedule":        scheduleState(members{"frequency": text("Monthly"), "monthly_date": number(15)}),
				"destination":     destinationState(members{"encryption": knownvalue.ObjectExact(members{"sse_cos": knownvalue.ObjectExact(nil)})}),
				"timeouts":        knownvalue.ObjectExact(members{"create": text("1m"), "read": knownvalue.Null(), "update": knownvalue.Null(), "delete": knownvalue.Null()}),
			}),
		}},
	})
	w.expectWritten(t, "nightly", wireJob{
		versions: "All", fields: "<Field>Tag</Field>", schedule: "<Frequency>Monthly</Frequency><MonthlyDate>15</MonthlyDate>", encrypted: true,
		filter: "<And><Prefix>a/</Prefix><Tag><Key>team</Key><Value>a</Value></Tag></And><Period><StartTime>1</StartTime></Period>",
	})
}

// A check that an unknown value put off is made up for before anything is sent.
func TestBucketInventoryResource_unknownMistake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{{
			Config: `resource "terraform_data" "later" { input = "reports-1250000000" }` + "\n" +
				jobConfig(`destination = { bucket = terraform_data.later.output }`),
			ExpectError: regexp.MustCompile(`(?s)Error running apply.*"qcs::cos:ap-guangzhou::reports-1250000000"\s+instead\s+of\s+"reports-1250000000"`),
		}},
	})
	w.expectWrites(t, 0, 0)
}

// The service grows faster than providers: what this one does not know is sent.
func TestBucketInventoryResource_undocumented(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{ExtraFields: []string{"Owner"}})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{
				Config:            jobConfig(`optional_fields = ["Owner"]`),
				ConfigStateChecks: expectState(testAddress, "nightly", members{"optional_fields": textSet("Owner")}),
			},
			{
				Config:      jobConfig(fmt.Sprintf(`destination = { bucket = %q, format = "Parquet" }`, testDestination)),
				ExpectError: regexp.MustCompile(`(?s)InvalidArgument.*Parquet`),
			},
		},
	})
	w.expectWritten(t, "nightly", wireJob{fields: "<Field>Owner</Field>"}, wireJob{format: "Parquet"})
}

// Every character that a document can hold comes back as it was sent. Texts are composed (NFC):
// Terraform itself makes them so.
func TestBucketInventoryResource_hostileValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	values := []string{
		`</Prefix></Filter><Filter>`, `&delete&id=other`, `&amp;&#x0;`, `../..//..`, `]]><![CDATA[`, `"'<!-- ?>`, ` lead and trail `, "\t\r\n",
		"日志/🪣/é", "é\u202e\ufeff", `%2F%00`, `${path}%{if}`, strings.Repeat("长", 262) + "a",
	}
	ids := []string{"..", ".", "-", "_.", strings.Repeat("x", 1024)}
	var step resource.TestStep
	for i, value := range values {
		name := fmt.Sprintf("value%d", i)
		quoted := hclQuote(value)
		step.Config += namedJobConfig(
			name, name,
			fmt.Sprintf(`filter = { prefix = %s, tags = { %s = %[1]s, "key" = "" } }`, quoted, "("+quoted+")"),
			`optional_fields = ["Tag"]`,
			fmt.Sprintf("destination = { bucket = %q, prefix = %s }", testDestination, quoted),
		)
		step.ConfigStateChecks = append(step.ConfigStateChecks, expectState("cos_bucket_inventory."+name, name, members{
			"filter":          filterState(members{"prefix": text(value), "tags": knownvalue.MapExact(members{value: text(value), "key": text("")})}),
			"optional_fields": textSet("Tag"),
			"destination":     destinationState(members{"prefix": text(value)}),
			"report_prefix":   knownvalue.NotNull(),
		})...)
	}
	for i, id := range ids {
		step.Config += namedJobConfig(fmt.Sprintf("id%d", i), id)
	}
	step.PostApplyFunc = func() {
		for _, id := range ids {
			if !slices.Contains(w.Jobs(testBucket), id) {
				t.Errorf("COS holds no job %q", id)
			}
		}
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: w.factories(), Steps: []resource.TestStep{step}})
	w.expectWrites(t, len(values)+len(ids), len(values)+len(ids))
}

// hclQuote writes a text so that a configuration means it literally.
func hclQuote(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(fmt.Sprintf("%q", s))
}
