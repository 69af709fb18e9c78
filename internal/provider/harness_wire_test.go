// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// wire is a provider behind a connection, as Terraform has it. What tf6server does not send of a
// stream is seen here only.
type wire struct {
	t          testing.TB
	connection *grpc.ClientConn
}

// serve serves the provider until the test has ended.
func (p *protocol) serve(t *testing.T) *wire {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	reattach, closed := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
	go func() {
		err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return p.server },
			tf6server.WithDebug(ctx, reattach, closed), tf6server.WithLoggingSink(t)) // which drops what nobody asks for
		if err != nil {
			t.Error(err)
		}
	}()
	config := await(t, reattach)
	if config == nil {
		t.FailNow()
	}
	at := config.Addr
	connection, err := grpc.NewClient(at.Network()+":"+at.String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
		cancel()
		await(t, closed)
	})
	return &wire{t, connection}
}

// event is one event of an action or of a query, in so far as tests look at it.
type event struct {
	Progress  *struct{ Message string }
	Completed *struct{ Diagnostics []wireDiagnostic }

	DisplayName string
	Diagnostic  []wireDiagnostic
}

type wireDiagnostic struct{ Severity, Summary, Detail string }

// stream makes a call and passes its events to see, until the stream ends.
func (w *wire) stream(method string, request object, see func(event)) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), testBound)
	defer cancel()
	s, err := w.connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/tfplugin6.Provider/"+method)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := errors.Join(s.SendMsg(w.message(method+".Request", request)), s.CloseSend()); err != nil {
		w.t.Fatal(err)
	}
	for {
		message := w.message(method+".Event", nil)
		err := s.RecvMsg(message)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := protojson.Marshal(message)
		if err != nil {
			w.t.Fatal(err)
		}
		var e event
		if err := json.Unmarshal(text, &e); err != nil {
			w.t.Fatal(err)
		}
		see(e)
	}
}

// stopAt asks the provider to stop at the event, as Terraform does when it is interrupted. The
// caller waits for what it returns.
func (w *wire) stopAt(event <-chan struct{}) (stopped func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		await(w.t, event)
		ctx, cancel := context.WithTimeout(w.t.Context(), testBound)
		defer cancel()
		if err := w.connection.Invoke(ctx, "/tfplugin6.Provider/StopProvider", w.message("StopProvider.Request", nil), w.message("StopProvider.Response", nil)); err != nil {
			w.t.Error(err)
		}
	}()
	return func() { <-done }
}

// message makes a message of the protocol. Its Go types are tf6server's own.
func (w *wire) message(name string, members object) proto.Message {
	w.t.Helper()
	typ, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName("tfplugin6." + name))
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := json.Marshal(members)
	if err != nil {
		w.t.Fatal(err)
	}
	message := typ.New().Interface()
	if members != nil {
		err = protojson.Unmarshal(text, message)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return message
}
