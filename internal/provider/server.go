// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
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

// silence disables log lines unless TF_LOG or a variable like it asks for them. Otherwise the
// plugin libraries would make every line and send it to Terraform, which drops it.
func silence(environment []string, setenv func(name, value string) error) (silent bool, err error) {
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case value == "" || !strings.HasPrefix(name, "TF_LOG"):
		case name == "TF_LOG_CORE" || name == "TF_LOG_PATH": // not about providers
		default:
			return false, nil
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_COS"} {
		if err := setenv(name, "OFF"); err != nil {
			return false, err
		}
	}
	return true, nil
}

// frameworkServer lists every interface of the framework's server. Terraform treats some of them as
// optional, so a wrapper must not lose them.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's server with short cuts for many jobs: confirmedRead, unchangedPlan and
// newPlan. Its calls release their memory when they return, and its streams say how they end.
type server struct {
	frameworkServer
	provider  atomic.Pointer[providerData] // nil until the provider is configured
	confirmed confirmedRead
	unchanged unchangedPlan
	created   newPlan
	streams   streams
	silent    bool // nobody asks for log lines
}

func newServer(p *cosProvider, silent bool) (*server, error) {
	fw, ok := providerserver.NewProtocol6(p)().(frameworkServer)
	if !ok {
		return nil, fmt.Errorf("the plugin framework's server is a %T, which lacks parts of the protocol", fw)
	}
	jobs, err := newJobType()
	if err != nil {
		return nil, err
	}
	s := &server{frameworkServer: attributeLines{fw}, confirmed: confirmedRead{jobs: jobs}, unchanged: unchangedPlan{jobs}, created: newPlan{jobs}, silent: silent}
	configured := p.onConfigure
	p.onConfigure = func(data *providerData) {
		if configured != nil {
			configured(data)
		}
		data.planned.nameOf = jobs.nameOfConfig
		s.provider.Store(data)
	}
	return s, nil
}

// These calls are made for every job.

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if data := s.provider.Load(); data != nil && req.TypeName == s.confirmed.jobs.name {
		job := jobOfState(req.RawState)
		data.regions.see(job.Bucket)
		data.planned.seeState(job)
	}
	return callReleasing(ctx, s.silent, req, s.frameworkServer.UpgradeResourceState)
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	if data := s.provider.Load(); data != nil && req.TypeName == s.confirmed.jobs.name && req.Config != nil {
		data.planned.seeValidation(req.Config.MsgPack)
	}
	return callReleasing(ctx, s.silent, req, s.frameworkServer.ValidateResourceConfig)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return callReleasing(ctx, s.silent, req, s.frameworkServer.UpgradeResourceIdentity)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return callReleasing(ctx, s.silent, req, s.frameworkServer.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return callReleasing(ctx, s.silent, req, s.frameworkServer.MoveResourceState)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if c, ok := s.confirmed.candidate(ctx, s.provider.Load(), req); ok {
		// One timeout covers this confirmation and the read that may follow.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
		if c.isListedUnchanged(ctx) {
			return c.response(req), nil
		}
	}
	return callReleasing(ctx, s.silent, req, s.frameworkServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, ok := s.unchanged.plan(s.provider.Load(), req)
	if !ok {
		resp, ok = s.created.plan(ctx, s.provider.Load(), req)
	}
	if !ok {
		var err error
		if resp, err = callReleasing(ctx, s.silent, req, s.frameworkServer.PlanResourceChange); err != nil {
			return nil, err
		}
	}
	s.watchPlan(ctx, req, resp)
	return resp, nil
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if data := s.provider.Load(); data != nil {
		data.planned.isApplied.Store(true)
	}
	return callReleasing(ctx, s.silent, req, s.frameworkServer.ApplyResourceChange)
}
