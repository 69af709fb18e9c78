// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	roleCI     = "qcs::cam::uin/100000000002:roleName/ci"
	roleDeploy = "qcs::cam::uin/100000000003:roleName/deploy"

	secretID  = "AKIDEXAMPLE0000000000000000000000000"
	secretKey = "EXAMPLEKEY0000000000000000000000"
)

var given = credentials.Credentials{SecretID: secretID, SecretKey: secretKey}

// services are the fake's, reached without a network, so that they live in a bubble of its own
// time.
type services struct {
	*fakecos.Server

	mu       sync.Mutex
	answer   func(*http.Request) (*http.Response, error) // in place of the fake, if it answers at all
	contacts int
}

// instead has requests answered otherwise; nil, nil leaves one to the fake.
func (s *services) instead(answer func(*http.Request) (*http.Response, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *services) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.contacts++
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		if response, err := answer(r); response != nil || err != nil {
			return response, err
		}
	}
	inbound := r.Clone(r.Context())
	if inbound.Host == "" {
		inbound.Host = r.URL.Host
	}
	if inbound.Body == nil {
		inbound.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, inbound)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

// asked lists the operations that were called, and lets them be counted anew.
func (s *services) asked() string {
	var ops []string
	for _, r := range s.Requests() {
		ops = append(ops, r.Op)
	}
	s.ResetRequests()
	return strings.Join(ops, " ")
}

// nobody is a network that must not be used.
type nobody struct{ t *testing.T }

func (n nobody) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("a request was sent to %s", r.URL)
	return nil, errors.New("unreachable")
}

// home is a home directory with files, and the environment that names it.
type home struct {
	t   *testing.T
	dir string
	env map[string]string
}

func newHome(t *testing.T) *home {
	t.Helper()
	dir := t.TempDir()
	variable := "HOME"
	if runtime.GOOS == "windows" {
		variable = "USERPROFILE"
	}
	return &home{t: t, dir: dir, env: map[string]string{variable: dir}}
}

func (h *home) getenv(name string) string { return h.env[name] }

// write makes a file that nobody else can read.
func (h *home) write(name, content string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// find searches with nothing but the options and the home directory.
func (h *home) find(o credentials.Options) (*credentials.Found, error) {
	o.Getenv = h.getenv
	return credentials.Find(o)
}

func keysFile(id, key string) string {
	return fmt.Sprintf(`{"secretId": %q, "secretKey": %q}`, id, key)
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares texts of one line, by the names of their cases, with the test's file in testdata.
func golden(t *testing.T, got map[string]string) {
	t.Helper()
	var lines []string
	for name, text := range got {
		text = strings.ReplaceAll(filepath.ToSlash(text), "The system cannot find the file specified.", "no such file or directory")
		if strings.Contains(text, "SECRETSECRET") || len(text) > 6<<10 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			t.Errorf("%s is told as %.300q", name, text)
		}
		lines = append(lines, name+": "+text+"\n")
	}
	slices.Sort(lines)
	file := filepath.Join("testdata", t.Name()+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if diff := cmp.Diff(strings.SplitAfter(string(want), "\n"), append(lines, "")); err != nil || diff != "" {
		t.Errorf("%v, want - got +:\n%s", err, diff)
	}
}

// tell writes what was found on one line.
func tell(found *credentials.Found, err error) string {
	var (
		joined interface{ Unwrap() []error }
		fault  *credentials.Error
		told   []string
	)
	switch {
	case errors.As(err, &joined):
		for _, err := range joined.Unwrap() {
			told = append(told, tell(nil, err))
		}
	case errors.As(err, &fault):
		told = append(told, fmt.Sprintf("fault of [%s]: %v", fault.Setting, fault))
	default:
		told = append(told, fmt.Sprintf("[%s] %s, region %q", found.Setting, found.Origin, found.Region))
		for _, w := range found.Warnings {
			told = append(told, fmt.Sprintf("warning of [%s], unused %t: %s. %s", w.Setting, w.IsUnused, w.Problem, w.Remedy))
		}
	}
	return strings.Join(told, " | ")
}

// mustFind is for options without a fault.
func mustFind(t *testing.T, o credentials.Options) *credentials.Found {
	t.Helper()
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	found, err := credentials.Find(o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func mustGet(t *testing.T, found *credentials.Found) credentials.Credentials {
	t.Helper()
	k, err := found.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// failure is the error of a source without keys.
func failure(t *testing.T, found *credentials.Found) *credentials.Error {
	t.Helper()
	k, err := found.Source(t.Context())
	if k != (credentials.Credentials{}) {
		t.Error("keys came beside the error")
	}
	return asError(t, err)
}

func asError(t *testing.T, err error) *credentials.Error {
	t.Helper()
	var e *credentials.Error
	if !errors.As(err, &e) {
		t.Fatalf("no *credentials.Error: %v", err)
	}
	return e
}

// inBubble runs a test in time of its own, with the services and options that lead to them.
func inBubble(t *testing.T, o fakecos.Options, test func(*testing.T, *services, credentials.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &services{Server: fakecos.New(o)}
		defer s.Close()
		test(t, s, credentials.Options{Static: given, Transport: s, UserAgent: "test/1.0", Getenv: func(string) string { return "" }})
	})
}

func roles(arns ...string) fakecos.Options {
	var o fakecos.Options
	for _, arn := range arns {
		o.Roles = append(o.Roles, fakecos.Role{ARN: arn, CVM: true})
	}
	return o
}
