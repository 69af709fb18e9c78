// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// TestFilesOfOthers: a default file that this user may not read is skipped, with the reason. A file
// that was named is an error.
func TestFilesOfOthers(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	profile := h.write(".tccli/default.credential", keysFile("ID", "KEY"))
	named := h.write(".tencentcloud/credentials", "[default]\nsecret_id = ID\nsecret_key = KEY")
	for path, mode := range map[string]os.FileMode{
		filepath.Dir(h.dir): 0o755, h.dir: 0o755, filepath.Join(h.dir, ".tccli"): 0o755, profile: 0, filepath.Dir(named): 0o755, named: 0,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}

	asNobody(t, func() {
		found, err := h.find(credentials.Options{CAMRole: "ci", Transport: nobody{t}})
		if err != nil || found.Setting != "cam_role_name" {
			t.Errorf("a default file of another user is not skipped: %v, %v", found, err)
		}
		if found, err = h.find(credentials.Options{Transport: nobody{t}}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`; this user may not read the profile "default" (~/.tccli/default.credential); `, "; this user may not read the credentials file ~/.tencentcloud/credentials; ",
		} {
			if e := failure(t, found); !strings.Contains(e.Problem, want) {
				t.Errorf("%q does not say %q", e.Problem, want)
			}
		}
		for name, o := range map[string]credentials.Options{
			"profile": {Profile: "default"}, "directory": {SharedDir: "~/.tccli"}, "file": {CredentialsFile: named},
		} {
			if _, err := h.find(o); err == nil || !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("a %s is named: %v", name, err)
			}
		}
	})
}

// asNobody runs a function without root's right to read all files, which is the thread's own.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const nobody = 65534
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Error(err)
		}
	}()
	do()
}
