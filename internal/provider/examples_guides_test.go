// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// tryWatching applies a job with a check, which warns until the first report is there, and again when
// the newest one is too old.
func (e *example) tryWatching() {
	e.put("guides/watching-delivery/main.tf")
	e.expect("The job has delivered no inventory report yet.", "apply", "-auto-approve")
	e.world.Deliver()
	output := unwrapped(e.mustRun("plan", "-no-color"))
	if !strings.Contains(output, "0 to add, 0 to change, 0 to destroy") || strings.Contains(output, "The job has delivered") || strings.Contains(output, "The newest inventory report") {
		e.Errorf("with a report, the plan warns or changes the job:\n%s", output)
	}
	late := time.Now().Add(-27 * time.Hour)
	for _, key := range e.world.Objects(testDestinationBucket) {
		object, _ := e.world.Object(testDestinationBucket, key)
		object.Modified = late
		e.world.PutObject(testDestinationBucket, object)
	}
	e.expect("The newest inventory report is of "+late.UTC().Format(time.RFC3339)+": the next one is late.", "plan")
	e.world.expectWrites(e, 1, 0)
}

// tryComplete runs what is this provider's, with constants in place of the other provider's
// resources.
func (e *example) tryComplete() {
	others, jobs := e.use("guides/complete/tencentcloud.tf"), e.use("guides/complete/jobs.tf")
	variables := regexp.MustCompile(`(?ms)^variable "\w+" \{.*?^\}\n`).FindAllString(others, -1)
	jobs += strings.Join(variables, "")
	depends := "  # Without the role, COS accepts the job and never delivers.\n  depends_on = [tencentcloud_cam_role_policy_attachment_by_name.cos]\n"
	name := "tencentcloud_cos_bucket.reports.bucket"
	if !strings.Contains(jobs, depends) || !strings.Contains(jobs, name) || !strings.Contains(others, `bucket = "reports-${local.appid}"`) {
		e.Fatal("the two files do not belong together")
	}
	e.write("main.tf", strings.NewReplacer(depends, "", name, `"`+testDestinationBucket+`"`).Replace(jobs))
	e.apply()
	e.expectNoChange()
}

// find follows the guide that writes what the account has into a file.
func (e *example) find(options, output string) (file string) {
	e.Helper()
	find := e.within("find")
	find.write("versions.tf", e.read("versions.tf"))
	find.write("main.tf", strings.Replace(e.use(findJobs), "{\n", "{\n"+options, 1))
	find.apply()
	return find.mustRun("output", "-raw", output)
}

// tryWholeAccount follows the guide: a directory finds the jobs, a file keeps them, and an import
// block brings them under Terraform. No result of a LIST then plans a change.
func (e *example) tryWholeAccount() {
	e.seedAccount()
	jobs := e.find("", "jobs")
	if lines := strings.Count(jobs, "\n\"archive-1250000000/"); lines != 2 {
		e.Errorf("%d lines of 2 jobs:\n%s", lines, jobs)
	}
	e.write("jobs.json", jobs)
	content := e.use(allJobs)
	e.write("main.tf", content)
	e.expect("3 imported, 0 added, 0 changed, 0 destroyed", "apply", "-auto-approve")

	before, rest, _ := strings.Cut(content, "import {")
	_, resource, _ := strings.Cut(rest, "\n}\n")
	e.write("main.tf", before+resource)
	e.expectNoChange()

	// One job is in no listing, and then none is.
	for _, listing := range []string{listingOf(wireJob{}.document("plain")), listingOf()} {
		e.world.Inject(fakecos.Fault{Op: string(cos.ListInventories), Body: &listing})
		e.expectNoChange()
		e.world.ClearFaults()
	}
	e.world.expectWrites(e, 0, 0)

	// Drift shows.
	e.world.Seed("archive-1250000000", "weekly", wireJob{disabled: true, bucket: secondDestination}.document("weekly"))
	e.expect("0 to add, 1 to change, 0 to destroy", "plan")
}

// seedAccount puts jobs of many shapes into buckets of two regions.
func (e *example) seedAccount() {
	e.world.AddBucket(secondRegion, "archive-1250000000")
	e.world.Seed(testBucket, "weekly", wireJob{}.document("weekly"))
	e.world.Seed("archive-1250000000", "weekly", wireJob{bucket: secondDestination}.document("weekly"))
	e.world.Seed("archive-1250000000", "monthly", wireJob{
		disabled: true, versions: "All", schedule: "<Frequency>Monthly</Frequency><MonthlyDate>3</MonthlyDate>",
		filter: "<And><Prefix>${a}/%{if}\"&lt;</Prefix><Tag><Key>team</Key><Value>x</Value></Tag></And><Period><StartTime>1</StartTime></Period>",
		fields: "<Field>Size</Field><Field>Tag</Field>", account: "100000000001", prefix: "p", encrypted: true, bucket: secondDestination,
	}.document("monthly"))
}

