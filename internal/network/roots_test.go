// SPDX-License-Identifier: MPL-2.0

//go:build unix && !darwin

package network

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestNoRoots runs itself on a machine without root certificates, and on one that has others than
// the server's. A process reads them once.
func TestNoRoots(t *testing.T) {
	t.Parallel()
	const variable, wanted = "TEST_NO_ROOTS_URL", "TEST_NO_ROOTS_WANT"
	if url := os.Getenv(variable); url != "" {
		_, err := NewTransport(nil).RoundTrip(get(t, url))
		if got := Describe(err) + "\n" + Remedy(err); !strings.Contains(got, os.Getenv(wanted)) {
			t.Error(got)
		}
		return
	}
	server, other := listen(t), listen(t)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(other.CA), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		os.DevNull: "this machine has no root certificates, so it cannot verify any server's certificate\nInstall this machine's package ca-certificates",
		file:       "\nIf a proxy inspects the traffic",
	} {
		again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoRoots$")
		again.Env = append(os.Environ(), "SSL_CERT_FILE="+file, "SSL_CERT_DIR="+t.TempDir(), variable+"="+server.URL, wanted+"="+want)
		if output, err := again.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", file, err, output)
		}
	}
}

func listen(t *testing.T) *fakecos.Listener {
	t.Helper()
	fake, err := fakecos.ListenTLS(fakecos.Options{}, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	return fake
}
