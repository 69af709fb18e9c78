// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestSoak keeps jobs on four buckets in step with a configuration that changes, while a fifth of
// all requests fail and somebody else edits and deletes jobs. COS_SOAK=long makes it minutes;
// COS_SOAK_SEED repeats a run's choices.
func TestSoak(t *testing.T) {
	t.Parallel()
	jobs, rounds := 20, 3
	if os.Getenv("COS_SOAK") == "long" {
		jobs, rounds = 200, 12
	}
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv("COS_SOAK_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("COS_SOAK_SEED=%d", seed)
	s := newSoak(t, seed)
	for range jobs {
		s.add()
	}
	for range rounds {
		s.round()
	}
	s.configure()
	s.chaos.off()
	s.c.mustRun("apply", "-auto-approve", "-no-color")
	s.c.mustRun("plan", "-detailed-exitcode", "-no-color")
	if behind, orphans := s.differences(); len(behind)+len(orphans) > 0 {
		t.Errorf("COS is behind the configuration in %q and holds %q beside it", behind, orphans)
	}
	t.Logf("soak: %d jobs on %d buckets, %d rounds of edits; %s; %d applies, of which %d failed and were run again; %d writes needed, %d taken and confirmed",
		len(s.jobs), len(s.buckets), rounds, &s.chaos, s.applies, s.failed, s.needed, s.written)
}

// soak is a configuration, and the COS that it is applied to.
type soak struct {
	t       *testing.T
	w       *world
	c       *cli
	client  *cos.Client // sees what COS holds, past all faults
	rand    *rand.Rand
	buckets []string
	jobs    map[string]soakJob // by <bucket>/<id>
	serial  int
	chaos   chaos

	applies, failed, needed, written int
}

// soakJob is a job as the configuration has it.
type soakJob struct {
	Bucket    string   `json:"bucket"`
	ID        string   `json:"id"`
	Prefix    *string  `json:"prefix"`
	Date      *int64   `json:"date"`
	Fields    []string `json:"fields"`
	Enabled   bool     `json:"enabled"`
	Encrypted bool     `json:"encrypted"`
}

const soakConfig = `
variable "jobs" {
  type = map(object({
    bucket = string, id = string, prefix = string, date = number, fields = set(string), enabled = bool, encrypted = bool
  }))
}
provider "cos" {
  max_retries = 20
}
resource "cos_bucket_inventory" "test" {
  for_each                 = var.jobs
  bucket                   = each.value.bucket
  id                       = each.value.id
  is_enabled               = each.value.enabled
  included_object_versions = "All"
  filter                   = each.value.prefix == null ? null : { prefix = each.value.prefix }
  optional_fields          = each.value.fields
  schedule = {
    frequency    = each.value.date == null ? "Daily" : "Monthly"
    monthly_date = each.value.date
  }
  destination = {
    bucket     = "` + testDestination + `"
    encryption = each.value.encrypted ? { sse_cos = {} } : null
  }
}
`

func newSoak(t *testing.T, seed uint64) *soak {
	t.Helper()
	w := newWorld(t, fakecos.Options{VisibilityLag: 5 * time.Millisecond})
	s := &soak{t: t, w: w, c: newCLI(t, w), rand: rand.New(rand.NewPCG(seed, 0)), jobs: map[string]soakJob{}}
	s.chaos.rand, s.chaos.world = rand.New(rand.NewPCG(seed, 1)), w
	for i := range 4 {
		s.buckets = append(s.buckets, fmt.Sprintf("soak%d-1250000000", i))
		w.AddBucket(testRegion, s.buckets[i])
	}
	s.c.env = append(s.c.env, "GORACE=halt_on_error=1") // a race in the plugin ends the run
	s.c.write("main.tf", soakConfig)

	credential := fakecos.DefaultCredential()
	domain, err := cos.ParseDomain(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.client = cos.New(cos.Config{Domain: domain, Credentials: cos.StaticCredentials(cos.Credentials{SecretID: credential.SecretID, SecretKey: credential.SecretKey})})
	return s
}

// round changes the configuration and COS, and applies until that succeeds.
func (s *soak) round() {
	s.t.Helper()
	s.configure()
	s.meddle()
	behind, orphans := s.differences()
	s.needed += len(behind)

	s.chaos.on()
	defer s.chaos.off()
	for attempt := 1; ; attempt++ {
		s.applies++
		code, output := s.c.run("apply", "-auto-approve", "-no-color")
		if code == 0 {
			break
		}
		s.failed++
		for _, line := range regexp.MustCompile(`(?m)^Error: .*$`).FindAllString(output, -1) {
			if !regexp.MustCompile(`^Error: Unable to (Read|Create|Update|Delete) COS Bucket Inventory$`).MatchString(line) {
				s.t.Fatalf("the apply failed in a way that no fault explains:\n%s", output)
			}
		}
		if attempt == 20 {
			s.t.Fatalf("the round does not end:\n%s", output)
		}
	}

	puts := 0
	for _, r := range s.w.Requests() {
		if r.Op == opPut && !r.Fault {
			puts++
		}
	}
	s.written += puts
	if puts != len(behind) {
		s.t.Errorf("%d writes were confirmed where %d jobs differed (%d were to be deleted)", puts, len(behind), len(orphans))
	}
}

// configure changes about a fifth of the jobs and replaces a few by others.
func (s *soak) configure() {
	for _, key := range s.keys() {
		switch s.rand.IntN(20) {
		case 0, 1, 2:
			job := s.jobs[key]
			s.vary(&job)
			s.jobs[key] = job
		case 3:
			delete(s.jobs, key)
			s.add()
		}
	}
	text, err := json.Marshal(map[string]any{"jobs": s.jobs})
	if err != nil {
		s.t.Fatal(err)
	}
	s.c.write("jobs.auto.tfvars.json", string(text))
}

func (s *soak) add() {
	s.serial++
	job := soakJob{Bucket: s.buckets[s.rand.IntN(len(s.buckets))], ID: fmt.Sprintf("job-%d", s.serial)}
	s.vary(&job)
	s.jobs[job.Bucket+"/"+job.ID] = job
}

func (s *soak) vary(job *soakJob) {
	job.Enabled, job.Encrypted = s.rand.IntN(2) == 0, s.rand.IntN(2) == 0
	job.Prefix, job.Date, job.Fields = nil, nil, nil
	if s.rand.IntN(2) == 0 {
		prefix := fmt.Sprintf("p%d/<&>/", s.rand.IntN(100))
		job.Prefix = &prefix
	}
	if s.rand.IntN(2) == 0 {
		date := 1 + s.rand.Int64N(31)
		job.Date = &date
	}
	for _, field := range cos.OptionalFields() {
		if s.rand.IntN(3) == 0 {
			job.Fields = append(job.Fields, field)
		}
	}
}

// meddle edits and deletes jobs that COS holds, past the provider.
func (s *soak) meddle() {
	for _, bucket := range s.buckets {
		for _, id := range s.w.Jobs(bucket) {
			switch s.rand.IntN(20) {
			case 0, 1:
				document, _ := s.w.Document(bucket, id)
				s.w.Seed(bucket, id, strings.Replace(document, "<IncludedObjectVersions>All<", "<IncludedObjectVersions>Current<", 1))
			case 2:
				s.w.Remove(bucket, id)
			}
		}
	}
}

// differences are the jobs that COS does not hold as they are configured, and those that it holds
// though they are not.
func (s *soak) differences() (behind, orphans []string) {
	s.t.Helper()
	for _, key := range s.keys() {
		job := s.jobs[key]
		held, err := s.client.GetInventory(s.t.Context(), cos.Bucket{Region: testRegion, Name: job.Bucket}.Job(job.ID))
		if err != nil && !cos.IsNotFound(err) {
			s.t.Fatal(err)
		}
		if !held.Equal(job.inventory()) {
			behind = append(behind, key)
		}
	}
	for _, bucket := range s.buckets {
		for _, id := range s.w.Jobs(bucket) {
			if _, ok := s.jobs[bucket+"/"+id]; !ok {
				orphans = append(orphans, bucket+"/"+id)
			}
		}
	}
	return behind, orphans
}

func (j soakJob) inventory() cos.Inventory {
	inv := cos.Inventory{
		ID: j.ID, IsEnabled: j.Enabled, IncludedObjectVersions: "All", OptionalFields: j.Fields,
		Schedule:    cos.Schedule{Frequency: "Daily"},
		Destination: cos.Destination{Bucket: testDestination, Format: cos.FormatCSV, SSECOS: j.Encrypted},
	}
	if j.Prefix != nil {
		inv.Filter = &cos.Filter{Prefix: *j.Prefix}
	}
	if j.Date != nil {
		inv.Schedule = cos.Schedule{Frequency: cos.FrequencyMonthly, MonthlyDate: j.Date}
	}
	return inv
}

// keys are in order, so that a seed always means the same.
func (s *soak) keys() []string {
	keys := make([]string, 0, len(s.jobs))
	for key := range s.jobs {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
