// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenDir = "testdata/diagnostics"

func testPlace() cos.ReportPlace {
	return cos.NewReportPlace(testJob(), cos.Bucket{Region: testRegion, Name: testDestinationBucket}, "")
}

func badManifest() error {
	return &cos.ManifestError{Key: testPlace().ManifestKey("20261126"), Err: errors.New("the manifest is not one of COS: files has more than 10000 entries")}
}

func testJob() cos.Job { return sourceBucket.Job("nightly") }

// importedInto is a provider whose environment names the region.
func importedInto(region string) *providerData {
	return &providerData{region: region, regionFrom: setting{env: envRegion}.origin()}
}

func testInventory() cos.Inventory {
	return cos.Inventory{
		ID: "nightly", IsEnabled: true, IncludedObjectVersions: "Current",
		Schedule:    cos.Schedule{Frequency: "Daily"},
		Destination: cos.Destination{Bucket: testDestination, Format: cos.FormatCSV},
	}
}

// attempt is a call on its way to fail. What it lacks is filled in: a client of a fake of its own.
type attempt struct {
	*world
	ctx    context.Context
	op     cos.Operation
	config cos.Config
}

func newAttempt(t *testing.T, op cos.Operation) *attempt {
	t.Helper()
	a := &attempt{world: newWorld(t, fakecos.Options{}), ctx: t.Context(), op: op}
	key := fakecos.DefaultCredential()
	a.config = cos.Config{
		Credentials: credentials.StaticSource(credentials.Credentials{SecretID: key.SecretID, SecretKey: key.SecretKey}),
		MaxRetries:  2,
	}
	a.dial(a.URL)
	impatient(&a.config)
	return a
}

func (a *attempt) dial(url string) {
	a.t.Helper()
	domain, err := cos.ParseDomain(url)
	if err != nil {
		a.t.Fatal(err)
	}
	a.config.Domain = domain
}

// err makes the call, which has to fail.
// listAll reads all jobs of a bucket.
func listAll(ctx context.Context, client *cos.Client, bucket cos.Bucket) (read cos.BucketInventories) {
	for read = range client.ListInventories(ctx, []cos.Bucket{bucket}, 0) {
		continue
	}
	return read
}

func (a *attempt) err() error {
	a.t.Helper()
	client := cos.New(a.config)
	var err error
	switch a.op {
	case cos.GetInventory:
		_, err = client.GetInventory(a.ctx, testJob())
	case cos.PutInventory:
		err = client.PutInventory(a.ctx, testJob(), testInventory())
	case cos.DeleteInventory:
		err = client.DeleteInventory(a.ctx, testJob())
	case cos.PostInventory:
		_, err = client.PostInventory(a.ctx, testJob(), testInventory())
	case cos.ListInventories:
		err = listAll(a.ctx, client, testJob().Bucket).Err
	case cos.ListObjects:
		_, err = client.NewestReport(a.ctx, testPlace(), time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))
	case cos.GetService:
		_, err = client.ListBuckets(a.ctx, cos.BucketFilter{})
	case cos.GetObject:
		_, err = client.Report(a.ctx, testPlace(), "20261126")
	}
	if err == nil {
		a.t.Fatal("the call succeeded")
	}
	return err
}

