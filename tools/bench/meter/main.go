// SPDX-License-Identifier: MPL-2.0

// Command meter stands in the provider's place, runs the provider beside it and writes down what
// that took.
//
// Terraform starts it as the plugin. It says nothing itself: the provider inherits its standard
// streams, over which the plugin protocol agrees on a socket.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/terraform-provider-cos/terraform-provider-cos/tools/bench/usage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	code, err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
	}
	os.Exit(code)
}

// run returns the provider's exit status.
func run(ctx context.Context) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 1, err
	}
	record, err := usage.Begin(os.Getenv(usage.EnvFolder))
	if err != nil {
		return 1, err
	}
	// An interrupt is for Terraform, which then stops the provider over the protocol.
	signal.Ignore(os.Interrupt)
	provider := exec.CommandContext(ctx, filepath.Join(filepath.Dir(self), usage.ProviderName), os.Args[1:]...) //nolint:gosec // the provider, as Terraform started it
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = provider.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 1, err
	}
	return provider.ProcessState.ExitCode(), record.End(provider.ProcessState)
}
