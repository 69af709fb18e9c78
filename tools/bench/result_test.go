// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"strings"
	"testing"
)

// figures are results in which every target is met, just so.
func figures() results {
	var all results
	for _, s := range scenarios() {
		figure := sample{Wall: 3, Processes: 3, PeakRSS: 35, Requests: 15, Gets: 5, Connections: 12}
		switch s {
		case planNear:
			figure.Wall, figure.PeakRSS = 5, 60
		case planFar:
			figure.Wall = 6
		case planBuckets:
			figure.Wall, figure.PeakRSS = 8, 60
		case planChanged:
			figure.Gets = 7
		case applyFloor:
			figure.Wall = 20
		case applyNear:
			figure.Wall, figure.PeakRSS, figure.Requests = 17, 60, 3020
		case planOneBare:
			figure.Wall = 0.25
		}
		all = append(all, result{s, []sample{figure}})
	}
	return all
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, v := range figures().verdicts() {
		if !v.Met {
			t.Errorf("%+v", v)
		}
	}
	for measure, worsen := range map[string]struct {
		scenario
		by sample
	}{
		"plan, 1000 jobs, 0/0 ms: wall":                        {planNear, sample{Wall: 0.01}},
		"plan, 1000 jobs, 100/200 ms: wall":                    {planFar, sample{Wall: 0.01}},
		"plan, 1000 jobs, 100/200 ms: requests":                {planFar, sample{Requests: 1}},
		"plan, 1000 jobs, 100/200 ms: connections":             {planFar, sample{Connections: 1}},
		"plan, 1000 jobs in 100 buckets, 100/200 ms: wall":     {planBuckets, sample{Wall: 0.01}},
		"plan, 1000 jobs, 100/200 ms, one changed: GETs":       {planChanged, sample{Gets: 1}},
		"apply, 1000 jobs, 0/0 ms: wall":                       {applyNear, sample{Wall: 0.01}},
		"apply, 1000 jobs, 0/0 ms: requests":                   {applyNear, sample{Requests: 1}},
		"apply, 1000 jobs, 0/0 ms: peak RSS":                   {applyNear, sample{PeakRSS: 0.1}},
		"plan, 1 job, 0/0 ms, unmetered: wall":                 {planOneBare, sample{Wall: 0.01}},
		"plan, 1 job, 0/0 ms: peak RSS":                        {planOne, sample{PeakRSS: 0.1}},
		"plan, 1000 jobs in 100 buckets, 100/200 ms: peak RSS": {planBuckets, sample{PeakRSS: 0.1}},
		"plan, 1000 jobs, 0/0 ms: peak RSS":                    {planNear, sample{PeakRSS: 0.1}},
	} {
		all := figures()
		for i := range all {
			if all[i].scenario == worsen.scenario {
				one := &all[i].samples[0]
				one.Wall += worsen.by.Wall
				one.PeakRSS += worsen.by.PeakRSS
				one.Requests += worsen.by.Requests
				one.Gets += worsen.by.Gets
				one.Connections += worsen.by.Connections
			}
		}
		var missed []string
		for _, v := range all.verdicts() {
			if !v.Met {
				missed = append(missed, v.Measure)
			}
		}
		if strings.Join(missed, "; ") != measure {
			t.Errorf("missed %q, want %q", missed, measure)
		}
	}
}

func TestMedians(t *testing.T) {
	t.Parallel()
	got := medians([]sample{
		{1, 9, 3, 4, 5, 6, 7, 8, 9, 10, 11},
		{3, 3, 1, 6, 7, 4, 5, 6, 7, 12, 9},
		{2, 6, 2, 5, 6, 5, 6, 7, 8, 11, 10},
	})
	if want := (sample{2, 6, 2, 5, 6, 5, 6, 7, 8, 11, 10}); got != want {
		t.Errorf("medians %+v, want %+v", got, want)
	}
	if got := medians([]sample{{Wall: 1}, {Wall: 2}}).Wall; got != 2 {
		t.Errorf("median of 1 and 2: %v", got)
	}
}

func TestScenarios_Distinct(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range scenarios() {
		if names[s.String()] {
			t.Errorf("two scenarios are %q", s)
		}
		names[s.String()] = true
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	all := figures()
	all[0].samples[0].Wall = 10 // the floor of the apply
	found := report{
		Date: "2026-01-02", Machine: machine{"Some CPU", 2, "linux/amd64", "go1.26", "Terraform v1"}, Repetitions: 3,
		Verdicts: all.verdicts(), Rows: all.rows(), GoBenchmarks: []goBenchmark{{"DecodeInventory", 1234.4, 567, 8}},
	}
	var page bytes.Buffer
	if err := found.markdown(&page); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(page.String()), " ")
	for _, want := range []string{
		"on 2026-01-02; every figure is the median of 3 runs",
		"Some CPU, 2 cores, linux/amd64; Terraform v1; provider built with go1.26.",
		"| Measure | Result | Target | Met | | --- | --- | --- | --- |",
		"| plan, 1000 jobs, 0/0 ms: wall | 5.00 s | ≤ 5.00 s (floor + 2.0 s) | yes |",
		"| apply, 1000 jobs, 0/0 ms: wall | 17.00 s | ≤ 8.50 s (0.85 × floor) | **no** |",
		"| plan, 1000 jobs, 100/200 ms: requests | 15 | ≤ 15 | yes |",
		"| plan, 1 job, 0/0 ms: peak RSS | 35.0 MB | ≤ 35.0 MB | yes |",
		"| plan, 1000 jobs, 100/200 ms, one changed | 3.00 | 3.00 – 3.00 |",
		"| DecodeInventory | 1234 | 567 | 8 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, page.String())
		}
	}
}

func TestDrawPlot(t *testing.T) {
	t.Parallel()
	var picture bytes.Buffer
	if err := figures().drawPlot(&picture); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "0 ms a request", "100 ms a request", "one GET a job", "terraform_data", ">1000<"} {
		if !strings.Contains(picture.String(), want) {
			t.Errorf("no %q in the plot", want)
		}
	}
}

func TestParseGoBenchmarks(t *testing.T) {
	t.Parallel()
	found, cpu, err := parseGoBenchmarks([]byte("goos: linux\ngoarch: amd64\npkg: x\ncpu: Some CPU @ 2GHz\n" +
		"BenchmarkDecode-2   \t   40000\t     29990 ns/op\t  27.61 MB/s\t    9504 B/op\t     222 allocs/op\nPASS\nok x 1s\n"))
	if err != nil || cpu != "Some CPU @ 2GHz" || len(found) != 1 || found[0] != (goBenchmark{"Decode", 29990, 9504, 222}) {
		t.Errorf("%+v, %q, %v", found, cpu, err)
	}
	if _, _, err := parseGoBenchmarks([]byte("PASS\nok x 1s\n")); err == nil {
		t.Error("no benchmark is no error")
	}
}
