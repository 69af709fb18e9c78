// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// bench runs scenarios, each in the workspace of its configuration.
type bench struct {
	metered, bare, empty, peer installation
	peerVersion                string // "": it is not at hand
	spaces                     map[workspaceKey]*workspace
}

// workspaceKey is what the scenarios of one workspace have in common.
type workspaceKey struct {
	shape
	kind
	hasState, apply, bare bool
}

const program = "terraform-provider-cos_v0.0.1"

// ownSource is the provider as a release of the lowest version.
const ownSource = "terraform-provider-cos/cos/0.0.1"

func newBench(ctx context.Context, cli, root, work, peerBinary string) (*bench, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	empty := filepath.Join(work, "empty-provider")
	if _, err := output(ctx, ".", "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", empty, "./empty"); err != nil {
		return nil, err
	}
	b := &bench{spaces: map[workspaceKey]*workspace{}}
	for _, at := range []struct {
		to       *installation
		folder   string
		programs map[string]string
	}{
		{&b.metered, "metered", map[string]string{program: self, meteredProvider: providerOf(root)}},
		{&b.bare, "bare", map[string]string{program: providerOf(root)}},
		{&b.empty, "empty", map[string]string{program: empty}},
	} {
		if *at.to, err = install(cli, filepath.Join(work, at.folder), ownSource, at.programs); err != nil {
			return nil, err
		}
	}
	if peerBinary == "" {
		return b, nil
	}
	if b.peerVersion, err = versionOf(peerBinary); err != nil {
		return nil, err
	}
	b.peer, err = install(cli, filepath.Join(work, "peer"), "tencentcloudstack/tencentcloud/"+b.peerVersion,
		map[string]string{filepath.Base(peerBinary): self, meteredProvider: peerBinary})
	return b, err
}

// versionOf is the version in the name of the tencentcloud provider's binary.
func versionOf(binary string) (string, error) {
	match := regexp.MustCompile(`^terraform-provider-tencentcloud_v([0-9]+\.[0-9]+\.[0-9]+)$`).FindStringSubmatch(filepath.Base(binary))
	if match == nil {
		return "", fmt.Errorf("%s is not named as a release is, terraform-provider-tencentcloud_v1.83.25", binary)
	}
	return match[1], nil
}

// measureAll runs every selected scenario so many times. A round of all follows another, so that
// whatever else the machine does for a while falls on all of them.
func (b *bench) measureAll(ctx context.Context, selected *regexp.Regexp, repetitions int) (results, error) {
	all := results{}
	measured := scenarios()
	if b.peerVersion != "" {
		measured = append(measured, peerScenarios()...)
	}
	for round := range repetitions {
		for _, s := range measured {
			if !selected.MatchString(s.String()) {
				continue
			}
			taken, err := b.measure(ctx, s)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s, err)
			}
			all[s] = append(all[s], taken)
			fmt.Fprintf(os.Stderr, "%d/%d  %-60s %6.2f s\n", round+1, repetitions, s, taken[wall])
		}
	}
	return all, nil
}

// measure runs a scenario once, against a service of its own.
func (b *bench) measure(ctx context.Context, s scenario) (sample, error) {
	at, err := b.workspace(ctx, s)
	if err != nil {
		return nil, err
	}
	server, err := s.serve(at.documents)
	if err != nil {
		return nil, err
	}
	defer server.Close()
	args := []string{"plan", "-detailed-exitcode"}
	want := s.wantPlan()
	if s.apply {
		if err := os.Remove(filepath.Join(at.dir, stateFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		args, want = []string{"apply", "-auto-approve"}, fmt.Sprintf("Resources: %d added", s.jobs)
	}
	if s.parallelism > 0 {
		args = append(args, fmt.Sprintf("-parallelism=%d", s.parallelism))
	}
	if s.bare { // what is measured is a start from memory, not from the disk
		if _, err := at.run(ctx, s.clientEnv(server), args...); err != nil {
			return nil, err
		}
	}
	ran, err := at.runSideBySide(ctx, max(s.states, 1), s.clientEnv(server), args...)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(ran.output, want) {
		return nil, fmt.Errorf("the output does not say %q:\n%s", want, ran.output)
	}
	if isMetered := !s.bare && s.kind.callsCOS(); isMetered != (ran.provider.Processes > 0) {
		return nil, fmt.Errorf("%d metered processes ended", ran.provider.Processes)
	}
	return newSample(ran, server), nil
}

// workspace is that of the scenario. If its jobs are to be there already, it has their state.
func (b *bench) workspace(ctx context.Context, s scenario) (*workspace, error) {
	key := workspaceKey{s.shape, s.kind, !s.apply && !s.isNew, s.apply, s.bare}
	if made, ok := b.spaces[key]; ok {
		return made, nil
	}
	in := b.metered
	switch {
	case s.kind == peer:
		in = b.peer
	case s.kind == emptyProvider:
		in = b.empty
	case s.bare:
		in = b.bare
	}
	w, err := in.newWorkspace(ctx, s.kind.configuration(s.shape))
	if err == nil && key.hasState {
		err = b.prepare(ctx, in, s, w)
	}
	b.spaces[key] = w
	return w, err
}

// prepare gives a workspace the state and the documents that an apply would have left, made from
// those of one job.
func (b *bench) prepare(ctx context.Context, in installation, s scenario, to *workspace) error {
	of := s.kind
	if of == dataSource {
		of = jobs
	}
	template, err := in.newWorkspace(ctx, of.configuration(one))
	if err != nil {
		return err
	}
	server, err := fakecos.Listen(fakecos.Options{})
	if err != nil {
		return err
	}
	defer server.Close()
	server.AddBucket(region, bucketName(0))
	if _, err := template.run(ctx, s.clientEnv(server), "apply", "-auto-approve"); err != nil {
		return err
	}
	if document, ok := server.Document(bucketName(0), jobID(0)); ok {
		to.documents = s.multipliedDocuments(document)
	}
	if s.kind == dataSource {
		return nil // its state has no jobs
	}
	content, err := os.ReadFile(filepath.Join(template.dir, stateFile))
	if err == nil {
		content, err = s.multiplied(content)
	}
	if err != nil {
		return fmt.Errorf("multiply the state: %w", err)
	}
	return os.WriteFile(filepath.Join(to.dir, stateFile), content, 0o600)
}
