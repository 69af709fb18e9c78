// SPDX-License-Identifier: MPL-2.0

package untrusted_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

func TestText(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"empty":                 {"", ""},
		"plain":                 {"Access Denied.", "Access Denied."},
		"Chinese":               {"拒绝访问\u3000日志", "拒绝访问\u3000日志"},
		"a backslash":           {`a\nb`, `a\nb`},
		"a quote":               {`it's "so"`, `it's "so"`},
		"a line break":          {"a\r\nError: b", `a\r\nError: b`},
		"colours":               {"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		"C1 control":            {"\u009b31m", `\u009b31m`},
		"right to left":         {"a\u202eb\u2066c", `a\u202eb\u2066c`},
		"invisible":             {"a\u200bb\ufeffc", `a\u200bb\ufeffc`},
		"a tag character":       {"a\U000e0041", `a\U000e0041`},
		"not UTF-8":             {"a\xffb\xc3", `a\xffb\xc3`},
		"the replacement":       {"a\ufffdb", "a\ufffdb"},
		"as long as is shown":   {strings.Repeat("a", 2048), strings.Repeat("a", 2048)},
		"longer":                {strings.Repeat("a", 2050), strings.Repeat("a", 2048) + "… (2 more bytes)"},
		"cut between letters":   {strings.Repeat("a", 2047) + "团队", strings.Repeat("a", 2047) + "… (6 more bytes)"},
		"long, and never UTF-8": {strings.Repeat("\x80", 3000), strings.Repeat(`\x80`, 2045) + "… (955 more bytes)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := untrusted.Text(test.text); got != test.want {
				t.Errorf("got  %.200q\nwant %.200q", got, test.want)
			}
		})
	}
}

func TestWordAndQuote(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 300)
	for text, want := range map[string]struct{ word, quote string }{
		long[:100]:       {long[:100], `"` + long[:100] + `"`},
		long[:256]:       {long[:100] + "… (156 more bytes)", `"` + long[:255] + `"… (1 more bytes)`},
		"No\nSuch\u202e": {`No\nSuch\u202e`, `"No\nSuch\u202e"`},
		`a"\`:            {`a"\`, `"a\"\\"`},
	} {
		if word, quote := untrusted.Word(text), untrusted.Quote(text); word != want.word || quote != want.quote {
			t.Errorf("got %q and %q, want %q", word, quote, want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	items := make([]string, 25)
	for i := range items {
		items[i] = fmt.Sprintf("item\n%d", i)
	}
	before := slices.Clone(items)
	if got := untrusted.List(items[:20]); len(got) != 20 || got[19] != `item\n19` {
		t.Errorf("got %q", got)
	}
	if got := untrusted.List(items); len(got) != 20 || got[18] != `item\n18` || got[19] != "and 6 more" {
		t.Errorf("got %q", got)
	}
	if !slices.Equal(items, before) {
		t.Error("the caller's list was changed")
	}
	if got := untrusted.List(nil); got != nil {
		t.Errorf("got %q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b[0m\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := untrusted.Text(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			t.Errorf("%q is shown as %q", s, got)
		}
		if len(got) > 10*2048+64 {
			t.Errorf("%d bytes are shown of %d", len(got), len(s))
		}
	})
}
