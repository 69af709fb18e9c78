// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// What a run or a tool leaves at the root by mistake would be committed one day.
func TestRoot(t *testing.T) {
	t.Parallel()
	known := []string{
		".ci", ".git", ".github", ".gitignore", ".golangci.yml", ".goreleaser.yml", "BENCHMARKS.md", "BENCHMARKS.svg", "CHANGELOG.md", "GNUmakefile",
		"LICENSE", "README.md", "SECURITY.md", "docs", "examples", "go.mod", "go.sum", "internal", "main.go", "main_test.go", "templates",
		"terraform-registry-manifest.json", "tools",
		"bin", "dist", ".idea", ".vscode", ".DS_Store", // in no commit: see .gitignore
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !slices.Contains(known, entry.Name()) {
			t.Errorf("the root has %s, which is not in the list of this test", entry.Name())
		}
	}
}

// The version may be the name of a tag, and stands in a command and in the linker's flags.
func TestCheckVersion(t *testing.T) {
	t.Parallel()
	for version, ok := range map[string]bool{
		"1.2.3": true, "1.2.3-rc.1+abc": true, "dev": true, "849028f-dirty": true,
		"": false, "1'$(x)'": false, "1 -extld=x": false, "1;x": false, "1\nx": false, "1\"": false, "../1": false,
	} {
		if err := exec.CommandContext(t.Context(), "sh", "tools/check-version.sh", version).Run(); (err == nil) != ok {
			t.Errorf("%q: %v", version, err)
		}
	}
}

// A support case begins with the version: the binary tells it without Terraform.
func TestVersion(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "terraform-provider-cos")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-X main.version=1.2.3", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	output, err := exec.CommandContext(t.Context(), binary, "-version").Output()
	if err != nil || string(output) != "1.2.3\n" {
		t.Errorf("it prints %q, %v", output, err)
	}
}
