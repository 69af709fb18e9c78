// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"reflect"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

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

// connect makes a client reach every host through the pipes.
func (m *pipes) connect(client *cos.Client) {
	connections := (*http.Transport)(reflect.ValueOf(client).Elem().FieldByName("connections").UnsafePointer())
	connections.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
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
