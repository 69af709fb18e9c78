// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// stopGrace is how long a stop waits for the running streams. A write that is under way ends well
// within it, see cos.Config.WriteGrace.
const stopGrace = 8 * time.Second

// streams are the actions and queries that are running. Terraform takes the end of a stream for
// success, and tf6server drops the events of a stream once a stop has returned. So a stop ends the
// work of each stream, and returns when each has said how it ended.
type streams struct {
	mu       sync.Mutex
	stopping bool
	running  map[chan struct{}]context.CancelFunc // by what is closed at the stream's end
}

// begin returns the context of a stream, which a stop ends. The caller calls end once its events
// are sent.
func (s *streams) begin(parent context.Context) (ctx context.Context, end func()) {
	ctx, cancel := context.WithCancel(parent)
	ended := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		cancel()
	}
	if s.running == nil {
		s.running = map[chan struct{}]context.CancelFunc{}
	}
	s.running[ended] = cancel
	return ctx, func() {
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.running, ended)
		close(ended)
	}
}

// stop ends all streams, also those that begin until ctx ends, and waits for the running ones.
func (s *streams) stop(ctx context.Context) {
	set := func(stopping bool) map[chan struct{}]context.CancelFunc {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.stopping = stopping
		return maps.Clone(s.running)
	}
	running := set(true)
	context.AfterFunc(ctx, func() { set(false) })
	for _, cancel := range running {
		cancel()
	}
	tooLong := time.After(stopGrace)
	for ended := range running {
		select {
		case <-ended:
		case <-tooLong:
			return
		}
	}
}

// StopProvider ends all calls. Once it has returned, tf6server sends nothing more of a stream.
func (s *server) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	resp, err := s.frameworkServer.StopProvider(ctx, req)
	s.streams.stop(ctx)
	return resp, err
}

func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, end := s.streams.begin(ctx)
	stream, err := s.frameworkServer.ListResource(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	results := stream.Results
	stream.Results = func(push func(tfprotov6.ListResourceResult) bool) {
		defer end()
		for result := range results {
			moveToLines(result.Diagnostics)
			if !push(result) {
				return
			}
		}
	}
	return stream, nil
}

func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, end := s.streams.begin(ctx)
	stream, err := s.frameworkServer.InvokeAction(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	events := stream.Events
	stream.Events = func(push func(tfprotov6.InvokeActionEvent) bool) {
		defer end()
		taken := true
		for event := range events { // to the end: else the action would block at its next progress
			if completed, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
				moveToLines(completed.Diagnostics)
			}
			taken = taken && push(event)
		}
	}
	return stream, nil
}

// terminationGrace is how long Terraform has, after a SIGTERM, to end its providers itself. Every
// write ends well within it, and its result reaches the state.
const terminationGrace = 15 * time.Second

// deferTermination leaves a first SIGTERM to Terraform. A CI system sends it to the whole process
// group: Terraform then asks its providers to stop, and saves their results. A provider that ended
// at once would lose the results of its writes. go-plugin does the same for SIGINT. A second
// SIGTERM ends the process, and so does the end of the grace period, in case Terraform is gone.
func deferTermination(exit func(code int)) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go exitAfterSecond(signals, time.After, exit)
}

func exitAfterSecond(signals <-chan os.Signal, after func(time.Duration) <-chan time.Time, exit func(code int)) {
	<-signals
	select {
	case <-signals:
	case <-after(terminationGrace):
	}
	exit(128 + int(syscall.SIGTERM)) // as a shell reports it
}
