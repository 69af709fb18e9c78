// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// bench runs scenarios below a folder that tools/bench.sh has prepared. From there the CLI installs
// the providers as it does a release: it hashes an installed one before each use.
type bench struct{ cli, work, peer string }

//go:embed configurations
var configurations embed.FS

// measureAll runs every selected scenario once with the meter, and so many times for its time. A
// round of all follows another, so that whatever else the machine does falls on all of them.
func (b bench) measureAll(ctx context.Context, only string, repetitions int) (results, error) {
	all := results{}
	for round := range repetitions + 1 {
		for _, one := range series() {
			first, isMetered := one[0], round == 0
			if !strings.Contains(first.String(), only) || first.kind == tencentcloud && b.peer == "" || isMetered && !first.callsCOS() {
				continue
			}
			dir, err := os.MkdirTemp(b.work, "workspace-*")
			if err == nil {
				configuration, missing := configurations.ReadFile("configurations/" + string(first.kind) + ".tf")
				err = cmp.Or(missing, os.WriteFile(dir+"/main.tf", configuration, 0o600))
			}
			if err == nil {
				_, err = b.run(ctx, dir, nil, "init")
			}
			if err != nil {
				return nil, err
			}
			at := workspace{bench: b, dir: dir}
			for _, s := range one {
				taken, err := at.measure(ctx, s, isMetered)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", s, err)
				}
				all.add(s, taken)
				log.Printf("%d/%d  %s: %v", round, repetitions, s, taken)
			}
		}
	}
	return all, nil
}

// workspace is a folder with a configuration and, once it is applied, a state. The service then holds
// the documents of its jobs.
type workspace struct {
	bench
	dir       string
	documents []string
}

// measure runs a scenario once, against a service of its own. That is in this process: what it takes
// counts neither as the provider's nor as the CLI's.
func (w *workspace) measure(ctx context.Context, s scenario, isMetered bool) (figures, error) {
	var options fakecos.Options
	if s.isFar {
		options.ConnectLatency = 200 * time.Millisecond
	}
	server, err := fakecos.Listen(options)
	if err != nil {
		return nil, err
	}
	defer server.Close()
	if s.isFar {
		server.Inject(fakecos.Fault{Delay: 100 * time.Millisecond})
	}
	for n := range s.buckets {
		server.AddBucket(region, bucketName(n))
	}
	for n, document := range w.documents {
		server.Seed(s.bucketOf(n), jobID(n), document)
	}
	args, want := []string{"plan", fmt.Sprintf("-parallelism=%d", max(s.parallelism, 10))}, "No changes."
	if s.apply {
		args, want = []string{"apply", "-auto-approve"}, fmt.Sprintf("Resources: %d added", s.jobs)
	}
	peaks := w.dir + "/peaks"
	start := time.Now()
	printed, err := w.run(ctx, w.dir, w.environment(s, server, isMetered, peaks), args...)
	taken := figures{wall: time.Since(start).Seconds()}
	if err == nil && !strings.Contains(printed, want) {
		err = fmt.Errorf("the output does not say %q:\n%s", want, printed)
	}
	if isMetered && err == nil {
		taken = figures{requests: float64(len(server.Requests())), connections: float64(server.Connections())}
		taken[peakRSS], err = readPeak(peaks)
	}
	for n := len(w.documents); n < s.jobs && s.callsCOS(); n++ {
		document, _ := server.Document(s.bucketOf(n), jobID(n))
		w.documents = append(w.documents, document)
	}
	return taken, err
}

// environment leads the provider to the service. The tencentcloud provider puts the bucket before
// the domain: as a proxy, the service is sent the real host name.
func (b bench) environment(s scenario, server *fakecos.Listener, isMetered bool, peaks string) []string {
	credential, domain, proxy := fakecos.DefaultCredential(), server.URL, ""
	if s.kind == tencentcloud {
		domain, proxy = "http://cos."+region+".myqcloud.com", server.URL
	}
	env := []string{
		fmt.Sprintf("TF_VAR_jobs=%d", s.jobs), fmt.Sprintf("TF_VAR_buckets=%d", s.buckets),
		"TENCENTCLOUD_COS_DOMAIN=" + domain, "TENCENTCLOUD_REGION=" + region, "HTTP_PROXY=" + proxy, "HTTPS_PROXY=" + proxy,
		"TENCENTCLOUD_SECRET_ID=" + credential.SecretID, "TENCENTCLOUD_SECRET_KEY=" + credential.SecretKey,
	}
	if isMetered {
		env = append(env, "TF_CLI_CONFIG_FILE="+b.work+"/metered.tfrc", envPeaks+"="+peaks)
	}
	return env
}

// run runs the CLI in a folder. This is all the environment that it gets: nothing of the caller's
// changes a figure.
func (b bench) run(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, b.cli, append(args, "-no-color")...) //nolint:gosec // the CLI is the caller's to choose
	cmd.Dir = dir
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.work, "TMPDIR=" + b.work, "TF_CLI_CONFIG_FILE=" + b.work + "/cli.tfrc",
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
	}, env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	text, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, text)
	}
	return string(text), err
}
