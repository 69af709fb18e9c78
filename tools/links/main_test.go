// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		readme string
		dead   []string
	}{
		"file":               {"[a](docs/index.md)", nil},
		"folder":             {"[a](docs)", nil},
		"image":              {"![a](chart.svg)", nil},
		"heading":            {"[a](docs/index.md#what-it-does)", nil},
		"own heading":        {"# A `b` c!\n[a](#a-b-c)", nil},
		"second of a name":   {"# A\n# A\n[a](#a-1)", nil},
		"element":            {"[a](docs/index.md#nestedatt--filter)", nil},
		"reference":          {"[a][b]\n\n[b]: docs/index.md", nil},
		"on the web":         {"[a](https://example.com/gone#x), <mailto:a@example.com>, [b](//example.com/gone) [c](docs)", nil},
		"code":               {"`[a](gone.md)` [b](docs)\n\n```\n[a](gone.md)\n```", nil},
		"missing file":       {"[a](gone.md)", []string{"README.md: gone.md: no such file"}},
		"missing image":      {"![a](gone.svg)", []string{"README.md: gone.svg: no such file"}},
		"in a table":         {"| a |\n|---|\n| [a](gone.md) |", []string{"README.md: gone.md: no such file"}},
		"missing heading":    {"[a](docs/index.md#gone)", []string{"README.md: docs/index.md#gone: no such heading"}},
		"heading of a chart": {"[a](chart.svg#a)", []string{"README.md: chart.svg#a: no such heading"}},
		"missing reference":  {"[a][b]\n\n[b]: gone.md", []string{"README.md: gone.md: no such file"}},
		"above the tree":     {"[a](../README.md)", []string{"README.md: ../README.md: no such file"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			links, dead, err := check(fstest.MapFS{
				"README.md":           {Data: []byte(test.readme)},
				"docs/index.md":       {Data: []byte("# What it does\n\n<a id=\"nestedatt--filter\"></a>\n")},
				"chart.svg":           {},
				"testdata/of-test.md": {Data: []byte("[a](gone.md)")},
			})
			if err != nil || links != 1 || !slices.Equal(dead, test.dead) {
				t.Errorf("%d links, dead: %q, error: %v", links, dead, err)
			}
		})
	}
}

// The registry has the pages of docs/ only.
func TestCheck_docs(t *testing.T) {
	t.Parallel()
	links, dead, err := check(fstest.MapFS{
		"README.md":        {},
		"docs/guides/a.md": {Data: []byte("[a](../index.md) [b](../../README.md)")},
		"docs/index.md":    {},
	})
	if want := []string{"docs/guides/a.md: ../../README.md: leads out of docs/"}; err != nil || links != 2 || !slices.Equal(dead, want) {
		t.Errorf("%d links, dead: %q, error: %v", links, dead, err)
	}
}
