// SPDX-License-Identifier: MPL-2.0

package main

import "fmt"

// scenario is one thing to measure. Its values are comparable, and so name the results.
type scenario struct {
	shape
	network
	floor       bool   // terraform_data in place of the provider's jobs; the network does not matter
	apply       bool   // of new jobs; else a plan of jobs that are there
	parallelism int    // 0: Terraform's default, ten
	account     bool   // a data source reads all jobs of the account, in place of the resources
	oneGET      bool   // the bucket cannot be listed, so the provider reads job by job
	changed     bool   // one of the jobs, by somebody else
	bare        bool   // without the meter, for a time in which its own counts
	without     string // the name of a short cut that the provider is built without
}

// changedJob is the one that a scenario's service may hold otherwise than the state.
const changedJob = 500

func (s scenario) String() string {
	action, what := "plan", "jobs"
	if s.apply {
		action = "apply"
	}
	switch {
	case s.floor:
		what = "terraform_data"
	case s.account:
		what = "jobs by the data source"
	case s.jobs == 1:
		what = "job"
	}
	text := fmt.Sprintf("%s, %d %s", action, s.jobs, what)
	if s.floor {
		return text
	}
	if s.buckets > 1 {
		text += fmt.Sprintf(" in %d buckets", s.buckets)
	}
	text += ", " + s.network.String()
	if s.parallelism > 0 {
		text += fmt.Sprintf(", -parallelism=%d", s.parallelism)
	}
	if s.changed {
		text += ", one changed"
	}
	if s.oneGET {
		text += ", one GET a job"
	}
	if s.bare {
		text += ", unmetered"
	}
	if s.without != "" {
		text += ", without " + s.without
	}
	return text
}

// The scenarios that the targets speak of.
var (
	thousand        = shape{buckets: 1, jobs: 1000}
	thousandBuckets = shape{buckets: 1000, jobs: 1000}

	planFloor    = scenario{shape: thousand, floor: true}
	planNear     = scenario{shape: thousand}
	planFar      = scenario{shape: thousand, network: far}
	planBuckets  = scenario{shape: shape{buckets: 100, jobs: 1000}, network: far}
	planChanged  = scenario{shape: thousand, network: far, changed: true}
	applyFloor   = scenario{shape: thousand, floor: true, apply: true}
	applyNear    = scenario{shape: thousand, apply: true}
	planOne      = scenario{shape: shape{buckets: 1, jobs: 1}}
	planOneBare  = scenario{shape: shape{buckets: 1, jobs: 1}, bare: true}
	planMany     = scenario{shape: thousandBuckets, network: far}
	planMany100  = scenario{shape: thousandBuckets, network: far, parallelism: 100}
	planGrown    = scenario{shape: shape{buckets: 3, jobs: 3000}, network: far}
	growthFloor  = scenario{shape: shape{buckets: 3, jobs: 3000}, floor: true}
	readAccount  = scenario{shape: thousandBuckets, network: far, account: true}
	plottedJobs  = []int{1, 10, 100, 1000}
	plottedLinks = []network{near, far}
)

// scenarios are those of the targets and those of the plot. Applies come first: the plans after
// them need their state.
func scenarios() []scenario {
	all := []scenario{applyFloor, applyNear}
	for _, jobs := range plottedJobs {
		all = append(all, scenario{shape: shape{1, jobs}, floor: true})
	}
	for _, link := range plottedLinks {
		for _, oneGET := range []bool{false, true} {
			for _, jobs := range plottedJobs {
				plan := scenario{shape: shape{1, jobs}, network: link, oneGET: oneGET}
				all = append(all, plan)
				if plan == planNear { // right after it, when the machine does what it did then
					all = append(all, withouts()...)
				}
			}
		}
	}
	all = append(all, planBuckets, planChanged, planOneBare, planMany, planMany100, growthFloor, planGrown, readAccount)
	return all
}

// withouts are the plans that show what each short cut is worth.
func withouts() []scenario {
	var all []scenario
	for _, cut := range shortcuts() {
		all = append(all, planWithout(cut))
	}
	return all
}

// planWithout is the plan that shows what a short cut is worth, beside planNear.
func planWithout(cut shortcut) scenario { return scenario{shape: thousand, without: cut.name} }
