// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"golang.org/x/sync/errgroup"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	testRegion      = "ap-guangzhou"
	testBucket      = "examplebucket-1250000000"
	testDestination = "qcs::cos:ap-guangzhou::reports-1250000000"

	testDestinationBucket = "reports-1250000000"
	testAddress           = "cos_bucket_inventory.test"
)

var sourceBucket = cos.Bucket{Region: testRegion, Name: testBucket}

// world is a fake COS and a provider that is configured, by its environment, to use it. Every test
// has one of its own, so all can run at the same time.
type world struct {
	*fakecos.Listener
	t        testing.TB
	provider cosProvider
	connect  func(*cos.Client) // leads the provider's client into a network of its own; nil: the loopback
}

func newWorld(t testing.TB, options fakecos.Options) *world {
	t.Helper()
	options.RequireMD5 = true // which the provider always sends
	listener, err := fakecos.Listen(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(listener.Close)
	return worldAround(t, options, listener)
}

func worldAround(t testing.TB, options fakecos.Options, listener *fakecos.Listener) *world {
	listener.AddBucket(testRegion, testBucket)
	listener.AddBucket(testRegion, testDestinationBucket)

	credential := fakecos.DefaultCredential()
	if len(options.Credentials) > 0 {
		credential = options.Credentials[0]
	}
	w := &world{Listener: listener, t: t}
	w.provider = cosProvider{
		version: "test",
		getenv: environment{
			envRegion:        testRegion,
			envSecretID:      credential.SecretID,
			envSecretKey:     credential.SecretKey,
			envSecurityToken: credential.Token,
			envCOSDomain:     listener.URL,
		}.get,
		tune:            impatient,
		defaultTimeout:  10 * time.Second, // what never comes ends the test soon
		destinationWait: destinationWait,
	}
	return w
}

// setenv changes a variable of the provider's environment.
func (w *world) setenv(name, value string) {
	getenv := w.provider.getenv
	w.provider.getenv = func(asked string) string {
		if asked == name {
			return value
		}
		return getenv(asked)
	}
}

// client sees what COS holds without the provider.
func (w *world) client() *cos.Client {
	w.t.Helper()
	domain, err := cos.ParseDomain(w.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	credential := fakecos.DefaultCredential()
	config := cos.Config{Domain: domain, Credentials: credentials.StaticSource(credentials.Credentials{SecretID: credential.SecretID, SecretKey: credential.SecretKey})}
	impatient(&config)
	return cos.New(config)
}

// patient makes a written job wait for the look at its destination, however busy the machine is.
func (w *world) patient() {
	w.provider.destinationWait = time.Minute
}

// checksumOf is the MD5 of a content in hex, which is also its ETag.
func checksumOf(content string) string { return fmt.Sprintf("%x", md5.Sum([]byte(content))) }

type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// sumOf returns the entries of both maps; those of the second win.
func sumOf[M ~map[string]V, V any](a, b M) M {
	all := M{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// impatient takes the pauses out of a client: tests do not sleep.
func impatient(c *cos.Config) {
	c.RetryWaitMin, c.RetryWaitMax = time.Microsecond, time.Microsecond
	c.PollMin, c.PollMax = time.Microsecond, time.Millisecond
	c.Settle, c.NewBucket = time.Microsecond, time.Microsecond
}

// factories serve the provider of this world to a Terraform CLI.
func (w *world) factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"cos": func() (tfprotov6.ProviderServer, error) {
			p := w.provider
			return newServer(&p, false)
		},
	}
}

// sent counts the requests that reached the fake, by operation, but for the looks at destinations,
// which are beside the work (see looks).
func (w *world) sent() map[string]int {
	counts := map[string]int{}
	for _, request := range w.work() {
		counts[request.Op]++
	}
	return counts
}

// work returns the requests that reached the fake, but for the looks at destinations.
func (w *world) work() []fakecos.Request {
	return slices.DeleteFunc(w.Requests(), func(r fakecos.Request) bool { return r.Op == string(cos.HeadBucket) })
}

// looks returns the destinations that were looked at. The first create in a bucket looks at that
// bucket, too.
func (w *world) looks() []string {
	sources := map[string]bool{}
	for _, request := range w.work() {
		sources[request.Bucket] = true
	}
	var buckets []string
	for _, request := range w.Requests() {
		if request.Op == string(cos.HeadBucket) && !sources[request.Bucket] {
			buckets = append(buckets, request.Bucket)
		}
	}
	return buckets
}

// first intercepts requests, and closes the channel at the first one that it returns a fault for.
func (w *world) first(intercept func(fakecos.Request) *fakecos.Fault) <-chan struct{} {
	event := make(chan struct{})
	reach := sync.OnceFunc(func() { close(event) })
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		fault := intercept(r)
		if fault != nil {
			reach()
		}
		return fault
	})
	return event
}

