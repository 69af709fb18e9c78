// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestProvider_metadata(t *testing.T) {
	t.Parallel()
	var response provider.MetadataResponse
	New("1.2.3")().Metadata(t.Context(), provider.MetadataRequest{}, &response)
	if response.TypeName != "cos" || response.Version != "1.2.3" {
		t.Errorf("the provider calls itself %s %s", response.TypeName, response.Version)
	}
}

func TestProvider_schema(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	if found := findings(t, p.schema.Diagnostics); len(found) > 0 {
		t.Fatalf("the schema is refused:\n%s", lines(found))
	}

	var response provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &response)
	if diags := response.Schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Errorf("the provider's schema: %v", diags)
	}
	for _, factory := range New("test")().Resources(t.Context()) {
		var response resource.SchemaResponse
		factory().Schema(t.Context(), resource.SchemaRequest{}, &response)
		if diags := response.Schema.ValidateImplementation(t.Context()); diags.HasError() {
			t.Errorf("a resource's schema: %v", diags)
		}
	}
}

// The documentation is made of the descriptions.
func TestProvider_descriptions(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	schemas := map[string]*tfprotov6.Schema{"provider": p.schema.Provider}
	for kind, named := range map[string]map[string]*tfprotov6.Schema{
		"": p.schema.ResourceSchemas, "data.": p.schema.DataSourceSchemas, "list.": p.schema.ListResourceSchemas,
	} {
		for name, schema := range named {
			schemas[kind+name] = schema
		}
	}
	for name, action := range p.schema.ActionSchemas {
		schemas["action."+name] = action.Schema
	}
	if schemas[testType] == nil {
		t.Fatalf("there is no resource %s", testType)
	}
	for name, function := range p.schema.Functions {
		if function.Summary == "" || function.Description == "" || function.DescriptionKind != tfprotov6.StringKindMarkdown {
			t.Errorf("function %s is not described in Markdown", name)
		}
	}
	seen := map[string]bool{}
	for name, schema := range schemas {
		if schema.Block.Description == "" || schema.Block.DescriptionKind != tfprotov6.StringKindMarkdown {
			t.Errorf("%s is not described in Markdown", name)
		}
		if len(schema.Block.BlockTypes) > 0 {
			t.Errorf("%s has blocks", name)
		}
		expectDescriptions(t, seen, name, schema.Block.Attributes)
	}
	for _, deepest := range []string{
		"provider.region", testType + ".filter.period.start_time", testType + ".destination.encryption.sse_cos", testType + ".timeouts.create",
	} {
		if !seen[deepest] {
			t.Errorf("%s was not looked at", deepest)
		}
	}
}

func expectDescriptions(t *testing.T, seen map[string]bool, parent string, attributes []*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, a := range attributes {
		name := parent + "." + a.Name
		seen[name] = true
		if a.Description == "" || a.DescriptionKind != tfprotov6.StringKindMarkdown {
			t.Errorf("%s is not described in Markdown", name)
		}
		if a.NestedType != nil {
			expectDescriptions(t, seen, name, a.NestedType.Attributes)
		}
	}
}

func TestProvider_sensitive(t *testing.T) {
	t.Parallel()
	sensitive := map[string]bool{ // and all others are not
		"secret_key": true, "security_token": true, "assume_role_with_web_identity.web_identity_token": true,
	}
	required := map[string]bool{"assume_role.role_arn": true, "assume_role_with_web_identity.role_arn": true}
	found := 0
	var expect func(parent string, attributes []*tfprotov6.SchemaAttribute)
	expect = func(parent string, attributes []*tfprotov6.SchemaAttribute) {
		for _, a := range attributes {
			name := parent + a.Name
			if a.Sensitive != sensitive[name] {
				t.Errorf("%s is sensitive: %t", name, a.Sensitive)
			}
			if a.Required != required[name] || a.Optional == a.Required || a.Computed {
				t.Errorf("%s is optional: %t, required: %t, computed: %t", name, a.Optional, a.Required, a.Computed)
			}
			if a.Sensitive {
				found++
			}
			if a.NestedType != nil {
				expect(name+".", a.NestedType.Attributes)
			}
		}
	}
	expect("", newProtocol(t, cosProvider{}).schema.Provider.Block.Attributes)
	if found != len(sensitive) {
		t.Errorf("%d of %d secrets are sensitive", found, len(sensitive))
	}
}

func TestProvider_userAgent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := newProtocol(t, w.provider)
	if found := p.configureAs("1.99.0", object{}); len(found) > 0 {
		t.Fatal(lines(found))
	}
	p.read(object{"region": testRegion})
	requests := w.Requests()
	if len(requests) == 0 {
		t.Error("no request was sent")
	}
	for _, request := range requests {
		const want = "terraform-provider-cos/test Terraform/1.99.0"
		if got := request.Header.Get("User-Agent"); got != want {
			t.Errorf("the user agent of %s is %q, want %q", request.Op, got, want)
		}
	}
}

// A domain of another region's would make each job look as if it were gone.
func TestProvider_domainOfAnotherRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	job := p.create(p.complete(nil))
	w.ResetRequests()
	elsewhere := w.configuredWith(object{"cos_domain": "https://cos-internal.ap-shanghai.tencentcos.cn"})
	_, ds := elsewhere.change(elsewhere.nothing(), p.complete(nil))
	expectFindings(t, findings(t, ds), finding{path: "region", summary: "Region Not Served", detail: "ap-shanghai, not for ap-guangzhou"})
	kept, ds := elsewhere.refresh(t.Context(), job)
	expectFindings(t, findings(t, ds), finding{path: "region", summary: "Unable to Read COS Bucket Inventory", detail: "ap-shanghai, not for ap-guangzhou"})
	p.expectState(kept, job.state)
	w.expectSent(t, map[string]int{})
	p.expectNoDrift(job, p.complete(nil))
}
