// SPDX-License-Identifier: MPL-2.0

// Command sbom writes down what a Go binary was built from, as a CycloneDX document:
//
//	sbom <binary> <document> <version>
//
// It reads what the Go linker left in the binary, so it describes that binary and not go.mod. The
// same binary gives the same document, on every machine.
//
// cyclonedx-gomod bin (v1.10.0), which does the same, is not used: its documents hold a hash of
// cyclonedx-gomod's own binary, and give every module the platform of the machine that it runs on,
// such as goos=linux for a provider that is built for Windows.
//
// https://cyclonedx.org/docs/1.6/json/
package main

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: sbom <binary> <document> <version>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(binary, document, version string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("reading the binary: %w", err)
	}
	file, err := os.Create(document)
	if err != nil {
		return err
	}
	return errors.Join(write(file, billOfMaterials(info, version)), file.Close())
}

func write(w io.Writer, bom *cdx.BOM) error {
	return cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6)
}

// billOfMaterials lists the modules and the Go version that a binary was built from. Its main
// module has no version of its own where the build took no stamp of the repository, so the version
// comes from outside.
func billOfMaterials(info *buildinfo.BuildInfo, version string) *cdx.BOM {
	subject := component(info.Main.Path, "v"+version)
	subject.Type = cdx.ComponentTypeApplication
	subject.Name = path.Base(info.Main.Path)
	subject.Properties = properties(info.Settings)

	// The name and the version by which the Go vulnerability database knows the standard library.
	components := []cdx.Component{component("stdlib", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		components = append(components, component(module.Path, module.Version))
	}

	bom := cdx.NewBOM()
	bom.SerialNumber = ""
	bom.Metadata = &cdx.Metadata{Component: &subject}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: subject.BOMRef, Dependencies: refs(components)}}
	return bom
}

// component names a module as a package URL does.
//
// https://github.com/package-url/purl-spec/blob/main/types-doc/golang-definition.md
func component(module, version string) cdx.Component {
	purl := "pkg:golang/" + module + "@" + version
	return cdx.Component{Type: cdx.ComponentTypeLibrary, BOMRef: purl, Name: module, Version: version, PackageURL: purl}
}

// properties are what the build was for, as CycloneDX names it.
//
// https://github.com/CycloneDX/cyclonedx-property-taxonomy
func properties(settings []debug.BuildSetting) *[]cdx.Property {
	var kept []cdx.Property
	for _, setting := range settings {
		if slices.Contains([]string{"CGO_ENABLED", "GOARCH", "GOOS"}, setting.Key) {
			kept = append(kept, cdx.Property{Name: "cdx:gomod:build:env:" + setting.Key, Value: setting.Value})
		}
	}
	return &kept
}

func refs(components []cdx.Component) *[]string {
	var all []string
	for _, c := range components {
		all = append(all, c.BOMRef)
	}
	return &all
}
