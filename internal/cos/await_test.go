// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestAwaitInventory: a write shows later, and until then what was there before.
func TestAwaitInventory(t *testing.T) {
	t.Parallel()
	for name, older := range map[string]string{
		"a new job":        "",
		"an older version": strings.Replace(document("nightly"), "Daily", "Weekly", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{VisibilityLag: 10 * time.Second, AccountID: "100000000042"}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				if older != "" {
					fake.Seed(bucket, "nightly", older)
				}
				if err := client.PutInventory(t.Context(), jobOf("nightly"), nightly("nightly")); err != nil {
					t.Fatal(err)
				}
				shown, err := client.AwaitInventory(t.Context(), jobOf("nightly"), nightly("nightly"))
				if err != nil || !shown.Echoes(nightly("nightly")) || shown.Destination.AccountID != "100000000042" {
					t.Fatalf("got %+v, %v", shown, err)
				}
				// 0.25, 0.5, 1, 2 and 4 seconds make 7.75; the next look is at 11.75.
				looks := fake.Requests()[1:]
				pause, at := 250*time.Millisecond, looks[0].Time
				for i, look := range looks {
					if !look.Time.Equal(at) {
						t.Errorf("look %d at %v, want %v", i, look.Time, at)
					}
					at, pause = at.Add(pause), min(2*pause, 4*time.Second)
				}
				if len(looks) != 7 {
					t.Errorf("%d looks", len(looks))
				}
			})
		})
	}
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		fake := startFake(t, fakecos.Options{})
		fake.Seed(bucket, "nightly", document("nightly"))
		shown, err := cos.New(config(t, fake.URL)).AwaitInventory(t.Context(), jobOf("nightly"), nightly("nightly"))
		if err != nil || !shown.Equal(nightly("nightly")) || len(fake.Requests()) != 1 {
			t.Errorf("got %+v, %v after %d looks", shown, err, len(fake.Requests()))
		}
	})
	t.Run("a look that fails for a while", func(t *testing.T) {
		t.Parallel()
		fake := startFake(t, fakecos.Options{})
		fake.Seed(bucket, "nightly", document("nightly"))
		fault := slowDown
		fault.Times = 2
		fake.Inject(fault)
		if _, err := cos.New(config(t, fake.URL)).AwaitInventory(t.Context(), jobOf("nightly"), nightly("nightly")); err != nil || len(fake.Requests()) != 3 {
			t.Errorf("got %v after %d requests", err, len(fake.Requests()))
		}
	})
}

func TestAwaitNoInventory(t *testing.T) {
	t.Parallel()
	t.Run("a deletion that shows later", func(t *testing.T) {
		t.Parallel()
		inBubble(t, fakecos.Options{VisibilityLag: 10 * time.Second}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
			fake.Seed(bucket, "nightly", document("nightly"))
			if err := client.DeleteInventory(t.Context(), jobOf("nightly")); err != nil {
				t.Fatal(err)
			}
			started := time.Now()
			if err := client.AwaitNoInventory(t.Context(), jobOf("nightly")); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(started); took != 11750*time.Millisecond || len(fake.Requests()) != 8 {
				t.Errorf("%d requests in %v", len(fake.Requests()), took)
			}
		})
	})
	t.Run("with its bucket", func(t *testing.T) {
		t.Parallel()
		fake := startFake(t, fakecos.Options{})
		job := jobOf("nightly")
		job.Name = "gone-1258888888"
		if err := cos.New(config(t, fake.URL)).AwaitNoInventory(t.Context(), job); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

// TestAwaitFails: an answer that says nothing about the job is neither there nor gone.
func TestAwaitFails(t *testing.T) {
	t.Parallel()
	awaits := map[string]func(context.Context, *cos.Client, cos.Job) error{
		"COS does not show the job as it was written: ": func(ctx context.Context, c *cos.Client, job cos.Job) error {
			got, err := c.AwaitInventory(ctx, job, nightly(job.ID))
			if err != nil && got.ID != "" {
				return nil
			}
			return err
		},
		"COS does not show the job as deleted: ": func(ctx context.Context, c *cos.Client, job cos.Job) error {
			return c.AwaitNoInventory(ctx, job)
		},
	}
	for prefix, await := range awaits {
		for name, fault := range map[string]fakecos.Fault{
			"denied":          {Status: http.StatusForbidden, Code: cos.CodeAccessDenied},
			"a proxy's 404":   {Status: http.StatusNotFound, Body: new(string)},
			"not a document":  {Body: new(string)},
			"refused for bad": slowDown,
		} {
			t.Run(prefix+name, func(t *testing.T) {
				t.Parallel()
				fake := startFake(t, fakecos.Options{})
				fake.Inject(fault)
				err := await(t.Context(), cos.New(config(t, fake.URL)), jobOf("nightly"))
				if e := failure(t, err); !strings.HasPrefix(err.Error(), prefix) || e.Code != fault.Code || cos.IsNotFound(err) {
					t.Errorf("got %v", err)
				}
			})
		}
		t.Run(prefix+"the context ends", func(t *testing.T) {
			t.Parallel()
			// Neither as written nor gone.
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				fake.Seed(bucket, "nightly", strings.Replace(document("nightly"), "Daily", "Weekly", 1))
				started := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := await(ctx, client, jobOf("nightly"))
				if !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), prefix+"the operation's timeout ran out") || time.Since(started) != time.Minute {
					t.Errorf("got %v after %v", err, time.Since(started))
				}
			})
		})
		t.Run(prefix+"cancelled", func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				fake.Seed(bucket, "nightly", strings.Replace(document("nightly"), "Daily", "Weekly", 1))
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				started := time.Now()
				time.AfterFunc(5*time.Second, cancel) // in the pause from 3.75 to 7.75
				err := await(ctx, client, jobOf("nightly"))
				if !errors.Is(err, context.Canceled) || time.Since(started) != 5*time.Second {
					t.Errorf("got %v after %v", err, time.Since(started))
				}
			})
		})
	}
	t.Run("written into a bucket that is gone", func(t *testing.T) {
		t.Parallel()
		inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
			job := jobOf("nightly")
			job.Name = "gone-1258888888"
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if _, err := client.AwaitInventory(ctx, job, nightly("nightly")); !cos.IsNoSuchBucket(err) || len(fake.Requests()) != 10 {
				t.Errorf("got %v after %d looks", err, len(fake.Requests())) // within 23.75 seconds
			}
		})
	})
}
