// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// shortcut is something that the provider does for its speed alone, and the edits of its source
// that remove it.
type shortcut struct {
	name  string
	edits []edit
}

// edit replaces a text that a file of the repository has once.
type edit struct{ file, text, replacement string }

func shortcuts() []shortcut {
	const (
		server   = "internal/provider/server.go"
		resource = "internal/provider/bucket_inventory_resource.go"
		read     = "	// A job that is not found would leave the state: one response is not enough.\n"
	)
	return []shortcut{
		{"confirmed reads", []edit{
			{server, "s.confirmed.candidate(ctx, s.provider.Load(), req)", "s.confirmed.candidate(ctx, nil, req)"},
			// Then the resource itself looks the job up in the LIST result.
			{resource, read, "	if document, _ := state.expand(ctx); r.client.ConfirmInventory(ctx, job, document) {\n		return\n	}\n" + read},
		}},
		{"unchanged plans", []edit{{server, "s.unchanged.answer(s.provider.Load(), req)", "s.unchanged.answer(nil, req)"}}},
		{"silence", []edit{{server, "silence(os.Environ(), os.Setenv)", "false, error(nil)"}}},
		{"a lazier collector", []edit{{server, "debug.SetGCPercent(gcPercent)", "debug.SetGCPercent(100)"}}},
	}
}

// overlay writes the edited files into a directory and returns what go build -overlay reads.
func (s shortcut) overlay(root, dir string) (string, error) {
	replaced := map[string]string{}
	for i, e := range s.edits {
		original, err := filepath.Abs(filepath.Join(root, e.file))
		if err != nil {
			return "", err
		}
		source, err := os.ReadFile(original)
		if err != nil {
			return "", err
		}
		if n := strings.Count(string(source), e.text); n != 1 {
			return "", fmt.Errorf("the short cut %q: %s has %q %d times, not once", s.name, e.file, e.text, n)
		}
		edited := filepath.Join(dir, fmt.Sprintf("edited-%d.go", i))
		if err := os.WriteFile(edited, []byte(strings.Replace(string(source), e.text, e.replacement, 1)), 0o600); err != nil {
			return "", err
		}
		replaced[original] = edited
	}
	content, err := json.Marshal(map[string]map[string]string{"Replace": replaced})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, content, 0o600)
}

// build builds the provider without the short cut, into a directory.
func (s shortcut) build(ctx context.Context, root, dir string) (provider string, err error) {
	overlay, err := s.overlay(root, dir)
	if err != nil {
		return "", err
	}
	provider = filepath.Join(dir, "provider")
	cmd := exec.CommandContext(ctx, "go", "build", "-C", root, "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-overlay", overlay, "-o", provider, ".") //nolint:gosec // paths of our own
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the provider without %s: %w\n%s", s.name, err, output)
	}
	return provider, nil
}
