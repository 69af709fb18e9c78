// SPDX-License-Identifier: MPL-2.0

// Package usage passes what a provider process took from the meter, which sees it end, to the
// benchmark.
package usage

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

const (
	// EnvFolder names the folder that collects the records.
	EnvFolder = "COS_BENCH_USAGE"

	// ProviderName is the provider's file beside the meter, which has the name that Terraform looks
	// for.
	ProviderName = "provider"

	pattern = "process-*.json"
)

// Usage is what processes took.
type Usage struct {
	Processes int
	CPU       time.Duration // user and system, of all of them
	PeakRSS   int64         // bytes, of the largest
}

// Record is a process that has begun.
type Record struct{ path string }

// Begin enters a process into a folder. A record that is not ended is an error of [Collect]: the
// meter was killed, and what the process took is unknown.
func Begin(folder string) (Record, error) {
	file, err := os.CreateTemp(folder, pattern)
	if err != nil {
		return Record{}, fmt.Errorf("begin a record: %w", err)
	}
	return Record{file.Name()}, file.Close()
}

// End completes the record with the account that the system gives of a process at its end.
func (r Record) End(state *os.ProcessState) error {
	account, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return errors.New("this system does not account for processes")
	}
	peak := int64(account.Maxrss) //nolint:unconvert // 32 bits on some systems
	if runtime.GOOS != "darwin" {
		peak *= 1024 // getrusage(2): kilobytes, but for macOS
	}
	content, err := json.Marshal(Usage{Processes: 1, CPU: state.UserTime() + state.SystemTime(), PeakRSS: peak})
	if err != nil {
		return fmt.Errorf("end a record: %w", err)
	}
	if err := os.WriteFile(r.path, content, 0o600); err != nil {
		return fmt.Errorf("end a record: %w", err)
	}
	return nil
}

// Collect adds up the records in a folder and removes them.
func Collect(folder string) (Usage, error) {
	var total Usage
	paths, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		return Usage{}, fmt.Errorf("collect records: %w", err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return Usage{}, fmt.Errorf("collect records: %w", err)
		}
		var one Usage
		if err := json.Unmarshal(content, &one); err != nil {
			return Usage{}, fmt.Errorf("the meter of a process was killed: %w", err)
		}
		total.Processes += one.Processes
		total.CPU += one.CPU
		total.PeakRSS = max(total.PeakRSS, one.PeakRSS)
		if err := os.Remove(path); err != nil {
			return Usage{}, fmt.Errorf("collect records: %w", err)
		}
	}
	return total, nil
}
