// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
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

// pairs defines a repeatable flag whose values are two texts, with a slash between them.
func pairs(flags *flag.FlagSet, name, form, usage string) *[][2]string {
	var found [][2]string
	flags.Func(name, "`"+form+"` "+usage, func(value string) error {
		before, after, ok := strings.Cut(value, "/")
		if !ok || before == "" || after == "" {
			return errors.New("must be " + form)
		}
		found = append(found, [2]string{before, after})
		return nil
	})
	return &found
}

func serve(ctx context.Context, args []string, c console) error {
	credential := fakecos.DefaultCredential()
	var options fakecos.Options

	flags := flag.NewFlagSet("fakecos serve", flag.ContinueOnError)
	address := flags.String("addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	buckets := pairs(flags, "bucket", "REGION/NAME", "of a bucket, repeatable (default ap-guangzhou/examplebucket-1250000000 and ap-guangzhou/reports-1250000000)")
	objects := pairs(flags, "object", "BUCKET/KEY", "of an object of some bytes, repeatable (default none)")
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
	flags.DurationVar(&options.RunDelay, "run-delay", 0, "`time` until the report of a one-time job is delivered, as 5s (default with fakecos deliver)")
	flags.Func("skew", "`name` of another answer that COS may give, one of those below (default none)", func(name string) error {
		for _, skew := range fakecos.Skews() {
			if skew.Name == name {
				options.Skew = name
				return nil
			}
		}
		return errors.New("serve -h lists the names")
	})
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "Usage of fakecos serve:")
		flags.PrintDefaults()
		fmt.Fprintln(flags.Output(), "\nNames for -skew, * where a job is then another than was written, ! where one is refused:")
		for _, skew := range fakecos.Skews() {
			mark := " "
			if skew.Changes {
				mark = "*"
			} else if skew.Refuses {
				mark = "!"
			}
			fmt.Fprintf(flags.Output(), "%s %-38s %s\n", mark, skew.Name, skew.Answer)
		}
	}
	flags.IntVar(&options.PageSize, "page-size", 100, "jobs on a LIST `page`")
	flags.DurationVar(&options.VisibilityLag, "visibility-lag", 0, "`time` before GET and LIST show a write, as 2s")
	latency := flags.Duration("latency", 0, "`time` added to every answer, as 50ms")
	flags.DurationVar(&options.ConnectLatency, "connect-latency", 0, "`time` added to the first answer on a connection, as 200ms")
	verbose := flags.Bool("log", false, "write a line a request to stderr")
	envFile := flags.String("env-file", "", "write the export lines to this `file` too, once the service listens")
	if err := parse(flags, args, c); err != nil {
		return err
	}
	if len(*buckets) == 0 {
		*buckets = [][2]string{{"ap-guangzhou", "examplebucket-1250000000"}, {"ap-guangzhou", "reports-1250000000"}}
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
	for _, bucket := range *buckets {
		server.AddBucket(bucket[0], bucket[1])
	}
	for _, object := range *objects {
		server.PutObject(object[0], fakecos.Object{Key: object[1], Content: "content of " + object[1] + "\n"})
	}
	if *latency > 0 {
		server.Inject(fakecos.Fault{Delay: *latency})
	}

	lines := exports(server.URL, (*buckets)[0][0], credential)
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
	line := fmt.Sprintf("%s %d %s %s", r.Time.UTC().Format(time.RFC3339), r.Status, r.Method, cmp.Or(r.Op, "-"))
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
