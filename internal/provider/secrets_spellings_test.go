// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A service repeats secrets in the spellings of XML, of URLs and of Base64, in errors and in jobs:
// neither the output, nor the log at its most talkative, nor the state holds one.
func TestBucketInventoryResource_secretsInOtherSpellings(t *testing.T) {
	t.Parallel()
	spell := func(secret string) string {
		var entities strings.Builder
		for _, r := range secret {
			fmt.Fprintf(&entities, "&#%d;", r)
		}
		return strings.Join([]string{
			entities.String(), "<![CDATA[" + secret[:9] + "]]><![CDATA[" + secret[9:] + "]]>", secret[:9] + "<!-- -->" + secret[9:],
			url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte("token=" + secret)),
		}, " ")
	}
	w := newSecretWorld(t)
	c := newCLI(t, w)
	c.env = append(c.env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(c.dir, "terraform.log"))
	c.write("main.tf", jobConfig()+namedJobConfig("imported", "imported"))
	refuse := func(r fakecos.Request) *fakecos.Fault {
		_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "q-signature=")
		body := "<Error><Code>" + cos.CodeAccessDenied + "</Code><Message>You sent " + spell(signature) + " " +
			spell(r.Header.Get("X-Cos-Security-Token")) + " " + spell(temporary().SecretKey) + "</Message><RequestId>" + spell(temporary().Token) + "</RequestId></Error>"
		return &fakecos.Fault{Status: http.StatusForbidden, Body: &body}
	}
	embed := func(r fakecos.Request) *fakecos.Fault {
		if r.Op != opGet {
			return nil
		}
		document, _ := w.Document(testBucket, "imported")
		document = strings.Replace(document, "<Schedule>", "<Filter><Prefix>"+spell(r.Header.Get("X-Cos-Security-Token"))+"</Prefix></Filter><Schedule>", 1)
		return &fakecos.Fault{Body: &document}
	}
	var said strings.Builder
	for _, intercept := range []func(fakecos.Request) *fakecos.Fault{refuse, embed} {
		w.Intercept(intercept)
		for _, args := range [][]string{{"apply", "-auto-approve"}, {"import", "cos_bucket_inventory.imported", testBucket + "/imported"}} {
			code, output := c.run(append(args, "-no-color")...)
			if code != 1 || !strings.Contains(output, "[redacted]") {
				t.Errorf("%s: exit code %d:\n%s", args, code, output)
			}
			said.WriteString(output)
		}
	}
	files := c.files()
	if !strings.Contains(files[filepath.Join(c.dir, "terraform.log")], "COS API call") {
		t.Error("there is no log to search")
	}
	files["output"] = said.String()
	w.expectNoSecrets(files)
	for _, secret := range w.secrets() {
		for _, form := range []string{spell(secret)[:24], secret[9:], url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte("token=" + secret))[:24]} {
			for name, text := range files {
				if i := strings.Index(text, form); i >= 0 && name != filepath.Join(c.dir, "main.tf") {
					t.Errorf("%s holds %q: …%s…", name, form, text[max(0, i-200):min(len(text), i+200)])
				}
			}
		}
	}
}