// on makes the operation's requests fail and closes the channel at the first one.
func (w *world) on(op string, fault fakecos.Fault) <-chan struct{} {
	return w.first(func(r fakecos.Request) *fakecos.Fault {
		if r.Op != op {
			return nil
		}
		return &fault
	})
}

// document returns what COS now holds of a job of testBucket.
func (w *world) document(id string) string {
	w.t.Helper()
	document, ok := w.Document(testBucket, id)
	if !ok {
		w.t.Fatalf("COS holds no job %q, only %q", id, w.Jobs(testBucket))
	}
	return document
}

// parallelism is how many resources Terraform works on at a time.
const parallelism = 10

// forEach makes n calls, as many at a time as Terraform does.
func forEach(n int, call func(i int)) {
	var calls errgroup.Group
	calls.SetLimit(parallelism)
	for i := range n {
		calls.Go(func() error { call(i); return nil })
	}
	_ = calls.Wait() // no call fails
}

// jobConfig is the configuration of job "nightly". Lines are attributes that replace the default
// ones of the same name, or come with them.
func jobConfig(lines ...string) string { return namedJobConfig("test", "nightly", lines...) }

func namedJobConfig(name, id string, lines ...string) string {
	attributes := []string{
		fmt.Sprintf("bucket = %q", testBucket),
		fmt.Sprintf("id = %q", id),
		`included_object_versions = "Current"`,
		`schedule = { frequency = "Daily" }`,
		fmt.Sprintf("destination = { bucket = %q }", testDestination),
	}
	for _, line := range lines {
		key := attributeName(line)
		if i := slices.IndexFunc(attributes, func(a string) bool { return attributeName(a) == key }); i >= 0 {
			attributes[i] = line
		} else {
			attributes = append(attributes, line)
		}
	}
	return fmt.Sprintf("resource \"cos_bucket_inventory\" %q {\n  %s\n}\n", name, strings.Join(attributes, "\n  "))
}

func attributeName(line string) string {
	name, _, _ := strings.Cut(line, "=")
	return strings.TrimSpace(name)
}

// element wraps the inner part of a document of job "nightly" as COS holds it.
func jobDocument(id string, elements ...string) string {
	return "<InventoryConfiguration><Id>" + id + "</Id>" + strings.Join(elements, "") + "</InventoryConfiguration>"
}

// pipes are a network in memory, so that a world can live in a bubble of its own time, with the
// waits of production.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
}

// newMemoryWorld returns a world in memory, a client that sees what COS holds, and what ends both.
func newMemoryWorld(t testing.TB, options fakecos.Options) (*world, *cos.Client, func()) {
	t.Helper()
	m := &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})}
	w := worldAround(t, options, &fakecos.Listener{Server: fakecos.New(options), URL: "http://127.0.0.1"})
	w.provider.tune = func(*cos.Config) {}
	w.provider.defaultTimeout = defaultTimeout
	w.connect = m.connect
	client := w.client()
	m.connect(client)
	server := &http.Server{Handler: w, ErrorLog: log.New(io.Discard, "", 0)}
	served := make(chan error)
	go func() { served <- server.Serve(m) }()
	return w, client, func() {
		w.Server.Close()
		_ = server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}
}

// transportOf is what carries the client's requests, for a network of a test's own.
func transportOf(client *cos.Client) *http.Transport {
	return (*http.Transport)(reflect.ValueOf(client).Elem().FieldByName("connections").UnsafePointer())
}

// connect makes a client reach every host through the pipes.
func (m *pipes) connect(client *cos.Client) {
	transportOf(client).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
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
}

// Accept, Close and Addr make it the server's listener.
func (m *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-m.accepted:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *pipes) Close() error   { close(m.closed); return nil }
func (m *pipes) Addr() net.Addr { return &net.TCPAddr{} }
