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
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const stateFile = "terraform.tfstate"

// installation is a mirror from which the CLI installs a provider, as it does a release: it hashes
// an installed package before each use.
type installation struct{ cli, work string }

// install lays out a mirror of these programs below work. The source is
// <namespace>/<type>/<version>.
func install(cli, work, source string, programs map[string]string) (installation, error) {
	in := installation{cli, work}
	for _, folder := range []string{in.home(), in.records()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return in, err
		}
	}
	// terraform and tofu look under their own registry's name.
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(work, "mirror", host, filepath.FromSlash(source), runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return in, err
		}
		for name, from := range programs {
			content, err := os.ReadFile(from)
			if err != nil {
				return in, err
			}
			if err := os.WriteFile(filepath.Join(folder, name), content, 0o700); err != nil { //nolint:gosec // a program
				return in, err
			}
		}
	}
	configuration := fmt.Sprintf("provider_installation {\n  filesystem_mirror { path = %q }\n}\n", filepath.Join(work, "mirror"))
	return in, os.WriteFile(in.configuration(), []byte(configuration), 0o600)
}

func (in installation) home() string          { return filepath.Join(in.work, "home") }
func (in installation) records() string       { return filepath.Join(in.work, "records") }
func (in installation) configuration() string { return filepath.Join(in.work, "cli.tfrc") }

// workspace is a folder with a configuration, an installed provider and a state, and the documents
// that the service then holds.
type workspace struct {
	installation
	dir       string
	documents documents
}

// newWorkspace writes the configuration into a folder of its own and runs init.
func (in installation) newWorkspace(ctx context.Context, configuration string) (*workspace, error) {
	dir, err := os.MkdirTemp(in.work, "workspace-*")
	if err != nil {
		return nil, err
	}
	w := &workspace{installation: in, dir: dir}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	_, err = w.run(ctx, nil, "init")
	return w, err
}

// runSideBySide runs the CLI in so many copies of the workspace at the same time. The outcome is the
// last one's to end.
func (w *workspace) runSideBySide(ctx context.Context, copies int, env []string, args ...string) (outcome, error) {
	if copies == 1 {
		return w.run(ctx, env, args...)
	}
	spaces := make([]*workspace, copies)
	for i := range spaces {
		dir, err := os.MkdirTemp(w.work, "copy-*")
		if err == nil {
			err = os.CopyFS(dir, os.DirFS(w.dir))
		}
		if err != nil {
			return outcome{}, err
		}
		spaces[i] = &workspace{installation: w.installation, dir: dir}
	}
	var mu sync.Mutex
	var last outcome
	var failed error
	var all sync.WaitGroup
	start := time.Now()
	for _, space := range spaces {
		all.Go(func() {
			ran, err := space.run(ctx, env, args...)
			mu.Lock()
			defer mu.Unlock()
			last, failed = ran, errors.Join(failed, err)
		})
	}
	all.Wait()
	last.wall = time.Since(start)
	return last, failed
}

// outcome is what a run of the CLI printed and took.
type outcome struct {
	output   string
	wall     time.Duration
	cpu      time.Duration // the CLI's own, without the metered provider's
	provider usage
}

// run runs the CLI. Exit status 2 is that of a plan with changes:
// https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
func (w *workspace) run(ctx context.Context, env []string, args ...string) (outcome, error) {
	cmd := exec.CommandContext(ctx, w.cli, append(args, "-no-color")...) //nolint:gosec // the CLI is the caller's to choose
	cmd.Dir = w.dir
	// This is all the environment that the CLI gets: nothing of the caller's changes a figure.
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.home(), "TMPDIR=" + w.work, "TF_CLI_CONFIG_FILE=" + w.configuration(),
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", envRecords + "=" + w.records(),
	}, env...)
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
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 2) {
		return outcome{}, errors.Join(ctx.Err(), fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, output.String()))
	}
	provider, err := collect(w.records())
	// The system adds to a process' account those of the children that it has waited for.
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() - provider.CPU
	return outcome{output: output.String(), wall: wall, cpu: cpu, provider: provider}, err
}
