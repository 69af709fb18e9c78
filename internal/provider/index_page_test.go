// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
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

// pagePolicy returns the actions that the policy of the page allows, sorted.
func pagePolicy(t testing.TB) []string {
	t.Helper()
	_, text, _ := strings.Cut(indexSection(t, "Permissions"), "```json\n")
	text, _, _ = strings.Cut(text, "```")
	var policy struct {
		Statement []struct {
			Action []string `json:"action"`
		} `json:"statement"`
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		t.Fatal(err)
	}
	var allowed []string
	for _, statement := range policy.Statement {
		allowed = append(allowed, statement.Action...)
	}
	slices.Sort(allowed)
	return allowed
}

// The policy allows each call that the provider makes, what COS itself demands of the caller, and
// no more.
func TestIndexPage_policy(t *testing.T) {
	t.Parallel()
	calls := []string{"name/cos:PutObject"}
	for _, op := range cos.Operations() {
		calls = append(calls, "name/cos:"+string(op))
	}
	slices.Sort(calls)
	if allowed := pagePolicy(t); !slices.Equal(allowed, calls) {
		t.Errorf("the policy allows %q, the provider calls %q", allowed, calls)
	}
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
