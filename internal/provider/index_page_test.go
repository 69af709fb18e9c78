// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// indexSection is a section of the documentation's first page.
func indexSection(t testing.TB, heading string) string {
	t.Helper()
	_, section, found := strings.Cut(readText(t, "../../docs/index.md"), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("the page has no section %s", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

// troubleshooting are the messages of the table, by words that they contain.
func troubleshooting(t *testing.T) (messages []string) {
	t.Helper()
	quoted := regexp.MustCompile("`[^`]+`")
	for line := range strings.Lines(readText(t, "../../docs/guides/troubleshooting.md")) {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		first, _, _ := strings.Cut(line[2:], " | ")
		for _, message := range quoted.FindAllString(first, -1) {
			messages = append(messages, strings.Trim(message, "`"))
		}
	}
	if len(messages) < 20 {
		t.Fatalf("the table has %d messages", len(messages))
	}
	return messages
}

// contents are those of the files that match.
func contents(t *testing.T, pattern string, skip func(name string) bool) (texts []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.FromSlash(pattern))
	if err != nil || len(files) == 0 {
		t.Fatal(pattern, err)
	}
	for _, file := range files {
		if !skip(file) {
			texts = append(texts, readText(t, file))
		}
	}
	return texts
}

// A message that the page explains is one that the provider gives, and each that the provider gives
// is found in the page.
func TestTroubleshooting(t *testing.T) {
	t.Parallel()
	messages := troubleshooting(t)
	explained := func(text string) bool {
		return slices.ContainsFunc(messages, func(message string) bool { return strings.Contains(text, message) })
	}
	shown := contents(t, "testdata/diagnostics/*.txt", func(string) bool { return false })
	sources := contents(t, "*.go", func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	given := strings.Join(append(shown, sources...), "\n")
	for _, message := range messages {
		if !strings.Contains(given, message) {
			t.Errorf("no diagnostic says %q", message)
		}
	}
	for _, text := range shown {
		if !explained(text) {
			t.Errorf("the table has no word of:\n%.300s", text)
		}
	}
	summary := regexp.MustCompile(`(?:summary: |(?:Diagnostic|AddError|AddWarning|AddAttributeError|AddAttributeWarning)\([^"` + "`" + `]*)"([A-Z][A-Za-z -]+[a-z])"`)
	for _, found := range summary.FindAllStringSubmatch(strings.Join(sources, "\n"), -1) {
		isShown := slices.ContainsFunc(shown, func(text string) bool { return strings.Contains(text, found[1]) })
		if !isShown && !explained(found[1]) {
			t.Errorf("the table has no row for %q", found[1])
		}
	}
}
