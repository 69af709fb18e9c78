// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test's binary stand in the provider's place, as the benchmark's own does.
func TestMain(m *testing.M) {
	if folder := os.Getenv(envRecords); folder != "" {
		os.Exit(meter(folder))
	}
	os.Exit(m.Run())
}

// figures are results in which every target is met, just so.
func figures() results {
	all := results{}
	for _, s := range scenarios() {
		all[s] = []sample{{wall: 1, cliCPU: 1, peakRSS: 1, requests: 1, gets: 1, connections: 1}}
	}
	for range 2 { // some targets follow from others
		for _, t := range all.targets() {
			all[t.scenario][0][t.figure] = t.most
		}
	}
	return all
}

func TestTargets(t *testing.T) {
	t.Parallel()
	if text := (report{results: figures()}).TargetTable(); strings.Contains(text, "**no**") {
		t.Errorf("a target that is just met counts as missed:\n%s", text)
	}
	for _, missed := range figures().targets() {
		all := figures()
		all[missed.scenario][0][missed.figure] += 0.1
		line := missed.scenario.String() + ": " + string(missed.figure)
		for text := range strings.Lines((report{results: all}).TargetTable()) {
			cells := strings.Split(text, "|")
			if name := strings.TrimSpace(cells[1]); name == line && !strings.Contains(text, "**no**") {
				t.Errorf("missed, but: %s", text)
			}
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	all := results{planNear: {{wall: 1}, {wall: 3}, {wall: 2}}, planFar: {{wall: 1}, {wall: 2}}}
	if all.of(planNear, wall) != 2 || all.of(planFar, wall) != 2 {
		t.Errorf("medians %v and %v, want 2", all.of(planNear, wall), all.of(planFar, wall))
	}
}

func TestScenarios_distinct(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range append(scenarios(), peerScenarios()...) {
		if names[s.String()] {
			t.Errorf("two scenarios are %q", s)
		}
		names[s.String()] = true
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	found := report{results: figures(), Date: "2026-01-02", Machine: "Some CPU", Repetitions: 3, GoBenchmarks: "BenchmarkDecode 1 ns/op\n"}
	var page, picture bytes.Buffer
	if err := found.markdown(&page); err != nil {
		t.Fatal(err)
	}
	if err := found.drawPlot(&picture); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(page.String()), " ")
	if strings.Contains(text, "tencentcloud") {
		t.Error("the page shows another provider, which was not measured")
	}
	found.Peer = "1.2.3"
	for _, s := range peerScenarios() {
		found.results[s] = []sample{{wall: 5, peakRSS: 7, requests: 9}}
	}
	var beside bytes.Buffer
	if err := found.markdown(&beside); err != nil {
		t.Fatal(err)
	}
	if want := "| 1000 jobs by tencentcloud"; strings.Contains(beside.String(), want) || !strings.Contains(strings.Join(strings.Fields(beside.String()), " "), "| 1 jobs, 0/0 ms | 1.00 | 5.00 | 1 | 9 |") {
		t.Errorf("the page does not show both providers:\n%s", beside.String())
	}
	for _, want := range []string{
		"on 2026-01-02; every figure is the median of 3 runs", "Some CPU.", "| Measure | Result | Target | Met | | --- |",
		"| plan, 1000 jobs, 100/200 ms: Requests | 10 | ≤ 10 | yes |", "| GET | LIST | PUT |", "BenchmarkDecode 1 ns/op",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, page.String())
		}
	}
	for _, want := range []string{"<svg", "100 ms a request", "one GET a job", "terraform_data", ">1000<"} {
		if !strings.Contains(picture.String(), want) {
			t.Errorf("no %q in the plot", want)
		}
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, one := range map[string]usage{"process-a.json": {1, 5, 80}, "process-b.json": {1, 7, 60}} {
		content, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := collect(folder); err != nil || got != (usage{2, 12, 80}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := collect(folder); err != nil || got.Processes != 0 {
		t.Errorf("collected twice: %+v, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(folder, "process-c.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := collect(folder); err == nil {
		t.Error("a process whose meter was killed is no error")
	}
}

func TestMultiplied(t *testing.T) {
	t.Parallel()
	s := shape{buckets: 2, jobs: 4}
	got, err := s.multiplied([]byte(`{"resources": [{"instances": [{"index_key": 0, "bucket": "source-000-1250000000", "id": "job-0000", "prefix": "data/0/"}]}]}`))
	if want := `{"index_key":3,"bucket":"source-001-1250000000","id":"job-0003","prefix":"data/3/"}`; err != nil || !strings.Contains(string(got), want) {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := s.multiplied([]byte(`{"resources": []}`)); err == nil {
		t.Error("no resource is no error")
	}
}
