package main

import (
	"fmt"
	"strings"
)

const (
	region = "ap-guangzhou"
	appID  = "1250000000"
)

// shape is how many jobs there are, in how many buckets.
type shape struct{ buckets, jobs int }

// jobID is the id of the n-th job.
func jobID(n int) string { return fmt.Sprintf("job-%04d", n) }

// bucket is the name of the n-th bucket.
func (shape) bucket(n int) string { return fmt.Sprintf("source-%03d-%s", n, appID) }

// arguments are the n-th job's, for the resource itself and for the floor's input. Like those of a generated
// configuration they are literal: what an expression costs is the CLI's.
func (s shape) arguments(n int) string {
	return fmt.Sprintf(`
    bucket                   = %q
    id                       = %q
    included_object_versions = "Current"
    filter                   = { prefix = "data/%d/" }
    optional_fields          = ["ETag", "LastModifiedDate", "Size", "StorageClass"]
    schedule                 = { frequency = "Weekly" }
    destination = {
      bucket     = "qcs::cos:%s::reports-%s"
      prefix     = "inventory"
      encryption = { sse_cos = {} }
    }
`, s.bucket(n*s.buckets/s.jobs), jobID(n), n, region, appID)
}

// jobsConfiguration is one of inventory jobs.
func (s shape) jobsConfiguration() string {
	var text strings.Builder
	text.WriteString(`terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}
`)
	for n := range s.jobs {
		fmt.Fprintf(&text, "\nresource \"cos_bucket_inventory\" \"%s\" {%s}\n", jobID(n), s.arguments(n))
	}
	return text.String()
}

// floorConfiguration is one that gives the CLI as much to do, and a provider nothing: terraform_data is built into the CLI.
func (s shape) floorConfiguration() string {
	var text strings.Builder
	for n := range s.jobs {
		fmt.Fprintf(&text, "\nresource \"terraform_data\" \"%s\" {\n  input = {%s  }\n}\n", jobID(n), s.arguments(n))
	}
	return text.String()
}
