// SPDX-License-Identifier: MPL-2.0

// Command bench measures what plans and applies with the provider take, beside what the CLI itself
// takes. Run it with: make bench.
package main

import (
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

func main() {
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
	asJSON := flags.Bool("json", false, "print JSON in place of the tables")
	repetitions := flags.Int("repetitions", 3, "`runs` of each scenario")
	root := flags.String("root", "../..", "`folder` of the repository, where BENCHMARKS.md and BENCHMARKS.svg are written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *repetitions < 1 {
		return errors.New("-repetitions must be at least 1")
	}
	cli := os.Getenv("COS_TEST_CLI")
	if cli == "" {
		return errors.New("COS_TEST_CLI names no CLI: run the benchmark with make bench")
	}

	work, err := os.MkdirTemp("", "cos-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	found, err := measure(ctx, cli, *root, work, *repetitions)
	if err != nil {
		return err
	}
	if *asJSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(found)
	}
	return found.markdown(os.Stdout)
}

// measure makes the report and writes it below root.
func measure(ctx context.Context, cli, root, work string, repetitions int) (report, error) {
	goBenchmarks, cpu, err := goBenchmarks(ctx, root)
	if err != nil {
		return report{}, err
	}
	provider := filepath.Join(root, "bin", "terraform-provider-cos")
	built, err := buildinfo.ReadFile(provider)
	if err != nil {
		return report{}, fmt.Errorf("look at the provider, which make build makes: %w", err)
	}
	installations, err := installAll(ctx, cli, provider, root, work)
	if err != nil {
		return report{}, err
	}
	version, err := exec.CommandContext(ctx, cli, "version").Output() //nolint:gosec // the CLI is the caller's to choose
	if err != nil {
		return report{}, fmt.Errorf("ask the CLI for its version: %w", err)
	}
	b := &bench{installations: installations, spaces: map[configured]*space{}}
	all, err := b.measureAll(ctx, repetitions, func(line string) { fmt.Fprintln(os.Stderr, line) })
	if err != nil {
		return report{}, err
	}
	cliVersion, _, _ := strings.Cut(string(version), "\n")
	found := report{
		Date: time.Now().UTC().Format(time.DateOnly),
		Machine: machine{
			CPU: cpu, Cores: runtime.NumCPU(), OS: runtime.GOOS + "/" + runtime.GOARCH,
			Go: built.GoVersion, CLI: cliVersion,
		},
		Repetitions: repetitions, Verdicts: all.verdicts(), ShortCuts: all.worths(), Rows: all.rows(), GoBenchmarks: goBenchmarks,
	}
	return found, write(root, found, all)
}

// write leaves BENCHMARKS.md and its plot.
func write(root string, found report, all results) error {
	var page, picture strings.Builder
	if err := errors.Join(found.markdown(&page), all.drawPlot(&picture)); err != nil {
		return err
	}
	for name, content := range map[string]string{"BENCHMARKS.md": page.String(), "BENCHMARKS.svg": picture.String()} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil { //nolint:gosec // public
			return err
		}
	}
	return nil
}
