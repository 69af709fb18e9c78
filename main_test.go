// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// A support case begins with the version: the binary tells it without Terraform.
func TestVersion(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "terraform-provider-cos")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-X main.version=1.2.3", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	output, err := exec.CommandContext(t.Context(), binary, "-version").Output()
	if err != nil || string(output) != "1.2.3\n" {
		t.Errorf("it prints %q, %v", output, err)
	}
}
