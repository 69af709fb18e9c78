// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
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
