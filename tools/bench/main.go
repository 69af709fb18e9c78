// SPDX-License-Identifier: MPL-2.0

// Command bench measures what plans and applies with the provider take, beside what the CLI itself
// takes. Run it with: make bench.
package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

func main() {
	if folder := os.Getenv(envRecords); folder != "" {
		os.Exit(meter(folder))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "measure the scenarios that match a `pattern`, print them, and write nothing")
	repetitions := flags.Int("repetitions", 3, "`runs` of each scenario")
	peerBinary := flags.String("peer", "", "the tencentcloud provider's `binary`, to be measured beside ours")
	root := flags.String("root", "../..", "`folder` of the repository, where BENCHMARKS.md and BENCHMARKS.svg are written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	selected, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	cli := os.Getenv("COS_TEST_CLI")
	if cli == "" || *repetitions < 1 {
		return errors.New("COS_TEST_CLI names a CLI, and -repetitions is at least 1: run the benchmark with make bench")
	}
	work, err := os.MkdirTemp("", "cos-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	// What may fail at once comes before what takes minutes.
	found := report{Repetitions: *repetitions, Date: time.Now().UTC().Format(time.DateOnly)}
	b, err := newBench(ctx, cli, *root, work, *peerBinary)
	if err != nil {
		return err
	}
	found.Peer = b.peerVersion
	if *only == "" {
		if found.GoBenchmarks, err = output(ctx, *root, "go", "test", "-run", "^$", "-bench", ".", "-benchmem", "./internal/cos"); err != nil {
			return err
		}
		if found.Machine, err = machine(ctx, cli, *root, found.GoBenchmarks); err != nil {
			return err
		}
	}
	if found.results, err = b.measureAll(ctx, selected, *repetitions); err != nil {
		return err
	}
	if *only != "" {
		fmt.Println(found.ScenarioTable())
		return nil
	}
	return found.write(*root)
}

// machine says what the figures were taken on.
func machine(ctx context.Context, cli, root, goBenchmarks string) (string, error) {
	built, err := buildinfo.ReadFile(providerOf(root))
	if err != nil {
		return "", err
	}
	version, err := output(ctx, root, cli, "version")
	if err != nil {
		return "", err
	}
	version, _, _ = strings.Cut(version, "\n")
	cpu := runtime.GOARCH
	if said := regexp.MustCompile(`(?m)^cpu: (.*)$`).FindStringSubmatch(goBenchmarks); said != nil {
		cpu = said[1]
	}
	return fmt.Sprintf("%s, %d cores, %s/%s; %s; provider built with %s", cpu, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, version, built.GoVersion), nil
}

// providerOf is where make build puts the provider.
func providerOf(root string) string { return filepath.Join(root, "bin", "terraform-provider-cos") }

func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // commands of our own, and the caller's CLI
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, text)
	}
	return string(text), nil
}
