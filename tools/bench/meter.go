// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// The benchmark's own binary stands in the provider's place, under the name that the CLI looks for.
// There it runs the provider beside it, and writes down what that took. It says nothing itself: the
// provider inherits its standard streams, over which the plugin protocol agrees on a socket.
const (
	envRecords      = "COS_BENCH_RECORDS" // the folder of the records
	meteredProvider = "provider"          // the provider's file beside the meter
	records         = "process-*.json"
)

// usage is what processes took.
type usage struct {
	Processes int
	CPU       time.Duration // user and system, of all of them
	PeakRSS   int64         // bytes, of the largest
}

// meter runs the provider and returns its exit status.
func meter(folder string) int {
	status, err := runMetered(folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
		return 1
	}
	return status
}

func runMetered(folder string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	// A record that stays empty is an error of collect: the meter was killed.
	record, err := os.CreateTemp(folder, records)
	if err != nil {
		return 0, err
	}
	// An interrupt is for Terraform, which then stops the provider over the protocol.
	signal.Ignore(os.Interrupt)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	provider := exec.CommandContext(ctx, filepath.Join(filepath.Dir(self), meteredProvider), os.Args[1:]...) //nolint:gosec // the provider, as Terraform started it
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = provider.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	state := provider.ProcessState
	account, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errors.New("this system does not account for processes")
	}
	peak := int64(account.Maxrss) //nolint:unconvert // 32 bits on some systems
	if runtime.GOOS != "darwin" {
		peak *= 1024 // getrusage(2): kilobytes, but for macOS
	}
	err = json.NewEncoder(record).Encode(usage{Processes: 1, CPU: state.UserTime() + state.SystemTime(), PeakRSS: peak})
	return state.ExitCode(), errors.Join(err, record.Close())
}

// collect adds up the records in a folder and removes them.
func collect(folder string) (total usage, err error) {
	paths, err := filepath.Glob(filepath.Join(folder, records))
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return usage{}, err
		}
		var one usage
		if err := json.Unmarshal(content, &one); err != nil {
			return usage{}, fmt.Errorf("the meter of a process was killed: %w", err)
		}
		total.Processes += one.Processes
		total.CPU += one.CPU
		total.PeakRSS = max(total.PeakRSS, one.PeakRSS)
		if err := os.Remove(path); err != nil {
			return usage{}, err
		}
	}
	return total, err
}
