// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// state is Terraform's, as far as the benchmark changes it.
type state map[string]json.RawMessage

// multiplied makes the state of one job that of all of the shape's, as an apply of many minutes
// would leave it.
func (s shape) multiplied(content []byte) ([]byte, error) {
	var whole state
	var resources []state
	var instances []json.RawMessage
	if err := json.Unmarshal(content, &whole); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(whole["resources"], &resources); err != nil || len(resources) != 1 {
		return nil, errors.Join(err, fmt.Errorf("the state has %d resources, not one", len(resources)))
	}
	if err := json.Unmarshal(resources[0]["instances"], &instances); err != nil || len(instances) != 1 {
		return nil, errors.Join(err, fmt.Errorf("the resource has %d instances, not one", len(instances)))
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

// multipliedDocuments makes the document of one job those of all of the shape's.
func (s shape) multipliedDocuments(document string) documents {
	all := documents{}
	for n := range s.jobs {
		bucket := s.bucketOf(n)
		if all[bucket] == nil {
			all[bucket] = map[string]string{}
		}
		all[bucket][jobID(n)] = s.renamed(document, n)
	}
	return all
}

// renamed makes a text about the first job one about the n-th.
func (s shape) renamed(text string, n int) string {
	bucket, first := s.bucketOf(n), bucketName(0)
	return strings.NewReplacer(
		first, bucket,
		strings.TrimSuffix(first, "-"+appID), strings.TrimSuffix(bucket, "-"+appID),
		jobID(0), jobID(n),
		"data/0/", fmt.Sprintf("data/%d/", n),
		`"index_key": 0`, fmt.Sprintf(`"index_key": %d`, n),
	).Replace(text)
}
