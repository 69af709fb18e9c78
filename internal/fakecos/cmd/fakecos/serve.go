// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// placedBucket is the value of one -bucket.
type placedBucket struct{ region, name string }

func parseBucket(value string) (placedBucket, error) {
	region, name, ok := strings.Cut(value, "/")
	if !ok || region == "" || name == "" {
		return placedBucket{}, errors.New("must be REGION/NAME, as ap-guangzhou/examplebucket-1250000000")
	}
	return placedBucket{region, name}, nil
}

type storedObject struct{ bucket, key string }

func parseObject(value string) (storedObject, error) {
	bucket, key, ok := strings.Cut(value, "/")
	if !ok || bucket == "" || key == "" {
		return storedObject{}, fmt.Errorf("%q is not BUCKET/KEY", value)
	}
	return storedObject{bucket, key}, nil
}

func serve(ctx context.Context, args []string, c console) error {
	credential := fakecos.DefaultCredential()
	var options fakecos.Options
	var buckets []placedBucket

	flags := flag.NewFlagSet("fakecos serve", flag.ContinueOnError)
	address := flags.String("addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	flags.Func("bucket", "`REGION/NAME` of a bucket, repeatable (default ap-guangzhou/examplebucket-1250000000 and ap-guangzhou/reports-1250000000)",
		func(value string) error {
			bucket, err := parseBucket(value)
			buckets = append(buckets, bucket)
			return err
		})
	flags.StringVar(&credential.SecretID, "secret-id", credential.SecretID, "secret `id` the service knows")
	flags.StringVar(&credential.SecretKey, "secret-key", credential.SecretKey, "secret `key` that goes with it")
	flags.StringVar(&options.AccountID, "account-id", "", "owner's `UIN`, filled into documents without AccountId (default: leave them alone)")
	flags.Func("role", "`ARN` of a role that STS and the metadata service give out keys of, repeatable (default none)", func(value string) error {
		role, err := fakecos.NewRole(value)
		role.CVM = true
		options.Roles = append(options.Roles, role)
		return err
	})
	flags.DurationVar(&options.KeyLife, "key-life", 0, "`time` that keys of roles last, as 5m (default what was asked for)")
	var objects []storedObject
	flags.Func("object", "`BUCKET/KEY` of an object of some bytes, repeatable (default none)", func(value string) error {
		object, err := parseObject(value)
		objects = append(objects, object)
		return err
	})
	flags.DurationVar(&options.RunDelay, "run-delay", 0, "`time` until the report of a one-time job is delivered, as 5s (default with fakecos deliver)")
	flags.BoolVar(&options.DeletesAbsent, "deletes-absent", false, "accept a DELETE of a job that does not exist, as the vendor's own tests expect")
	flags.IntVar(&options.PageSize, "page-size", 100, "jobs on a LIST `page`")
	flags.DurationVar(&options.VisibilityLag, "visibility-lag", 0, "`time` before GET and LIST show a write, as 2s")
	latency := flags.Duration("latency", 0, "`time` added to every answer, as 50ms")
	flags.DurationVar(&options.ConnectLatency, "connect-latency", 0, "`time` added to the first answer on a connection, as 200ms")
	verbose := flags.Bool("log", false, "write a line a request to stderr")
	envFile := flags.String("env-file", "", "write the export lines to this `file` too, once the service listens")
	if err := parse(flags, args, c); err != nil {
		return err
	}
	if len(buckets) == 0 {
		buckets = []placedBucket{{"ap-guangzhou", "examplebucket-1250000000"}, {"ap-guangzhou", "reports-1250000000"}}
	}
	options.Credentials = []fakecos.Credential{credential}
	if *verbose {
		options.Log = func(r fakecos.Request) { fmt.Fprintln(c.stderr, logLine(r)) }
	}

	server, err := fakecos.ListenAddr(*address, options)
	if err != nil {
		return err
	}
	defer server.Close()
	for _, bucket := range buckets {
		server.AddBucket(bucket.region, bucket.name)
	}
	for _, object := range objects {
		server.PutObject(object.bucket, fakecos.Object{Key: object.key, Content: "content of " + object.key + "\n"})
	}
	if *latency > 0 {
		server.Inject(fakecos.Fault{Delay: *latency})
	}

	lines := exports(server.URL, buckets[0].region, credential)
	if *envFile != "" {
		if err := writeFile(*envFile, lines); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprint(c.stdout, lines); err != nil {
		return fmt.Errorf("print the variables: %w", err)
	}
	<-ctx.Done()
	return nil
}

func exports(url, region string, credential fakecos.Credential) string {
	var b strings.Builder
	for _, pair := range [][2]string{
		{envDomain, url}, {envRegion, region}, {envSecretID, credential.SecretID}, {envSecretKey, credential.SecretKey},
	} {
		fmt.Fprintf(&b, "export %s='%s'\n", pair[0], strings.ReplaceAll(pair[1], "'", `'\''`))
	}
	return b.String()
}

// writeFile puts the whole content in place at once: a script that waits for the file never reads
// half of it.
func writeFile(path, content string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".fakecos-*") // mode 0600: it holds a key
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, writeErr := file.WriteString(content)
	err = errors.Join(writeErr, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

func logLine(r fakecos.Request) string {
	call := r.Op
	if call == "" {
		call = "-"
	}
	line := fmt.Sprintf("%s %d %s %s", r.Time.UTC().Format(time.RFC3339), r.Status, r.Method, call)
	if r.Bucket != "" {
		line += " bucket=" + r.Bucket
	}
	if r.ID != "" {
		line += fmt.Sprintf(" id=%q", r.ID)
	}
	if r.Code != "" {
		line += " code=" + r.Code
	}
	return line
}
