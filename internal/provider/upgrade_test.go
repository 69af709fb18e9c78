// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// upgradeFolder has a folder for each version of the resource's schema that was ever released, by
// its number: the schema as lines, and a configuration with the state and the documents that an
// apply of it left. What is there is never changed: states like it are out in the world.
const upgradeFolder = "testdata/upgrade"

func upgradeFile(t *testing.T, version, name string) string {
	t.Helper()
	return readText(t, upgradeFolder+"/"+version+"/"+name)
}

// A user who only takes a newer provider sees no change.
func TestUpgrade_plan(t *testing.T) {
	t.Parallel()
	versions, err := os.ReadDir(upgradeFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range versions {
		t.Run(version.Name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			c := newCLI(t, w)
			for _, name := range []string{"main.tf", "terraform.tfstate"} {
				c.write(name, upgradeFile(t, version.Name(), name))
			}
			for _, id := range []string{"full", "minimal"} {
				w.Seed(testBucket, id, upgradeFile(t, version.Name(), id+".xml"))
			}
			// An apply writes the state in today's form, with which a plan is empty, too.
			applied := c.mustRun("apply", "-auto-approve", "-no-color")
			if sent := w.sent(); sent[opList] != 1 || !strings.Contains(applied, "No changes.") {
				t.Errorf("sent %v, and the apply says:\n%s", sent, applied)
			}
			c.mustRun("plan", "-detailed-exitcode", "-no-color")
			w.expectWrites(t, 0, 0)
		})
	}
}

// A change of the schema that old configurations or states do not fit takes a new version of it,
// with a state upgrader and a folder of its own.
func TestUpgrade_schema(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	schema := p.schema.ResourceSchemas[testType]
	released := strings.Split(strings.TrimSpace(upgradeFile(t, fmt.Sprintf("v%d", schema.Version), "schema.txt")), "\n")
	for _, line := range incompatible(released, append(schemaLines("", schema.Block.Attributes), p.identityLines()...)) {
		t.Error(line)
	}
}

// schemaLines describes attributes, those within them included, as <name>: <required, optional and
// computed> <type>.
func schemaLines(parent string, attributes []*tfprotov6.SchemaAttribute) []string {
	var all []string
	for _, a := range attributes {
		var modes []string
		for _, mode := range []struct {
			name string
			set  bool
		}{{"required", a.Required}, {"optional", a.Optional}, {"computed", a.Computed}} {
			if mode.set {
				modes = append(modes, mode.name)
			}
		}
		kind := strings.ReplaceAll(fmt.Sprint(a.Type), "tftypes.", "")
		if a.NestedType != nil {
			kind = a.NestedType.Nesting.String()
		}
		all = append(all, fmt.Sprintf("%s: %s %s", parent+a.Name, strings.Join(modes, "+"), kind))
		if a.NestedType != nil {
			all = append(all, schemaLines(parent+a.Name+".", a.NestedType.Attributes)...)
		}
	}
	slices.Sort(all)
	return all
}

func (p *protocol) identityLines() []string {
	p.t.Helper()
	response := call(p, p.server.GetResourceIdentitySchemas, &tfprotov6.GetResourceIdentitySchemasRequest{})
	var all []string
	for _, a := range response.IdentitySchemas[testType].IdentityAttributes {
		mode := "optional"
		if a.RequiredForImport {
			mode = "required"
		}
		all = append(all, fmt.Sprintf("identity.%s: %s %s", a.Name, mode, strings.TrimPrefix(fmt.Sprint(a.Type), "tftypes.")))
	}
	slices.Sort(all)
	return all
}

// compatible are the modes that an attribute may take after another: a configuration that was valid
// stays so, and so does a reference to its value.
var compatible = map[string][]string{
	"required":          {"optional", "optional+computed"},
	"optional":          {"optional+computed"},
	"optional+computed": nil,
	"computed":          {"optional+computed"},
}

// incompatible says what of a released schema the current one breaks.
func incompatible(released, current []string) []string {
	split := func(line string) (name, mode, kind string) {
		name, rest, _ := strings.Cut(line, ": ")
		mode, kind, _ = strings.Cut(rest, " ")
		return name, mode, kind
	}
	type attribute struct{ mode, kind string }
	now := map[string]attribute{}
	for _, line := range current {
		name, mode, kind := split(line)
		now[name] = attribute{mode, kind}
	}
	var broken []string
	for _, line := range released {
		name, mode, kind := split(line)
		a, ok := now[name]
		switch {
		case !ok:
			broken = append(broken, name+" is gone")
		case a.kind != kind:
			broken = append(broken, fmt.Sprintf("%s is a %s, and was a %s", name, a.kind, kind))
		case a.mode != mode && !slices.Contains(compatible[mode], a.mode):
			broken = append(broken, fmt.Sprintf("%s is %s, and was %s", name, a.mode, mode))
		}
		delete(now, name)
	}
	for name, a := range now {
		// A new object may require members: only who writes the object gives them.
		_, isNew := now[name[:max(0, strings.LastIndexByte(name, '.'))]]
		if a.mode == "required" && !isNew {
			broken = append(broken, name+" is new and required")
		}
	}
	slices.Sort(broken)
	return broken
}

func TestUpgrade_incompatible(t *testing.T) {
	t.Parallel()
	released := []string{"a: required String", "b: optional Number", "c: optional SINGLE", "c.d: required String", "e: computed String"}
	for name, test := range map[string]struct {
		current []string
		want    []string
	}{
		"the same":              {released, nil},
		"more":                  {append(slices.Clone(released), "f: optional Bool", "g: optional SINGLE", "g.h: required Bool"), nil},
		"looser":                {[]string{"a: optional String", "b: optional+computed Number", "c: optional SINGLE", "c.d: optional String", "e: optional+computed String"}, nil},
		"one gone":              {released[1:], []string{"a is gone"}},
		"a member gone":         {slices.Concat(released[:3], released[4:]), []string{"c.d is gone"}},
		"another type":          {slices.Concat([]string{"a: required Number"}, released[1:]), []string{"a is a Number, and was a String"}},
		"required now":          {slices.Concat(released[:1], []string{"b: required Number"}, released[2:]), []string{"b is required, and was optional"}},
		"no longer configured":  {slices.Concat(released[:1], []string{"b: computed Number"}, released[2:]), []string{"b is computed, and was optional"}},
		"a new one required":    {append(slices.Clone(released), "f: required Bool"), []string{"f is new and required"}},
		"a new member required": {append(slices.Clone(released), "c.f: required Bool"), []string{"c.f is new and required"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := incompatible(released, test.current); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
