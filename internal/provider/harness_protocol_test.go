// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const testType = "cos_bucket_inventory"

// object is an object's or a map's members; those left out are null.
type object map[string]any

// unknown is a value that is known only after an apply.
type unknown struct{}

// jobObject is the configuration of job "nightly", with members replaced.
func jobObject(members object) object {
	return sumOf(object{
		"bucket":                   testBucket,
		"id":                       "nightly",
		"included_object_versions": "Current",
		"schedule":                 object{"frequency": "Daily"},
		"destination":              object{"bucket": testDestination},
	}, members)
}

// protocol asks a provider what Terraform asks it, without a CLI in between. So diagnostics show
// the exact attribute that they are attached to.
type protocol struct {
	t      testing.TB
	server *server
	schema *tfprotov6.GetProviderSchemaResponse
}

func newProtocol(t testing.TB, p cosProvider) *protocol {
	t.Helper()
	server, err := newServer(&p, false)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return &protocol{t: t, server: server, schema: schema}
}

// configured is a protocol whose provider has an empty configuration.
func (w *world) configured() *protocol { return w.configuredWith(object{}) }

func (w *world) configuredWith(settings object) *protocol {
	w.t.Helper()
	p := newProtocol(w.t, w.provider)
	config := p.dynamic(newValue(p.t, p.schema.Provider.ValueType(), settings))
	response := call(p, p.server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.0.0", Config: config})
	if ds := diagnostics(response.Diagnostics); len(ds) > 0 {
		p.t.Fatalf("configuring the provider: %s", ds)
	}
	if w.connect != nil {
		w.connect(p.server.provider.Load().client)
	}
	return p
}

// testBound ends what hangs, before it takes the other tests with it. No operation of a test is as long,
// nor one of a bubble's.
const testBound = time.Minute

// await waits for what comes from a channel, or for its end.
func await[T any](t testing.TB, ch <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-ch:
	case <-time.After(testBound):
		t.Errorf("nothing came in %v", testBound)
	}
	return value
}

// cancelledAt is a context that is cancelled at the event.
func cancelledAt(t testing.TB, event <-chan struct{}) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		await(t, event)
	}()
	return ctx
}

// call makes one call of the protocol, which must not fail as a call.
func call[Request, Response any](p *protocol, method func(context.Context, *Request) (*Response, error), request *Request) *Response {
	p.t.Helper()
	return callIn(p.t.Context(), p, method, request)
}

func callIn[Request, Response any](ctx context.Context, p *protocol, method func(context.Context, *Request) (*Response, error), request *Request) *Response {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, testBound)
	defer cancel()
	response, err := method(ctx, request)
	if err != nil {
		p.t.Fatal(err)
	}
	return response
}

func (p *protocol) typ() tftypes.Type { return p.schema.ResourceSchemas[testType].ValueType() }

func (p *protocol) dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.t.Fatal(err)
	}
	return &d
}

// value is a job; nil is no job at all.
func (p *protocol) value(o object) tftypes.Value {
	p.t.Helper()
	if o == nil {
		return p.none()
	}
	return newValue(p.t, p.typ(), o)
}

// job encodes a job; nil is no job at all.
func (p *protocol) job(o object) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.dynamic(p.value(o))
}

func (p *protocol) validate(config object) []finding {
	p.t.Helper()
	response := call(p, p.server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: testType, Config: p.job(config)})
	return findings(p.t, response.Diagnostics)
}

// plan plans a change from prior to config, as Terraform asks for it.
func (p *protocol) plan(prior, config object, private []byte) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	return p.planChange(kept{p.value(prior), private}, p.value(config))
}

func (p *protocol) planChange(prior kept, config tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	return call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: testType, PriorState: p.dynamic(prior.state), Config: p.dynamic(config),
		ProposedNewState: p.dynamic(p.proposedNew(prior.state, config)), PriorPrivate: prior.private,
	})
}

// proposed is the state that Terraform proposes.
func (p *protocol) proposed(prior, config object) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.dynamic(p.proposedNew(p.value(prior), p.value(config)))
}

// proposedNew is Terraform's rule, objchange.ProposedNew, as far as this schema needs it: what the
// configuration omits and the provider computes is proposed as it was.
//
// https://github.com/hashicorp/terraform/blob/main/internal/plans/objchange/objchange.go
func (p *protocol) proposedNew(prior, config tftypes.Value) tftypes.Value {
	p.t.Helper()
	if config.IsNull() {
		return config
	}
	return p.proposedObject(p.schema.ResourceSchemas[testType].Block.Attributes, prior, config)
}

func (p *protocol) proposedObject(attributes []*tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	p.t.Helper()
	before, _ := objectMembers(prior) // none, if there was no object
	wanted, ok := objectMembers(config)
	if !ok {
		return config
	}
	proposed := map[string]tftypes.Value{}
	for _, attribute := range attributes {
		was, had := before[attribute.Name]
		value := wanted[attribute.Name]
		switch {
		case attribute.Computed && value.IsNull():
			if had {
				value = was
			}
		case attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			if !had {
				was = tftypes.NewValue(value.Type(), nil)
			}
			value = p.proposedObject(attribute.NestedType.Attributes, was, value)
		case attribute.NestedType != nil:
			p.t.Fatalf("%s is nested in a way that Terraform's rule is not known for here", attribute.Name)
		}
		proposed[attribute.Name] = value
	}
	return tftypes.NewValue(config.Type(), proposed)
}

