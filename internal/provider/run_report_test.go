// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// everythingDocument is a scheduled job with every setting.
const everythingDocument = `<InventoryConfiguration><Id>weekly</Id><IsEnabled>false</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions>` +
	`<Filter><And><Prefix>logs/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter><OptionalFields><Field>Size</Field><Field>Tag</Field></OptionalFields>` +
	`<Schedule><Frequency>Weekly</Frequency></Schedule><Destination><COSBucketDestination><Bucket>` + testDestination + `</Bucket><AccountId>100000000001</AccountId>` +
	`<Prefix>inventory</Prefix><Format>CSV</Format><Encryption><SSE-COS></SSE-COS></Encryption></COSBucketDestination></Destination></InventoryConfiguration>`

// A run takes over all settings of a scheduled job but its schedule and its switch.
func TestBucketInventoryRunAction_job(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "weekly", everythingDocument)
	p := w.configured()
	without := strings.NewReplacer("<IsEnabled>false</IsEnabled>", "", "<Schedule><Frequency>Weekly</Frequency></Schedule>", "")
	for id, form := range map[string]string{"": `^weekly_instant_\d{14}_[a-z2-7]{8}$`, "mine": "^mine$"} {
		before := len(w.Runs(testBucket))
		members := object{"bucket": testBucket, "job_id": "weekly"}
		if id != "" {
			members["id"] = id
		}
		expectFindings(t, p.checkAction(members))
		progress, found := p.invoke(members)
		runs := w.Runs(testBucket)[before:]
		if len(found) > 0 || len(runs) != 1 || !regexp.MustCompile(form).MatchString(runs[0].ID) || !strings.Contains(progress[0], runs[0].ID) {
			t.Fatalf("runs %+v, progress %q, found %+v", runs, progress, found)
		}
		if want := without.Replace(strings.Replace(everythingDocument, "<Id>weekly<", "<Id>"+runs[0].ID+"<", 1)); runs[0].Document != want {
			t.Errorf("sent %s\nwant %s", runs[0].Document, want)
		}
		if id != "" {
			continue
		}
		second, _, _ := strings.Cut(strings.TrimPrefix(runs[0].ID, "weekly_instant_"), "_")
		if at, err := time.Parse("20060102150405", second); err != nil || time.Since(at).Abs() > time.Hour {
			t.Errorf("the id %s has the time %v", runs[0].ID, at)
		}
	}

	// A job that would run without some of its settings is refused.
	w.Seed(testBucket, "weekly", strings.Replace(everythingDocument, "<And>", "<And><SizeRange>1</SizeRange>", 1))
	_, found := p.invoke(object{"bucket": testBucket, "job_id": "weekly", "id": "narrow"})
	expectFindings(t, found, finding{false, "job_id", "Settings Not Taken Over", "Filter/And/SizeRange"})

	_, found = p.invoke(object{"bucket": testBucket, "job_id": "none"})
	expectFindings(t, found, finding{false, "job_id", "COS Bucket Inventory Not Found", "No one-time job was started."})
	w.Inject(fakecos.Fault{Op: opGet, Status: http.StatusForbidden, Code: "AccessDenied", Times: 1})
	_, found = p.invoke(object{"bucket": testBucket, "job_id": "weekly"})
	expectFindings(t, found, finding{false, "", "Unable to Read COS Bucket Inventory", "No one-time job was started."})
	if n := len(w.Runs(testBucket)); n != 2 {
		t.Errorf("%d runs, want 2", n)
	}
}

