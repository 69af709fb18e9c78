// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// testFiles are where the tests of each kind of thing stand, by its folder in the documentation.
// "*" is what [rooms] calls the thing.
var testFiles = map[string]string{
	"resources":      "*_resource_test.go",
	"data-sources":   "*_data_source_test.go",
	"list-resources": "*s_list_test.go",
	"actions":        "*_action_test.go",
	"functions":      "functions_test.go", // one table, which TestFunctions compares
}

// rooms are the beginnings of the files' names, by the thing's name without cos_.
var rooms = map[string]string{
	"bucket_inventory": "job", "bucket_inventories": "jobs", "bucket_inventory_run": "run", "bucket_inventory_report": "report",
}

// TestProvider_contents: everything that the provider has is tried, shown and tested.
func TestProvider_contents(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	var tried []string
	for _, example := range exampleCases() {
		tried = append(tried, example.files...)
	}
	for kind, names := range map[string][]string{
		"resources":      slices.Collect(maps.Keys(p.schema.ResourceSchemas)),
		"data-sources":   slices.Collect(maps.Keys(p.schema.DataSourceSchemas)),
		"list-resources": slices.Collect(maps.Keys(p.schema.ListResourceSchemas)),
		"actions":        slices.Collect(maps.Keys(p.schema.ActionSchemas)),
		"functions":      slices.Collect(maps.Keys(p.schema.Functions)),
	} {
		if len(names) == 0 {
			t.Errorf("the provider has no %s", kind)
		}
		for _, name := range names {
			short := strings.TrimPrefix(name, "cos_")
			page := kind + "/" + short + ".md"
			if !slices.ContainsFunc(tried, func(file string) bool { return strings.HasPrefix(file, kind+"/"+name+"/") }) {
				t.Errorf("exampleCases tries no file of examples/%s/%s", kind, name)
			}
			expectContains(t, "../../docs/"+page, name)
			expectContains(t, "../../templates/index.md.tmpl", page)
			expectContains(t, "../../README.md", "docs/"+page)
			expectContains(t, strings.ReplaceAll(testFiles[kind], "*", rooms[short]), "func Test")
		}
	}
}

// TestProvider_arguments: every argument of the provider is in an example that is tried.
func TestProvider_arguments(t *testing.T) {
	t.Parallel()
	set := map[string]bool{}
	for _, example := range exampleCases() {
		for _, file := range append(example.files, exampleProvider) {
			if !strings.HasSuffix(file, ".tf") {
				continue
			}
			for _, block := range parsedBlocks(t, readText(t, filepath.Join(examplesFolder, file)), "provider") {
				for name := range block.Body.Attributes {
					set[name] = true
				}
			}
		}
	}
	for _, argument := range newProtocol(t, cosProvider{}).schema.Provider.Block.Attributes {
		if !set[argument.Name] {
			t.Errorf("no example sets the provider's %s", argument.Name)
		}
	}
}

// settable are the paths of the attributes that a configuration can set, but for those that hold
// others.
func settable(prefix string, attributes []*tfprotov6.SchemaAttribute) map[string]bool {
	paths := map[string]bool{}
	for _, attribute := range attributes {
		path := prefix + attribute.Name
		switch {
		case attribute.NestedType != nil && len(attribute.NestedType.Attributes) > 0:
			maps.Copy(paths, settable(path+".", attribute.NestedType.Attributes))
		case attribute.Required || attribute.Optional:
			paths[path] = true
		}
	}
	return paths
}

func parsedBlocks(t *testing.T, text, kind string) []*hclsyntax.Block {
	t.Helper()
	file, diags := hclparse.NewParser().ParseHCL([]byte(text), "test.tf")
	if diags.HasErrors() {
		t.Fatalf("%v in\n%s", diags, text)
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		t.Fatalf("a body of another syntax: %T", file.Body)
	}
	return slices.DeleteFunc(slices.Clone(body.Blocks), func(block *hclsyntax.Block) bool { return block.Type != kind })
}

func readText(t testing.TB, file string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func expectContains(t *testing.T, file, text string) {
	t.Helper()
	content, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil || !strings.Contains(string(content), text) {
		t.Errorf("%s does not contain %q: %v", strings.TrimPrefix(file, "../../"), text, err)
	}
}
