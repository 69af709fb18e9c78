// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"debug/buildinfo"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func read(t *testing.T, document []byte) cdx.BOM {
	t.Helper()
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(document), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	return bom
}

func purls(bom cdx.BOM) []string {
	var all []string
	for _, c := range *bom.Components {
		all = append(all, c.PackageURL)
	}
	return all
}

// The test's own binary is one that Go has built.
func TestRun(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	document := filepath.Join(t.TempDir(), "sbom.json")
	if err := run(self, document, "1.2.3"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	bom := read(t, content)
	subject := bom.Metadata.Component
	if bom.SpecVersion != cdx.SpecVersion1_6 || !strings.HasSuffix(subject.PackageURL, "tools/release@v1.2.3") || subject.Name != "release" {
		t.Errorf("%s of %+v", bom.SpecVersion, subject)
	}
	if !slices.Contains(*subject.Properties, cdx.Property{Name: "cdx:gomod:build:env:GOOS", Value: runtime.GOOS}) {
		t.Errorf("built for %+v", subject.Properties)
	}
	found := purls(bom)
	if !slices.Contains(found, "pkg:golang/stdlib@"+strings.TrimPrefix(runtime.Version(), "go")) ||
		!slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, "pkg:golang/github.com/CycloneDX/cyclonedx-go@v") }) {
		t.Errorf("built from %q", found)
	}
	if refs := (*bom.Dependencies)[0]; refs.Ref != subject.BOMRef || !slices.Equal(*refs.Dependencies, found) {
		t.Errorf("depends on %+v", refs)
	}
}

func TestBillOfMaterials_replaced(t *testing.T) {
	t.Parallel()
	info := &buildinfo.BuildInfo{GoVersion: "go1.2", Main: debug.Module{Path: "example.com/a"}, Deps: []*debug.Module{
		{Path: "example.com/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/c", Version: "v1.0.1"}},
	}}
	got := purls(*billOfMaterials(info, "0.0.0"))
	if want := []string{"pkg:golang/stdlib@1.2", "pkg:golang/example.com/c@v1.0.1"}; !slices.Equal(got, want) {
		t.Errorf("built from %q, want %q", got, want)
	}
}

// A document that changed with the day would make each build another one.
func TestBillOfMaterials_same(t *testing.T) {
	t.Parallel()
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("this binary says nothing of its build")
	}
	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := write(w, billOfMaterials(info, "1.2.3")); err != nil {
			t.Fatal(err)
		}
	}
	if first.String() != second.String() || strings.Contains(first.String(), "serialNumber") || strings.Contains(first.String(), "timestamp") {
		t.Errorf("%s\n%s", first.String(), second.String())
	}
}

func TestRun_notGo(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	document := script + ".json"
	if err := run(script, document, "1.2.3"); err == nil {
		t.Error("a script has modules")
	}
	if _, err := os.Stat(document); err == nil {
		t.Error("a document was left behind")
	}
}
