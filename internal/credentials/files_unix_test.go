// SPDX-License-Identifier: MPL-2.0

//go:build unix

package credentials_test

import (
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
	find := func(o credentials.Options) error {
		o.Getenv = h.getenv
		_, err := credentials.Find(o)
		return err
	}
	for name, path := range map[string]string{"pipe": pipe, "device": os.DevNull, "link to a pipe": link} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for kind, o := range map[string]credentials.Options{
				"credentials file": {CredentialsFile: path},
				"token file":       {WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, TokenFile: path}},
			} {
				if err := find(o); err == nil || !strings.Contains(err.Error(), "it is not a regular file") {
					t.Errorf("%s: %v", kind, err)
				}
			}
		})
	}
	if err := find(credentials.Options{WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, TokenFile: fine}}); err != nil {
		t.Errorf("a link to a regular file: %v", err)
	}
}
