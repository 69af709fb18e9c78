// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// temporary are credentials whose every part would be recognised anywhere.
func temporary() fakecos.Credential {
	return fakecos.Credential{
		SecretID:  "AKIDSecretIdThatMustNotShow0000000000",
		SecretKey: "SecretKeyThatMustNotShow00000000",
		Token:     "SecurityTokenThatMustNotShow/+0123456789abcdefghijklmnopqrstuvwxyz==",
	}
}

// spellings are forms of a secret that a service may repeat: as it is, in XML, in URLs, in Base64.
func spellings(secret string) []string {
	var entities strings.Builder
	for _, r := range secret {
		fmt.Fprintf(&entities, "&#%d;", r)
	}
	return []string{
		secret, entities.String(), "<![CDATA[" + secret[:9] + "]]><![CDATA[" + secret[9:] + "]]>", secret[:9] + "<!-- -->" + secret[9:],
		url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte("token=" + secret)),
	}
}

// indiscreet refuses a job's calls, or all of them, in a service's worst words: it repeats what it
// was sent, in every spelling, and knows the key as well.
func indiscreet(id, code string) func(fakecos.Request) *fakecos.Fault {
	return func(r fakecos.Request) *fakecos.Fault {
		if id != "" && r.ID != id {
			return nil
		}
		_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "q-signature=")
		told := []string{strings.ReplaceAll(r.Header.Get("Authorization"), "&", "&amp;")}
		for _, secret := range []string{signature, r.Header.Get("X-Cos-Security-Token"), temporary().SecretKey} {
			told = append(told, spellings(secret)...)
		}
		body := "<Error><Code>" + code + "</Code><Message>You sent " + strings.Join(told, " ") + "</Message><RequestId>" +
			strings.Join(spellings(temporary().Token), " ") + "</RequestId></Error>"
		return &fakecos.Fault{Status: http.StatusForbidden, Body: &body}
	}
}

// secrets are all that signed the world's requests so far. The SecretId is no secret by itself, but
// half of a pair: it is kept to the requests as well.
func (w *world) secrets() []string {
	secrets := []string{temporary().SecretID, temporary().SecretKey, temporary().Token}
	for _, r := range w.Requests() {
		_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "q-signature=")
		if len(signature) != 40 {
			w.t.Fatalf("%s came with the signature %q", r.Op, signature)
		}
		secrets = append(secrets, signature)
	}
	return secrets
}

// expectNoSecrets searches texts, by their names, for the secrets in every spelling.
func (w *world) expectNoSecrets(texts map[string]string) {
	w.t.Helper()
	for _, secret := range w.secrets() {
		forms := append(spellings(secret), secret[9:])
		forms[1], forms[6] = forms[1][:24], forms[6][:24] // a part of it is enough
		for _, form := range forms {
			expectNone(w.t, texts, form)
		}
	}
}

// expectNone searches texts, by their names, for a secret.
func expectNone(t testing.TB, texts map[string]string, secret string) {
	t.Helper()
	for name, text := range texts {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s holds %q: …%s…", name, secret, text[max(0, i-200):min(len(text), i+200)])
		}
	}
}

// files are all files of the CLI's folder, members of a plan file apart.
func (c *cli) files() map[string]string {
	c.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(c.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files[path] = string(content)
		archive, notZip := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil || notZip != nil {
			return err
		}
		for _, member := range archive.File {
			f, err := member.Open()
			if err != nil {
				return err
			}
			content, err := io.ReadAll(f)
			if err != nil {
				return err
			}
			files[path+"/"+member.Name] = string(content)
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return files
}

func newSecretWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, fakecos.Options{Credentials: []fakecos.Credential{temporary()}})
	w.Seed(testBucket, "imported", wireJob{versions: "All"}.document("imported"))
	return w
}

