// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// isLarge reports whether the CLI would take minutes to apply the scenario's jobs.
func (s scenario) isLarge() bool { return s.jobs > thousand.jobs || s.buckets > 100 }

// writeState gives a space the state and the documents that an apply would have left, made from
// those of one job.
func (b *bench) writeState(ctx context.Context, s scenario, at *space) error {
	one := shape{buckets: 1, jobs: 1}
	template, err := b.space(ctx, configured{shape: one, floor: s.floor})
	if err != nil {
		return err
	}
	if !template.applied {
		if _, err := b.measureApply(ctx, scenario{shape: one, floor: s.floor, apply: true}, template); err != nil {
			return err
		}
	}
	at.applied, at.jobs = true, documents{}
	if !s.floor {
		document := template.jobs[one.bucket(0)][jobID(0)]
		for n := range s.jobs {
			bucket := s.bucketOf(n)
			if at.jobs[bucket] == nil {
				at.jobs[bucket] = map[string]string{}
			}
			at.jobs[bucket][jobID(n)] = s.renamed(document, n)
		}
	}
	if s.account {
		return nil // it has no state
	}
	content, err := os.ReadFile(filepath.Join(template.dir, stateFile))
	if err != nil {
		return err
	}
	written, err := s.multiplied(content)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(at.dir, stateFile), written, 0o600)
}

// multiplied makes a state of one job that of all of the shape's.
func (s shape) multiplied(state []byte) ([]byte, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(state, &whole); err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	var resources []map[string]json.RawMessage
	if err := json.Unmarshal(whole["resources"], &resources); err != nil || len(resources) != 1 {
		return nil, fmt.Errorf("the state has %d resources, not one: %w", len(resources), err)
	}
	var instances []json.RawMessage
	if err := json.Unmarshal(resources[0]["instances"], &instances); err != nil || len(instances) != 1 {
		return nil, fmt.Errorf("the resource has %d instances, not one: %w", len(instances), err)
	}
	all := make([]json.RawMessage, s.jobs)
	for n := range all {
		all[n] = json.RawMessage(s.renamed(string(instances[0]), n))
	}
	var err error
	if resources[0]["instances"], err = json.Marshal(all); err == nil {
		whole["resources"], err = json.Marshal(resources)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(whole)
}

// renamed makes a text about the first job one about the n-th.
func (s shape) renamed(text string, n int) string {
	bucket, first := s.bucketOf(n), s.bucket(0)
	return strings.NewReplacer(
		first, bucket,
		strings.TrimSuffix(first, "-"+appID), strings.TrimSuffix(bucket, "-"+appID),
		jobID(0), jobID(n),
		"data/0/", fmt.Sprintf("data/%d/", n),
		`"index_key": 0`, fmt.Sprintf(`"index_key": %d`, n),
	).Replace(text)
}

// bucketOf is the bucket of the n-th job.
func (s shape) bucketOf(n int) string { return s.bucket(n * s.buckets / s.jobs) }
