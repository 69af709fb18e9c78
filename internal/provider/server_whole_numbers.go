// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// All numbers of this provider are whole. The framework reports any other number as a bug of the
// provider. So after a failed validation, each such number gets an error of its own, and the rest
// is validated as if those numbers were unknown.

func (s *server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return validation[tfprotov6.ValidateProviderConfigRequest, tfprotov6.ValidateProviderConfigResponse]{
		validate: s.frameworkServer.ValidateProviderConfig,
		config:   &req.Config,
		schema:   func(all *tfprotov6.GetProviderSchemaResponse) *tfprotov6.Schema { return all.Provider },
		diagnostics: func(resp *tfprotov6.ValidateProviderConfigResponse) *[]*tfprotov6.Diagnostic {
			return &resp.Diagnostics
		},
	}.run(ctx, s, req)
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return validation[tfprotov6.ValidateResourceConfigRequest, tfprotov6.ValidateResourceConfigResponse]{
		validate: func(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
			return callReleasing(ctx, s.silent, req, s.frameworkServer.ValidateResourceConfig)
		},
		config: &req.Config,
		schema: func(all *tfprotov6.GetProviderSchemaResponse) *tfprotov6.Schema {
			return all.ResourceSchemas[req.TypeName]
		},
		diagnostics: func(resp *tfprotov6.ValidateResourceConfigResponse) *[]*tfprotov6.Diagnostic {
			return &resp.Diagnostics
		},
	}.run(ctx, s, req)
}

func (s *server) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	return validation[tfprotov6.ValidateActionConfigRequest, tfprotov6.ValidateActionConfigResponse]{
		validate: s.frameworkServer.ValidateActionConfig,
		config:   &req.Config,
		schema: func(all *tfprotov6.GetProviderSchemaResponse) *tfprotov6.Schema {
			if action, ok := all.ActionSchemas[req.ActionType]; ok {
				return action.Schema
			}
			return nil
		},
		diagnostics: func(resp *tfprotov6.ValidateActionConfigResponse) *[]*tfprotov6.Diagnostic { return &resp.Diagnostics },
	}.run(ctx, s, req)
}

// validation is one of the protocol's three ways to validate a configuration.
type validation[Request, Response any] struct {
	validate    func(context.Context, *Request) (*Response, error)
	config      **tfprotov6.DynamicValue // within the request
	schema      func(*tfprotov6.GetProviderSchemaResponse) *tfprotov6.Schema
	diagnostics func(*Response) *[]*tfprotov6.Diagnostic
}

func (v validation[Request, Response]) run(ctx context.Context, s *server, req *Request) (*Response, error) {
	resp, err := v.validate(ctx, req)
	if err != nil || !slices.ContainsFunc(*v.diagnostics(resp), isError) {
		return resp, err
	}
	all, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return resp, err
	}
	config, faults := withoutFractions(*v.config, v.schema(all))
	if len(faults) == 0 {
		return resp, nil
	}
	*v.config = config
	resp, err = v.validate(ctx, req)
	if err == nil {
		rest := v.diagnostics(resp)
		*rest = append(faults, *rest...)
	}
	return resp, err
}

func isError(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }

// withoutFractions reports each number that is not whole, and makes it unknown. The framework
// reports what does not decode.
func withoutFractions(config *tfprotov6.DynamicValue, schema *tfprotov6.Schema) (*tfprotov6.DynamicValue, []*tfprotov6.Diagnostic) {
	if config == nil || schema == nil {
		return config, nil
	}
	value, err := config.Unmarshal(schema.ValueType())
	if err != nil {
		return config, nil
	}
	var faults []*tfprotov6.Diagnostic
	value, err = tftypes.Transform(value, func(at *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.Type().Is(tftypes.Number) || v.IsNull() || !v.IsKnown() {
			return v, nil
		}
		var number *big.Float
		if err := v.As(&number); err != nil {
			return v, err
		}
		problem := wholeNumberProblem(number)
		if problem == "" {
			return v, nil
		}
		faults = append(faults, onLine(&tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Attribute: at, Summary: "Invalid Attribute Value",
			Detail: fmt.Sprintf("%s is %s, which is %s.", attributeNames(at.Steps()), number.Text('g', -1), problem),
		}))
		return tftypes.NewValue(tftypes.Number, tftypes.UnknownValue), nil
	})
	changed, encodeErr := tfprotov6.NewDynamicValue(schema.ValueType(), value)
	if errors.Join(err, encodeErr) != nil {
		return config, nil
	}
	return &changed, faults
}

func wholeNumberProblem(number *big.Float) string {
	if !number.IsInt() {
		return "not a whole number"
	}
	if _, accuracy := number.Int64(); accuracy != big.Exact {
		return "too large a number"
	}
	return ""
}
