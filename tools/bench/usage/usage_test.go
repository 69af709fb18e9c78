// SPDX-License-Identifier: MPL-2.0

package usage_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/tools/bench/usage"
)

// measured ends a record with a process of the test's own.
func measured(t *testing.T, folder string) {
	t.Helper()
	record, err := usage.Begin(folder)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.CommandContext(t.Context(), self, "-test.run", "^$")
	if err := process.Run(); err != nil {
		t.Fatal(err)
	}
	if err := record.End(process.ProcessState); err != nil {
		t.Fatal(err)
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "process-known.json"),
		[]byte(`{"Processes":1,"CPU":1000000000,"PeakRSS":8000000000}`), 0o600); err != nil {
		t.Fatal(err)
	}
	measured(t, folder)
	total, err := usage.Collect(folder)
	if err != nil || total.Processes != 2 || total.CPU <= time.Second || total.PeakRSS != 8e9 {
		t.Errorf("collected %+v, %v", total, err)
	}
	if again, err := usage.Collect(folder); err != nil || again != (usage.Usage{}) {
		t.Errorf("collected a second time: %+v, %v", again, err)
	}
}

func TestCollect_PeakRSS(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	measured(t, folder)
	// A Go program has a megabyte in memory, and this one no gigabyte: the unit is right.
	if total, err := usage.Collect(folder); err != nil || total.PeakRSS < 1e6 || total.PeakRSS > 1e9 {
		t.Errorf("collected %+v, %v", total, err)
	}
}

func TestCollect_Killed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, err := usage.Begin(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.Collect(folder); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("error %v", err)
	}
}
