// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"slices"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// sample is what one run took: seconds, megabytes (1e6 bytes) and counts.
type sample struct {
	Wall        float64 `json:"wall_seconds"`
	CLICPU      float64 `json:"cli_cpu_seconds"`
	ProviderCPU float64 `json:"provider_cpu_seconds"`
	PeakRSS     float64 `json:"provider_peak_rss_mb"`
	Processes   int     `json:"provider_processes"`
	Requests    int     `json:"requests"`
	Gets        int     `json:"get_requests"`
	Lists       int     `json:"list_requests"`
	Puts        int     `json:"put_requests"`
	Connections int     `json:"connections"`
	InFlight    int     `json:"max_in_flight"`
}

func newSample(ran outcome, server *fakecos.Listener) sample {
	s := sample{
		Wall:        ran.wall.Seconds(),
		CLICPU:      ran.cpu.Seconds(),
		ProviderCPU: ran.provider.CPU.Seconds(),
		PeakRSS:     float64(ran.provider.PeakRSS) / 1e6,
		Processes:   ran.provider.Processes,
		Connections: server.Connections(),
		InFlight:    server.InFlightMax(),
	}
	requests := server.Requests()
	s.Requests = len(requests)
	for _, request := range requests {
		switch request.Op {
		case opGet:
			s.Gets++
		case opList:
			s.Lists++
		case opPut:
			s.Puts++
		}
	}
	return s
}

// medians are the medians of each figure by itself.
func medians(samples []sample) sample {
	return sample{
		Wall:        median(samples, func(s sample) float64 { return s.Wall }),
		CLICPU:      median(samples, func(s sample) float64 { return s.CLICPU }),
		ProviderCPU: median(samples, func(s sample) float64 { return s.ProviderCPU }),
		PeakRSS:     median(samples, func(s sample) float64 { return s.PeakRSS }),
		Processes:   median(samples, func(s sample) int { return s.Processes }),
		Requests:    median(samples, func(s sample) int { return s.Requests }),
		Gets:        median(samples, func(s sample) int { return s.Gets }),
		Lists:       median(samples, func(s sample) int { return s.Lists }),
		Puts:        median(samples, func(s sample) int { return s.Puts }),
		Connections: median(samples, func(s sample) int { return s.Connections }),
		InFlight:    median(samples, func(s sample) int { return s.InFlight }),
	}
}

// median is the middle one; of an even number the larger of the two, so that it is a figure that
// was measured.
func median[S any, T cmp.Ordered](samples []S, figure func(S) T) T {
	values := make([]T, len(samples))
	for i, s := range samples {
		values[i] = figure(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
