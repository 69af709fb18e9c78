// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// The gates stand once, in GNUmakefile. The jobs of the workflow share them out.
func TestGates(t *testing.T) {
	t.Parallel()
	list := regexp.MustCompile(`(?m)^GATES := ([a-z -]+)$`).FindStringSubmatch(read(t, "GNUmakefile"))
	if list == nil {
		t.Fatal("GNUmakefile lists no gates")
	}
	var run []string
	for _, made := range regexp.MustCompile(`(?m)^ +- run: make (.+)$`).FindAllStringSubmatch(read(t, ".github/workflows/test.yml"), -1) {
		run = append(run, strings.Fields(made[1])...)
	}
	gates := strings.Fields(list[1])
	slices.Sort(gates)
	slices.Sort(run)
	if run = slices.Compact(run); !slices.Equal(run, gates) {
		t.Errorf("the workflow runs %q, make check %q", run, gates)
	}
}

// Updates are offered to every module.
func TestModules_updates(t *testing.T) {
	t.Parallel()
	config := read(t, ".github/dependabot.yml")
	modules, err := filepath.Glob("tools/*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range modules {
		if folder := "/" + path.Dir(filepath.ToSlash(module)); !regexp.MustCompile(regexp.QuoteMeta(folder) + `[,\]]`).MatchString(config) {
			t.Errorf("dependabot.yml leaves out %s", folder)
		}
	}
}

// The commands of the pages for people are targets, and the first page stays short.
func TestPages_commands(t *testing.T) {
	t.Parallel()
	makefile := read(t, "GNUmakefile")
	for _, page := range []string{"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", ".github/pull_request_template.md"} {
		for _, command := range regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)").FindAllStringSubmatch(read(t, page), -1) {
			if !strings.Contains(makefile, "\n"+command[1]+": ") {
				t.Errorf("%s: there is no target %s", page, command[1])
			}
		}
	}
	if lines := strings.Count(read(t, "README.md"), "\n"); lines > 130 {
		t.Errorf("README.md has %d lines: what is not for its first reader belongs into CONTRIBUTING.md or docs/", lines)
	}
}

// What a run or a tool leaves at the root by mistake would be committed one day.
func TestRoot(t *testing.T) {
	t.Parallel()
	known := []string{
		".ci", ".git", ".github", ".gitignore", ".golangci.yml", ".goreleaser.yml", "BENCHMARKS.md", "BENCHMARKS.svg", "CHANGELOG.md", "CONTRIBUTING.md", "GNUmakefile",
		"LICENSE", "README.md", "README.zh-CN.md", "SECURITY.md", "docs", "examples", "go.mod", "go.sum", "internal", "main.go", "main_test.go", "templates",
		"terraform-registry-manifest.json", "tools",
	}
	ignored := strings.Fields(read(t, ".gitignore"))
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		isIgnored := slices.ContainsFunc(ignored, func(pattern string) bool {
			matches, err := path.Match(strings.Trim(pattern, "/"), entry.Name())
			return matches && err == nil
		})
		if !isIgnored && !slices.Contains(known, entry.Name()) {
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
