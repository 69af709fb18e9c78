// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func job(schedule string) string {
	return "<InventoryConfiguration><Schedule><Frequency>" + schedule + "</Frequency></Schedule></InventoryConfiguration>"
}

// call makes a signed GET to the first bucket and returns the status.
func call(t *testing.T, server *fakecos.Listener, s shape, query string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = s.bucket(0) + ".cos." + region + ".myqcloud.com"
	fakecos.Sign(r, fakecos.DefaultCredential(), time.Now())
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestService(t *testing.T) {
	t.Parallel()
	s := shape{buckets: 2, jobs: 2}
	held := documents{s.bucket(0): {jobID(0): job("Weekly")}, s.bucket(1): {jobID(1): job("Daily")}}
	quick := network{request: time.Millisecond, connection: time.Millisecond}
	for _, refuses := range []bool{false, true} {
		server, err := service{network: quick, shape: s, jobs: held, refuses: refuses}.start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		listing := http.StatusOK
		if refuses {
			listing = http.StatusForbidden
		}
		for query, want := range map[string]int{
			"inventory": listing, "inventory&id=" + jobID(0): http.StatusOK, "inventory&id=" + jobID(1): http.StatusNotFound,
		} {
			if got := call(t, server, s, query); got != want {
				t.Errorf("refuses %t, %s: status %d, want %d", refuses, query, got, want)
			}
		}
		taken := newSample(outcome{}, server)
		if taken.Gets != 2 || taken.Lists != 1 || taken.Puts != 0 || taken.Requests != 3 || taken.InFlight != 1 {
			t.Errorf("counted %+v", taken)
		}
		if got := contents(server, s); fmt.Sprint(got) != fmt.Sprint(held) {
			t.Errorf("holds %v", got)
		}
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	s := shape{buckets: 1, jobs: 1}
	server, err := service{shape: s, jobs: documents{s.bucket(0): {jobID(0): job("Weekly")}}}.start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	if err := change(server, s.bucket(0), jobID(0)); err != nil {
		t.Error(err)
	}
	if now, _ := server.Document(s.bucket(0), jobID(0)); now != job("Daily") {
		t.Errorf("changed to %s", now)
	}
	if err := change(server, s.bucket(0), jobID(0)); err == nil {
		t.Error("a change that changes nothing is no error")
	}
}

// TestShortcuts: the edits still fit the source.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	for _, cut := range shortcuts() {
		if _, err := cut.overlay("../..", t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}
