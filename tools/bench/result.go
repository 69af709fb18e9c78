// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// figure is something that is measured, as the tables head it.
type figure string

const (
	wall        figure = "Wall, s"
	cliCPU      figure = "CLI CPU, s"
	providerCPU figure = "Provider CPU, s"
	peakRSS     figure = "Peak RSS, MB" // 1e6 bytes
	gets        figure = opGet
	lists       figure = opList
	puts        figure = opPut
	requests    figure = "Requests"
	connections figure = "Connections"
	inFlight    figure = "In flight"
)

// sample is what one run took.
type sample map[figure]float64

func newSample(ran outcome, server *fakecos.Listener) sample {
	s := sample{wall: ran.wall.Seconds(), cliCPU: ran.cpu.Seconds()}
	if ran.provider.Processes == 0 {
		return s
	}
	maps.Copy(s, sample{
		providerCPU: ran.provider.CPU.Seconds(), peakRSS: float64(ran.provider.PeakRSS) / 1e6,
		gets: 0, lists: 0, puts: 0, requests: 0,
		connections: float64(server.Connections()), inFlight: float64(server.InFlightMax()),
	})
	for _, request := range server.Requests() {
		s[requests]++
		s[figure(request.Op)]++
	}
	return s
}

// results are the samples of every scenario.
type results map[scenario][]sample

// of is the median of a figure: of an even number the larger of the two in the middle, so that it
// was measured.
func (all results) of(s scenario, f figure) float64 {
	values := all.sorted(s, f)
	return values[len(values)/2]
}

func (all results) sorted(s scenario, f figure) []float64 {
	var values []float64
	for _, one := range all[s] {
		values = append(values, one[f])
	}
	slices.Sort(values)
	return values
}

// target is the most that a figure of a scenario may be.
type target struct {
	scenario
	figure
	most float64
	why  string // the sum, where it is one
}

func (all results) targets() []target {
	planned, applied, created := all.of(planFloor, wall), all.of(applyFloor, wall), all.of(newFloor, wall)
	return []target{
		{oneBare, wall, 1.1 * all.of(oneEmpty, wall), "1.1 × an empty provider"},
		{oneBare, cliCPU, 1.1 * all.of(oneEmpty, cliCPU), "1.1 × an empty provider"},
		{planNear, wall, planned + 2, "floor + 2.0 s"},
		{planFar, wall, planned + 1.9, "floor + 1.9 s"},
		{planFar, requests, 10, ""},
		{planFar, connections, 1, ""},
		{planBuckets, wall, planned + 3.9, "floor + 3.9 s"},
		{planBuckets, requests, 110, ""},
		{planOfTwo, wall, all.of(planOfOne, wall) + 0.5, "300 jobs in 300 buckets + 0.5 s"},
		{planChanged, gets, all.of(planFar, gets) + 2, "2 more than unchanged"},
		{newJobs, wall, created + 1, "their floor + 1.0 s"},
		{newJobs, requests, 12, ""},
		{applyNear, wall, 0.85 * applied, "0.85 × floor"},
		{applyNear, requests, 3020, ""},
		{readAccount, wall, 15, ""},
		{readAccount, requests, 1010, ""},
		{planOne, peakRSS, 35, ""},
		{planNear, peakRSS, 60, ""},
		{planBuckets, peakRSS, 60, ""},
		{applyNear, peakRSS, 60, ""},
		{readAccount, peakRSS, 120, ""},
	}
}

// show rounds times to the hundredth, memory to the tenth, and counts not at all.
func (f figure) show(value float64) string {
	switch f {
	case wall, cliCPU, providerCPU:
		return fmt.Sprintf("%.2f", value)
	case peakRSS:
		return fmt.Sprintf("%.1f", value)
	}
	return fmt.Sprintf("%.0f", value)
}
