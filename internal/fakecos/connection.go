// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// ConnState counts client connections; set it as the hook of that name in an [http.Server].
// [Listen] does.
func (s *Server) ConnState(_ net.Conn, state http.ConnState) {
	if state != http.StateNew {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections++
}

// Connections returns how many client connections were opened so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// readyKey is the context key of the time from which a connection's requests are looked at.
type readyKey struct{}

// ConnContext applies Options.ConnectLatency; set it as the hook of that name in an [http.Server].
// [Listen] does.
func (s *Server) ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, readyKey{}, time.Now().Add(s.options.ConnectLatency))
}

// untilReady is what is left of the connection's latency.
func untilReady(ctx context.Context) time.Duration {
	ready, ok := ctx.Value(readyKey{}).(time.Time)
	if !ok {
		return 0
	}
	return time.Until(ready)
}

// hijack takes the connection out of the HTTP server's hands. Only HTTP/1 lets it; elsewhere the
// client gets a 500, which no test of a broken connection can mistake for one.
func hijack(w http.ResponseWriter) (net.Conn, bool) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "this fault needs a HTTP/1 connection: "+err.Error(), http.StatusInternalServerError)
		return nil, false
	}
	return connection, true
}

// abort closes the connection without an answer.
func abort(w http.ResponseWriter) {
	if connection, ok := hijack(w); ok {
		_ = connection.Close()
	}
}

// reset closes the connection so that the client sees ECONNRESET rather than an end of file.
func reset(w http.ResponseWriter) {
	connection, ok := hijack(w)
	if !ok {
		return
	}
	under := connection
	if tunnel, ok := connection.(interface{ NetConn() net.Conn }); ok { // TLS
		under = tunnel.NetConn()
	}
	if tcp, ok := under.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = under.Close()
}

// truncate sends an answer up to half of its body or, if it has none, without the line that ends
// its head.
func truncate(w http.ResponseWriter, answer response) {
	connection, ok := hijack(w)
	if !ok {
		return
	}
	var wire bytes.Buffer
	fmt.Fprintf(&wire, "HTTP/1.1 %d %s\r\n", answer.status, http.StatusText(answer.status))
	_ = answer.header.Write(&wire)
	if answer.body != "" {
		wire.WriteString("\r\n" + answer.body[:len(answer.body)/2])
	}
	_, _ = connection.Write(wire.Bytes())
	_ = connection.Close()
}
