// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/tools/bench/usage"
)

// installation is a CLI and two mirrors, from one of which it installs the provider with the meter
// around it, from the other the provider as it is.
type installation struct {
	cli     string
	work    string // everything is below it
	records string // the meter's
}

// installAll installs the provider, and the provider without each of its short cuts, by the short
// cut's name.
func installAll(ctx context.Context, cli, provider, root, work string) (map[string]*installation, error) {
	providers := map[string]string{"": provider}
	for _, cut := range shortcuts() {
		dir, err := os.MkdirTemp(work, "without-*")
		if err != nil {
			return nil, err
		}
		if providers[cut.name], err = cut.build(ctx, root, dir); err != nil {
			return nil, err
		}
	}
	all := map[string]*installation{}
	for name, built := range providers {
		dir, err := os.MkdirTemp(work, "installation-*")
		if err != nil {
			return nil, err
		}
		if all[name], err = install(ctx, cli, built, dir); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// install lays out the mirrors. The metered provider stands in the package beside the meter, so
// that the CLI, which hashes an installed package before each use, has as much to read as with a
// release.
func install(ctx context.Context, cli, provider, work string) (*installation, error) {
	in := &installation{cli: cli, work: work, records: filepath.Join(work, "records")}
	meter := filepath.Join(work, "meter")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", meter, "./meter") //nolint:gosec // a path of our own
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the meter: %w\n%s", err, output)
	}
	for _, folder := range []string{in.records, in.home()} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			return nil, err
		}
	}
	const program = "terraform-provider-cos_v0.0.1"
	metered := map[string]string{program: meter, usage.ProviderName: provider}
	return in, errors.Join(in.mirror(false, metered), in.mirror(true, map[string]string{program: provider}))
}

// mirror lays out a package of these programs, and the CLI's configuration that leads to it.
func (in *installation) mirror(bare bool, programs map[string]string) error {
	mirror := strings.TrimSuffix(in.configuration(bare), ".tfrc")
	// terraform and tofu look under their own registry's name.
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(mirror, host, "terraform-provider-cos", "cos", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		for name, from := range programs {
			if err := copyFile(from, filepath.Join(folder, name), 0o700); err != nil {
				return err
			}
		}
	}
	configuration := fmt.Sprintf("provider_installation {\n  filesystem_mirror { path = %q }\n}\n", mirror)
	return os.WriteFile(in.configuration(bare), []byte(configuration), 0o600)
}

func (in *installation) home() string { return filepath.Join(in.work, "home") }

func (in *installation) configuration(bare bool) string {
	name := "metered.tfrc"
	if bare {
		name = "bare.tfrc"
	}
	return filepath.Join(in.work, name)
}

// env is all the environment the CLI gets: nothing of the caller's changes a figure.
func (in *installation) env(bare bool) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + in.home(), "TMPDIR=" + in.work,
		"TF_CLI_CONFIG_FILE=" + in.configuration(bare), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		usage.EnvFolder + "=" + in.records,
	}
}

func copyFile(from, to string, mode os.FileMode) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, mode)
}
