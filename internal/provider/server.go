// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

const (
	address = "registry.terraform.io/terraform-provider-cos/cos"
	// gcPercent makes the garbage collector run less often, at the cost of some memory, of which a
	// plan needs little.
	gcPercent = 200
)

// Serve runs the provider as a plugin until Terraform ends it. With managedDebug, it prints how
// Terraform reaches it, and waits for a debugger.
func Serve(version string, managedDebug bool) error {
	return serve(func() *cosProvider { return newProvider(version) }, managedDebug)
}

func serve(factory func() *cosProvider, managedDebug bool) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	silent, err := silence(os.Environ(), os.Setenv)
	if err != nil {
		return err
	}
	var options []tf6server.ServeOpt
	if managedDebug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		deferTermination(os.Exit) //nolint:forbidigo // the process has been told to end
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer {
		s, err := newServer(factory(), silent)
		if err != nil {
			log.Fatal(err) // the factory has no other way out
		}
		return s
	}, options...)
}

// frameworkServer lists every interface of the framework's server. Terraform treats some of them as
// optional, so a wrapper must not lose them.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's server, with a short cut for plans in which nothing changes. Its calls
// release their memory when they return, their diagnostics show the line of an attribute, and its
// streams say how they end.
type server struct {
	frameworkServer
	provider  *atomic.Pointer[providerData] // nil until the provider is configured
	unchanged unchangedPlan
	streams   streams
	silent    bool // nobody asks for log lines
}

func newServer(p *cosProvider, silent bool) (*server, error) {
	p.data = &atomic.Pointer[providerData]{}
	fw, ok := providerserver.NewProtocol6(p)().(frameworkServer)
	if !ok {
		return nil, fmt.Errorf("the plugin framework's server is a %T, which lacks parts of the protocol", fw)
	}
	return &server{frameworkServer: fw, provider: p.data, unchanged: newUnchangedPlan(), silent: silent}, nil
}

// forward makes a call of the framework's server.
func forward[Request, Response any](ctx context.Context, s *server, req *Request, method func(context.Context, *Request) (*Response, error)) (*Response, error) {
	return onAttributeLines(callReleasing(ctx, s.silent, req, method))
}

func (s *server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ValidateProviderConfig)
}

func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ConfigureProvider)
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ValidateResourceConfig)
}

// UpgradeResourceState shows each job of the prior state, before Terraform does anything else with
// it.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	var state struct{ Bucket, Region, ID string }
	// What does not decode is for the framework to report.
	if data := s.provider.Load(); data != nil && req.TypeName == jobTypeName && req.RawState != nil && json.Unmarshal(req.RawState.JSON, &state) == nil {
		data.memory.see(cos.Bucket{Region: state.Region, Name: state.Bucket}.Job(state.ID))
	}
	return forward(ctx, s, req, s.frameworkServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if resp, ok := s.unchanged.plan(s.provider.Load(), req); ok {
		return resp, nil
	}
	return forward(ctx, s, req, s.frameworkServer.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.MoveResourceState)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ReadDataSource)
}

func (s *server) ValidateListResourceConfig(ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ValidateListResourceConfig)
}

func (s *server) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.ValidateActionConfig)
}

func (s *server) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	return forward(ctx, s, req, s.frameworkServer.PlanAction)
}

// CallFunction treats an argument without a value as null: OpenTofu, at least up to 1.12, sends
// null that way.
func (s *server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	for i, argument := range req.Arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			req.Arguments[i] = &tfprotov6.DynamicValue{MsgPack: msgPackNull}
		}
	}
	return s.frameworkServer.CallFunction(ctx, req)
}

// onAttributeLines makes every diagnostic of a response show the line of an attribute. For the path
// of an object's member, Terraform shows the first line of the resource, or the line of an attribute
// that has the member's name.
func onAttributeLines[Response any](resp *Response, err error) (*Response, error) {
	if err == nil {
		// A response without diagnostics has nothing to move.
		if field := reflect.ValueOf(resp).Elem().FieldByName("Diagnostics"); field.IsValid() {
			if ds, ok := field.Interface().([]*tfprotov6.Diagnostic); ok {
				moveToLines(ds)
			}
		}
	}
	return resp, err
}

// moveToLines moves diagnostics from members to the attributes that have lines of their own, and
// names the members in the texts.
func moveToLines(ds []*tfprotov6.Diagnostic) {
	for _, d := range ds {
		steps := d.Attribute.Steps()
		if len(steps) < 2 {
			continue
		}
		d.Attribute = tftypes.NewAttributePathWithSteps(steps[:1])
		name, root := attributeNames(steps), attributeNames(steps[:1])
		if name == root || strings.Contains(d.Detail, name) {
			continue
		}
		separator := ": "
		if _, ok := steps[len(steps)-1].(tftypes.AttributeName); ok && strings.HasPrefix(d.Detail, `"`) {
			separator = " = " // the text begins with the value
		}
		d.Detail = name + separator + d.Detail
	}
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
