// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"runtime"
	"strconv"

	"golang.org/x/perf/benchfmt"
)

// goBenchmark is one of the Go benchmarks of internal/cos.
type goBenchmark struct {
	Name        string  `json:"name"`
	Nanoseconds float64 `json:"ns_per_op"`
	Bytes       float64 `json:"bytes_per_op"`
	Allocations float64 `json:"allocs_per_op"`
}

// machine is what the figures were taken on.
type machine struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	OS    string `json:"os"`
	Go    string `json:"go"`
	CLI   string `json:"cli"`
}

// goBenchmarks runs those of internal/cos and takes over what they say of the processor.
func goBenchmarks(ctx context.Context, root string) ([]goBenchmark, string, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", ".", "-benchmem", "./internal/cos")
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	if err != nil {
		return nil, "", fmt.Errorf("run the Go benchmarks: %w\n%s", err, output)
	}
	return parseGoBenchmarks(output)
}

func parseGoBenchmarks(output []byte) ([]goBenchmark, string, error) {
	var found []goBenchmark
	cpu := runtime.GOARCH
	reader := benchfmt.NewReader(bytes.NewReader(output), "go test")
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, "", fmt.Errorf("read the Go benchmarks: %w", record)
		case *benchfmt.Result:
			name, _ := record.Name.Parts()
			time, _ := record.Value("sec/op")
			size, _ := record.Value("B/op")
			count, _ := record.Value("allocs/op")
			found = append(found, goBenchmark{string(name), math.Round(time * 1e9), size, count})
			if said := record.GetConfig("cpu"); said != "" {
				cpu = said
			}
		}
	}
	if err := reader.Err(); err != nil {
		return nil, "", fmt.Errorf("read the Go benchmarks: %w", err)
	}
	if len(found) == 0 {
		return nil, "", errors.New("there are no Go benchmarks in " + strconv.Quote(string(output)))
	}
	return found, cpu, nil
}
