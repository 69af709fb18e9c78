// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	examplesFolder  = "../../examples"
	exampleProvider = "provider/provider.tf"
	exampleFolder   = "resources/cos_bucket_inventory/"
	exampleWeekly   = "cos_bucket_inventory.weekly"
	findJobs        = "guides/find/main.tf"
	allJobs         = "guides/whole-account/main.tf"
)

// exampleCase uses files of the examples as the documentation tells its readers.
type exampleCase struct {
	files []string
	try   func(e *example)
}

// exampleCases are separate runs of a CLI. What a CLI is too old for, it has to refuse by name; the
// tests of the provider's protocol show it on any CLI.
func exampleCases() map[string]exampleCase {
	return map[string]exampleCase{
		"provider":                {nil, (*example).tryProvider},
		"resource":                {[]string{exampleFolder + "resource.tf"}, (*example).tryResource},
		"import by id":            {[]string{exampleFolder + "resource.tf", exampleFolder + "import-by-string-id.tf"}, (*example).tryImportByID},
		"import by identity":      {[]string{exampleFolder + "resource.tf", exampleFolder + "import-by-identity.tf"}, (*example).tryImportByIdentity},
		"import by command":       {[]string{exampleFolder + "resource.tf", exampleFolder + "import.sh"}, (*example).tryImportByCommand},
		"data source":             {[]string{"data-sources/cos_bucket_inventory/data-source.tf"}, (*example).tryDataSource},
		"data source of all":      {[]string{"data-sources/cos_bucket_inventories/data-source.tf"}, (*example).tryDataSourceOfAll},
		"data source of reports":  {[]string{"data-sources/cos_bucket_inventory_report/data-source.tf"}, (*example).tryReport},
		"list resource":           {[]string{"list-resources/cos_bucket_inventory/list-resource.tfquery.hcl"}, (*example).tryQuery},
		"action":                  {[]string{"actions/cos_bucket_inventory_run/action.tf"}, (*example).tryAction},
		"action before a purge":   {[]string{"actions/cos_bucket_inventory_run/before-purge.tf"}, (*example).tryActionBeforePurge},
		"action before a destroy": {[]string{"actions/cos_bucket_inventory_run/before-destroy.tf"}, (*example).tryActionBeforeDestroy},
		"run":                     {[]string{"resources/cos_bucket_inventory_run/resource.tf"}, (*example).tryRun},
		"functions": {[]string{
			"functions/bucket_qcs/function.tf", "functions/parse_bucket_qcs/function.tf", "functions/inventory_report_prefix/function.tf",
		}, (*example).tryFunctions},
		"moving":            {[]string{"guides/moving/main.tf"}, (*example).tryMoving},
		"regions":           {[]string{"guides/regions/main.tf"}, (*example).tryRegions},
		"watching delivery": {[]string{"guides/watching-delivery/main.tf"}, (*example).tryWatching},
		"complete":          {[]string{"guides/complete/tencentcloud.tf", "guides/complete/jobs.tf"}, (*example).tryComplete},
		"whole account":     {[]string{findJobs, allJobs}, (*example).tryWholeAccount},
		"split":             {[]string{findJobs, allJobs, "split/jobs/main.tf", "split/part/main.tf", "split/removed.tf"}, (*example).trySplit},
		"policy": {[]string{
			"policy/jobs.tf", "policy/checks.tf", "policy/rules.tftest.hcl", "policy/mock.tftest.hcl", "policy/refused.tfvars",
		}, (*example).tryPolicy},
		"query a report":      {[]string{"guides/query/main.tf"}, (*example).tryQueryReport},
		"every bucket":        {[]string{findJobs, "guides/every-bucket/main.tf"}, (*example).tryEveryBucket},
		"query of an account": {[]string{"guides/whole-account/jobs.tfquery.hcl"}, (*example).tryAccountQuery},
		"accounts":            {[]string{"guides/accounts/main.tf"}, (*example).tryAccounts},
		"authentication": {[]string{
			"guides/authentication/accounts.tf", "guides/authentication/instance.tf", "guides/authentication/keys.tf", "guides/authentication/private-cloud.tf",
			"guides/authentication/profile.tf", "guides/authentication/role.tf", "guides/authentication/web-identity.tf",
		}, (*example).tryAuthentication},
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{
		exampleProvider: true, // by every case
		"demo/demo.sh":  true, // by make demo

		"guides/query/queries.sql": true, // by make interop
		"policy/rules.rego":        true, // by make policy-check

		"guides/getting-started/main.tf": true, // by TestGettingStarted
		"split/plan.yml":                 true, // by make lint

		strings.TrimPrefix(callerPolicy, examplesFolder+"/"): true, // by TestPermissions and TestPolicy
		strings.TrimPrefix(rolePolicy, examplesFolder+"/"):   true, // COS's own
	}
	for name, c := range exampleCases() {
		for _, file := range c.files {
			tried[file] = true
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newExample(t, c.files)
			c.try(e)
			if len(*e.files) > 0 {
				t.Errorf("not used: %q", *e.files)
			}
		})
	}
	err := fs.WalkDir(os.DirFS(examplesFolder), ".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !tried[file] {
			t.Errorf("nothing tries examples/%s", file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// example is a case under way. Its CLI's folder holds the provider's example, from which alone the
// provider knows its region.
type example struct {
	testing.TB
	*cli
	world *world
	files *[]string // not used yet
}

func newExample(t *testing.T, files []string) *example {
	t.Helper()
	w := newWorld(t, fakecos.Options{AccountID: testAccount, RunDelay: time.Millisecond, Roles: []fakecos.Role{
		{ARN: "qcs::cam::uin/100000000001:roleName/inventory", CVM: true},
		{ARN: "qcs::cam::uin/100000000002:roleName/inventory", ExternalID: "archive-team"},
		{ARN: "qcs::cam::uin/100000000001:roleName/pipeline", Identities: []fakecos.Identity{{ProviderID: "gitlab", Token: webToken}}},
	}})
	e := &example{TB: t, cli: newCLI(t, w), world: w, files: new(slices.Concat(files, []string{exampleProvider}))}
	e.env = append(e.env, envRegion+"=")
	e.write("versions.tf", e.use(exampleProvider))
	return e
}

// within is the same case in a directory below the CLI's.
func (e *example) within(name string) *example {
	e.Helper()
	below := *e.cli
	below.dir = filepath.Join(e.dir, name)
	if err := os.MkdirAll(below.dir, 0o700); err != nil {
		e.Fatal(err)
	}
	return &example{TB: e.TB, cli: &below, world: e.world, files: e.files}
}

// use returns a file of the examples.
func (e *example) use(file string) string {
	e.Helper()
	i := slices.Index(*e.files, file)
	if i < 0 {
		e.Fatalf("%s is not among the files of this case", file)
	}
	*e.files = slices.Delete(*e.files, i, i+1)
	content, err := os.ReadFile(filepath.Join(examplesFolder, filepath.FromSlash(file)))
	if err != nil {
		e.Fatal(err)
	}
	return string(content)
}

// put puts a file of the examples into the CLI's folder.
func (e *example) put(file string) {
	e.Helper()
	e.write(path.Base(file), e.use(file))
}

// expect runs the CLI, which has to succeed and to say what is wanted.
func (e *example) expect(want string, args ...string) {
	e.Helper()
	if output := e.mustRun(append(args, "-no-color")...); !strings.Contains(unwrapped(output), want) {
		e.Errorf("%q does not say %q:\n%s", args, want, output)
	}
}

// expectRefused runs a CLI that is too old, which has to say of what.
func (e *example) expectRefused(want string, args ...string) {
	e.Helper()
	if code, output := e.run(append(args, "-no-color")...); code == 0 || !strings.Contains(unwrapped(output), want) {
		e.Errorf("%q: exit code %d, and it does not say %q:\n%s", args, code, want, output)
	}
}

func (e *example) expectNoChange() {
	e.Helper()
	e.mustRun("plan", "-detailed-exitcode", "-no-color")
}

// outputs are the values of all outputs, as JSON.
func (e *example) outputs() map[string]string {
	e.Helper()
	var all map[string]struct{ Value json.RawMessage }
	if err := json.Unmarshal([]byte(e.mustRun("output", "-json")), &all); err != nil {
		e.Fatal(err)
	}
	values := map[string]string{}
	for name, output := range all {
		var value bytes.Buffer
		if err := json.Compact(&value, output.Value); err != nil {
			e.Fatal(err)
		}
		values[name] = value.String()
	}
	return values
}

func (e *example) expectOutputs(want map[string]string) {
	e.Helper()
	if diff := cmp.Diff(want, e.outputs()); diff != "" {
		e.Errorf("outputs -want, +got:\n%s", diff)
	}
}

func (e *example) apply() { e.mustRun("apply", "-auto-approve", "-no-color") }

func (e *example) tryProvider() {
	e.expect("The configuration is valid", "validate")
	e.expectNoChange()
}

// tryResource also shows drift: the README has this plan.
func (e *example) tryResource() {
	e.put(exampleFolder + "resource.tf")
	e.apply()
	e.expectNoChange()
	if jobs := e.world.Jobs(testBucket); !slices.Equal(jobs, []string{"audit", "weekly"}) {
		e.Errorf("COS holds %q", jobs)
	}
	e.world.edit("audit", "<IsEnabled>true<", "<IsEnabled>false<")
	if shown, want := e.mustRun("plan", "-no-color"), readmeBlock(e, "\n$ terraform plan"); !strings.Contains(shown, want) {
		e.Errorf("the plan does not show\n%s\nbut\n%s", want, shown)
	}
}

// putForImport puts the example's resources into the CLI's folder, and one of them into COS.
func (e *example) putForImport() {
	e.Helper()
	e.put(exampleFolder + "resource.tf")
	e.world.Seed(testBucket, "weekly", wireJob{schedule: "<Frequency>Weekly</Frequency>"}.document("weekly"))
}

func (e *example) expectWeeklyImported() {
	e.Helper()
	e.expect("1 imported, 1 added, 0 changed, 0 destroyed", "apply", "-auto-approve")
	e.expectNoChange()
	e.world.expectWrites(e, 1, 0) // of the other one
}

func (e *example) tryImportByID() {
	e.putForImport()
	e.put(exampleFolder + "import-by-string-id.tf")
	e.expectWeeklyImported()
}

func (e *example) tryImportByIdentity() {
	e.putForImport()
	e.put(exampleFolder + "import-by-identity.tf")
	if !e.has(12, 12) {
		e.expectRefused(`An argument named "identity" is not expected here`, "validate")
		return
	}
	e.expectWeeklyImported()
}

func (e *example) tryImportByCommand() {
	e.putForImport()
	imported := 0
	for line := range strings.Lines(e.use(exampleFolder + "import.sh")) {
		command := strings.Fields(line)
		if len(command) == 0 || command[0] == "#" {
			continue
		}
		if !slices.Equal(command[:2], []string{"terraform", "import"}) {
			e.Fatalf("not an import: %s", line)
		}
		e.write("terraform.tfstate", "")
		region := testRegion
		if _, named, ok := strings.Cut(line, "@"); ok {
			region = strings.TrimSpace(named)
		}
		e.world.AddBucket(region, testBucket)
		e.mustRun(command[1:]...)
		if show := e.mustRun("state", "show", "-no-color", exampleWeekly); !strings.Contains(show, `"`+region+`"`) {
			e.Errorf("%s imported another region's:\n%s", line, show)
		}
		if region == testRegion {
			e.mustRun("plan", "-detailed-exitcode", "-no-color", "-target="+exampleWeekly)
		}
		imported++
	}
	if imported != 2 {
		e.Errorf("%d imports", imported)
	}
	e.world.expectWrites(e, 0, 0)
}

func (e *example) tryDataSource() {
	e.put("data-sources/cos_bucket_inventory/data-source.tf")
	e.world.Seed(testBucket, "weekly", wireJob{prefix: "inventory"}.document("weekly"))
	e.apply()
	e.expectOutputs(map[string]string{"reports": `"` + testDestination + `/inventory/1250000000/examplebucket/weekly/"`})
}

func (e *example) tryDataSourceOfAll() {
	e.put("data-sources/cos_bucket_inventories/data-source.tf")
	e.world.Seed(testBucket, "on", wireJob{}.document("on"))
	e.world.Seed(testBucket, "off", wireJob{disabled: true}.document("off"))
	e.apply()
	e.expectOutputs(map[string]string{"disabled": `["off"]`})
}

func (e *example) tryQuery() {
	e.put("list-resources/cos_bucket_inventory/list-resource.tfquery.hcl")
	e.world.Seed(testBucket, "daily", wireJob{}.document("daily"))
	e.world.Seed(testBucket, "off", wireJob{disabled: true}.document("off"))
	if !e.has(14, never) {
		e.expectRefused(`no command named "query"`, "query")
		return
	}
	shown := e.mustRun("query", "-no-color")
	for _, job := range []string{"daily", "off"} {
		if !strings.Contains(shown, testBucket+"/"+job) {
			e.Errorf("the query does not show %s:\n%s", job, shown)
		}
	}
	e.expectQueryImports(2)
}

// expectQueryImports applies what a query generates.
func (e *example) expectQueryImports(jobs int) {
	e.Helper()
	e.mustRun("query", "-no-color", "-generate-config-out=jobs.tf")
	e.expect(fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", jobs), "plan")
	e.expect(fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", jobs), "apply", "-auto-approve")
	e.expectNoChange()
	e.world.expectWrites(e, 0, 0)
}

func (e *example) tryAction() {
	e.put("actions/cos_bucket_inventory_run/action.tf")
	if !e.has(14, never) {
		e.expectRefused(`Blocks of type "action" are not expected here`, "validate")
		return
	}
	e.mustRun("apply", "-auto-approve", "-no-color", "-invoke=action.cos_bucket_inventory_run.now")
	runs := e.world.Runs(testBucket)
	if len(runs) != 1 || !strings.Contains(runs[0].Document, "<Id>before-migration</Id>") {
		e.Errorf("COS has run %v", runs)
	}
	e.world.Seed(testBucket, "weekly", wireJob{}.document("weekly"))
	e.expect("The report of the inventory", "apply", "-auto-approve", "-invoke=action.cos_bucket_inventory_run.weekly_now")
}

// purge is the example's command that deletes objects.
const purge = "coscli rm cos://examplebucket-1250000000/tmp/ --recursive --force"

func (e *example) tryActionBeforePurge() {
	e.write("main.tf", strings.Replace(e.use("actions/cos_bucket_inventory_run/before-purge.tf"), purge, "echo purging", 1))
	if !e.has(14, never) {
		e.expectRefused(`Blocks of type "action" are not expected here`, "validate")
		return
	}
	e.expect("(local-exec): purging", "apply", "-auto-approve")
	if runs := e.world.Runs(testBucket); len(runs) != 1 || runs[0].ID != "before-purge-2026-11" {
		e.Errorf("COS has run %v", runs)
	}
	// Without the report, nothing is purged.
	e.world.Inject(fakecos.Fault{Op: string(cos.PostInventory), Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	if code, output := e.run("apply", "-auto-approve", "-no-color", "-var=purge=2026-12"); code == 0 || strings.Contains(output, "(local-exec)") {
		e.Errorf("exit code %d:\n%s", code, output)
	}
}

func (e *example) tryActionBeforeDestroy() {
	e.put("actions/cos_bucket_inventory_run/before-destroy.tf")
	if !e.has(16, never) {
		e.expectRefused("not expected here", "validate")
		return
	}
	e.apply()
	e.mustRun("destroy", "-auto-approve", "-no-color")
	if runs := e.world.Runs(testBucket); len(runs) != 1 || !strings.HasPrefix(runs[0].ID, "daily_instant_") || len(e.world.Jobs(testBucket)) != 0 {
		e.Errorf("COS has run %v, and holds %q", runs, e.world.Jobs(testBucket))
	}
	// Without the report, the job goes all the same.
	e.apply()
	e.world.Inject(fakecos.Fault{Op: string(cos.PostInventory), Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	e.expect("Unable to Run COS Bucket Inventory", "destroy", "-auto-approve")
	if jobs := e.world.Jobs(testBucket); len(jobs) != 0 {
		e.Errorf("COS holds %q", jobs)
	}
}

func (e *example) tryRun() {
	e.put("resources/cos_bucket_inventory_run/resource.tf")
	e.world.Seed(testBucket, "weekly", wireJob{}.document("weekly"))
	e.apply()
	e.expectNoChange()
	runs := e.world.Runs(testBucket)
	if len(runs) != 2 {
		e.Fatalf("COS has run %v", runs)
	}
	if manifest := e.mustRun("output", "-raw", "weekly_manifest"); !strings.HasSuffix(manifest, "/manifest.json") {
		e.Errorf("the manifest is %q", manifest)
	}
	e.mustRun("apply", "-auto-approve", "-no-color", "-var=release=2026-12")
	e.mustRun("destroy", "-auto-approve", "-no-color")
	if runs := e.world.Runs(testBucket); len(runs) != 4 {
		e.Errorf("COS has run %v", runs)
	}
}

func (e *example) tryReport() {
	e.put("data-sources/cos_bucket_inventory_report/data-source.tf")
	e.world.Seed(testBucket, "weekly", wireJob{}.document("weekly"))
	e.apply()
	e.expectOutputs(map[string]string{"manifest": `{"etag":null,"qcs":null}`})
	key := e.world.Deliver()[0].ManifestKey
	manifest, _ := e.world.Object(testDestinationBucket, key)
	e.apply()
	e.expectOutputs(map[string]string{
		"newest_report": fmt.Sprintf("%q", key),
		"manifest":      fmt.Sprintf(`{"etag":%q,"qcs":%q}`, checksumOf(manifest.Content), "qcs::cos:"+testRegion+":uid/1250000000:"+testDestinationBucket+"/"+key),
	})
}

// tryFunctions compares the examples' outputs with what their first lines promise.
func (e *example) tryFunctions() {
	promises := map[string]string{}
	var all string
	for len(*e.files) > 0 {
		content := e.use((*e.files)[0])
		promise, rest, _ := strings.Cut(strings.TrimPrefix(content, "# "), "\n")
		promises[strings.Split(rest, `"`)[1]] = promise
		all += content
	}
	e.write("functions.tf", all)
	e.apply()
	e.expectOutputs(promises)
	if requests := e.world.Requests(); len(requests) > 0 {
		e.Errorf("%d requests were sent", len(requests))
	}
}
