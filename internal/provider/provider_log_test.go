// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// entry is a line of the log as its reader gets it: numbers are float64.
type entry = map[string]any

func decodeLog(t *testing.T, log *bytes.Buffer) []entry {
	t.Helper()
	entries, err := tflogtest.MultilineJSONDecode(log)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestLogExchange(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		exchange cos.Exchange
		want     entry
	}{
		"success": {
			cos.Exchange{Op: cos.GetInventory, Bucket: testJob().Bucket, ID: "nightly", Attempt: 1, Status: 200, RequestID: "NjRi", Duration: 1500 * time.Microsecond},
			entry{"operation": "GetBucketInventory", "id": "nightly", "attempt": 1., "status": 200., "request_id": "NjRi", "milliseconds": 1.},
		},
		"refusal": {
			cos.Exchange{Op: cos.PutInventory, Bucket: testJob().Bucket, ID: "nightly", Attempt: 3, Status: 503, RequestID: "NjRj", Duration: 2 * time.Second},
			entry{"operation": "PutBucketInventory", "id": "nightly", "attempt": 3., "status": 503., "request_id": "NjRj", "milliseconds": 2000.},
		},
		"no answer": {
			cos.Exchange{Op: cos.DeleteInventory, Bucket: testJob().Bucket, ID: "nightly", Attempt: 2, Duration: 7 * time.Millisecond, Err: errors.New("connection reset by peer")},
			entry{"operation": "DeleteBucketInventory", "id": "nightly", "attempt": 2., "error": "connection reset by peer", "milliseconds": 7.},
		},
		"list": {
			cos.Exchange{Op: cos.ListInventories, Bucket: sourceBucket, Attempt: 1, Status: 200, RequestID: "NjRk"},
			entry{"operation": "ListBucketInventory", "attempt": 1., "status": 200., "request_id": "NjRk", "milliseconds": 0.},
		},
		"answer of somebody else": {
			cos.Exchange{Op: cos.GetInventory, Bucket: testJob().Bucket, ID: "nightly", Attempt: 1, Status: 502},
			entry{"operation": "GetBucketInventory", "id": "nightly", "attempt": 1., "status": 502., "request_id": "", "milliseconds": 0.},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			logExchange(tflogtest.RootLogger(t.Context(), &log), c.exchange)

			for key, value := range (entry{"@level": "debug", "@message": "COS API call", "@module": "provider", "region": testRegion, "bucket": testBucket}) {
				c.want[key] = value
			}
			if got := decodeLog(t, &log); len(got) != 1 || !reflect.DeepEqual(got[0], c.want) {
				t.Errorf("logged\n%v\nwant one line\n%v", got, c.want)
			}
		})
	}
}

// Every attempt is a line, and a line holds what [logExchange] puts there.
func TestLogExchange_calls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Inject(fakecos.Fault{Op: opPut, Times: 1, Reset: true})
	w.Inject(fakecos.Fault{Op: opPut, Times: 1, Status: http.StatusServiceUnavailable, Code: "SlowDown"})

	var log bytes.Buffer
	settings, diags := w.provider.settings(providerModel{})
	if diags.HasError() {
		t.Fatal(diags)
	}
	config := cos.Config{Credentials: settings.credentials.Source, Domain: settings.domain, MaxRetries: 2, Observe: logExchange}
	impatient(&config)
	client := cos.New(config)
	ctx := tflogtest.RootLogger(t.Context(), &log)
	for _, call := range []func(context.Context) error{
		func(ctx context.Context) error { return client.PutInventory(ctx, testJob(), testInventory()) },
		func(ctx context.Context) error { _, err := client.GetInventory(ctx, testJob()); return err },
		func(ctx context.Context) error { return client.DeleteInventory(ctx, testJob()) },
	} {
		if err := call(ctx); err != nil {
			t.Fatal(err)
		}
	}

	want := []entry{
		{"operation": "PutBucketInventory", "attempt": 1., "error": true},
		{"operation": "PutBucketInventory", "attempt": 2., "status": 503., "request_id": true},
		{"operation": "PutBucketInventory", "attempt": 3., "status": 200., "request_id": true},
		{"operation": "GetBucketInventory", "attempt": 1., "status": 200., "request_id": true},
		{"operation": "DeleteBucketInventory", "attempt": 1., "status": 204., "request_id": true},
	}
	sent := w.Requests()
	got := decodeLog(t, &log)
	if len(got) != len(want) || len(sent) != len(want) {
		t.Fatalf("%d lines and %d requests, want %d:\n%v", len(got), len(sent), len(want), got)
	}
	for i, line := range got {
		if id, ok := line["request_id"]; ok {
			if id != sent[i].RequestID {
				t.Errorf("line %d has request id %v, the answer had %s", i, id, sent[i].RequestID)
			}
			line["request_id"] = true
		}
		if _, ok := line["error"]; ok {
			line["error"] = true
		}
		if _, ok := line["milliseconds"].(float64); !ok {
			t.Errorf("line %d lasted %v", i, line["milliseconds"])
		}
		delete(line, "milliseconds")
		for key, value := range (entry{
			"@level": "debug", "@message": "COS API call", "@module": "provider", "region": testRegion, "bucket": testBucket, "id": "nightly",
		}) {
			want[i][key] = value
		}
		if !reflect.DeepEqual(line, want[i]) {
			t.Errorf("line %d is\n%v\nwant\n%v", i, line, want[i])
		}
	}
}

// A configured provider writes the log.
func TestLogExchange_configured(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", sampleDocument)
	p := w.configured()
	var log bytes.Buffer
	response, err := p.server.ReadResource(tflogtest.RootLogger(t.Context(), &log), &tfprotov6.ReadResourceRequest{
		TypeName: testType, CurrentState: p.job(jobObject(object{"region": testRegion})),
	})
	if err != nil {
		t.Fatal(err)
	}
	expectFindings(t, findings(t, response.Diagnostics))
	got := slices.DeleteFunc(decodeLog(t, &log), func(line entry) bool { return line["@message"] != "COS API call" })
	if len(got) != 1 || got[0]["operation"] != "GetBucketInventory" || got[0]["status"] != 200. {
		t.Errorf("logged\n%v\nwant the one call", got)
	}
}

// The code with which COS says that there is no job is worth one line if no page has it.
func TestLogExchange_otherCode(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	observe, ctx := newExchangeLog(), tflogtest.RootLogger(t.Context(), &log)
	for _, code := range []string{"", cos.CodeNoSuchJob, cos.CodeNoSuchBucket, "NoSuchInventory", "NoSuchInventory"} {
		observe(ctx, cos.Exchange{Op: cos.GetInventory, Status: http.StatusNotFound, Code: code})
	}
	got := slices.DeleteFunc(decodeLog(t, &log), func(line entry) bool { return line["@message"] == "COS API call" })
	if len(got) != 1 || got[0]["@level"] != "info" || got[0]["code"] != "NoSuchInventory" {
		t.Errorf("logged %v", got)
	}
}

// A renewal that fails while the old credentials are valid is in the log alone.
func TestLogRenewalFailed(t *testing.T) {
	t.Parallel()
	options, diags := newWorld(t, fakecos.Options{}).provider.credentialOptions(providerModel{})
	if diags.HasError() {
		t.Fatal(diags)
	}
	var log bytes.Buffer
	options.RenewalFailed(tflogtest.RootLogger(t.Context(), &log), errors.New("STS refused AssumeRole"))
	got := decodeLog(t, &log)
	if len(got) != 1 || got[0]["@level"] != "warn" || got[0]["error"] != "STS refused AssumeRole" {
		t.Errorf("logged %v", got)
	}
}