// trySplit moves the jobs of one state into a state for each of two regions, side by side, and writes
// nothing to COS.
func (e *example) trySplit() {
	e.seedAccount()
	e.write("jobs.json", e.find("", "jobs"))
	all := e.use(allJobs)
	e.write("main.tf", all)
	e.expect("3 imported, 0 added, 0 changed, 0 destroyed", "apply", "-auto-approve")

	_, resource, _ := strings.Cut(all, "\nresource ")
	e.within("jobs").write("main.tf", e.use("split/jobs/main.tf")+"\nresource "+strings.Replace(resource, "local.jobs", "var.jobs", 1))
	part := e.use("split/part/main.tf")
	var parts sync.WaitGroup
	for region, jobs := range map[string]int{testRegion: 1, secondRegion: 2} {
		at := e.within("parts/" + region)
		at.write("main.tf", part)
		at.mustRun("get", "-no-color")
		parts.Go(func() {
			if code, output := at.run("apply", "-auto-approve", "-no-color"); code != 0 || !strings.Contains(output, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", jobs)) {
				e.Errorf("%s: exit code %d\n%s", region, code, output)
			}
		})
	}
	parts.Wait()
	e.write("main.tf", e.use("split/removed.tf"))
	output := e.mustRun("apply", "-auto-approve", "-no-color")
	if !strings.Contains(output, "0 destroyed") || e.mustRun("state", "list") != "" {
		e.Errorf("the old state keeps jobs, or has destroyed them:\n%s", output)
	}
	for _, region := range []string{testRegion, secondRegion} {
		e.within("parts/" + region).expectNoChange()
	}
	e.world.expectWrites(e, 0, 0)
}

