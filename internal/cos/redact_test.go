// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// spellings are what a service may make of a text within XML.
var spellings = map[string]func(string) string{
	"escaped": func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(s))
		return b.String()
	},
	"numeric entities": func(s string) string {
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, "&#x%x;", r)
		}
		return b.String()
	},
	"CDATA":        func(s string) string { return "<![CDATA[" + s[:9] + "]]><![CDATA[" + s[9:] + "]]>" },
	"a comment":    func(s string) string { return s[:9] + "<!-- -->" + s[9:] },
	"a directive":  func(s string) string { return s[:9] + "<?x y?>" + s[9:] },
	"an element":   func(s string) string { return s[:9] + "<b>x</b>" + s[9:] },
	"QueryEscape":  url.QueryEscape,
	"PathEscape":   url.PathEscape,
	"Base64":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"Base64 (URL)": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("token=" + s + "&")) },
}

// TestRedact: whatever a service's spelling of a secret, neither an error, nor an
// exchange, nor a document holds it in a form that a reader could undo.
func TestRedact(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{"SecretId": "AKIDEXAMPLE0123456789", "SecretKey": `KEY<&">EXAMPLE+/0123456789`, "token": "TOKEN+/=EXAMPLE 0123456789", "signature": ""}
	keys := credentials.Credentials{SecretID: secrets["SecretId"], SecretKey: secrets["SecretKey"], Token: secrets["token"]}
	for name, spell := range spellings {
		for which, secret := range secrets {
			for place, answer := range map[string]func(w http.ResponseWriter, text, secret string){
				"error": func(w http.ResponseWriter, text, _ string) {
					w.WriteHeader(http.StatusForbidden)
					fmt.Fprintf(w, "<Error><Code>A%[1]s</Code><Message>You sent %[1]s</Message><RequestId>%[1]s</RequestId><TraceId>%[1]s</TraceId></Error>", text)
				},
				"document": func(w http.ResponseWriter, text, _ string) {
					fmt.Fprint(w, strings.Replace(document("nightly"), "<Schedule>", "<Filter><Prefix>logs/"+text+"</Prefix></Filter><Schedule>", 1))
				},
				"odd document": func(w http.ResponseWriter, text, _ string) {
					fmt.Fprint(w, strings.Replace(document("nightly"), ">true<", ">"+text+"<", 1))
				},
				"headers": func(w http.ResponseWriter, _, secret string) {
					w.Header().Set("Content-Type", secret)
					w.Header().Set("X-Cos-Request-Id", secret)
					w.WriteHeader(http.StatusNotFound)
				},
				"redirect": func(w http.ResponseWriter, _, secret string) {
					w.Header().Set("Location", "https://"+url.PathEscape(secret)+".example/"+secret)
					w.WriteHeader(http.StatusFound)
				},
				"no HTTP at all": func(w http.ResponseWriter, _, secret string) {
					_ = hijack(t, w, "HTTP/1.1 %s\r\n\r\n", url.PathEscape(secret)).Close()
				},
			} {
				t.Run(name+" of "+which+" in "+place, func(t *testing.T) {
					t.Parallel()
					secret := secret
					server := startServer(t, func(w http.ResponseWriter, r *http.Request) {
						if which == "signature" {
							secret = signatureOf(r)
						}
						w.Header().Set("X-Cos-Request-Id", "id "+url.QueryEscape(secret))
						answer(w, spell(secret), secret)
					})
					var told recorder
					c := config(t, server.URL)
					c.Credentials, c.Observe, c.MaxRetries = credentials.StaticSource(keys), told.observe, 0
					inv, err := cos.New(c).GetInventory(t.Context(), jobOf("nightly"))
					if err == nil {
						t.Fatalf("the document was read: %+v", inv)
					}
					shown := fmt.Sprintf("%+v %+v %v %+v", inv, err, err, told)
					if !strings.Contains(shown, "[redacted]") {
						t.Errorf("nothing was taken out of %s", shown)
					}
					for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), secret[9:], base64.StdEncoding.EncodeToString([]byte(secret))[:16], spellings["Base64 (URL)"](secret)[12:24]} {
						if strings.Contains(shown, form) {
							t.Errorf("%q is shown in %s", form, shown)
						}
					}
				})
			}
		}
	}
}

// TestBounds: what is logged and shown of a line without end is bounded.
func TestBounds(t *testing.T) {
	t.Parallel()
	server := startServer(t, func(w http.ResponseWriter, _ *http.Request) {
		_ = hijack(t, w, "HTTP/1.1 %s\r\n\r\n", strings.Repeat("nonsense", 100<<10/8)).Close() // below the bound of headers
	})
	var told recorder
	c := config(t, server.URL)
	c.Observe, c.MaxRetries = told.observe, 0
	_, err := cos.New(c).GetInventory(t.Context(), jobOf("nightly"))
	for _, text := range []string{fmt.Sprint(told), err.Error()} {
		if !strings.Contains(text, "nonsense") || len(text) > 3<<10 {
			t.Errorf("%d bytes: %.300s", len(text), text)
		}
	}
}

// TestRedactWords: a word that serves as a key against a local stand-in is not taken out of
// documents.
func TestRedactWords(t *testing.T) {
	t.Parallel()
	words := fakecos.Credential{SecretID: "nightly", SecretKey: "Daily"}
	fake := startFake(t, fakecos.Options{Credentials: []fakecos.Credential{words}})
	fake.Seed(bucket, "nightly", document("nightly"))
	c := config(t, fake.URL)
	c.Credentials = credentials.StaticSource(keys(words))
	inv, err := cos.New(c).GetInventory(t.Context(), jobOf("nightly"))
	if err != nil || inv.ID != "nightly" || inv.Schedule.Frequency != "Daily" {
		t.Errorf("%+v, %v", inv, err)
	}
}

func signatureOf(r *http.Request) string {
	_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "q-signature=")
	return signature
}