// Secrets from the environment: nothing that Terraform writes or says holds one, at its most
// talkative. The same run shows that every attempt leaves its line in the log.
func TestBucketInventoryResource_secretsInEnvironment(t *testing.T) {
	t.Parallel()
	w := newSecretWorld(t)
	c := newCLI(t, w)
	c.env = append(c.env, "TF_LOG=JSON", "TF_LOG_PATH="+filepath.Join(c.dir, "terraform.log")) // JSON is TRACE as JSON
	var said strings.Builder
	run := func(code int, args ...string) {
		t.Helper()
		got, output := c.run(append(args, "-no-color")...)
		said.WriteString(output)
		if got != code {
			t.Errorf("%s: want exit code %d, not %d:\n%s", args, code, got, output)
		}
	}
	c.write("main.tf", jobConfig()+namedJobConfig("refused", "refused")+namedJobConfig("imported", "imported"))

	// A job whose settings hold a secret, and whose import fails.
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Op != opGet {
			return nil
		}
		document := strings.Replace(w.document("imported"), "<Schedule>", "<Filter><Prefix>"+
			strings.Join(spellings(r.Header.Get("X-Cos-Security-Token")), " ")+"</Prefix></Filter><Schedule>", 1)
		return &fakecos.Fault{Body: &document}
	})
	run(1, "import", testAddress, testBucket+"/imported")
	w.Intercept(indiscreet("refused", cos.CodeSignatureDoesNotMatch))
	w.Inject(fakecos.Fault{Op: opPut, ID: "nightly", Times: 1, Reset: true})
	run(0, "import", "cos_bucket_inventory.imported", testBucket+"/imported")
	run(1, "apply", "-auto-approve")
	w.Intercept(indiscreet("", cos.CodeAccessDenied))
	run(1, "plan")
	w.Intercept(nil)
	run(0, "plan", "-out=plan.zip")

	for _, proof := range []string{"SignatureDoesNotMatch", "AccessDenied", "[redacted]"} {
		if !strings.Contains(said.String(), proof) {
			t.Errorf("the runs do not name %s:\n%s", proof, &said)
		}
	}
	files := c.files()
	for _, name := range []string{"terraform.tfstate", "terraform.log", "plan.zip/tfplan", "plan.zip/tfstate"} {
		if files[filepath.Join(c.dir, name)] == "" {
			t.Errorf("there is no %s to search", name)
		}
	}
	files["output"] = said.String()
	w.expectNoSecrets(files)
	w.expectLogged(files[filepath.Join(c.dir, "terraform.log")])
}

// expectLogged demands one line for each attempt that the fake has seen, with what it takes to find
// the call again, and no line beside them.
func (w *world) expectLogged(log string) {
	w.t.Helper()
	type line struct {
		Level, Message    string
		Operation, Region string
		Bucket, ID        string
		RequestID         string `json:"request_id"`
		Status            int
		Milliseconds      *int64
		Error             string
	}
	var lines []line
	for text := range strings.Lines(log) {
		if !strings.Contains(text, `"COS API call"`) {
			continue
		}
		var l line
		if err := json.Unmarshal([]byte(strings.ReplaceAll(text, `"@`, `"`)), &l); err != nil {
			w.t.Fatalf("%v: %s", err, text)
		}
		lines = append(lines, l)
	}
	requests := w.Requests()
	if len(lines) != len(requests) {
		w.t.Errorf("%d lines for %d attempts", len(lines), len(requests))
	}
	for _, r := range requests {
		want := line{Level: "debug", Message: "COS API call", Operation: r.Op, Region: r.Region, Bucket: r.Bucket, ID: r.ID, Status: r.Status, RequestID: r.RequestID}
		if r.Status == 0 { // it was not answered
			want.RequestID = ""
		}
		i := slices.IndexFunc(lines, func(l line) bool {
			complete := l.Milliseconds != nil && (l.Error != "") == (r.Status == 0)
			l.Milliseconds, l.Error = nil, ""
			return complete && l == want
		})
		if i < 0 {
			w.t.Errorf("no line for %+v", want)
			continue
		}
		lines = slices.Delete(lines, i, i+1)
	}
}

// Secrets in the provider block, from sensitive variables. A saved plan is left out: Terraform
// itself keeps a run's variables there.
func TestBucketInventoryResource_secretsInConfiguration(t *testing.T) {
	t.Parallel()
	w := newSecretWorld(t)
	c := newCLI(t, w)
	c.env = slices.DeleteFunc(c.env, func(variable string) bool { return regexp.MustCompile(`^TENCENTCLOUD_SEC`).MatchString(variable) })
	c.env = append(c.env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(c.dir, "terraform.log"),
		"TF_VAR_secret_id="+temporary().SecretID, "TF_VAR_secret_key="+temporary().SecretKey, "TF_VAR_security_token="+temporary().Token)
	var config strings.Builder
	config.WriteString("provider \"cos\" {\n  secret_id = var.secret_id\n  secret_key = var.secret_key\n  security_token = var.security_token\n}\n")
	for _, name := range []string{"secret_id", "secret_key", "security_token"} {
		fmt.Fprintf(&config, "variable %q {\n  type = string\n  sensitive = true\n}\n", name)
	}
	config.WriteString("import {\n  to = cos_bucket_inventory.imported\n  id = \"" + testBucket + "/imported\"\n}\n")
	config.WriteString(jobConfig() + namedJobConfig("imported", "imported") + namedJobConfig("refused", "refused"))
	c.write("main.tf", config.String())

	w.Intercept(indiscreet("refused", cos.CodeInvalidAccessKeyID))
	code, output := c.run("apply", "-auto-approve", "-no-color")
	if code != 1 || !strings.Contains(output, "[redacted]") || !strings.Contains(output, cos.CodeInvalidAccessKeyID) {
		t.Errorf("want exit code 1 and the refusal, not %d:\n%s", code, output)
	}
	files := c.files()
	files["output"] = output
	for name, proof := range map[string]string{"terraform.log": "COS API call", "terraform.tfstate": "nightly"} {
		if !strings.Contains(files[filepath.Join(c.dir, name)], proof) {
			t.Errorf("there is no %s to search", name)
		}
	}
	w.expectNoSecrets(files)
}