// member is what a job that the provider answered holds at a path of names.
func (p *protocol) member(job *tfprotov6.DynamicValue, names ...string) tftypes.Value {
	p.t.Helper()
	value := p.known(job)
	path := tftypes.NewAttributePath()
	for _, name := range names {
		path = path.WithAttributeName(name)
	}
	found, _, err := tftypes.WalkAttributePath(value, path)
	if err != nil {
		p.t.Fatalf("%s: %v", path, err)
	}
	member, ok := found.(tftypes.Value)
	if !ok {
		p.t.Fatalf("%s is a %T", path, found)
	}
	return member
}

// newValue makes a value of the type from Go's own.
func newValue(t testing.TB, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case []any:
		var elementType tftypes.Type
		switch typ := typ.(type) {
		case tftypes.Set:
			elementType = typ.ElementType
		case tftypes.List:
			elementType = typ.ElementType
		default:
			t.Fatalf("%v is not a %s", v, typ)
		}
		elements := make([]tftypes.Value, len(v))
		for i, element := range v {
			elements[i] = newValue(t, elementType, element)
		}
		return tftypes.NewValue(typ, elements)
	case object:
		members := map[string]tftypes.Value{}
		switch typ := typ.(type) {
		case tftypes.Map:
			for name, member := range v {
				members[name] = newValue(t, typ.ElementType, member)
			}
		case tftypes.Object:
			for name := range v {
				if _, ok := typ.AttributeTypes[name]; !ok {
					t.Fatalf("the schema has no %q", name)
				}
			}
			for name, member := range typ.AttributeTypes {
				members[name] = newValue(t, member, v[name])
			}
		default:
			t.Fatalf("%v is not a %s", v, typ)
		}
		return tftypes.NewValue(typ, members)
	default:
		return tftypes.NewValue(typ, v)
	}
}

// finding is a diagnostic: where it is attached, and what it says.
type finding struct {
	warning               bool
	path, summary, detail string
}

// findings are sorted by path and detail: attributes are checked in no order.
func findings(t testing.TB, diagnostics []*tfprotov6.Diagnostic) []finding {
	t.Helper()
	found := make([]finding, len(diagnostics))
	for i, d := range diagnostics {
		if d.Attribute != nil && len(d.Attribute.Steps()) == 0 { // the CLI then shows no block
			t.Errorf("an empty path: %s", d.Summary)
		}
		found[i] = finding{
			warning: d.Severity == tfprotov6.DiagnosticSeverityWarning,
			path:    pathString(t, d.Attribute), summary: d.Summary, detail: d.Detail,
		}
	}
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.path+" "+a.detail, b.path+" "+b.detail) })
	return found
}

// expectFindings compares what was found with what is wanted, sorted by path; of a detail, a wanted
// part. What is wanted of a member is found on its attribute, with the member's name in the detail.
// An element of a set has no name.
func expectFindings(t testing.TB, found []finding, want ...finding) {
	t.Helper()
	matches := func(found, want finding) bool {
		line, _, _ := strings.Cut(want.path, ".")
		line, _, isElement := strings.Cut(line, "[")
		return found.warning == want.warning && found.path == line && found.summary == want.summary &&
			(line == want.path || isElement || strings.Contains(found.detail, want.path)) &&
			want.detail != "" && strings.Contains(found.detail, want.detail)
	}
	if !slices.EqualFunc(found, want, matches) {
		t.Errorf("found:\n%s\nwant:\n%s", lines(found), lines(want))
	}
}

func lines(findings []finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "  %+v\n", f)
	}
	return b.String()
}

// pathString shows a path as a configuration would: filter.tags["team"].
func pathString(t testing.TB, path *tftypes.AttributePath) string {
	t.Helper()
	var b strings.Builder
	for _, step := range path.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			b.WriteString("." + string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(step))
		case tftypes.ElementKeyValue:
			value := tftypes.Value(step)
			var s string
			if value.IsNull() {
				s = "null"
			} else if err := value.As(&s); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "[%q]", s)
		default:
			t.Fatalf("a path of this schema has no %T", step)
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// readData validates and reads a data source. It returns its members, and what was found.
func (p *protocol) readData(typeName string, config object) (map[string]tftypes.Value, []finding) {
	p.t.Helper()
	return p.readDataIn(p.t.Context(), typeName, config)
}

func (p *protocol) readDataIn(ctx context.Context, typeName string, config object) (map[string]tftypes.Value, []finding) {
	p.t.Helper()
	typ := p.schema.DataSourceSchemas[typeName].ValueType()
	value := p.dynamic(newValue(p.t, typ, config))
	validated := call(p, p.server.ValidateDataResourceConfig, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: value})
	if found := findings(p.t, validated.Diagnostics); len(found) > 0 {
		return nil, found
	}
	response := callIn(ctx, p, p.server.ReadDataSource, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: value})
	if response.State == nil {
		return nil, findings(p.t, response.Diagnostics)
	}
	state, err := response.State.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	members, _ := objectMembers(state)
	return members, findings(p.t, response.Diagnostics)
}

// dataSource reads a data source.
func (p *protocol) dataSource(typeName string, config object) (*tfprotov6.ReadDataSourceResponse, tftypes.Type) {
	p.t.Helper()
	typ := p.schema.DataSourceSchemas[typeName].ValueType()
	return call(p, p.server.ReadDataSource, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: p.dynamic(newValue(p.t, typ, config))}), typ
}
