// SPDX-License-Identifier: MPL-2.0

//go:build unix

package credentials_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// TestFilesThatAreNone: what is not a regular file is refused at once, before it is opened. A
// symbolic link to one is fine.
func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	pipe := filepath.Join(h.dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(h.dir, "link")
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	fine := filepath.Join(h.dir, "fine")
	if err := os.Symlink(h.write("token", "a.token"), fine); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"pipe": pipe, "device": os.DevNull, "link to a pipe": link} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for kind, o := range map[string]credentials.Options{
				"credentials file": {CredentialsFile: path},
				"token file":       {WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, TokenFile: path}},
			} {
				if _, err := h.find(o); err == nil || !strings.Contains(err.Error(), "it is not a regular file") {
					t.Errorf("%s: %v", kind, err)
				}
			}
		})
	}
	if _, err := h.find(credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, TokenFile: fine}}); err != nil {
		t.Errorf("a link to a regular file: %v", err)
	}
}

// TestHomeThatIsNone: HOME=/dev/null, as for service users, leaves the other sources.
func TestHomeThatIsNone(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.env["HOME"] = os.DevNull
	found, err := h.find(credentials.Options{CAMRole: "ci", Transport: nobody{t}})
	if err != nil || found.Setting != "cam_role_name" {
		t.Errorf("got %v, %v", found, err)
	}
	if found, err = h.find(credentials.Options{Transport: nobody{t}}); err != nil {
		t.Fatal(err)
	}
	const want = `; there is no profile "default" (~/.tccli/default.credential); there is no credentials file ~/.tencentcloud/credentials; `
	if e := failure(t, found); !strings.Contains(e.Problem, want) {
		t.Errorf("got %v", e)
	}
	for name, o := range map[string]credentials.Options{"profile": {Profile: "ci"}, "file": {CredentialsFile: "~/keys.ini"}} {
		if _, err := h.find(o); err == nil {
			t.Errorf("a %s that is named is skipped", name)
		}
	}
}

// TestNamesOfFiles: a file's name cannot write to a terminal, nor fill it.
func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write(".tccli/0\x1b[2J\u202e\n.credential", "{}")
	for i := range 30 {
		h.write(fmt.Sprintf(".tccli/%02d.credential", i), "{}")
	}
	_, err := h.find(credentials.Options{Profile: "ci\x1b[2J"})
	const want = `the profile "ci\x1b[2J" (~/.tccli/ci\x1b[2J.credential): there is no such profile; there are 0\x1b[2J\u202e\n, 00, `
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "and 12 more. Correct") {
		t.Errorf("got %q", err)
	}
	odd := h.write("odd\x1b[2J", "[default]")
	if _, err := h.find(credentials.Options{CredentialsFile: odd}); err == nil || !strings.HasPrefix(err.Error(), `the credentials file ~/odd\x1b[2J: `) {
		t.Errorf("got %q", err)
	}
}
