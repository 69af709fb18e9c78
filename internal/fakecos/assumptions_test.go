// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos/recording"
)

// Each assumption stands where the fake makes it, and is asked of COS.
func TestAssumptions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for _, file := range files {
		for _, match := range regexp.MustCompile(`Assumption: ([a-z-]+)`).FindAllStringSubmatch(readFile(t, file), -1) {
			made[match[1]] = true
		}
	}
	questions := readFile(t, "../provider/live_questions_test.go")
	for _, assumption := range fakecos.Assumptions() {
		if !made[assumption.Name] {
			t.Errorf("no source makes the assumption %s", assumption.Name)
		}
		if !regexp.MustCompile(`"` + assumption.Name + `": +func\(`).MatchString(questions) {
			t.Errorf("make testacc-live does not ask about %s", assumption.Name)
		}
		delete(made, assumption.Name)
	}
	for name := range made {
		t.Errorf("Assumptions lacks %s", name)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// sender sends the recording's requests to a fake.
func sender(s http.Handler) recording.Send {
	return func(method, query, body string) (recording.Answer, error) {
		response := call(s, method, query, body)
		return recording.Answer{Status: response.Code, Header: response.Header(), Body: response.Body.String()}, nil
	}
}

// The fake answers as every recording of COS does: the files that make testacc-live wrote. In the
// place of COS, the fake shows that a recording of a service has no difference to it, and that one of
// another service has.
func TestRecordings(t *testing.T) {
	t.Parallel()
	recorded, err := recording.Record(sender(newServer(t, fakecos.Options{AccountID: "100000000042"})), recording.Names{Bucket: recording.Bucket, Destination: recording.Destination})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := recording.Write(&text, recorded); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "100000000042") {
		t.Error("the recording tells whose account it is")
	}
	expectDifferences(t, text.String(), fakecos.Options{AccountID: "100000000042"})
	expectDifferences(t, text.String(), fakecos.Options{AccountID: "100000000042", DeletesAbsent: true}, "delete-absent")

	files, err := filepath.Glob("testdata/recordings/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text := readFile(t, file)
			exchanges, err := recording.Read(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			var options fakecos.Options
			for _, e := range exchanges {
				if e.Name == recording.LeastJob && strings.Contains(e.Answer, "AccountId") {
					options.AccountID = "100000000042" // COS has filled it in
				}
			}
			expectDifferences(t, text, options)
		})
	}
}

// expectDifferences demands that the fake answers otherwise than a recording to these requests alone.
func expectDifferences(t *testing.T, text string, options fakecos.Options, names ...string) {
	t.Helper()
	recorded, err := recording.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	found, err := recording.Differences(recorded, sender(newServer(t, options)))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(names) {
		t.Fatalf("differences:\n%s\nwant those of %q", strings.Join(found, "\n"), names)
	}
	for i, name := range names {
		if !strings.HasPrefix(found[i], name+": ") {
			t.Errorf("difference: %s\nwant that of %s", found[i], name)
		}
	}
}
