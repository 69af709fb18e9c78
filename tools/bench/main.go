// SPDX-License-Identifier: MPL-2.0

// Command bench measures what plans and applies with the provider take, beside what the CLI itself
// takes. Run it with: make bench.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
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
	if peaks := os.Getenv(envPeaks); peaks != "" {
		os.Exit(meter(peaks))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatalln("bench:", err)
	}
}

func run(ctx context.Context) error {
	b := bench{cli: os.Getenv("COS_TEST_CLI")}
	only := flag.String("only", "", "measure the applies whose name has a `text`, and the plans of what they made; write no page")
	repetitions := flag.Int("repetitions", 3, "timed `runs` of each scenario")
	flag.StringVar(&b.work, "work", "", "`folder` that tools/bench.sh has prepared")
	flag.StringVar(&b.peer, "peer", "", "`name` of the tencentcloud provider, if it is installed there")
	flag.Parse()
	version, err := b.run(ctx, b.work, nil, "version")
	if err != nil {
		return err
	}
	version, _, _ = strings.Cut(version, "\n")
	measured, err := b.measureAll(ctx, *only, *repetitions)
	if err != nil || *only != "" {
		return err
	}
	return report{
		results: measured, Repetitions: *repetitions, Peer: b.peer, Date: time.Now().UTC().Format(time.DateOnly),
		Machine: fmt.Sprintf("%d cores, %s/%s; %s; built with %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, version, runtime.Version()),
	}.write(".")
}

// envPeaks names a file in a metered run, in which this binary stands in the provider's place. It runs
// the provider beside it, and adds a line to the file: the most memory that it took. It says nothing
// itself: the provider inherits its standard streams, over which the protocol agrees on a socket.
const envPeaks = "COS_BENCH_PEAKS"

// meter runs the provider and returns its exit status.
func meter(file string) int {
	signal.Ignore(os.Interrupt) // the CLI gets it, too, and stops the provider over the protocol
	provider := filepath.Join(filepath.Dir(os.Args[0]), "provider")
	cmd := exec.CommandContext(context.Background(), provider, os.Args[1:]...) //nolint:gosec // as the CLI started it
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	failed := cmd.Run()
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		log.Fatalln("meter: the provider did not run:", failed)
	}
	peaks, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintln(peaks, usage.Maxrss)
		err = errors.Join(err, peaks.Close())
	}
	if err != nil {
		log.Fatalln("meter:", err)
	}
	return cmd.ProcessState.ExitCode()
}

// readPeak is the largest of the lines, in megabytes. It removes the file.
func readPeak(file string) (most float64, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, fmt.Errorf("no metered process ended: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		var peak float64
		_, scanned := fmt.Sscan(line, &peak)
		most, err = max(most, peak/1e6), cmp.Or(err, scanned)
	}
	if runtime.GOOS != "darwin" {
		most *= 1024 // getrusage(2): kilobytes, but for macOS
	}
	return most, errors.Join(err, os.Remove(file))
}
