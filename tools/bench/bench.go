// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// bench runs scenarios, each in the workspace of its configuration.
type bench struct {
	installations map[string]*installation // by the short cut that the provider is built without; "" is the provider as it is
	spaces        map[configured]*space
}

// configured is what scenarios of one workspace have in common.
type configured struct {
	shape
	floor, bare, account bool
	without              string
}

// configured is what the scenario shares with others.
func (s scenario) configured() configured {
	return configured{s.shape, s.floor, s.bare, s.account, s.without}
}

// space is a workspace and, once it is applied, the documents that the service holds.
type space struct {
	*workspace
	applied bool
	jobs    documents
}

// measureAll runs every scenario so many times. A round of all follows another, so that whatever
// else the machine does for a while falls on all of them.
func (b *bench) measureAll(ctx context.Context, repetitions int, progress func(string)) (results, error) {
	var all results
	for _, s := range scenarios() {
		all = append(all, result{scenario: s})
	}
	for round := range repetitions {
		for i := range all {
			taken, err := b.measure(ctx, all[i].scenario)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", all[i].scenario, err)
			}
			all[i].samples = append(all[i].samples, taken)
			progress(fmt.Sprintf("%d/%d  %-50s %6.2f s", round+1, repetitions, all[i].scenario, taken.Wall))
		}
	}
	return all, nil
}

// measure runs a scenario once, against a service of its own.
func (b *bench) measure(ctx context.Context, s scenario) (sample, error) {
	at, err := b.space(ctx, s.configured())
	if err != nil {
		return sample{}, err
	}
	if s.apply {
		return b.measureApply(ctx, s, at)
	}
	if !at.applied {
		if err := b.prepare(ctx, s, at); err != nil {
			return sample{}, err
		}
	}
	return b.measurePlan(ctx, s, at)
}

func (b *bench) space(ctx context.Context, c configured) (*space, error) {
	if made, ok := b.spaces[c]; ok {
		return made, nil
	}
	name, configuration := "jobs", c.jobsConfiguration()
	switch {
	case c.floor:
		name, configuration = "floor", c.floorConfiguration()
	case c.account:
		name, configuration = "account", accountConfiguration
	}
	if c.bare {
		name += "-bare"
	}
	w, err := b.installations[c.without].newWorkspace(ctx, fmt.Sprintf("%s-%d-%d", name, c.buckets, c.jobs), configuration, c.bare)
	if err != nil {
		return nil, err
	}
	b.spaces[c] = &space{workspace: w}
	return b.spaces[c], nil
}

// prepare gives a space the jobs and the state that a plan needs: those of the same space with all
// short cuts, if it has them, written ones where an apply would take minutes, or else applied ones.
func (b *bench) prepare(ctx context.Context, s scenario, at *space) error {
	whole := s
	whole.without = ""
	if other := b.spaces[whole.configured()]; s.without != "" && other != nil && other.applied {
		return at.takeOver(other)
	}
	if s.isLarge() || s.account {
		return b.writeState(ctx, s, at)
	}
	_, err := b.measureApply(ctx, scenario{shape: s.shape, floor: s.floor, bare: s.bare, without: s.without, apply: true}, at)
	return err
}

// takeOver copies the jobs of another space, and their state.
func (s *space) takeOver(other *space) error {
	s.applied, s.jobs = true, other.jobs
	return copyFile(filepath.Join(other.dir, stateFile), filepath.Join(s.dir, stateFile), 0o600)
}

// measureApply creates the jobs, however often it has done so before.
func (b *bench) measureApply(ctx context.Context, s scenario, at *space) (sample, error) {
	if err := at.forget(); err != nil {
		return sample{}, err
	}
	server, err := service{network: s.network, shape: s.shape}.start()
	if err != nil {
		return sample{}, err
	}
	defer server.Close()
	ran, err := at.run(ctx, clientEnv(server), 0, "apply", "-auto-approve")
	if err != nil {
		return sample{}, err
	}
	at.applied, at.jobs = true, contents(server, s.shape)
	return s.sample(ran, server)
}

func (b *bench) measurePlan(ctx context.Context, s scenario, at *space) (sample, error) {
	server, err := service{network: s.network, shape: s.shape, jobs: at.jobs, refuses: s.oneGET}.start()
	if err != nil {
		return sample{}, err
	}
	defer server.Close()
	status := 0
	if s.account {
		status = 2 // its output is new
	}
	if s.changed {
		status = 2 // https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
		if err := change(server, s.bucket(0), jobID(changedJob)); err != nil {
			return sample{}, err
		}
	}
	if s.bare {
		// What is measured is a start from memory, not from the disk.
		if _, err := at.run(ctx, clientEnv(server), status, "plan", "-detailed-exitcode"); err != nil {
			return sample{}, err
		}
	}
	args := []string{"plan", "-detailed-exitcode"}
	if s.parallelism > 0 {
		args = append(args, fmt.Sprintf("-parallelism=%d", s.parallelism))
	}
	ran, err := at.run(ctx, clientEnv(server), status, args...)
	if err != nil {
		return sample{}, err
	}
	if s.changed && !showsChange(ran.output) {
		return sample{}, fmt.Errorf("the plan does not show the one change:\n%s", ran.output)
	}
	return s.sample(ran, server)
}

// sample is what a run of the scenario took; it fails where that was not all seen.
func (s scenario) sample(ran outcome, server *fakecos.Listener) (sample, error) {
	if seen := ran.provider.Processes; (s.floor || s.bare) != (seen == 0) {
		return sample{}, fmt.Errorf("%d metered processes ended", seen)
	}
	return newSample(ran, server), nil
}

// showsChange tells whether a plan is for the changed job and no other.
func showsChange(output string) bool {
	return strings.Contains(output, fmt.Sprintf("cos_bucket_inventory.job[%d] will be updated in-place", changedJob)) &&
		strings.Contains(output, "Plan: 0 to add, 1 to change, 0 to destroy.")
}
