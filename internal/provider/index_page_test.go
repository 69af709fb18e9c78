// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// indexSection is a section of the documentation's first page.
func indexSection(t testing.TB, heading string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.FromSlash("../../docs/index.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("the page has no section %s", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

// A message that the page explains is one that the provider gives.
func TestIndexPage_troubleshooting(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "diagnostics", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var given strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		given.Write(content)
	}
	messages := 0
	quoted := regexp.MustCompile("`[^`]+`")
	for line := range strings.Lines(indexSection(t, "Troubleshooting")) {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		first, _, _ := strings.Cut(line[2:], " | ")
		for _, message := range quoted.FindAllString(first, -1) {
			messages++
			if message = strings.Trim(message, "`"); !strings.Contains(given.String(), message) {
				t.Errorf("no diagnostic says %q", message)
			}
		}
	}
	if messages < 20 {
		t.Errorf("the table has %d messages", messages)
	}
}
