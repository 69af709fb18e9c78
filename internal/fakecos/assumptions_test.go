// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Each assumption stands where the fake makes it, is asked of COS, and has a skew for the other
// answer, or a reason why it has none.
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
	skews := fakecos.Skews()
	for _, assumption := range fakecos.Assumptions() {
		name := assumption.Name
		if !made[name] {
			t.Errorf("no source makes the assumption %s", name)
		}
		if !regexp.MustCompile(`"` + name + `": +func\(`).MatchString(questions) {
			t.Errorf("make testacc-live does not ask about %s", name)
		}
		others := len(skews)
		skews = slices.DeleteFunc(skews, func(skew fakecos.Skew) bool { return skew.Assumption == name })
		if skewed := len(skews) < others; skewed == (assumption.Unskewed != "") || assumption.Otherwise == "" {
			t.Errorf("%s: has a skew: %t; %+v", name, skewed, assumption)
		}
		delete(made, name)
	}
	if len(made) > 0 || len(skews) > 0 {
		t.Errorf("Assumptions lacks %v, and those of %+v", made, skews)
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
