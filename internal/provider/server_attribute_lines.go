// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// attributeLines makes every diagnostic show the line of an attribute. For the path of an object's
// member, Terraform shows the first line of the resource, or the line of an attribute that has the
// member's name.
type attributeLines struct{ frameworkServer }

func (s attributeLines) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return onLines(s.frameworkServer.ValidateProviderConfig(ctx, req))
}

func (s attributeLines) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return onLines(s.frameworkServer.ConfigureProvider(ctx, req))
}

func (s attributeLines) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return onLines(s.frameworkServer.ValidateResourceConfig(ctx, req))
}

func (s attributeLines) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return onLines(s.frameworkServer.PlanResourceChange(ctx, req))
}

func (s attributeLines) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return onLines(s.frameworkServer.ApplyResourceChange(ctx, req))
}

func (s attributeLines) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return onLines(s.frameworkServer.ReadResource(ctx, req))
}

func (s attributeLines) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return onLines(s.frameworkServer.ValidateDataResourceConfig(ctx, req))
}

func (s attributeLines) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return onLines(s.frameworkServer.ReadDataSource(ctx, req))
}

func (s attributeLines) ValidateListResourceConfig(ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	return onLines(s.frameworkServer.ValidateListResourceConfig(ctx, req))
}

func (s attributeLines) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	return onLines(s.frameworkServer.ValidateActionConfig(ctx, req))
}

func (s attributeLines) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	return onLines(s.frameworkServer.PlanAction(ctx, req))
}

func (s attributeLines) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	stream, err := s.frameworkServer.InvokeAction(ctx, req)
	if err == nil {
		stream.Events = seen(stream.Events, func(event tfprotov6.InvokeActionEvent) {
			if completed, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
				allOnLine(completed.Diagnostics)
			}
		})
	}
	return stream, err
}

func (s attributeLines) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.frameworkServer.ListResource(ctx, req)
	if err == nil {
		stream.Results = seen(stream.Results, func(result tfprotov6.ListResourceResult) { allOnLine(result.Diagnostics) })
	}
	return stream, err
}

// seen shows each element to see before it is passed on.
func seen[E any](all iter.Seq[E], see func(E)) iter.Seq[E] {
	return func(push func(E) bool) {
		all(func(e E) bool {
			see(e)
			return push(e)
		})
	}
}

// onLines changes the diagnostics of a response.
func onLines[Response any](resp *Response, err error) (*Response, error) {
	if err == nil {
		if ds, ok := reflect.ValueOf(resp).Elem().FieldByName("Diagnostics").Interface().([]*tfprotov6.Diagnostic); ok {
			allOnLine(ds)
		}
	}
	return resp, err
}

func allOnLine(ds []*tfprotov6.Diagnostic) {
	for _, d := range ds {
		onLine(d)
	}
}

// onLine moves a diagnostic from a member to the attribute that has a line of its own, and names
// the member in the text.
func onLine(d *tfprotov6.Diagnostic) *tfprotov6.Diagnostic {
	steps := d.Attribute.Steps()
	if len(steps) < 2 {
		return d
	}
	d.Attribute = tftypes.NewAttributePathWithSteps(steps[:1])
	name, root := attributeNames(steps), attributeNames(steps[:1])
	if name == root || strings.Contains(d.Detail, name) {
		return d
	}
	separator := ": "
	if _, ok := steps[len(steps)-1].(tftypes.AttributeName); ok && strings.HasPrefix(d.Detail, `"`) {
		separator = " = " // the text begins with the value
	}
	d.Detail = name + separator + d.Detail
	return d
}

// attributeNames formats the path of an attribute as a configuration does, such as
// filter.period.start_time. An element of a set has no name.
func attributeNames(steps []tftypes.AttributePathStep) string {
	var b strings.Builder
	for _, step := range steps {
		switch step := step.(type) {
		case tftypes.AttributeName:
			b.WriteString("." + string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(step))
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}