// tellCall is what the user is told of a failed call.
func tellCall(verb string, err error) diag.Diagnostics {
	by := map[string]caller{
		"create": resourceCreate, "read": resourceRead, "update": resourceUpdate, "delete": resourceDelete,
		"data source": dataSourceRead, "run reads": actionRun.reading(),
	}
	switch verb {
	case "list":
		return diag.Diagnostics{listError(dataSourceRead, testJob().Bucket, err)}
	case "query":
		return diag.Diagnostics{listError(queryList, testJob().Bucket, err)}
	case "run":
		return diag.Diagnostics{runError(actionRun.caller, testJob(), testInventory().Destination, err)}
	case "run resource":
		return diag.Diagnostics{runError(resourceRun.caller, testJob(), testInventory().Destination, err)}
	}
	return diag.Diagnostics{apiError(by[verb], testJob(), err)}
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	cases := others()
	add := func(name string, diagnostics func(*testing.T) diag.Diagnostics) {
		if _, taken := cases[name]; taken {
			t.Fatalf("two cases are named %s", name)
		}
		cases[name] = diagnostics
	}
	for name, diagnostics := range told() {
		add(name, func(*testing.T) diag.Diagnostics { return diagnostics })
	}
	for name, c := range answered() {
		add(name, after(c.op, c.fault, func(err error) diag.Diagnostics { return tellCall(c.verb, err) }))
	}
	for name, c := range unanswered {
		add(name, func(t *testing.T) diag.Diagnostics { return tellCall(c.verb, c.err(t)) })
	}
	for name, c := range credentialFaults {
		add(name, func(t *testing.T) (diags diag.Diagnostics) {
			w := newWorld(t, identities())
			env := w.keyless()
			maps.Copy(env, c.env)
			for file, content := range c.files {
				env.put(t, file, content)
			}
			if c.fault != nil {
				w.Inject(*c.fault)
			}
			today := time.Now().Round(0)
			synctest.Test(t, func(t *testing.T) { // in which the pauses between attempts take no time
				time.Sleep(time.Until(today)) // the fake is outside
				found, faults := w.provider.settings(c.model)
				if diags = faults; !diags.HasError() {
					diags.Append(fetchFirstCredentials(t.Context(), found.credentials)...)
				}
			})
			return diags
		})
	}

	for name, diagnostics := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := golden(diagnostics(t))
			checkWording(t, text)
			file := filepath.Join(goldenDir, name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if text != string(want) {
				t.Errorf("%s differs; go test -update writes it anew. Now it is:\n%s", file, text)
			}
		})
	}

	files, err := filepath.Glob(filepath.Join(goldenDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".txt"); cases[name] == nil {
			t.Errorf("no case has written %s", file)
		}
	}
}

// What differs from one run to the next.
var (
	loopbackPort = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	stsRequestID = regexp.MustCompile(`Request id: [-0-9a-f]{36}`)
)

// golden shows diagnostics as the files have them.
func golden(diagnostics diag.Diagnostics) string {
	var b strings.Builder
	for _, d := range diagnostics {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity(), d.Summary())
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			fmt.Fprintf(&b, "Attribute: %s\n", at.Path())
		}
		fmt.Fprintf(&b, "\n%s\n", d.Detail())
	}
	text := loopbackPort.ReplaceAllString(b.String(), "127.0.0.1:PORT")
	return stsRequestID.ReplaceAllString(text, "Request id: 00000000-0000-0000-0000-000000000000")
}

var (
	// The network's and Go's own terms are no answer to a user.
	jargon = []string{"context ", "Client.Timeout", "dial tcp", "read tcp", "lookup ", "x509", "tls:", "EOF", "i/o timeout", "syscall", "http:", "%!", "<nil>"}
	// Two marks in a row, a blank before one, or a blank too many.
	badPunctuation = regexp.MustCompile(`[.!?,;:][.!?,;]|[ \t][.,;:!?](\s|$)|[^ \n]  |[ \t]\n|\n\n\n`)
	// A paragraph ends as a sentence does, or as an example, a request id or an address does.
	paragraphEnd = regexp.MustCompile(`[.:}'!]$|^Request id: (\S+=|[-0-9a-f]{36})$|https://\S+$`)
)

// checkWording finds what no diagnostic may have, whatever it says.
func checkWording(t *testing.T, text string) {
	t.Helper()
	for _, term := range jargon {
		if strings.Contains(text, term) {
			t.Errorf("%q is no word for a user:\n%s", term, text)
		}
	}
	if mark := badPunctuation.FindString(text); mark != "" {
		t.Errorf("%q is no punctuation:\n%s", mark, text)
	}
	key := fakecos.DefaultCredential()
	for _, secret := range []string{key.SecretID, key.SecretKey, "q-sign", "hidden"} {
		if strings.Contains(text, secret) {
			t.Errorf("it shows the secret %q:\n%s", secret, text)
		}
	}
	paragraphs := strings.Split(strings.TrimSuffix(text, "\n"), "\n\n")
	for _, paragraph := range paragraphs[1:] {
		end := paragraph[strings.LastIndexByte(paragraph, '\n')+1:]
		if !paragraphEnd.MatchString(end) {
			t.Errorf("a paragraph ends with %q:\n%s", end, text)
		}
	}
	// The heading, then: what could not be done, what COS said, what to do next.
	if strings.Contains(paragraphs[0], "Unable to") && len(paragraphs) < 4 {
		t.Errorf("an answer is missing:\n%s", text)
	}
}

