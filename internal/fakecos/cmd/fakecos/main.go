// SPDX-License-Identifier: MPL-2.0

// Command fakecos serves the fake COS inventory service, STS and metadata service on loopback and
// makes single signed calls to the first.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const usage = `fakecos is an in-memory Tencent Cloud COS that knows buckets' inventory jobs and their reports.

Usage:
  fakecos [serve] [flags]          serve on loopback until interrupted
  fakecos call METHOD [flags]      make one signed call: PUT, GET, LIST, DELETE or POST of jobs, OBJECTS or OBJECT
  fakecos deliver                  deliver the reports of all enabled jobs, as the service does at night
  fakecos serve -h, call -h        the flags of each

Try it:
  fakecos serve -env-file /tmp/fakecos.env &
  . /tmp/fakecos.env
  fakecos call PUT -bucket examplebucket-1250000000 -id nightly
  fakecos call LIST -bucket examplebucket-1250000000
  fakecos deliver
  fakecos call OBJECTS -bucket reports-1250000000

Keys of roles, from STS and from the metadata service of an instance that has the role:
  fakecos serve -role qcs::cam::uin/100000000001:roleName/ci -env-file /tmp/fakecos.env &
  . /tmp/fakecos.env
  curl $` + envDomain + `/latest/meta-data/cam/security-credentials/ci
STS is at the same address: it takes the requests that have an X-TC-Action header.

serve prints the variables a client needs, as export lines; call reads the same ones:
  ` + envDomain + `    where to connect, http://127.0.0.1:PORT
  ` + envRegion + `        region of the first bucket
  ` + envSecretID + `     key pair the service knows
  ` + envSecretKey + `
`

// The variables serve prints and call reads.
const (
	envDomain    = "TENCENTCLOUD_COS_DOMAIN"
	envRegion    = "TENCENTCLOUD_REGION"
	envSecretID  = "TENCENTCLOUD_SECRET_ID"
	envSecretKey = "TENCENTCLOUD_SECRET_KEY"
)

// console is what a command may touch of the process.
type console struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
}

// errUsage is a mistake on the command line that the flag package has already explained.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr, os.Getenv})
	stop()
	os.Exit(code)
}

// run returns the exit status: 1 for a failure, 2 for a mistake on the command line.
func run(ctx context.Context, args []string, c console) int {
	err := dispatch(ctx, args, c)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	}
	fmt.Fprintln(c.stderr, "fakecos:", err)
	return 1
}

func dispatch(ctx context.Context, args []string, c console) error {
	if len(args) == 0 {
		return serve(ctx, nil, c)
	}
	switch args[0] {
	case "serve":
		return serve(ctx, args[1:], c)
	case "call":
		return call(ctx, args[1:], c)
	case "deliver":
		return deliver(ctx, args[1:], c)
	case "-h", "-help", "--help", "help":
		fmt.Fprint(c.stdout, usage)
		return nil
	}
	if strings.HasPrefix(args[0], "-") {
		return serve(ctx, args, c)
	}
	fmt.Fprintf(c.stderr, "fakecos: unknown command %q\n\n%s", args[0], usage)
	return errUsage
}

// parse reads flags; help goes to stdout, since it was asked for, and a mistake to stderr.
func parse(flags *flag.FlagSet, args []string, c console) error {
	var said strings.Builder
	flags.SetOutput(&said)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(c.stdout, said.String())
		return err
	case err == nil && flags.NArg() > 0:
		fmt.Fprintf(&said, "unexpected argument %q\n", flags.Arg(0))
		err = errUsage
	}
	if err != nil {
		fmt.Fprint(c.stderr, said.String())
		return errUsage
	}
	return nil
}
