// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Each assumption stands where the fake makes it, and is asked of COS.
func TestAssumptions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for _, file := range files {
		for _, match := range regexp.MustCompile(`Assumption: ([a-z-]+)`).FindAllStringSubmatch(readFile(t, file), -1) {
			made[match[1]] = true
		}
	}
	questions := readFile(t, "../provider/live_questions_test.go")
	for _, assumption := range fakecos.Assumptions() {
		if !made[assumption.Name] {
			t.Errorf("no source makes the assumption %s", assumption.Name)
		}
		if !regexp.MustCompile(`"` + assumption.Name + `": +func\(`).MatchString(questions) {
			t.Errorf("make testacc-live does not ask about %s", assumption.Name)
		}
		delete(made, assumption.Name)
	}
	for name := range made {
		t.Errorf("Assumptions lacks %s", name)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
