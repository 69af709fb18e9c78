// SPDX-License-Identifier: MPL-2.0

// Command schema prints the provider's schemas as `terraform providers schema -json` would: the
// input of tfplugindocs.
//
// Asking the provider itself makes the documentation independent of the CLI at hand: Terraform
// leaves out of its answer what its own version does not know (resource identity before 1.12, list
// resources and actions before 1.14), OpenTofu likewise.
//
// It is run from the root of the repository, `go run tools/schema/*.go`, and so built with the
// provider's own dependencies.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/provider"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	server, err := providerserver.NewProtocol6WithError(provider.New("docs")())()
	if err != nil {
		return fmt.Errorf("starting the provider: %w", err)
	}
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return fmt.Errorf("reading the schemas: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return fmt.Errorf("reading the identity schemas: %w", err)
	}
	if err := diagnosticsError(append(schemas.Diagnostics, identities.Diagnostics...)); err != nil {
		return err
	}

	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	// tfplugindocs looks the provider up by its short name.
	return encoder.Encode(object{
		"format_version":   "1.0",
		"provider_schemas": object{"cos": providerJSON(schemas, identities)},
	})
}

func diagnosticsError(diagnostics []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(errs...)
}
