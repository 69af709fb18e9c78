// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// TestRedact: whatever a service makes of what it was sent, neither an error nor a document nor an
// exchange repeats it.
func TestRedact(t *testing.T) {
	t.Parallel()
	keys := credentials.Credentials{SecretID: "AKIDEXAMPLE0123456789", SecretKey: `KEY<&">EXAMPLE0123456789`, Token: "TOKEN+/=EXAMPLE0123456789"}
	raw := func(r *http.Request) string {
		return r.Header.Get("Authorization") + " " + r.Header.Get("X-Cos-Security-Token") + " " + keys.SecretKey
	}
	escaped := func(r *http.Request) string {
		var b strings.Builder
		if err := xml.EscapeText(&b, []byte(raw(r))); err != nil {
			t.Error(err)
		}
		return b.String()
	}
	for name, answer := range map[string]http.HandlerFunc{
		"message": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Error><Code>SignatureDoesNotMatch</Code><Message>You sent %s</Message></Error>", escaped(r))
		},
		"code and ids": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Error><Code>%[1]s</Code><Message/><RequestId>%[1]s</RequestId><TraceId>%[1]s</TraceId></Error>", escaped(r))
		},
		"headers": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", raw(r))
			w.Header().Set("X-Cos-Request-Id", raw(r))
			w.WriteHeader(http.StatusNotFound)
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://"+signatureOf(r)+".example/")
			w.WriteHeader(http.StatusFound)
		},
		"value that cannot be": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "<InventoryConfiguration><IsEnabled>%s</IsEnabled></InventoryConfiguration>", escaped(r))
		},
		"value that can be": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, strings.Replace(document("nightly"), "<Schedule>", "<Filter><Prefix>"+escaped(r)+"</Prefix></Filter><Schedule>", 1))
		},
		"no HTTP at all": func(w http.ResponseWriter, r *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(connection, "HTTP/1.1 %s\r\n\r\n", raw(r))
			_ = connection.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var signatures []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				signatures = append(signatures, signatureOf(r))
				w.Header().Set("X-Cos-Request-Id", "request")
				answer(w, r)
			}))
			defer server.Close()
			var told recorder
			c := config(t, server.URL)
			c.Credentials, c.Observe, c.MaxRetries = credentials.StaticSource(keys), told.observe, 0
			inv, err := cos.New(c).GetInventory(t.Context(), jobOf("nightly"))

			shown := fmt.Sprintf("%+v %+v %v %+v %+v", inv, inv.Filter, err, err, told.exchanges)
			if !strings.Contains(shown, "[redacted]") {
				t.Errorf("nothing was taken out of %s", shown)
			}
			for _, secret := range append(signatures, keys.SecretID, keys.SecretKey, keys.Token) {
				if strings.Contains(shown, secret) {
					t.Errorf("%q is shown in %s", secret, shown)
				}
			}
			if len(signatures) != 1 || len(signatures[0]) != 40 {
				t.Errorf("the requests were signed with %q", signatures)
			}
		})
	}
}

// TestRedactWords: a word that serves as a key against a local stand-in is not taken out of
// documents.
func TestRedactWords(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Cos-Request-Id", "request")
		fmt.Fprint(w, document("nightly"))
	}))
	defer server.Close()
	c := config(t, server.URL)
	c.Credentials = credentials.StaticSource(credentials.Credentials{SecretID: "nightly", SecretKey: "Daily"})
	inv, err := cos.New(c).GetInventory(t.Context(), jobOf("nightly"))
	if err != nil || inv.ID != "nightly" || inv.Schedule.Frequency != "Daily" {
		t.Errorf("%+v, %v", inv, err)
	}
}

func signatureOf(r *http.Request) string {
	_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "q-signature=")
	return signature
}
