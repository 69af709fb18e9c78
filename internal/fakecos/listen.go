// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"time"
)

// Listener is a [Server] with a loopback listener of its own.
type Listener struct {
	*Server
	URL string // http://127.0.0.1:port, or https
	CA  string // PEM of the certificate authority behind an https URL, else ""

	http *http.Server
	done sync.WaitGroup
}

// Listen serves on a free loopback port.
func Listen(options Options) (*Listener, error) {
	return ListenAddr("127.0.0.1:0", options)
}

// ListenAddr serves on a loopback address; any other is refused, because the keys are public.
func ListenAddr(address string, options Options) (*Listener, error) {
	listener, err := listenLoopback(address)
	if err != nil {
		return nil, err
	}
	return serve(listener, "http", "", options), nil
}

// ListenTLS serves https on a free loopback port, with a certificate for the hosts (names,
// *.wildcards, addresses) and for 127.0.0.1, which is its own authority: the Listener's CA.
func ListenTLS(options Options, hosts ...string) (*Listener, error) {
	certificate, ca, err := certify(time.Now(), append([]string{"127.0.0.1"}, hosts...))
	if err != nil {
		return nil, fmt.Errorf("issue a certificate: %w", err)
	}
	listener, err := listenLoopback("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	// Without NextProtos there is no HTTP/2, whose connections no fault could break.
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	return serve(tls.NewListener(listener, config), "https", ca, options), nil
}

// certify makes a certificate for the hosts that is its own authority; ca is the same in PEM.
func certify(now time.Time, hosts []string) (certificate tls.Certificate, ca string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "fakecos"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	ca = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, ca, nil
}

func listenLoopback(address string) (net.Listener, error) {
	resolved, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen address: %w", err)
	}
	if !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("listen address %q is not loopback: the fake's keys are public, so it serves this machine alone", address)
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", resolved.String())
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

func serve(listener net.Listener, scheme, ca string, options Options) *Listener {
	s := New(options)
	l := &Listener{Server: s, URL: scheme + "://" + listener.Addr().String(), CA: ca, http: &http.Server{
		Handler:           s,
		ConnContext:       s.ConnContext,
		ReadHeaderTimeout: time.Minute,
		// Clients of tests break connections and refuse certificates on purpose.
		ErrorLog: log.New(io.Discard, "", 0),
	}}
	l.done.Go(func() {
		if err := l.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			l.Server.Close()
		}
	})
	return l
}

// Close stops serving: it releases hanging requests, cuts every connection and returns when the
// port is free.
func (l *Listener) Close() {
	l.Server.Close()
	_ = l.http.Close()
	l.done.Wait()
}

// Connections returns how many client connections were opened so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// readyKey is the context key of the time from which a connection's requests are looked at.
type readyKey struct{}

// ConnContext counts client connections and applies Options.ConnectLatency; set it as the hook of
// that name in an [http.Server]. [Listen] does.
func (s *Server) ConnContext(ctx context.Context, _ net.Conn) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections++
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
