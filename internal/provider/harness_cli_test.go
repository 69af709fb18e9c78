// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// envServe makes the test binary be the provider: a CLI that is given the binary as its plugin then
// runs the code under test in a process of its own.
const envServe = "COS_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(envServe) == "" {
		if err := modelSize(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(m.Run())
	}
	factory := func() *cosProvider {
		p := newProvider("test")
		p.tune = impatient
		return p
	}
	if err := serve(factory, false); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// cli is a Terraform CLI in a folder of its own, with the provider as a plugin and an environment
// that leads it to a fake COS.
type cli struct {
	t    testing.TB
	path string
	dir  string
	env  []string
}

func newCLI(t testing.TB, w *world) *cli {
	t.Helper()
	c := &cli{t: t, path: cliPath(t), dir: t.TempDir()}
	c.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + os.TempDir(),
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", envServe + "=1",
		"GORACE=atexit_sleep_ms=0", // else each process of the race detector's ends a second late
	}
	for _, name := range []string{envRegion, envSecretID, envSecretKey, envSecurityToken, envCOSDomain} {
		c.env = append(c.env, name+"="+w.provider.getenv(name))
	}
	c.offer("terraform-provider-cos/cos")
	c.write("versions.tf", "terraform {\n  required_providers {\n    cos = { source = \"terraform-provider-cos/cos\" }\n  }\n}\n")
	return c
}

// cliPath finds the CLI: the one that make provides, or one on the PATH.
func cliPath(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("COS_TEST_CLI"); path != "" {
		return path
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no terraform or tofu on the PATH: run the tests with make test, which provides one")
	return ""
}

// write puts a file into the CLI's folder.
func (c *cli) write(name, content string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// command prepares a run, for tests that watch or interrupt it.
func (c *cli) command(args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(c.t.Context(), testBound)
	c.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.Dir = c.dir
	cmd.Env = c.env
	cmd.WaitDelay = time.Second // for a plugin that outlives its CLI, and holds the output
	return cmd
}

// run runs the CLI and returns its exit code and all of its output.
func (c *cli) run(args ...string) (int, string) {
	c.t.Helper()
	var output bytes.Buffer
	cmd := c.command(args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), output.String()
}

// mustRun runs the CLI and expects it to succeed.
func (c *cli) mustRun(args ...string) string {
	c.t.Helper()
	code, output := c.run(args...)
	if code != 0 {
		c.t.Fatalf("%s %q: exit code %d\n%s", filepath.Base(c.path), args, code, output)
	}
	return output
}

// read returns the content of a file in the CLI's folder.
func (c *cli) read(name string) string {
	c.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(content)
}

// unwrapped joins the lines of the CLI's messages, which it breaks and frames.
func unwrapped(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}

// offer puts the test binary in the place of these providers, named <namespace>/<type>, and of no
// others.
func (c *cli) offer(providers ...string) {
	c.t.Helper()
	self, err := os.Executable()
	if err != nil {
		c.t.Fatal(err)
	}
	plugins := c.t.TempDir()
	var overrides strings.Builder
	for _, name := range providers {
		if err := os.Symlink(self, filepath.Join(plugins, "terraform-provider-"+path.Base(name))); err != nil {
			c.t.Fatal(err)
		}
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			fmt.Fprintf(&overrides, "    %q = %q\n", host+"/"+name, plugins)
		}
	}
	config := filepath.Join(plugins, "cli.tfrc")
	if err := os.WriteFile(config, []byte("provider_installation {\n  dev_overrides {\n"+overrides.String()+"  }\n}\n"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.env = append(c.env, "TF_CLI_CONFIG_FILE="+config)
}

// never is the release of a CLI that does not have a feature.
const never = math.MaxInt

// has reports whether the CLI has a feature of Terraform 1.<terraform> and OpenTofu 1.<openTofu>.
func (c *cli) has(terraform, openTofu int) bool {
	c.t.Helper()
	var product string
	var minor int
	if _, err := fmt.Sscanf(c.mustRun("version"), "%s v1.%d", &product, &minor); err != nil {
		c.t.Fatal(err)
	}
	if product == "OpenTofu" {
		return minor >= openTofu
	}
	return minor >= terraform
}
