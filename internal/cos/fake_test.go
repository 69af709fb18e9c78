// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	region = "ap-shanghai"
	bucket = "sourcebucket-1258888888"
)

func jobOf(id string) cos.Job {
	return cos.Bucket{Region: region, Name: bucket}.Job(id)
}

// nightly is the least that a job needs.
func nightly(id string) cos.Inventory {
	inv := cos.PlainInventory()
	inv.ID = id
	return inv
}

// document is [nightly] as the service holds it.
func document(id string) string { return strings.Replace(cos.PlainDocument, "nightly", id, 1) }

// startFake serves a fake with the one bucket on the loopback.
func startFake(t *testing.T, options fakecos.Options) *fakecos.Listener {
	t.Helper()
	fake, err := fakecos.Listen(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	fake.AddBucket(region, bucket)
	return fake
}

// startServer serves answers that no COS would give.
func startServer(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// hijack takes the connection of a request over, and writes to it what need not be HTTP.
func hijack(t *testing.T, w http.ResponseWriter, format string, args ...any) net.Conn {
	t.Helper()
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return nil
	}
	fmt.Fprintf(connection, format, args...)
	return connection
}

func keys(c fakecos.Credential) credentials.Credentials {
	return credentials.Credentials{SecretID: c.SecretID, SecretKey: c.SecretKey, Token: c.Token}
}

// config has the fake's keys and waits that nobody notices.
func config(t *testing.T, domain string) cos.Config {
	t.Helper()
	d, err := cos.ParseDomain(domain)
	if err != nil {
		t.Fatal(err)
	}
	return cos.Config{
		Credentials:  credentials.StaticSource(keys(fakecos.DefaultCredential())),
		Domain:       d,
		MaxRetries:   3,
		UserAgent:    "inventory-test/1.0",
		RetryWaitMin: time.Microsecond,
		RetryWaitMax: 2 * time.Microsecond,
		PollMin:      time.Microsecond,
		PollMax:      2 * time.Microsecond,
	}
}

// memory is a fake whose connections are pipes, so that it lives in a bubble of its own time: waits
// take none, and are exact.
type memory struct {
	*fakecos.Server
	accepted chan net.Conn
	closed   chan struct{}
}

// inBubble runs test with a fake and a client with production's waits.
func inBubble(t *testing.T, options fakecos.Options, change func(*cos.Config), test func(*testing.T, *memory, *cos.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		fake := &memory{Server: fakecos.New(options), accepted: make(chan net.Conn), closed: make(chan struct{})}
		fake.AddBucket(region, bucket)
		fake.AddBucket(region, reports)
		server := &http.Server{Handler: fake, ErrorLog: log.New(io.Discard, "", 0)}
		served := make(chan error)
		go func() { served <- server.Serve(fake) }()
		t.Cleanup(func() {
			fake.Server.Close()
			_ = server.Close()
			if err := <-served; !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
		c := config(t, "http://127.0.0.1")
		c.RetryWaitMin, c.RetryWaitMax, c.PollMin, c.PollMax = 0, 0, 0, 0
		if change != nil {
			change(&c)
		}
		client := cos.New(c)
		client.DialWith(fake.dial)
		test(t, fake, client)
	})
}

func (m *memory) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case m.accepted <- theirs:
		return ours, nil
	case <-m.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// Accept, Close and Addr make it the server's listener.
func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.accepted:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { close(m.closed); return nil }
func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

// failure is err as the *cos.Error that every call returns.
func failure(t *testing.T, err error) *cos.Error {
	t.Helper()
	var e *cos.Error
	if !errors.As(err, &e) {
		t.Fatalf("no *cos.Error: %v", err)
	}
	return e
}

// calls are the five, each as a function of the job's id.
var calls = map[cos.Operation]func(context.Context, *cos.Client, string) error{
	cos.PutInventory: func(ctx context.Context, c *cos.Client, id string) error {
		return c.PutInventory(ctx, jobOf(id), nightly(id))
	},
	cos.GetInventory: func(ctx context.Context, c *cos.Client, id string) error {
		_, err := c.GetInventory(ctx, jobOf(id))
		return err
	},
	cos.ListInventories: func(ctx context.Context, c *cos.Client, _ string) error {
		return listAll(ctx, c).Err
	},
	cos.DeleteInventory: func(ctx context.Context, c *cos.Client, id string) error {
		return c.DeleteInventory(ctx, jobOf(id))
	},
	cos.PostInventory: func(ctx context.Context, c *cos.Client, id string) error {
		_, err := c.PostInventory(ctx, jobOf(id), nightly(id))
		return err
	},
}

// listAll reads all jobs of the bucket.
func listAll(ctx context.Context, c *cos.Client) (read cos.BucketInventories) {
	for read = range c.ListInventories(ctx, []cos.Bucket{jobOf("").Bucket}, 0) {
		continue
	}
	return read
}

// eachCall runs test for each of the five calls.
func eachCall(t *testing.T, test func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error)) {
	t.Helper()
	for op, do := range calls {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			test(t, op, do)
		})
	}
}