// tryEveryBucket covers an account with empty buckets, a refused one, and one that is made later.
func (e *example) tryEveryBucket() {
	for _, bucket := range []string{"a-1250000000", "b-1250000000", "refused-1250000000"} {
		e.world.AddBucket(testRegion, bucket)
	}
	e.world.Inject(fakecos.Fault{Op: opList, Bucket: "refused-1250000000", Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	buckets := e.find("ignore_inaccessible_buckets = true\n", "buckets")
	e.write("buckets.json", buckets)
	e.put("guides/every-bucket/main.tf")
	e.env = append(e.env, `TF_VAR_excluded=["b-1250000000"]`)
	covered := []string{"a-1250000000", testBucket}
	if output := unwrapped(e.mustRun("apply", "-auto-approve", "-no-color")); !strings.Contains(output, fmt.Sprintf("%d added", len(covered))) ||
		strings.Contains(output, "not in buckets.json") || !strings.Contains(output, "refused-1250000000") {
		e.Errorf("the apply says:\n%s", output)
	}
	for _, bucket := range covered {
		if jobs := e.world.Jobs(bucket); !slices.Equal(jobs, []string{"weekly"}) {
			e.Errorf("%s has %q", bucket, jobs)
		}
	}
	e.world.AddBucket(testRegion, "new-1250000000")
	e.world.Seed("a-1250000000", "by-hand", wireJob{}.document("by-hand"))
	e.world.Seed("b-1250000000", "weekly", wireJob{}.document("weekly"))
	output := unwrapped(e.mustRun("plan", "-no-color"))
	e.write("buckets.json", strings.Replace(buckets, "}", `,"far-1250000000":"ap-shanghai"}`, 1))
	if _, refused := e.run("plan", "-no-color"); !strings.Contains(unwrapped(refused), "destinations has no bucket for region ap-shanghai, where far-1250000000 is.") {
		e.Errorf("the plan says:\n%s", refused)
	}
	for _, want := range []string{"not in buckets.json: new-1250000000.", "not managed here: a-1250000000/by-hand, b-1250000000/weekly.", "No changes."} {
		if !strings.Contains(output, want) {
			e.Errorf("the plan does not say %q:\n%s", want, output)
		}
	}
}

// tryPolicy tests the module by its rules, which another module breaks.
func (e *example) tryPolicy() {
	for len(*e.files) > 0 {
		e.put((*e.files)[0])
	}
	if output := e.mustRun("test", "-no-color"); !strings.Contains(output, "5 passed, 0 failed") ||
		strings.Count(output, "Warning: ") != strings.Count(output, "Warning: Unusual Destination Account") {
		e.Errorf("the tests say:\n%s", output)
	}
	e.world.expectWrites(e, 0, 0) // what they made would be gone by now
	broken := []string{"The reports are not encrypted.", "not in an allowed account", "No enabled job runs every day or every week."}
	for _, command := range []string{"test", "plan"} {
		code, output := e.run(command, "-no-color", "-var-file=refused.tfvars")
		for _, rule := range broken {
			if (code == 0) != (command == "plan") || !strings.Contains(unwrapped(output), rule) {
				e.Errorf("%s: exit code %d, and it does not say %q:\n%s", command, code, rule, output)
			}
		}
	}
}

// tryQueryReport compares the tables with the columns of the report. DuckDB itself reads one in make
// interop.
func (e *example) tryQueryReport() {
	e.put("guides/query/main.tf")
	e.world.Seed(testBucket, "weekly", wireJob{fields: "<Field>Size</Field><Field>x-cos-meta-Team</Field>"}.document("weekly"))
	expectNoReport := func(want string, args ...string) {
		e.Helper()
		if code, output := e.run(append([]string{"plan", "-no-color"}, args...)...); code == 0 || !strings.Contains(output, want) {
			e.Errorf("exit code %d:\n%s", code, output)
		}
	}
	expectNoReport("The job has delivered no report yet.")
	e.world.PutObject(testBucket, fakecos.Object{Key: "a"})
	manifest := e.world.Deliver()[0].ManifestKey
	expectNoReport("The job has delivered no report on 20261101.", "-var=day=20261101")

	// A shell takes a foreign name as it is.
	const odd = "a'; echo b; '$(echo c) d.csv.gz"
	object, _ := e.world.Object(testDestinationBucket, manifest)
	object.Content = regexp.MustCompile(`[0-9a-f]+\.csv\.gz`).ReplaceAllString(object.Content, strings.ReplaceAll(odd, "$", "$$"))
	e.world.PutObject(testDestinationBucket, object)
	object.Key, object.Content = strings.Replace(manifest, ".json", ".checksum", 1), checksumOf(object.Content)
	e.world.PutObject(testDestinationBucket, object)
	e.apply()
	const from = "cos://" + testDestinationBucket + "/1250000000/examplebucket/weekly/" + odd
	for output, want := range map[string]string{"download": "inventory/", "copy": "cos://" + testDestinationBucket + "/tables/weekly/day=" + strings.Split(manifest, "/")[3] + "/"} {
		commands := "coscli() { printf '%s\n' \"$@\"; }\n" + e.mustRun("output", "-raw", output)
		ran, err := exec.CommandContext(e.Context(), "sh", "-c", commands).CombinedOutput()
		if err != nil || string(ran) != "cp\n"+from+"\n"+want+odd+"\n" {
			e.Errorf("%v: %s runs\n%s", err, output, ran)
		}
	}
	outputs := e.outputs()
	for output, want := range map[string]string{
		"hive":   "(\n  `appid` STRING,\n  `bucket` STRING,\n  `key` STRING,\n  `size` STRING,\n  `x_cos_meta_team` STRING\n)",
		"duckdb": "names = ['Appid', 'Bucket', 'Key', 'Size', 'x-cos-meta-Team']",
	} {
		if got := outputs[output]; !strings.Contains(got, strings.ReplaceAll(want, "\n", `\n`)) {
			e.Errorf("output %s lacks %q:\n%s", output, want, got)
		}
	}
}

func (e *example) tryAccountQuery() {
	e.seedAccount()
	e.put("guides/whole-account/jobs.tfquery.hcl")
	if !e.has(14, never) {
		e.expectRefused(`no command named "query"`, "query")
		return
	}
	e.expectQueryImports(3)
}

func (e *example) tryMoving() {
	e.put("guides/moving/main.tf")
	e.offer("terraform-provider-cos/cos", "tencentcloudstack/tencentcloud")
	state := stateFile(e, "tencentcloud-full.tfstate")
	e.write("terraform.tfstate", strings.NewReplacer(`"name": "x"`, `"name": "weekly"`, "src-1250000000", testBucket, "moved-full", "weekly",
		"qcs::cos:ap-beijing::dst-1250000000", testDestination, `"front"`, `""`, "p/q", "logs/", "1687363200", "", `"Crc64",`, "").Replace(state))
	e.world.Seed(testBucket, "weekly", wireJob{
		versions: "All", schedule: "<Frequency>Weekly</Frequency>", filter: "<Prefix>logs/</Prefix><Period><StartTime>1687276800</StartTime></Period>",
		fields: "<Field>ETag</Field><Field>Size</Field>", account: "100000000001", encrypted: true,
	}.document("weekly"))
	e.expect("0 to add, 0 to change, 0 to destroy", "plan")
	e.apply()
	e.expectNoChange()
	e.world.expectWrites(e, 0, 0)
}

func (e *example) tryRegions() {
	e.put("guides/regions/main.tf")
	e.world.AddBucket("ap-shanghai", "archive-1250000000")
	e.apply()
	e.expectNoChange()
	for bucket, region := range map[string]string{testBucket: "ap-guangzhou", "archive-1250000000": "ap-shanghai"} {
		document, _ := e.world.Document(bucket, "weekly")
		if want := "<Bucket>qcs::cos:" + region + "::" + bucket + "</Bucket>"; !strings.Contains(document, want) {
			e.Errorf("COS holds %q, not %s", document, want)
		}
	}
}

func (e *example) tryAccounts() {
	key := fakecos.DefaultCredential()
	e.world.AddBucket("ap-shanghai", "archive-1259999999")
	e.world.AddBucket("ap-shanghai", "reports-1259999999")
	e.env = append(e.env, fmt.Sprintf("TF_VAR_archive_keys={secret_id = %q, secret_key = %q}", key.SecretID, key.SecretKey), envSecretID+"=AKIDOTHER")
	e.put("guides/accounts/main.tf")
	e.apply()
	e.expectNoChange()
}

// tryAuthentication reads the bucket through each of the guide's providers.
func (e *example) tryAuthentication() {
	home := environment{"HOME": e.TempDir()}
	for place, folder := range map[string]string{home["HOME"]: ".tccli", e.dir: "credentials"} {
		within := environment{"HOME": place}
		within.put(e, folder+"/prod.credential", sampleProfile(""))
		within.put(e, folder+"/prod.configure", `{"_sys_param": {"region": "`+testRegion+`"}}`)
	}
	e.env = append(e.env, "HOME="+home["HOME"], "USERPROFILE="+home["HOME"], envSTSDomain+"="+e.world.URL, envMetadataDomain+"="+e.world.URL)
	e.write("token.jwt", webToken+"\n")

	// Keys of the environment would go before a profile and an instance's role.
	keys := slices.Clone(e.env)
	e.env = append(e.env, envSecretID+"=", envSecretKey+"=")
	e.put("guides/authentication/profile.tf")
	e.put("guides/authentication/instance.tf")
	e.put("guides/authentication/web-identity.tf")
	e.expectRead("profile", "mounted", "instance", "pipeline")

	for _, file := range []string{"profile.tf", "instance.tf", "web-identity.tf"} {
		e.write(file, "")
	}
	e.env = keys
	e.put("guides/authentication/role.tf")
	e.put("guides/authentication/accounts.tf")
	e.put("guides/authentication/keys.tf")
	e.put("guides/authentication/private-cloud.tf")
	credential := fakecos.DefaultCredential()
	e.env = append(e.env, fmt.Sprintf("TF_VAR_keys={secret_id = %q, secret_key = %q}", credential.SecretID, credential.SecretKey), "TF_VAR_services="+e.world.URL)
	e.expectRead("archive", "guarded", "sandbox", "keys", "private")
	e.world.expectSent(e, map[string]int{
		"GetMetadata": 1, "AssumeRoleWithWebIdentity": 1, "AssumeRole": 1, "GetCallerIdentity": 2, string(cos.ListInventories): 9,
	})
}

// expectRead plans a listing through each of the provider's aliases.
func (e *example) expectRead(aliases ...string) {
	e.Helper()
	var config strings.Builder
	for _, alias := range aliases {
		fmt.Fprintf(&config, "data \"cos_bucket_inventories\" %q {\n  provider = cos.%s\n  bucket   = %q\n}\n", alias, alias, testBucket)
	}
	e.write("read.tf", config.String())
	if output := e.mustRun("plan", "-no-color"); strings.Contains(output, "Source of Credentials") {
		e.Errorf("the plan warns:\n%s", output)
	}
}