func second[A, B any](_ A, b B) B { return b }

// A remedy names the timeout of the operation that failed, and no other.
func TestRemedies_nameTheTimeout(t *testing.T) {
	t.Parallel()
	type fail func(p *protocol, job kept) (said any)
	config, changed := object(nil), object{"is_enabled": false}
	read := func(config object) fail {
		return func(p *protocol, _ kept) any { return p.readAccount(config).found }
	}
	query := func(config object) fail {
		return func(p *protocol, _ kept) any { return second(p.queried(config, 100)) }
	}
	invoke := func(run object) fail {
		return func(p *protocol, _ kept) any { return second(p.invoke(run)) }
	}
	create := func(run object) fail {
		return func(p *protocol, _ kept) any { return second(p.createRun(p.t.Context(), run)) }
	}
	for name, test := range map[string]struct {
		op      cos.Operation
		timeout string
		fail    fail
	}{
		"create": {cos.GetInventory, "timeouts.create", func(p *protocol, _ kept) any {
			return second(p.apply(p.t.Context(), p.nothing(), p.complete(config)))
		}},
		"refresh": {"", "timeouts.read", func(p *protocol, job kept) any { return second(p.refresh(p.t.Context(), job)) }},
		"update": {cos.PutInventory, "timeouts.update", func(p *protocol, job kept) any {
			return second(p.apply(p.t.Context(), job, p.complete(changed)))
		}},
		"delete": {cos.DeleteInventory, "timeouts.delete", func(p *protocol, job kept) any { return second(p.destroy(p.t.Context(), job)) }},
		"data source": {cos.GetInventory, "timeouts.read", func(p *protocol, _ kept) any {
			response, _ := p.dataSource(testType, object{"bucket": testBucket, "id": "nightly"})
			return diagnostics(response.Diagnostics)
		}},
		"data source of a bucket":       {cos.ListInventories, "timeouts.read", read(object{"bucket": testBucket})},
		"data source of the account":    {cos.GetService, "timeouts.read", read(nil)},
		"data source of a report":       {cos.ListObjects, "timeouts.read", func(p *protocol, _ kept) any { return second(p.readReport(nil)) }},
		"query of a bucket":             {cos.ListInventories, "timeouts.list", query(object{"bucket": testBucket})},
		"query of the account":          {cos.GetService, "timeouts.list", query(nil)},
		"action":                        {cos.PostInventory, "timeouts.invoke", invoke(runObject(nil))},
		"action with job_id":            {cos.GetInventory, "timeouts.invoke", invoke(waitingRun(nil))},
		"action that waits":             {cos.GetObject, "timeouts.invoke", invoke(waitingRun(nil))},
		"resource of a run":             {cos.PostInventory, "timeouts.create", create(runObject(nil))},
		"resource of a run with job_id": {cos.GetInventory, "timeouts.create", create(waitingRun(nil))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			job := p.create(p.complete(config))
			w.Inject(fakecos.Fault{Op: string(test.op), Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown})
			said := fmt.Sprintf("%+v", test.fail(p, job))
			if all := regexp.MustCompile(`timeouts\.\w+`).FindAllString(said, -1); len(all) != 1 || all[0] != test.timeout {
				t.Errorf("it names %v, want %s alone:\n%s", all, test.timeout, said)
			}
		})
	}
}

// A message that is printed to a terminal holds no control character, whatever the text holds.
func TestHCLString(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a/":              `"a/"`,
		`"\`:              `"\"\\"`,
		"${x} %{if} $":    `"$${x} %%{if} $"`,
		"\n\x1b\u202e":    `"\n\u001b\u202e"`,
		"\U000e0001 é":    `"\U000e0001 é"`,
		"not UTF-8: \xff": "\"not UTF-8: \ufffd\"",
	} {
		if got := hclString(text); got != want {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
	}
}
