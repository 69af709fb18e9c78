// SPDX-License-Identifier: MPL-2.0

package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/template"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
)

// figure is something that is measured, as the tables head it.
type figure string

const (
	wall        figure = "Wall, s"
	requests    figure = "Requests"
	connections figure = "Connections"
	peakRSS     figure = "Peak RSS, MB" // 1e6 bytes
)

// show rounds times to the hundredth, memory to the tenth, and counts not at all.
func (f figure) show(value float64) string {
	return fmt.Sprintf("%.*f", map[figure]int{wall: 2, peakRSS: 1}[f], value)
}

// figures are what one run took.
type figures map[figure]float64

// results are the figures of every scenario, sorted.
type results map[scenario]map[figure][]float64

func (all results) add(s scenario, taken figures) {
	if all[s] == nil {
		all[s] = map[figure][]float64{}
	}
	for f, value := range taken {
		all[s][f] = append(all[s][f], value)
		slices.Sort(all[s][f])
	}
}

// of is the median: of an even number the larger of the two in the middle, so that it was measured.
func (all results) of(s scenario, f figure) float64 { return all[s][f][len(all[s][f])/2] }

// report is everything that a run of the benchmark found, for its page.
type report struct {
	results
	Date, Machine, Peer string
	Repetitions         int
}

// Wall is the wall time of a plan of so many jobs in one bucket.
func (r report) Wall(n int, isFar bool) string {
	return fmt.Sprintf("%.1f s", r.of(plan(jobs, n, isFar), wall))
}

// Scenarios are those that were measured.
func (r report) Scenarios() []scenario {
	return slices.DeleteFunc(slices.Concat(series()...), func(s scenario) bool { return r.results[s] == nil })
}

// Figures are the cells of a scenario's row: the median and the range of its times, and the rest.
func (r report) Figures(s scenario) string {
	times := r.results[s][wall]
	cells := wall.show(r.of(s, wall)) + " | " + wall.show(times[0]) + " – " + wall.show(times[len(times)-1])
	if !s.callsCOS() {
		return cells + " | | |"
	}
	for _, f := range []figure{requests, connections, peakRSS} {
		cells += " | " + f.show(r.of(s, f))
	}
	return cells
}

// Beside are the rows of the plans of both providers.
func (r report) Beside() (rows []string) {
	for _, n := range jobCounts {
		for _, isFar := range []bool{false, true} {
			row := strings.TrimPrefix(plan(jobs, n, isFar).String(), "plan, ")
			for _, f := range []figure{wall, requests, peakRSS} {
				row += " | " + f.show(r.of(plan(jobs, n, isFar), f)) + " | " + f.show(r.of(plan(tencentcloud, n, isFar), f))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// Targets are the rows of the targets.
func (r report) Targets() (rows []string) {
	for _, t := range r.targets() {
		got, met := r.of(t.scenario, t.figure), "yes"
		if got > t.most {
			met = "**no**"
		}
		rows = append(rows, fmt.Sprintf("%s: %s | %s | ≤ %s%s | %s", t.scenario, t.figure, t.show(got), t.show(t.most), t.why, met))
	}
	return rows
}

//go:embed report.md.tmpl
var page string

// write leaves BENCHMARKS.md and its plot in a folder.
func (r report) write(root string) error {
	to, err := os.Create(root + "/BENCHMARKS.md")
	if err != nil {
		return err
	}
	return errors.Join(template.Must(template.New("").Parse(page)).Execute(to, r), to.Close(), r.plot(root+"/BENCHMARKS.svg"))
}

// plot draws the plan time over the number of jobs.
func (r report) plot(file string) error {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = "jobs in one bucket", "terraform plan, seconds"
	var ticks plot.ConstantTicks
	for _, n := range jobCounts {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
	}
	p.X.Scale, p.X.Tick.Marker, p.Y.Min = plot.LogScale{}, ticks, 0
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(plotter.NewGrid())
	var curves []any
	for _, s := range r.Scenarios() {
		if s.jobs != jobCounts[0] || s.apply || s.kind == empty { // its curve would hide the floor's
			continue
		}
		_, name, _ := strings.Cut(s.String(), fmt.Sprintf("%d ", s.jobs))
		var points plotter.XYs
		for _, s.jobs = range jobCounts {
			points = append(points, plotter.XY{X: float64(s.jobs), Y: r.of(s, wall)})
		}
		curves = append(curves, name, points)
	}
	if err := plotutil.AddLinePoints(p, curves...); err != nil {
		return fmt.Errorf("plot: %w", err)
	}
	return p.Save(vg.Points(600), vg.Points(360), file)
}
