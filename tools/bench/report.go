// SPDX-License-Identifier: MPL-2.0

package main

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"text/template"
)

// report is everything a run of the benchmark found.
type report struct {
	Date         string        `json:"date"`
	Machine      machine       `json:"machine"`
	Repetitions  int           `json:"repetitions"`
	Verdicts     []verdict     `json:"targets"`
	ShortCuts    []worth       `json:"short_cuts"`
	Rows         []row         `json:"scenarios"`
	GoBenchmarks []goBenchmark `json:"go_benchmarks"`
}

// row is a scenario's result.
type row struct {
	Scenario string  `json:"scenario"`
	Jobs     int     `json:"jobs"`
	Fastest  float64 `json:"fastest_wall_seconds"`
	Slowest  float64 `json:"slowest_wall_seconds"`
	sample           // medians
}

func (all results) rows() []row {
	var rows []row
	for _, r := range all {
		walls := make([]float64, len(r.samples))
		for i, s := range r.samples {
			walls[i] = s.Wall
		}
		rows = append(rows, row{r.scenario.String(), r.scenario.jobs, slices.Min(walls), slices.Max(walls), r.medians()})
	}
	return rows
}

//go:embed report.md.tmpl
var reportTemplate string

// markdown writes BENCHMARKS.md.
func (r report) markdown(to io.Writer) error {
	page, err := template.New("report").Parse(reportTemplate)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := page.Execute(to, r); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// TargetTable shows the targets.
func (r report) TargetTable() string {
	lines := [][]string{{"Measure", "Result", "Target", "Met"}}
	for _, v := range r.Verdicts {
		met := "yes"
		if !v.Met {
			met = "**no**"
		}
		lines = append(lines, []string{v.Measure, v.Result, v.Target, met})
	}
	return table(lines)
}

// ShortCutTable shows what each short cut is worth.
func (r report) ShortCutTable() string {
	lines := [][]string{{"Without", "Wall", "CPU"}}
	for _, w := range r.ShortCuts {
		lines = append(lines, []string{w.Name, percent(w.Wall), percent(w.CPU)})
	}
	return table(lines)
}

func percent(share float64) string { return fmt.Sprintf("%+.0f %%", 100*share) }

// ScenarioTable shows all scenarios.
func (r report) ScenarioTable() string {
	lines := [][]string{{"Scenario", "Wall, s", "From – to", "CLI CPU, s", "Provider CPU, s", "Peak RSS, MB", "GET", "LIST", "PUT", "Connections", "In flight"}}
	for _, row := range r.Rows {
		line := []string{row.Scenario, hundredths(row.Wall), hundredths(row.Fastest) + " – " + hundredths(row.Slowest), hundredths(row.CLICPU)}
		if row.Processes == 0 { // no provider, or none that was metered
			line = append(line, slices.Repeat([]string{""}, 7)...)
		} else {
			line = append(line, hundredths(row.ProviderCPU), fmt.Sprintf("%.1f", row.PeakRSS))
			for _, count := range []int{row.Gets, row.Lists, row.Puts, row.Connections, row.InFlight} {
				line = append(line, fmt.Sprint(count))
			}
		}
		lines = append(lines, line)
	}
	return table(lines)
}

// GoTable shows the Go benchmarks.
func (r report) GoTable() string {
	lines := [][]string{{"Benchmark", "ns/op", "B/op", "allocs/op"}}
	for _, b := range r.GoBenchmarks {
		lines = append(lines, []string{b.Name, fmt.Sprintf("%.0f", b.Nanoseconds), fmt.Sprintf("%.0f", b.Bytes), fmt.Sprintf("%.0f", b.Allocations)})
	}
	return table(lines)
}

func hundredths(v float64) string { return fmt.Sprintf("%.2f", v) }

// table renders lines, the first of which is the head, as Markdown that also reads well in a
// terminal.
func table(lines [][]string) string {
	rule := slices.Repeat([]string{"---"}, len(lines[0]))
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	for _, cells := range slices.Insert(slices.Clone(lines), 1, rule) {
		fmt.Fprintf(w, "| %s\t|\n", strings.Join(cells, "\t| "))
	}
	// A strings.Builder takes every write.
	_ = w.Flush()
	return strings.TrimRight(b.String(), "\n")
}
