// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
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

// The version stands in a command and in the linker's flags.
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

// What no CLI would take is not installed.
func TestMirror(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"abc", "v1.2.3", "1.2", "1.2.3+abc", "1.2.3 "} {
		to := t.TempDir()
		output, err := exec.CommandContext(t.Context(), "sh", "tools/mirror.sh", to, version, "LICENSE").CombinedOutput()
		if left, _ := os.ReadDir(to); err == nil || len(left) > 0 || !strings.Contains(string(output), "is not a version") {
			t.Errorf("%q is installed as %v: %s", version, left, output)
		}
	}
}

// Only what is attested, of the tagged commit and named after the tag, is signed and published.
func TestRelease_publish(t *testing.T) {
	t.Parallel()
	const archive = "terraform-provider-cos_1.2.0_linux_amd64.zip"
	for name, test := range map[string]struct {
		tag     string // default v1.2.0
		listed  string // in the sums; default the archive
		change  string // a command, before it is published
		refusal string
	}{
		"release":                {},
		"pre-release":            {tag: "v1.2.0-rc.1", listed: "terraform-provider-cos_1.2.0-rc.1_linux_amd64.zip"},
		"no v":                   {tag: "1.2.0", refusal: "1.2.0 is not v and a version"},
		"two v":                  {tag: "vv1.2.0", refusal: "vv1.2.0 is not v and a version"},
		"an option":              {tag: "--draft", refusal: "--draft is not v and a version"},
		"part of a version":      {tag: "v1.2", refusal: "v1.2 is not v and a version"},
		"more than a version":    {tag: "v1.2.0+abc", refusal: "v1.2.0+abc is not v and a version"},
		"more than a line":       {tag: "v1.2.0\nv1.2.0", refusal: "letters, digits"},
		"tag of another commit":  {change: "git commit -q --allow-empty -m later", refusal: "v1.2.0 is not a tag of the commit at hand"},
		"no such tag":            {tag: "v1.3.0", change: "git tag -d v1.3.0", refusal: "v1.3.0 is not a tag"},
		"not in the change log":  {tag: "v1.3.0", refusal: "CHANGELOG.md has no section of version 1.3.0"},
		"attested by nobody":     {change: "touch unattested", refusal: "not attested"},
		"of another version":     {listed: "terraform-provider-cos_1.0.0_linux_amd64.zip", refusal: "lists terraform-provider-cos_1.0.0_linux_amd64.zip, which is no file of v1.2.0"},
		"of a longer version":    {listed: "terraform-provider-cos_1.2.01_linux_amd64.zip", refusal: "which is no file of v1.2.0"},
		"a name like an option":  {listed: "--notes-file", refusal: "lists --notes-file"},
		"a name with a blank":    {listed: "terraform-provider-cos_1.2.0_a b", refusal: "which is no file of v1.2.0"},
		"changed after the sums": {change: "echo other > dist/release/" + archive, refusal: "did NOT match"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tag, listed := cmp.Or(test.tag, "v1.2.0"), cmp.Or(test.listed, archive)
			dir := t.TempDir()
			script := exec.CommandContext(t.Context(), "sh", "-euc", releaseScript, "", tag, listed, cmp.Or(test.change, ":"))
			script.Dir = dir
			script.Env = append(os.Environ(), "SCRIPTS="+mustAbs(t, "tools"), "PATH="+dir+"/bin:"+os.Getenv("PATH"), "TAG="+tag, "GPG_FINGERPRINT=ABC",
				"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b.example", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b.example")
			output, err := script.CombinedOutput()
			log, _ := os.ReadFile(dir + "/log") // absent: neither gpg nor gh was run
			if test.refusal != "" {
				if err == nil || !strings.Contains(string(output), test.refusal) || strings.Contains(string(log), "gpg") || strings.Contains(string(log), "release create") {
					t.Errorf("it is not refused: %v\n%s\nran:\n%s", err, output, log)
				}
				return
			}
			sums := "terraform-provider-cos_" + tag[1:] + "_SHA256SUMS"
			create := "gh release create --verify-tag --title " + tag + " --notes-file ../notes.md -- " + tag + " " + sums + " " + sums + ".sig " + listed
			if strings.Contains(tag, "-") {
				create = strings.Replace(create, "-- ", "--prerelease -- ", 1)
			}
			if err != nil || !strings.HasSuffix(string(log), create+"\n") || !strings.Contains(string(log), "--detach-sign -- "+sums) || read(t, dir+"/dist/notes.md") != "Notes of "+tag[1:]+".\n" {
				t.Errorf("%v\n%s\nran:\n%s\nnot %s", err, output, log, create)
			}
		})
	}
}

func mustAbs(t *testing.T, file string) string {
	t.Helper()
	whole, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// releaseScript publishes a commit with one file, with a gh and a gpg that write down how they were run.
const releaseScript = `
mkdir -p tools bin dist/release
cp "$SCRIPTS"/*.sh tools/
cat >bin/gh <<-'SH'
	#!/bin/sh
	root=$(git rev-parse --show-toplevel)
	echo gh "$@" >>"$root/log"
	[ ! -e "$root/unattested" ] || { echo 'not attested' >&2; exit 1; }
	case "$*" in
	release*) ;;
	*"--source-digest $(git rev-parse HEAD) -- "*) ;;
	*) exit 1 ;;
	esac
SH
printf '#!/bin/sh\necho gpg "$@" >>../../log\n' >bin/gpg
chmod +x bin/*
for version in 1.2.0-rc.1 1.2.0; do printf '## %s (date)\nNotes of %s.\n' $version $version; done >CHANGELOG.md
git init -q
git add CHANGELOG.md
git commit -qm change
git update-ref "refs/tags/$TAG" HEAD || :
cd dist/release
echo archive >"./$2"
sha256sum -- "$2" >"terraform-provider-cos_${1#v}_SHA256SUMS" || :
cd ../..
eval "$3"
sh tools/release-publish.sh
`

// A support case begins with the version: the binary tells it without Terraform.
func TestVersion(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "terraform-provider-cos")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-s -w -X main.version=1.2.3", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	output, err := exec.CommandContext(t.Context(), binary, "-version").Output()
	if err != nil || string(output) != "1.2.3\n" {
		t.Errorf("it prints %q, %v", output, err)
	}
}
