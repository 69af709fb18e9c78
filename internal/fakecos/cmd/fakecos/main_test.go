// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const document = `<InventoryConfiguration><Id>nightly</Id><IsEnabled>true</IsEnabled>` +
	`<IncludedObjectVersions>All</IncludedObjectVersions><Schedule><Frequency>Daily</Frequency></Schedule>` +
	`<Destination><COSBucketDestination><Bucket>qcs::cos:ap-guangzhou::reports-1250000000</Bucket><Format>CSV</Format>` +
	`</COSBucketDestination></Destination></InventoryConfiguration>`

// bound ends what a mistake in the command would keep waiting.
const bound = 10 * time.Second

// printed is a stream that several goroutines write.
type printed struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// command runs fakecos to its end. FILE stands for a path, which may have blanks.
func command(t *testing.T, env map[string]string, stdin, line, file string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	defer cancel()
	args := strings.Fields(line)
	for i := range args {
		args[i] = strings.Replace(args[i], "FILE", file, 1)
	}
	var out, err bytes.Buffer
	code = run(ctx, args, console{strings.NewReader(stdin), &out, &err, func(name string) string { return env[name] }})
	return code, out.String(), err.String()
}

// started is a running `fakecos serve`.
type started struct {
	env    map[string]string
	stdout string
	stderr *printed
	stop   func() int // interrupts it and returns its exit status
}

func start(t *testing.T, args ...string) started {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	stdout, serve := io.Pipe()
	stderr := &printed{}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, console{strings.NewReader(""), serve, stderr, func(string) string { return "" }})
		_ = serve.Close()
	}()
	stop := sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	t.Cleanup(func() { stop() })
	exports := make([]byte, 1<<10)
	n, err := stdout.Read(exports) // all of them at once
	if err != nil {
		t.Fatalf("serve ended with %d: %s", stop(), stderr)
	}
	text := string(exports[:n])
	return started{env: parseExports(t, text), stdout: text, stderr: stderr, stop: stop}
}

func parseExports(t *testing.T, text string) map[string]string {
	t.Helper()
	env := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if !ok || !strings.HasPrefix(line, "export ") {
			t.Errorf("line %q is no export", line)
		}
		env[name] = strings.Trim(value, "'")
	}
	return env
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-h": "call METHOD", "help": "call METHOD", "serve -h": "\n  prefix-slash ", "--help": "-role ", "call -h": "-continuation-token", "call PUT -h": "-file",
	} {
		code, stdout, stderr := command(t, nil, "", args, "")
		if code != 0 || !strings.Contains(stdout, want) || stderr != "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", args, code, stdout, stderr)
		}
	}
}

// What help tells to try works, in its order, without anything beside it.
func TestHelp_example(t *testing.T) {
	t.Parallel()
	server := start(t)
	_, example, _ := strings.Cut(usage, "Try it:\n")
	example, _, _ = strings.Cut(example, "\n\n")
	tried := 0
	for line := range strings.Lines(example) {
		args, ok := strings.CutPrefix(line, "  fakecos ")
		if !ok || strings.HasPrefix(args, "serve ") {
			continue
		}
		tried++
		if code, stdout, stderr := command(t, server.env, "", args, ""); code != 0 || stderr != "" || !strings.Contains(stdout, "200 OK") {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", args, code, stdout, stderr)
		}
	}
	const reports = "1250000000/examplebucket/nightly/"
	_, delivered, _ := command(t, server.env, "", "deliver", "")
	_, listed, _ := command(t, server.env, "", "call OBJECTS -bucket reports-1250000000 -prefix "+reports, "")
	if tried < 4 || !strings.Contains(delivered, "examplebucket-1250000000/nightly: "+reports) || !strings.Contains(listed, "/manifest.json<") {
		t.Errorf("after %d commands: %q, %q", tried, delivered, listed)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	env := map[string]string{envDomain: "http://127.0.0.1:1", envRegion: "ap-guangzhou", envSecretID: "id", envSecretKey: "key"}
	absent := filepath.Join(t.TempDir(), "absent", "file")
	for name, test := range map[string]struct {
		args   string
		env    map[string]string
		code   int
		stderr string
	}{
		"unknown command":  {"dance", env, 2, `unknown command "dance"`},
		"unknown skew":     {"-skew odd", env, 2, "serve -h lists the names"},
		"unknown flag":     {"serve -dance", env, 2, "-dance"},
		"unexpected word":  {"serve now", env, 2, `unexpected argument "now"`},
		"not loopback":     {"-addr 0.0.0.0:0", env, 1, "keys are public"},
		"object form":      {"-object source", env, 2, "BUCKET/KEY"},
		"key missing":      {"call OBJECT -bucket b-1", env, 1, "OBJECT needs -key"},
		"bucket form":      {"-bucket examplebucket-1250000000", env, 2, "REGION/NAME"},
		"role form":        {"-role ci", env, 2, "roleName/"},
		"no such folder":   {"-env-file FILE", env, 1, absent},
		"method missing":   {"call -bucket b-1", env, 1, "the method must be"},
		"method unknown":   {"call HEAD -bucket b-1", env, 1, `not "HEAD"`},
		"id missing":       {"call GET -bucket b-1", env, 1, "GET needs -id"},
		"bucket missing":   {"call LIST", env, 1, "-bucket"},
		"file for a GET":   {"call GET -bucket b-1 -id a -file x", env, 1, "-file"},
		"file absent":      {"call PUT -bucket b-1 -id a -file FILE", env, 1, absent},
		"domain missing":   {"call LIST -bucket b-1 -region ap-guangzhou", nil, 1, envDomain},
		"domain is no URL": {"call LIST -bucket b-1", map[string]string{envDomain: "http://%", envRegion: "r"}, 1, envDomain},
		"nothing listens":  {"call LIST -bucket b-1", env, 1, "127.0.0.1:1"},
	} {
		code, stdout, stderr := command(t, test.env, "", test.args, absent)
		if code != test.code || !strings.Contains(stderr, test.stderr) || stdout != "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", name, code, stdout, stderr)
		}
	}
}

