// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

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
