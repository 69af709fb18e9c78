// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"cmp"
	"slices"
	"time"
)

// bucket holds the jobs of one bucket. A bucket without a region has been seeded but not added: no
// request reaches it.
type bucket struct {
	region  string
	jobs    map[string][]version // oldest first, never empty
	serial  int                  // of the last job that was created
	created map[string]int       // serial number by job, also of jobs that are gone
	runs    []Run
	objects map[string]Object
	tags    map[string]string
	ofs     bool
}

// version is what one write left behind.
type version struct {
	document string
	deleted  bool
	visible  time.Time // when GET and LIST begin to show it
}

// Run is a one-time inventory that a POST started.
type Run struct {
	ID       string
	JobID    string // as answered
	Time     time.Time
	Document string // the request body

	delivered bool
}

// AddBucket registers a bucket, named <name>-<appid>, in a region. Adding it again moves it and
// keeps its jobs.
func (s *Server) AddBucket(region, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bucket(name).region = region
}

// AddOFSBucket registers a bucket with metadata acceleration. Its inventory jobs are of another
// kind: a PUT with an id is accepted and never shows.
// https://cloud.tencent.com/document/product/436/74437
func (s *Server) AddOFSBucket(region, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.bucket(name)
	b.region, b.ofs = region, true
}

// Seed writes a job past the API: the document may be any text, is visible at once and answered
// verbatim.
func (s *Server) Seed(bucket, id, document string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.bucket(bucket)
	b.create(id)
	b.jobs[id] = []version{{document: document}}
}

// Remove deletes a job past the API, visible at once. A job that is not there is no error.
func (s *Server) Remove(bucket, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.bucket(bucket).jobs, id)
}

// Document returns the newest version of a job, visible or not yet, and whether there is one.
func (s *Server) Document(bucket, id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bucket(bucket).newest(id)
}

// Jobs returns the sorted ids of a bucket's jobs, by their newest versions.
func (s *Server) Jobs(bucket string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.bucket(bucket).visibleIDs(ever)))
}

// Runs returns the one-time inventories started in a bucket, oldest first.
func (s *Server) Runs(bucket string) []Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bucket(bucket).runs)
}

// bucket returns the named bucket, made if need be; s.mu is held.
func (s *Server) bucket(name string) *bucket {
	b, ok := s.buckets[name]
	if !ok {
		b = &bucket{jobs: map[string][]version{}, created: map[string]int{}, objects: map[string]Object{}, tags: map[string]string{}}
		s.buckets[name] = b
	}
	return b
}

// ever is when every version is visible.
var ever = time.Unix(1<<40, 0)

func (b *bucket) newest(id string) (string, bool) { return b.visible(id, ever) }

func (b *bucket) visible(id string, now time.Time) (string, bool) {
	for _, v := range slices.Backward(b.jobs[id]) {
		if !v.visible.After(now) {
			return v.document, !v.deleted
		}
	}
	return "", false
}

// visibleIDs are in the order of the jobs' creation.
func (b *bucket) visibleIDs(now time.Time) []string {
	ids := []string{}
	for id := range b.jobs {
		if _, ok := b.visible(id, now); ok {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(x, y string) int { return cmp.Compare(b.created[x], b.created[y]) })
	return ids
}

// create numbers a job that is not there. A job that is there keeps its number.
func (b *bucket) create(id string) {
	if _, ok := b.newest(id); !ok {
		b.serial++
		b.created[id] = b.serial
	}
}

func (b *bucket) write(id string, v version) {
	if !v.deleted {
		b.create(id)
	}
	b.jobs[id] = append(b.jobs[id], v)
}
