// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/tools/bench/usage"
)

const stateFile = "terraform.tfstate"

// workspace is a folder with a configuration, installed providers and a state.
type workspace struct {
	*installation
	dir  string
	bare bool // the provider is installed without the meter
}

// newWorkspace writes the configuration into a folder of its own and runs init.
func (in *installation) newWorkspace(ctx context.Context, name, configuration string, bare bool) (*workspace, error) {
	w := &workspace{installation: in, dir: filepath.Join(in.work, name), bare: bare}
	if err := os.Mkdir(w.dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	_, err := w.run(ctx, nil, 0, "init")
	return w, err
}

// forget removes the state.
func (w *workspace) forget() error {
	for _, name := range []string{stateFile, stateFile + ".backup"} {
		if err := os.Remove(filepath.Join(w.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// outcome is what a run of the CLI printed and took.
type outcome struct {
	output   string
	wall     time.Duration
	cpu      time.Duration // the CLI's own, without the metered provider's
	provider usage.Usage
}

// run runs the CLI and expects an exit status.
func (w *workspace) run(ctx context.Context, env []string, want int, args ...string) (outcome, error) {
	cmd := exec.CommandContext(ctx, w.cli, append(args, "-no-color")...) //nolint:gosec // the CLI is the caller's to choose
	cmd.Dir = w.dir
	cmd.Env = append(w.env(w.bare), env...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	// In a process group of its own the CLI sees one interrupt, ours. A terminal's besides would
	// make it drop the provider at once.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second

	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return outcome{}, ctx.Err()
	case err != nil && !errors.As(err, &exit):
		return outcome{}, fmt.Errorf("run the CLI: %w", err)
	case cmd.ProcessState.ExitCode() != want:
		return outcome{}, fmt.Errorf("%s ended with %d, not %d:\n%s", strings.Join(args, " "), cmd.ProcessState.ExitCode(), want, output.String())
	}
	provider, err := usage.Collect(w.records)
	if err != nil {
		return outcome{}, err
	}
	// The system adds to a process' account those of the children it has waited for.
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() - provider.CPU
	return outcome{output: output.String(), wall: wall, cpu: cpu, provider: provider}, nil
}
