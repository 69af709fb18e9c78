// SPDX-License-Identifier: MPL-2.0

package main

import "fmt"

// kind is what plans and applies are of: the name of a file in configurations.
type kind string

const (
	jobs         kind = "jobs"
	floor        kind = "terraform_data"
	empty        kind = "empty_nothing"
	tencentcloud kind = "jobs-by-tencentcloud"
)

func (k kind) callsCOS() bool { return k != floor && k != empty }

// scenario is one thing to measure: an apply of new jobs, or a plan of jobs that nothing has
// changed. Its values are comparable, and so name the results.
type scenario struct {
	kind
	buckets, jobs int
	apply         bool
	isFar         bool // from COS: 100 ms for a request, 200 ms for a new connection
	parallelism   int  // 0: Terraform's default, ten
}

func (s scenario) String() string {
	text := map[bool]string{false: "plan", true: "apply"}[s.apply] + fmt.Sprintf(", %d %s", s.jobs, s.kind)
	if s.buckets > 1 {
		text += fmt.Sprintf(" in %d buckets", s.buckets)
	}
	if s.isFar {
		text += ", 100/200 ms"
	} else if s.callsCOS() {
		text += ", 0/0 ms"
	}
	if s.parallelism > 0 {
		text += fmt.Sprintf(", -parallelism=%d", s.parallelism)
	}
	return text
}

func plan(k kind, n int, isFar bool) scenario {
	return scenario{kind: k, buckets: 1, jobs: n, isFar: isFar}
}

func apply(k kind, buckets, n int) scenario {
	return scenario{kind: k, buckets: buckets, jobs: n, apply: true}
}

var (
	jobCounts   = []int{1, 10, 100, 1000}
	planBuckets = scenario{kind: jobs, buckets: 100, jobs: 1000, isFar: true}
	everyBucket = scenario{kind: jobs, buckets: 1000, jobs: 1000, isFar: true}
)

// series are the scenarios, each an apply and the plans of what it made.
func series() (all [][]scenario) {
	for _, k := range []kind{floor, empty, jobs, tencentcloud} {
		for _, n := range jobCounts {
			one := []scenario{apply(k, 1, n), plan(k, n, false)}
			if k.callsCOS() {
				one = append(one, plan(k, n, true))
			}
			all = append(all, one)
		}
	}
	widePlan := everyBucket
	widePlan.parallelism = 100
	return append(all, []scenario{apply(jobs, 100, 1000), planBuckets}, []scenario{apply(jobs, 1000, 1000), everyBucket, widePlan})
}

// The names of configurations.
const region = "ap-guangzhou"

func jobID(n int) string                 { return fmt.Sprintf("job-%04d", n) }
func bucketName(n int) string            { return fmt.Sprintf("source-%03d-1250000000", n) }
func (s scenario) bucketOf(n int) string { return bucketName(n * s.buckets / s.jobs) }

// target is the most that a figure may be. A time is compared with others of the same run.
type target struct {
	scenario
	figure
	most float64
	why  string
}

func (all results) targets() []target {
	planned, applied := all.of(plan(floor, 1000, false), wall), all.of(apply(floor, 1, 1000), wall)
	return []target{
		{plan(jobs, 1, false), wall, 1.15 * all.of(plan(empty, 1, false), wall), " (1.15 × an empty provider)"},
		{plan(jobs, 1000, false), wall, 1.45 * planned, " (1.45 × floor)"},
		{plan(jobs, 1000, true), wall, 1.45*planned + 1.2, " (1.45 × floor + 1.2 s)"},
		{plan(jobs, 1000, true), requests, 10, ""},
		{plan(jobs, 1000, true), connections, 1, ""},
		{planBuckets, requests, 110, ""},
		{apply(jobs, 1, 1000), wall, 0.85 * applied, " (0.85 × floor)"},
		{apply(jobs, 1, 1000), requests, 3020, ""},
		{plan(jobs, 1, false), peakRSS, 35, ""},
		{plan(jobs, 1000, false), peakRSS, 60, ""},
		{planBuckets, peakRSS, 60, ""},
		{apply(jobs, 1, 1000), peakRSS, 60, ""},
	}
}
