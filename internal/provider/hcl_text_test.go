// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

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
