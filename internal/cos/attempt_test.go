// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A call is cancelled after a second, or its timeout runs out. A write that is under way by then is
// let finish for five seconds; a read ends at once.
func TestCancelled_writeUnderWay(t *testing.T) {
	t.Parallel()
	seconds := func(n int, fault fakecos.Fault) fakecos.Fault {
		fault.Delay = time.Duration(n) * time.Second
		return fault
	}
	for name, end := range ends {
		for what, test := range map[string]struct {
			fault fakecos.Fault
			took  time.Duration // by a write
			code  string        // of its error; "none" is success, "" the end
		}{
			"answered within the grace": {seconds(4, fakecos.Fault{}), 4 * time.Second, "none"},
			"refused within the grace":  {seconds(4, fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}), 4 * time.Second, cos.CodeAccessDenied},
			"COS is busy":               {seconds(4, slowDown), 4 * time.Second, ""},
			"not answered":              {fakecos.Fault{Hang: true, AfterEffect: true}, 6 * time.Second, ""},
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
					t.Helper()
					inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
						if op == cos.DeleteInventory {
							fake.Seed(bucket, "nightly", document("nightly"))
						}
						fake.Inject(test.fault)
						ctx, cancel := end.after(t.Context(), time.Second)
						defer cancel()
						started := time.Now()
						err := do(ctx, client, "nightly")
						took, want, code := time.Since(started), test.took, test.code
						if op == cos.GetInventory || op == cos.ListInventories {
							want, code = time.Second, ""
						}
						if took != want || len(fake.Requests()) != 1 {
							t.Errorf("it took %v and %d requests", took, len(fake.Requests()))
						}
						if (err == nil) != (code == "none") || errors.Is(err, end.err) != (code == "") || err != nil && code != "" && failure(t, err).Code != code {
							t.Errorf("want the code %q, not %v", code, err)
						}
					})
				})
			})
		}
	}
}

// A write that has no connection yet when it is cancelled is not sent any more.
func TestCancelled_writeNotSentYet(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
		client.DialWith(func(ctx context.Context, network, address string) (net.Conn, error) {
			time.Sleep(10 * time.Second)
			return fake.dial(ctx, network, address)
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		err := client.PutInventory(ctx, jobOf("nightly"), nightly("nightly"))
		if took := time.Since(started); took != time.Second || !errors.Is(err, context.Canceled) {
			t.Errorf("after %v: %v", took, err)
		}
		time.Sleep(time.Minute) // of the bubble's time: nothing comes later
		if n := len(fake.Requests()); n != 0 {
			t.Errorf("%d requests", n)
		}
	})
}

// A write whose credentials come only after it was cancelled is not sent any more.
func TestCancelled_whileObtainingCredentials(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	c := config(t, fake.URL)
	found, writing := c.Credentials, false
	c.Credentials = func(ctx context.Context) (credentials.Credentials, error) {
		if writing {
			cancel()
		}
		return found(ctx)
	}
	client := cos.New(c)
	_, _ = client.GetInventory(ctx, jobOf("nightly")) // so that there is a connection
	writing = true
	err := client.PutInventory(ctx, jobOf("nightly"), nightly("nightly"))
	if e := failure(t, err); !errors.Is(err, context.Canceled) || e.Sent || e.MayBeDone || len(fake.Requests()) != 1 {
		t.Errorf("%d requests, sent %t: %v", len(fake.Requests()), e.Sent, err)
	}
}
