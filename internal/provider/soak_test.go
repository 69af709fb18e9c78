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
	jobs    map[string]object // as the configuration has them, by <bucket>/<id>
	serial  int
	chaos   chaos

	applies, failed, needed, written int
}

func newSoak(t *testing.T, seed uint64) *soak {
	t.Helper()
	w := newWorld(t, fakecos.Options{VisibilityLag: 5 * time.Millisecond})
	s := &soak{t: t, w: w, c: newCLI(t, w), rand: rand.New(rand.NewPCG(seed, 0)), jobs: map[string]object{}}
	s.chaos.rand, s.chaos.world = rand.New(rand.NewPCG(seed, 1)), w
	for i := range 4 {
		s.buckets = append(s.buckets, fmt.Sprintf("soak%d-1250000000", i))
		w.AddBucket(testRegion, s.buckets[i])
	}
	s.c.env = append(s.c.env, "GORACE=halt_on_error=1") // a race in the plugin ends the run
	s.client = w.client()
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
		if attempt == 5 {
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
			s.jobs[key] = s.randomJob(s.jobs[key]["bucket"], s.jobs[key]["id"])
		case 3:
			delete(s.jobs, key)
			s.add()
		}
	}
	resources := object{}
	for _, job := range s.jobs {
		resources[fmt.Sprint(job["id"])] = job
	}
	// https://developer.hashicorp.com/terraform/language/syntax/json
	text, err := json.Marshal(object{
		"provider": object{"cos": object{"max_retries": 20}},
		"resource": object{"cos_bucket_inventory": resources},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.c.write("main.tf.json", string(text))
}

func (s *soak) add() {
	s.serial++
	bucket, id := s.buckets[s.rand.IntN(len(s.buckets))], fmt.Sprintf("job-%d", s.serial)
	s.jobs[bucket+"/"+id] = s.randomJob(bucket, id)
}

func (s *soak) randomJob(bucket, id any) object {
	job := randomJob(s.t, s.rand)
	destination, _ := job["destination"].(object)
	job["bucket"], job["id"], job["region"], destination["bucket"] = bucket, id, testRegion, testDestination
	job["timeouts"] = object{"create": "10s", "read": "10s", "update": "10s", "delete": "10s"}
	return job
}

// meddle edits and deletes jobs that COS holds, past the provider.
func (s *soak) meddle() {
	for _, bucket := range s.buckets {
		for _, id := range s.w.Jobs(bucket) {
			switch s.rand.IntN(20) {
			case 0, 1:
				document, _ := s.w.Document(bucket, id)
				s.w.Seed(bucket, id, strings.NewReplacer("Versions>All<", "Versions>Current<", "Versions>Current<", "Versions>All<").Replace(document))
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
		want := documentOf(s.t, newValue(s.t, bucketInventorySchema(s.t.Context()).Type().TerraformType(s.t.Context()), s.jobs[key]))
		bucket, id, _ := strings.Cut(key, "/")
		held, err := s.client.GetInventory(s.t.Context(), cos.Bucket{Region: testRegion, Name: bucket}.Job(id))
		if err != nil && !cos.IsNotFound(err) {
			s.t.Fatal(err)
		}
		if !held.Echoes(want) {
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

// keys are in order, so that a seed always means the same.
func (s *soak) keys() []string {
	keys := make([]string, 0, len(s.jobs))
	for key := range s.jobs {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
