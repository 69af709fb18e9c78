// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"
)

// readHCL returns the text that HCL reads.
func readHCL(t testing.TB, text string) string {
	t.Helper()
	expression, diags := hclsyntax.ParseExpression([]byte(text), "text.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	value, diags := expression.Value(nil)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return value.AsString()
}

// What a message shows to be pasted says the same when HCL reads it.
func FuzzHCLString(f *testing.F) {
	for _, text := range []string{"", "a/", `"\`, "${x}", "%{if}", "$${", "$$${", "%%{", "$", "{", "\n\r\t\x00\x1b", "\u202e", "\U000e0001", "é"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("no text of a document")
		}
		written := hclString(text)
		if strings.ContainsAny(written, "\n\r\x1b\u202e") {
			t.Errorf("%q is written with a control character: %q", text, written)
		}
		if got := readHCL(t, written); got != norm.NFC.String(text) {
			t.Errorf("%q is written as %s, which is read as %q", text, written, got)
		}
	})
}

func TestHCLValue(t *testing.T) {
	t.Parallel()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"number": tftypes.Number, "map": tftypes.Map{ElementType: tftypes.String}, "set": tftypes.Set{ElementType: tftypes.String},
		"empty": tftypes.Object{}, "null": tftypes.String, "truth": tftypes.Bool,
	}}
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	value := tftypes.NewValue(typ, map[string]tftypes.Value{
		"number": tftypes.NewValue(tftypes.Number, 1_700_000_000),
		"map":    tftypes.NewValue(typ.AttributeTypes["map"], map[string]tftypes.Value{"b": text(""), "a": text("${")}),
		"set":    tftypes.NewValue(typ.AttributeTypes["set"], []tftypes.Value{text("b"), text("a")}),
		"empty":  tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}),
		"null":   tftypes.NewValue(tftypes.String, nil),
		"truth":  tftypes.NewValue(tftypes.Bool, true),
	})
	const want = `{ empty = {}, map = { "a" = "$${", "b" = "" }, number = 1700000000, set = ["a", "b"], truth = true }`
	if got := hclValue(value); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := hclValue(tftypes.NewValue(typ, nil)); got != "null" {
		t.Errorf("got %s", got)
	}
}
