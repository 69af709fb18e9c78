// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"time"
)

// kind is what plans and applies are of.
type kind string

const (
	jobs          kind = "jobs"
	floor         kind = "terraform_data"          // what Terraform itself takes
	emptyProvider kind = "of an empty provider"    // what any plugin takes
	dataSource    kind = "jobs by the data source" // of the account, in place of the resources
	peer          kind = "jobs by tencentcloud"    // the other provider that has them
)

func (k kind) callsCOS() bool { return k != floor && k != emptyProvider }

// network is how long a request and, beside it, a new connection takes.
type network struct{ request, connection time.Duration }

var (
	near = network{}
	far  = network{request: 100 * time.Millisecond, connection: 200 * time.Millisecond}
)

// scenario is one thing to measure: by default the plan of jobs that are there and that nothing has
// changed. Its values are comparable, and so name the results.
type scenario struct {
	shape
	network
	kind        kind
	apply       bool // of new jobs
	isNew       bool // the plan is of new jobs
	parallelism int  // 0: Terraform's default, ten
	oneGET      bool // the bucket cannot be listed, so that the provider reads job by job
	changed     bool // one of the jobs, by somebody else
	states      int  // planned at the same time, each with so many jobs; 0: one
	bare        bool // without the meter, for a time in which its own counts
}

func (s scenario) String() string {
	text := "plan"
	if s.apply {
		text = "apply"
	}
	text += fmt.Sprintf(", %d %s", s.jobs, s.kind)
	if s.buckets > 1 {
		text += fmt.Sprintf(" in %d buckets", s.buckets)
	}
	if s.kind.callsCOS() {
		text += fmt.Sprintf(", %d/%d ms", s.request.Milliseconds(), s.connection.Milliseconds())
	}
	if s.parallelism > 0 {
		text += fmt.Sprintf(", -parallelism=%d", s.parallelism)
	}
	if s.states > 0 {
		text += fmt.Sprintf(", %d states side by side", s.states)
	}
	for _, more := range []struct {
		is   bool
		name string
	}{{s.isNew, "new"}, {s.changed, "one changed"}, {s.oneGET, "one GET a job"}, {s.bare, "unmetered"}} {
		if more.is {
			text += ", " + more.name
		}
	}
	return text
}

// The scenarios that the targets are about.
var (
	one      = shape{buckets: 1, jobs: 1}
	thousand = shape{buckets: 1, jobs: 1000}
	grown    = shape{buckets: 3, jobs: 3000}

	applyFloor  = scenario{kind: floor, shape: thousand, apply: true}
	applyNear   = scenario{kind: jobs, shape: thousand, apply: true}
	planFloor   = scenario{kind: floor, shape: thousand}
	planNear    = scenario{kind: jobs, shape: thousand}
	planFar     = scenario{kind: jobs, shape: thousand, network: far}
	planChanged = scenario{kind: jobs, shape: thousand, network: far, changed: true}
	planBuckets = scenario{kind: jobs, shape: shape{100, 1000}, network: far}
	planOfOne   = scenario{kind: jobs, shape: shape{300, 300}, network: far}
	planOfTwo   = scenario{kind: jobs, shape: shape{300, 600}, network: far}
	floorOfOne  = scenario{kind: floor, shape: shape{300, 300}}
	floorOfTwo  = scenario{kind: floor, shape: shape{300, 600}}
	newFloor    = scenario{kind: floor, shape: thousand, isNew: true}
	newEmpty    = scenario{kind: emptyProvider, shape: thousand, isNew: true}
	newJobs     = scenario{kind: jobs, shape: thousand, isNew: true}
	planOne     = scenario{kind: jobs, shape: one}
	oneEmpty    = scenario{kind: emptyProvider, shape: one, bare: true}
	oneBare     = scenario{kind: jobs, shape: one, bare: true}
	readAccount = scenario{kind: dataSource, shape: shape{1000, 1000}, network: far}

	plottedJobs  = []int{1, 10, 100, 1000}
	plottedLinks = []network{near, far}
)

// peerScenarios are those that are measured with the tencentcloud provider, too.
func peerScenarios() []scenario {
	var all []scenario
	for _, n := range []int{1, 100, 1000} {
		for _, link := range plottedLinks {
			all = append(all, scenario{kind: peer, shape: shape{1, n}, network: link})
		}
	}
	return all
}

// scenarios are those of the targets, those of the plot, and larger ones.
func scenarios() []scenario {
	all := []scenario{applyFloor, applyNear, newFloor, newEmpty, newJobs, oneEmpty, oneBare, planChanged, planBuckets, planOfOne, planOfTwo, floorOfOne, floorOfTwo, readAccount}
	for _, n := range plottedJobs {
		all = append(all, scenario{kind: floor, shape: shape{1, n}})
		for _, link := range plottedLinks {
			all = append(all,
				scenario{kind: jobs, shape: shape{1, n}, network: link},
				scenario{kind: jobs, shape: shape{1, n}, network: link, oneGET: true})
		}
	}
	return append(all,
		scenario{kind: jobs, shape: shape{1000, 1000}, network: far},
		scenario{kind: jobs, shape: shape{1000, 1000}, network: far, parallelism: 100},
		scenario{kind: floor, shape: grown},
		scenario{kind: jobs, shape: grown, network: far},
		scenario{kind: jobs, shape: grown, network: far, bare: true},
		// The same number of jobs. Each state is a copy, and a plan of one does not see the others.
		scenario{kind: jobs, shape: shape{1, 500}, network: far, states: 6, bare: true})
}