func TestServeAndCall(t *testing.T) {
	t.Parallel()
	server := start(t, "-log", "-account-id", "100000000042", "-page-size", "1", "-latency", "1ms", "-connect-latency", "1ms",
		"-secret-id", "AKIDTEST", "-secret-key", "it's", "-bucket", "ap-guangzhou/source-1250000000",
		"-object", "source-1250000000/logs/a", "-skew", "delete-200")
	server.env[envSecretKey] = "it's"
	file := filepath.Join(t.TempDir(), "job.xml")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	filled := strings.Replace(document, "<COSBucketDestination>", "<COSBucketDestination><AccountId>100000000042</AccountId>", 1)
	for _, step := range []struct {
		args, stdin string
		code        int
		stdout      string
	}{
		{"GET -id nightly", "", 1, "404 Not Found\n<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>InventoryConfigurationNotFoundError</Code>"},
		{"put -id nightly -file FILE", "", 0, "200 OK\n"},
		{"GET -id nightly", "", 0, "200 OK\n" + filled + "\n"},
		{"POST -id run", "", 0, "200 OK\n<PostInventoryResult><JobId>"},
		{"PUT -id other -file -", strings.Replace(document, "nightly", "other", 1), 0, "200 OK\n"},
		{"LIST", "", 0, "200 OK\n<ListInventoryConfigurationResult>" + filled + "<IsTruncated>true</IsTruncated><ContinuationToken></ContinuationToken><NextContinuationToken>+/nightly==<"},
		{"LIST -continuation-token +/nightly==", "", 0, "200 OK\n<ListInventoryConfigurationResult><InventoryConfiguration><Id>other</Id>"},
		{"LIST -continuation-token wrong", "", 1, "400 Bad Request\n"},
		{"DELETE -id nightly", "", 0, "200 OK\n"}, // the skew's answer
		{"OBJECT -key logs/a", "", 0, "200 OK\ncontent of logs/a\n"},
		{"LIST -region ap-beijing", "", 1, "404 Not Found\n"},
	} {
		code, stdout, stderr := command(t, server.env, step.stdin, "call "+step.args+" -bucket source-1250000000", file)
		if code != step.code || !strings.HasPrefix(stdout, step.stdout) || (stderr != "") != (code != 0) {
			t.Errorf("%s: exit %d, stdout %q, want %q, stderr %q", step.args, code, stdout, step.stdout, stderr)
		}
	}
	if code := server.stop(); code != 0 {
		t.Errorf("serve ended with %d", code)
	}
	log := server.stderr.String()
	for _, line := range []string{
		` 404 GET GetBucketInventory bucket=source-1250000000 id="nightly" code=InventoryConfigurationNotFoundError` + "\n",
		` 200 GET ListBucketInventory bucket=source-1250000000` + "\n",
	} {
		if !strings.Contains(log, line) {
			t.Errorf("log %q lacks %q", log, line)
		}
	}
	if strings.Contains(log, "it's") || !strings.Contains(server.stdout, `export TENCENTCLOUD_SECRET_KEY='it'\''s'`) {
		t.Errorf("stdout %q, log %q", server.stdout, log)
	}
	if code, _, _ := command(t, server.env, "", "call LIST -bucket source-1250000000", ""); code != 1 {
		t.Error("still answers")
	}
}

func TestServe_Defaults(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "fakecos.env")
	server := start(t, "serve", "-env-file", file)
	written, err := os.ReadFile(file)
	if err != nil || string(written) != server.stdout {
		t.Errorf("env file %q, stdout %q: %v", written, server.stdout, err)
	}
	if leftovers, err := os.ReadDir(filepath.Dir(file)); err != nil || len(leftovers) != 1 {
		t.Errorf("beside the env file: %v, %v", leftovers, err)
	}
	if !strings.HasPrefix(server.env[envDomain], "http://127.0.0.1:") || server.env[envRegion] != "ap-guangzhou" {
		t.Errorf("exports %v", server.env)
	}
	for _, bucket := range []string{"examplebucket-1250000000", "reports-1250000000"} {
		if code, stdout, stderr := command(t, server.env, "", "call LIST -bucket "+bucket, ""); code != 0 {
			t.Errorf("%s: %q %q", bucket, stdout, stderr)
		}
	}
}

func TestServe_Roles(t *testing.T) {
	t.Parallel()
	server := start(t, "-log", "-role", "qcs::cam::uin/100000000001:roleName/ci", "-key-life", "1m")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.env[envDomain]+"/latest/meta-data/cam/security-credentials/ci", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var key struct{ Code, TmpSecretId, TmpSecretKey, Token string } //nolint:revive // the wire's own names
	if err := json.NewDecoder(response.Body).Decode(&key); err != nil || key.Code != "Success" || key.Token == "" {
		t.Errorf("%+v, %v", key, err)
	}
	log := server.stderr.String()
	if !strings.Contains(log, " 200 GET GetMetadata\n") || strings.Contains(log, key.TmpSecretKey) || strings.Contains(log, key.Token) {
		t.Errorf("log %q", log)
	}
}
