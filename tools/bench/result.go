// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
)

// result is what the runs of a scenario took.
type result struct {
	scenario scenario
	samples  []sample
}

func (r result) medians() sample { return medians(r.samples) }

// results are those of every scenario.
type results []result

// of returns the medians of a scenario, which must be one of scenarios().
func (all results) of(s scenario) sample { return medians(all.samples(s)) }

func (all results) samples(s scenario) []sample {
	return all[slices.IndexFunc(all, func(r result) bool { return r.scenario == s })].samples
}

// worth is what a plan takes more without a short cut, as a share of what it takes with it.
type worth struct {
	Name string  `json:"name"`
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"` // the CLI's and the provider's
}

// worths compare the plans without a short cut to the plan with all of them, round by round.
func (all results) worths() []worth {
	whole := all.samples(planNear)
	var found []worth
	for _, cut := range shortcuts() {
		var rounds []worth
		for i, without := range all.samples(planWithout(cut)) {
			rounds = append(rounds, worth{
				Wall: without.Wall/whole[i].Wall - 1,
				CPU:  (without.CLICPU+without.ProviderCPU)/(whole[i].CLICPU+whole[i].ProviderCPU) - 1,
			})
		}
		found = append(found, worth{
			Name: cut.name,
			Wall: median(rounds, func(w worth) float64 { return w.Wall }),
			CPU:  median(rounds, func(w worth) float64 { return w.CPU }),
		})
	}
	return found
}

// verdict is a target and how it was met.
type verdict struct {
	Measure string `json:"measure"`
	Result  string `json:"result"`
	Target  string `json:"target"`
	Met     bool   `json:"met"`
}

// verdicts hold the results against the targets.
func (all results) verdicts() []verdict {
	floor, near, far := all.of(planFloor), all.of(planNear), all.of(planFar)
	buckets, changed, one := all.of(planBuckets), all.of(planChanged), all.of(planOne)
	apply, applyFloor := all.of(applyNear), all.of(applyFloor)
	return []verdict{
		atMost(planNear, "wall", "s", near.Wall, floor.Wall+2, "floor + 2.0 s"),
		atMost(planFar, "wall", "s", far.Wall, floor.Wall+3, "floor + 3.0 s"),
		atMost(planFar, "requests", "", far.Requests, 15, ""),
		atMost(planFar, "connections", "", far.Connections, 12, ""),
		atMost(planBuckets, "wall", "s", buckets.Wall, floor.Wall+5, "floor + 5.0 s"),
		atMost(planChanged, "GETs", "", changed.Gets, far.Gets+2, "2 more than unchanged"),
		atMost(applyNear, "wall", "s", apply.Wall, 0.85*applyFloor.Wall, "0.85 × floor"),
		atMost(applyNear, "requests", "", apply.Requests, 3020, ""),
		atMost(readAccount, "wall", "s", all.of(readAccount).Wall, 15.0, ""),
		atMost(readAccount, "requests", "", all.of(readAccount).Requests, 1010, ""),
		atMost(readAccount, "peak RSS", "MB", all.of(readAccount).PeakRSS, 120.0, ""),
		atMost(planOneBare, "wall", "s", all.of(planOneBare).Wall, 0.25, ""),
		atMost(planOne, "peak RSS", "MB", one.PeakRSS, 35, ""),
		atMost(planNear, "peak RSS", "MB", near.PeakRSS, 60, ""),
		atMost(planBuckets, "peak RSS", "MB", buckets.PeakRSS, 60, ""),
		atMost(applyNear, "peak RSS", "MB", apply.PeakRSS, 60, ""),
	}
}

func atMost[T int | float64](s scenario, figure, unit string, got, limit T, why string) verdict {
	target := "≤ " + quantity(limit, unit)
	if why != "" {
		target += " (" + why + ")"
	}
	return verdict{Measure: s.String() + ": " + figure, Result: quantity(got, unit), Target: target, Met: got <= limit}
}

// quantity shows seconds to the hundredth and other figures as they are read.
func quantity[T int | float64](value T, unit string) string {
	switch unit {
	case "":
		return fmt.Sprint(value)
	case "s":
		return fmt.Sprintf("%.2f s", float64(value))
	}
	return fmt.Sprintf("%.1f %s", float64(value), unit)
}
