// SPDX-License-Identifier: MPL-2.0

package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"text/template"
)

// report is everything that a run of the benchmark found.
type report struct {
	results
	Date, Machine, GoBenchmarks string
	Repetitions                 int
	Peer                        string // the version of the tencentcloud provider, if it was measured
}

//go:embed report.md.tmpl
var reportTemplate string

// markdown writes BENCHMARKS.md.
func (r report) markdown(to io.Writer) error {
	page, err := template.New("report").Parse(reportTemplate)
	if err != nil {
		return err
	}
	return page.Execute(to, r)
}

// write leaves BENCHMARKS.md and its plot.
func (r report) write(root string) error {
	for name, write := range map[string]func(io.Writer) error{"BENCHMARKS.md": r.markdown, "BENCHMARKS.svg": r.drawPlot} {
		var content strings.Builder
		if err := write(&content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(content.String()), 0o644); err != nil { //nolint:gosec // public
			return err
		}
	}
	return nil
}

// Wall is the wall time of a plan of so many jobs in one bucket, for the page's first paragraph.
func (r report) Wall(n int, link string) (string, error) {
	at, ok := map[string]network{"near": near, "far": far}[link]
	s := scenario{kind: jobs, shape: shape{1, n}, network: at}
	if !ok || r.results[s] == nil {
		return "", errors.New("not measured: " + s.String())
	}
	return fmt.Sprintf("%.1f s", r.of(s, wall)), nil
}

// More is how much longer Terraform itself takes for more resources.
func (r report) More(few, many int) string {
	plan := func(n int) float64 { return r.of(scenario{kind: floor, shape: shape{300, n}}, wall) }
	return fmt.Sprintf("%.1f s", plan(many)-plan(few))
}

// NewCPU is how much more time of the processor the CLI takes for new jobs than for their floor.
func (r report) NewCPU() string {
	return fmt.Sprintf("%.1f s", r.of(newJobs, cliCPU)-r.of(newFloor, cliCPU))
}

// PeerTable shows both providers side by side.
func (r report) PeerTable() string {
	lines := [][]string{{"Plan of", "Wall, s", "tencentcloud", "Requests", "tencentcloud", "Peak RSS, MB", "tencentcloud"}}
	for _, theirs := range peerScenarios() {
		ours := theirs
		ours.kind = jobs
		line := []string{strings.TrimPrefix(ours.String(), "plan, ")}
		for _, f := range []figure{wall, requests, peakRSS} {
			for _, s := range []scenario{ours, theirs} {
				line = append(line, f.show(r.of(s, f)))
			}
		}
		lines = append(lines, line)
	}
	return table(lines)
}

// TargetTable shows the targets.
func (r report) TargetTable() string {
	lines := [][]string{{"Measure", "Result", "Target", "Met"}}
	for _, t := range r.targets() {
		got := r.of(t.scenario, t.figure)
		most, met := "≤ "+t.show(t.most), "yes"
		if t.why != "" {
			most += " (" + t.why + ")"
		}
		if got > t.most {
			met = "**no**"
		}
		lines = append(lines, []string{t.scenario.String() + ": " + string(t.figure), t.show(got), most, met})
	}
	return table(lines)
}

// ScenarioTable shows all scenarios.
func (r report) ScenarioTable() string {
	shown := []figure{cliCPU, providerCPU, peakRSS, gets, lists, puts, connections, inFlight}
	head := []string{"Scenario", string(wall), "From – to"}
	for _, f := range shown {
		name := strings.TrimSuffix(string(f), "BucketInventory")
		head = append(head, map[string]string{"Get": "GET", "List": "LIST", "Put": "PUT"}[name])
		if head[len(head)-1] == "" {
			head[len(head)-1] = string(f)
		}
	}
	lines := [][]string{head}
	for _, s := range append(scenarios(), peerScenarios()...) {
		if r.results[s] == nil {
			continue
		}
		walls := r.sorted(s, wall)
		line := []string{s.String(), wall.show(r.of(s, wall)), wall.show(walls[0]) + " – " + wall.show(walls[len(walls)-1])}
		for _, f := range shown {
			if _, ok := r.results[s][0][f]; ok {
				line = append(line, f.show(r.of(s, f)))
			} else {
				line = append(line, "") // no provider, or none that was metered
			}
		}
		lines = append(lines, line)
	}
	return table(lines)
}

// table renders lines, the first of which is the head, as Markdown that also reads well in a
// terminal.
func table(lines [][]string) string {
	rule := slices.Repeat([]string{"---"}, len(lines[0]))
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	for _, cells := range slices.Insert(slices.Clone(lines), 1, rule) {
		fmt.Fprintf(w, "| %s\t|\n", strings.Join(cells, "\t| "))
	}
	_ = w.Flush() // a strings.Builder takes every write
	return strings.TrimRight(b.String(), "\n")
}