func TestBucketInventoryRun_form(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	const both, missing = "Invalid Attribute Combination", "Missing Attribute"
	destination := object{"bucket": testDestination}
	for name, test := range map[string]struct {
		members object
		want    []finding
	}{
		"job":               {object{"job_id": "weekly"}, nil},
		"job and id":        {object{"job_id": "weekly", "id": "once"}, nil},
		"document":          {object{"id": "once", "included_object_versions": "All", "destination": destination}, nil},
		"job, and nothing":  {object{"job_id": "weekly", "filter": object{"tags": object{}}, "optional_fields": []any{}}, nil},
		"unknown job":       {object{"job_id": unknown{}}, nil},
		"unknown job, both": {object{"job_id": unknown{}, "destination": destination}, nil},
		"unknown document":  {object{"id": "once", "included_object_versions": unknown{}, "destination": unknown{}}, nil},
		"unknown beside it": {object{"job_id": "weekly", "destination": unknown{}}, nil},
		"both": {object{"job_id": "weekly", "included_object_versions": "All", "destination": destination, "filter": object{"prefix": "a"}}, []finding{
			{false, "destination", both, "remove job_id"}, {false, "filter", both, "remove job_id"}, {false, "included_object_versions", both, "remove job_id"},
		}},
		"neither":        {object{"id": "once"}, []finding{{false, "job_id", missing, "Set job_id"}}},
		"nothing at all": {object{}, []finding{{false, "id", missing, "needs an id"}, {false, "job_id", missing, "Set job_id"}}},
		"no id":          {object{"included_object_versions": "All", "destination": destination}, []finding{{false, "id", missing, "needs an id"}}},
		"half":           {object{"id": "once", "filter": object{"prefix": "a"}}, []finding{{false, "destination", missing, "needs destination"}, {false, "included_object_versions", missing, "needs included_object_versions"}}},
		"bad job":        {object{"job_id": "a/b"}, []finding{{false, "job_id", invalidValue, "a/b"}}},

		"tags without the field":  {runObject(object{"filter": object{"tags": object{"a": "b"}}}), []finding{{false, "optional_fields", "Missing Report Field", "Tag"}}},
		"a malformed id":          {runObject(object{"id": "a/b"}), []finding{{false, "id", invalidValue, "a/b"}}},
		"a bare destination":      {runObject(object{"destination": object{"bucket": "reports-1250000000"}}), []finding{{false, "destination", invalidValue, testDestination}}},
		"a malformed destination": {runObject(object{"destination": object{"bucket": "qcs::x"}}), []finding{{false, "destination", invalidValue, "qcs::x"}}},
		"an empty period":         {runObject(object{"filter": object{"period": object{"start_time": int64(2), "end_time": int64(2)}}}), []finding{{false, "filter", invalidValue, "ends at 2"}}},
		"another spelling":        {runObject(object{"destination": object{"bucket": testDestination, "format": "csv"}}), []finding{{false, "destination", invalidValue, `Write "CSV".`}}},
		"no room for a report":    {runObject(object{"destination": object{"bucket": testDestination, "prefix": strings.Repeat("a", 850)}}), []finding{{false, "destination", invalidValue, "No report could be delivered"}}},
		"another region":          {runObject(object{"region": secondRegion, "destination": object{"bucket": "qcs::cos:" + secondRegion + "::reports-1250000000"}}), nil},
		"two regions":             {runObject(object{"region": secondRegion}), []finding{{true, "destination", "Destination in Another Region", secondRegion}}},
		"an APPID":                {runObject(object{"destination": object{"bucket": testDestination, "account_id": "1250000000"}}), []finding{{true, "destination", "Unusual Destination Account", "APPID"}}},
	} {
		test.members["bucket"] = testBucket
		for way, via := range runWays() {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				expectFindings(t, via.check(p, test.members), test.want...)
			})
		}
	}
	bare := p.run(runObject(object{"region": testRegion, "destination": object{"bucket": "reports-1250000000"}}))
	validated := call(p, p.server.ValidateActionConfig, &tfprotov6.ValidateActionConfigRequest{ActionType: runType, Config: bare})
	expectFindings(t, findings(t, validated.Diagnostics), finding{false, "destination.bucket", invalidValue, testDestination}) // before the plan
	for way, via := range runWays() {
		t.Run("known too late/"+way, func(t *testing.T) {
			t.Parallel()
			found := via.run(t.Context(), p, object{"bucket": testBucket, "job_id": "weekly", "optional_fields": []any{"Size"}})
			expectFindings(t, found, finding{false, "optional_fields", both, "remove job_id"})
			found = via.run(t.Context(), p, object{"bucket": testBucket, "included_object_versions": "All", "destination": destination})
			expectFindings(t, found, finding{false, "id", missing, "needs an id"})
		})
		config := object{"bucket": testBucket, "job_id": "weekly", "timeouts": object{via.timeout: "0s"}}
		t.Run("no timeout/"+way, func(t *testing.T) {
			t.Parallel()
			expectFindings(t, via.check(p, config), finding{false, "timeouts." + via.timeout, "Invalid Attribute Value", "0s"})
		})
	}
}

// A run that waits has the time that a report takes.
func TestRunTimeout(t *testing.T) {
	t.Parallel()
	d := &providerData{defaultTimeout: time.Minute}
	for waits, want := range map[types.Bool]time.Duration{types.BoolNull(): time.Minute, types.BoolValue(false): time.Minute, types.BoolValue(true): 30 * time.Minute} {
		if got := d.runTimeout(waits); got != want {
			t.Errorf("wait_for_report %s: %s, want %s", waits, got, want)
		}
	}
}

// waitingRun is a run of a scheduled job that waits for its report.
func waitingRun(members object) object {
	return sumOf(object{"bucket": testBucket, "job_id": "nightly", "id": "once", "wait_for_report": true}, members)
}

