// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// measured are results in which every target is met, just so.
func measured() results {
	all := results{}
	for _, s := range slices.Concat(series()...) {
		all.add(s, figures{wall: 1, requests: 1, connections: 1, peakRSS: 1})
	}
	for _, t := range all.targets() {
		all[t.scenario][t.figure][0] = t.most
	}
	return all
}

func TestTargets(t *testing.T) {
	t.Parallel()
	if rows := (report{results: measured()}).Targets(); len(rows) == 0 || strings.Contains(strings.Join(rows, "\n"), "**no**") {
		t.Errorf("a target that is just met counts as missed: %q", rows)
	}
	for n, missed := range measured().targets() {
		all := measured()
		all[missed.scenario][missed.figure][0] += 0.1
		if row := (report{results: all}).Targets()[n]; !strings.HasPrefix(row, missed.scenario.String()) || !strings.Contains(row, "**no**") {
			t.Errorf("missed, but: %s", row)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	s, all := plan(jobs, 1, false), results{}
	for _, time := range []float64{4, 1, 2} {
		all.add(s, figures{wall: time})
	}
	if got := all.of(s, wall); got != 2 {
		t.Errorf("of three: %v, want 2", got)
	}
	if all.add(s, figures{wall: 3}); all.of(s, wall) != 3 {
		t.Errorf("of four: %v, want 3", all.of(s, wall))
	}
}

func TestScenarios_distinct(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range slices.Concat(series()...) {
		if names[s.String()] {
			t.Errorf("two scenarios are %q", s)
		}
		names[s.String()] = true
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	found := report{results: measured(), Date: "2026-01-02", Machine: "2 cores", Repetitions: 3, Peer: "terraform-provider-tencentcloud_v1.83.25"}
	beside := written(t, found, "BENCHMARKS.md")
	for _, want := range []string{
		"on 2026-01-02; every time is the median of 3 runs", "\n2 cores.\n", "\n| plan, 1000 jobs, 100/200 ms: Requests | 10 | ≤ 10 | yes |\n",
		found.Peer, "\n| 1000 jobs, 100/200 ms | 2.65 | 1.00 | 10 | 1 | 1.0 | 1.0 |\n", "\n| apply, 1000 terraform_data | 1.00 | 1.00 – 1.00 | | | |\n",
	} {
		if !strings.Contains(beside, want) {
			t.Errorf("no %q in\n%s", want, beside)
		}
	}
	for s := range found.results {
		if s.kind == tencentcloud {
			delete(found.results, s)
		}
	}
	found.Peer = ""
	if alone := written(t, found, "BENCHMARKS.md"); strings.Contains(alone, "tencentcloud") {
		t.Errorf("the page shows another provider, which was not measured:\n%s", alone)
	}
	picture := written(t, found, "BENCHMARKS.svg")
	for _, want := range []string{"<svg", "jobs, 100/200 ms", "terraform_data", ">1000<"} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %q in the plot", want)
		}
	}
}

func written(t *testing.T, found report, file string) string {
	t.Helper()
	root := t.TempDir()
	if err := found.write(root); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(root + "/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestReadPeak(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/peaks"
	if err := os.WriteFile(file, []byte("1000\n3000\n2000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := readPeak(file); err != nil || got != 3.072 && got != 0.003 {
		t.Errorf("%v MB, %v", got, err)
	}
	if _, err := readPeak(file); err == nil {
		t.Error("a run without a metered process is no error")
	}
}