// A run that waits ends when its report is there, wherever the day is by then, with one POST.
func TestBucketInventoryRunAction_waits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	w.PutObject(testBucket, fakecos.Object{Key: "a", Content: "12345"})
	const prefix = "1250000000/examplebucket/once/"
	// A run of the same id has delivered before, on each day that is looked at.
	for _, day := range []time.Duration{-24 * time.Hour, 0, 24 * time.Hour} {
		w.seedReport(prefix, time.Now().UTC().Add(day).Format(cos.DayFormat), "{}", time.Now().Add(-time.Hour))
	}
	var looks atomic.Int64
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Op == getObject && len(w.Runs(testBucket)) > 0 && looks.Add(1) == 20 {
			w.Deliver()
		}
		return nil
	})
	p := w.configured()
	progress, found := p.invoke(waitingRun(nil))
	expectFindings(t, found)
	last := progress[len(progress)-1]
	if !strings.Contains(last, `The report of the inventory "once" is delivered: `+prefix) || !strings.Contains(last, "/manifest.json in "+testDestination) ||
		!regexp.MustCompile(", [1-9][0-9]* bytes in 1 file, 1 object$").MatchString(last) {
		t.Errorf("the last progress is %q", last)
	}
	if all := strings.Join(progress, "\n"); !strings.Contains(all, "COS has accepted the inventory as job ") || !strings.Contains(all, "Waiting for the report") {
		t.Errorf("progress:\n%s", all)
	}
	if n := len(w.Runs(testBucket)); n != 1 || w.sent()[opPost] != 1 {
		t.Errorf("%d runs, %v", n, w.sent())
	}
}

// A wait that ends without the report says that the run was accepted, and how to look for the
// report.
func TestBucketInventoryRun_notDelivered(t *testing.T) {
	t.Parallel()
	const prefix = "1250000000/examplebucket/once/"
	badChecksum := func(w *world) *fakecos.Fault {
		day := time.Now().UTC().Format(cos.DayFormat)
		w.seedReport(prefix, day, "{}", time.Now())
		w.PutObject(testDestinationBucket, fakecos.Object{Key: prefix + day + "/manifest.checksum", Content: "0"})
		return nil
	}
	fault := func(status int, code string) func(*world) *fakecos.Fault {
		return func(*world) *fakecos.Fault { return &fakecos.Fault{Status: status, Code: code} }
	}
	nothing := func(*world) *fakecos.Fault { return nil }
	keep := map[string]string{"action": "Do not run the action again", "resource": "terraform untaint"}
	for name, test := range map[string]struct {
		look func(*world) *fakecos.Fault // what a look at the report meets
		end  error                       // after some looks
		want []string
	}{
		"timeout":           {nothing, context.DeadlineExceeded, []string{"Its report was not there when the operation's timeout ran out.", "To wait longer the next time, set timeouts."}},
		"cancelled":         {nothing, context.Canceled, []string{"Its report was not there when the operation was cancelled."}},
		"bad checksum":      {badChecksum, context.DeadlineExceeded, []string{"cannot be used: \"", "does not have the MD5 checksum", "timeout ran out"}},
		"busy meanwhile":    {fault(503, "ServiceUnavailable"), context.DeadlineExceeded, []string{"timeout ran out"}},
		"refused meanwhile": {fault(403, "AccessDenied"), nil, []string{"The report cannot be looked for.", "name/cos:GetObject on bucket reports-1250000000"}},
	} {
		for way, via := range runWays() {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, fakecos.Options{})
				w.Seed(testBucket, "nightly", nightlyDocument)
				ctx := endsWith(t, test.end)
				var looks atomic.Int64
				w.Intercept(func(r fakecos.Request) *fakecos.Fault {
					if r.Op != getObject || len(w.Runs(testBucket)) == 0 {
						return nil
					}
					if looks.Add(1) == 10 {
						ctx.end()
					}
					return test.look(w)
				})
				found := via.run(ctx, w.configured(), waitingRun(nil))
				if len(found) != 1 || found[0].summary != "Inventory Report Not Delivered" || found[0].warning {
					t.Fatalf("found %+v", found)
				}
				for _, want := range append(test.want, `COS accepted the one-time job "once"`, "under "+prefix+" in bucket reports-1250000000",
					`destination = { bucket = "`+testDestination+`" }`, keep[way]) {
					if !strings.Contains(found[0].detail, want) {
						t.Errorf("it does not say %q:\n%s", want, found[0].detail)
					}
				}
				if n := len(w.Runs(testBucket)); n != 1 {
					t.Errorf("%d runs", n)
				}
			})
		}
	}
}

// Who may not look at the report learns that before anything is started.
func TestBucketInventoryRun_mayNotWait(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   fakecos.Fault
		members object
		want    finding
	}{
		"refused":        {fakecos.Fault{Op: getObject, Status: http.StatusForbidden, Code: "AccessDenied"}, nil, finding{false, "", "Unable to Read COS Bucket Inventory Report", "No one-time job was started."}},
		"no destination": {fakecos.Fault{Op: "none"}, object{"job_id": nil, "included_object_versions": "All", "destination": object{"bucket": "qcs::cos:ap-guangzhou::missing-1250000000"}}, finding{false, "destination", "Unable to Read COS Bucket Inventory Report", "No one-time job was started."}},
	} {
		for way, via := range runWays() {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, fakecos.Options{})
				w.Seed(testBucket, "nightly", nightlyDocument)
				w.Inject(test.fault)
				found := via.run(t.Context(), w.configured(), waitingRun(test.members))
				expectFindings(t, found, test.want)
				if n := w.sent()[opPost]; n != 0 {
					t.Errorf("%d POST", n)
				}
			})
		}
	}
}
