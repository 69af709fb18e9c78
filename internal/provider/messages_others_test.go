// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// unread are two buckets of an account that could not be read, one of them as it was refused.
func unread(t *testing.T) []unreadThing {
	t.Helper()
	var failed []unreadThing
	for i, fault := range []fakecos.Fault{
		said(403, "AccessDenied", "Access Denied."),
		said(500, "InternalError", "We encountered an internal error. Please try again."),
	} {
		a := newAttempt(t, cos.ListInventories)
		a.Inject(fault)
		failed = append(failed, unreadThing{[]string{"a-1250000000", "b-1250000000"}[i] + " in region " + testRegion, a.err()})
	}
	return failed
}

// odd are jobs whose documents cannot be read.
func odd() []*cos.UnreadableJob {
	return []*cos.UnreadableJob{
		{ID: `x/y\u202e`, Err: cos.CheckID("x/y\u202e")},
		{ID: "audit", Err: errors.New("the document cannot be trusted: Schedule/Frequency is missing or empty")},
		{ID: "c3b1", Err: cos.ErrAccelerated},
	}
}

func oddThings() (things []unreadThing) {
	for _, job := range odd() {
		things = append(things, unreadJob(testJob().Bucket, job))
	}
	return things
}

// told are the messages behind which there is no failed call.
func told() map[string]diag.Diagnostics {
	job, inv := testJob(), testInventory()
	disabled, changed := inv, inv
	disabled.IsEnabled = false
	changed.IsEnabled, changed.OptionalFields, changed.Unmodelled = false, nil, []string{"Filter/And/SizeRange"}
	under := inv.Destination
	under.Prefix = "inventory"
	timeout, cancelled := &cos.Interruption{Err: context.DeadlineExceeded}, &cos.Interruption{Err: context.Canceled}
	sinceThen := []cos.Difference{{Setting: "schedule.frequency", Was: `"Daily"`, Now: `"Weekly"`}, {Setting: "Filter/And/SizeRange", Was: "not set", Now: "set"}}
	newer, twin := []string{"Filter/And/SizeRange", "Schedule/Zone"}, []string{"Destination/COSBucketDestination/Encryption/SSECOS"}
	keys := &credentials.Found{Setting: "secret_id", Origin: envSecretID + " and " + envSecretKey}
	return map[string]diag.Diagnostics{
		"already_exists":                 {alreadyExists(job, testRegion, false)},
		"already_exists_elsewhere":       {alreadyExists(job, "ap-shanghai", false)},
		"already_exists_in_state":        {alreadyExists(job, testRegion, true)},
		"planned_and_there":              {willExist(job, testRegion, inv)},
		"planned_and_switched_off":       {willExist(job, "ap-shanghai", disabled)},
		"planned_replacement_exists":     {replacementExists(job.Bucket.Job("hourly"), job, inv)},
		"planned_replacement_twice":      {replacedTwice(job)},
		"planned_job_lost":               {jobIsLost(job)},
		"replaced_job_gone":              {replacedJobIsGone()},
		"deleted_after_a_refused_create": {deletedAfterRefusedCreate(job)},
		"created_by_another_resource":    {beingWritten(job, "create")},
		"updated_by_another_resource":    {beingWritten(job, "update")},
		"bucket_is_ofs":                  {bucketIsOFS(job)},
		"changed_since_plan":             {changedSincePlan(job, sinceThen)},
		"deleted_since_plan":             {deletedSincePlan(job)},
		"write_shown_otherwise":          {shownOtherwise(job, inv.Differences(changed))},
		"delete_not_shown":               {unconfirmed("deleted", job, timeout)}, // in the pause between two looks
		"destination_missing":            {destinationMissing(job, testPlace().Bucket)},
		"destination_elsewhere":          checkDestinationRegion(types.StringValue(secondDestination), types.StringValue(testRegion)),
		"bucket_elsewhere":               {bucketElsewhere(testBucket, secondRegion)},
		"missing_region":                 {missingRegion()},
		"extra_lost":                     {extraLost(job, []string{"CreateTime", "Owner"}, 100)},
		"unmodelled_read":                unmodelledRead(job, newer),
		"unmodelled_lost":                unmodelledLost(newer),
		"unmodelled_twin_read":           unmodelledRead(job, twin),
		"unmodelled_twin_lost":           unmodelledLost(twin),

		"report_not_nfc":      {reportNotKept(job, testPlace(), []string{"report_prefix", "files.key"})},
		"report_bad_manifest": {reportError(dataSourceRead, job, testPlace(), badManifest())},
		"buckets_none":        {noBuckets(cos.BucketFilter{Region: "eu-frankfurt", TagKey: "team", TagValue: "data"})},
		"jobs_unreadable":     {jobsUnreadable(oddThings()[:2])},
		"jobs_left_out":       {jobsLeftOut(oddThings())},
		"job_unreadable":      {jobUnreadable(job.Bucket, odd()[2])},
		"query_limit":         {limitReached(100)},

		"run_report_timeout":      {notDelivered(job, under, testPlace(), actionRun, timeout)},
		"run_report_bad_manifest": {notDelivered(job, inv.Destination, testPlace(), actionRun, fmt.Errorf("%w; the last look failed: %w", timeout, badManifest()))},
		"run_report_cancelled":    {notDelivered(job, inv.Destination, testPlace(), resourceRun, cancelled)},
		"run_unmodelled":          unmodelledInRun(job, newer[:1]),

		"environment_role": {environmentRole("qcs::cam::uin/100000000002:roleName/ci")},
		"source_not_used":  {unusedSource("profile", "prod", keys)},
	}
}

func denied() fakecos.Fault { return said(403, "AccessDenied", "Access Denied.") }

func noBucket() fakecos.Fault {
	return said(404, "NoSuchBucket", "The specified bucket does not exist.")
}

func noJob() fakecos.Fault {
	return said(404, "InventoryConfigurationNotFoundError", "The inventory configuration does not exist.")
}

// after is what is told after a call that failed.
func after(op cos.Operation, fault fakecos.Fault, tell func(error) diag.Diagnostics) func(t *testing.T) diag.Diagnostics {
	return func(t *testing.T) diag.Diagnostics {
		t.Helper()
		a := newAttempt(t, op)
		a.Inject(fault)
		return tell(a.err())
	}
}

func reportUnread(err error) diag.Diagnostics {
	return diag.Diagnostics{reportError(dataSourceRead, testJob(), testPlace(), err)}
}

func notLooked(err error) diag.Diagnostics { return diag.Diagnostics{notLookedFor(testJob(), err)} }

// others are the messages of more than a call of the resource. They are made for the test alone: some are
// large, and the binary is a plugin, too.
func others() map[string]func(t *testing.T) diag.Diagnostics {
	return map[string]func(t *testing.T) diag.Diagnostics{
		"planned_and_refused":    after(cos.GetInventory, denied(), notLooked),
		"planned_without_bucket": after(cos.GetInventory, noBucket(), notLooked),
		"import_not_found": after(cos.GetInventory, noJob(), func(err error) diag.Diagnostics {
			return diag.Diagnostics{importedInto(testRegion).importNotFound(testJob(), err)}
		}),
		"import_bucket_not_found": after(cos.GetInventory, noBucket(), func(err error) diag.Diagnostics {
			return diag.Diagnostics{importedInto("ap-shanghai").importNotFound(testJob(), err)}
		}),
		"bucket_gone": after(cos.GetInventory, noBucket(), func(err error) diag.Diagnostics { return bucketGone(testJob(), err) }),
		"bucket_not_served": after(cos.DeleteInventory, noBucket(), func(err error) diag.Diagnostics {
			return diag.Diagnostics{bucketNotServed(testJob(), err)}
		}),
		"report_refused_list": after(cos.ListObjects, denied(), reportUnread),
		"report_refused":      after(cos.GetObject, denied(), reportUnread),
		"report_no_bucket":    after(cos.ListObjects, noBucket(), reportUnread),
		"report_no_manifest":  after(cos.GetObject, garbled("<html>"), reportUnread),
		"report_too_large":    after(cos.GetObject, garbled(strings.Repeat(" ", 16<<20+1)), reportUnread),
		"buckets_refused": after(cos.GetService, denied(), func(err error) diag.Diagnostics {
			return diag.Diagnostics{bucketsError(dataSourceRead, err)}
		}),
		"run_job_not_found": after(cos.GetInventory, noJob(), func(err error) diag.Diagnostics {
			return diag.Diagnostics{jobNotFound(pathJobID, testJob(), err, "Check job_id; the data source cos_bucket_inventories lists the jobs of the bucket. No one-time job was started.")}
		}),
		"run_report_refused_before": after(cos.GetObject, denied(), func(err error) diag.Diagnostics {
			return diag.Diagnostics{notStarted(reportError(actionRun.reading(), testJob(), testPlace(), err))}
		}),
		"run_report_refused": after(cos.GetObject, denied(), func(err error) diag.Diagnostics {
			return diag.Diagnostics{notDelivered(testJob(), testInventory().Destination, testPlace(), actionRun, err)}
		}),
		"write_not_shown": func(t *testing.T) diag.Diagnostics {
			a := newAttempt(t, cos.GetInventory)
			a.Seed(testBucket, "nightly", strings.Replace(sampleDocument, "true", "false", 1))
			shown := testInventory()
			shown.IsEnabled = false
			ctx := endsWith(t, context.DeadlineExceeded)
			var reads atomic.Int64
			a.config.Observe = func(context.Context, cos.Exchange) {
				if reads.Add(1) == 3 {
					ctx.end()
				}
			}
			_, err := cos.New(a.config).AwaitInventory(ctx, testJob(), waitFor(shown, testInventory()))
			return diag.Diagnostics{unconfirmed("written", testJob(), err)}
		},
		"write_not_readable": func(t *testing.T) diag.Diagnostics {
			a := newAttempt(t, cos.GetInventory)
			a.Inject(said(500, "InternalError", "We encountered an internal error. Please try again."))
			_, err := cos.New(a.config).AwaitInventory(t.Context(), testJob(), waitFor(cos.Inventory{}, testInventory()))
			return diag.Diagnostics{unconfirmed("written", testJob(), err)}
		},
		"run_accepted_after_end": func(t *testing.T) diag.Diagnostics {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return diag.Diagnostics{acceptedAfterEnd(ctx, &acceptedRun{job: testJob(), sent: testInventory()})}
		},
		"written_then_cancelled": func(t *testing.T) diag.Diagnostics {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := cos.New(newAttempt(t, cos.GetInventory).config).AwaitInventory(ctx, testJob(), waitFor(cos.Inventory{}, testInventory()))
			return diag.Diagnostics{unconfirmed("written", testJob(), err)}
		},
		"buckets_not_listed_by_domain": func(t *testing.T) diag.Diagnostics {
			a := newAttempt(t, cos.GetService)
			a.dial("https://cos-internal.ap-guangzhou.tencentcos.cn")
			return diag.Diagnostics{bucketsError(dataSourceRead, a.err())}
		},
		"buckets_unread": func(t *testing.T) diag.Diagnostics {
			return diag.Diagnostics{bucketsUnread(unread(t), false)}
		},
		"buckets_unread_ignoring": func(t *testing.T) diag.Diagnostics {
			return diag.Diagnostics{bucketsUnread(unread(t)[1:], true)}
		},
		"bucket_unread": func(t *testing.T) diag.Diagnostics {
			return diag.Diagnostics{bucketUnread(testJob().Bucket, unread(t)[0].err)}
		},
		"bucket_of_odd_name": func(t *testing.T) diag.Diagnostics {
			nowhere := cos.Bucket{Name: testBucket}
			return diag.Diagnostics{bucketUnread(nowhere, listAll(t.Context(), cos.New(newAttempt(t, cos.ListInventories).config), nowhere).Err)}
		},
		"buckets_unread_many": func(t *testing.T) diag.Diagnostics {
			two := unread(t)
			things := two[1:]
			for i := range 299 {
				things = append(things, unreadThing{fmt.Sprintf("many%03d-1250000000 in region %s", i, testRegion), two[0].err})
			}
			return diag.Diagnostics{bucketsUnread(things, false)}
		},
		"buckets_left_out": func(t *testing.T) diag.Diagnostics {
			return diag.Diagnostics{bucketsLeftOut(unread(t)[:1])}
		},
		"buckets_cancelled": func(t *testing.T) diag.Diagnostics {
			err := interrupted(cos.ListInventories, context.Canceled, fakecos.Fault{Hang: true})(t)
			return diag.Diagnostics{bucketsInterrupted(queryList, []unreadThing{unreadBucket(testJob().Bucket, err)}, 120)}
		},
		"buckets_timeout": func(t *testing.T) diag.Diagnostics {
			err := interrupted(cos.ListInventories, context.DeadlineExceeded, said(503, "SlowDown", "Please reduce your request rate."))(t)
			return diag.Diagnostics{bucketsInterrupted(queryList, []unreadThing{unreadBucket(testJob().Bucket, err)}, 120)}
		},
		"time_in_milliseconds": func(t *testing.T) diag.Diagnostics {
			var resp validator.Int64Response
			notMilliseconds{}.ValidateInt64(t.Context(), validator.Int64Request{Path: pathStartTime, ConfigValue: types.Int64Value(1767225600000)}, &resp)
			return resp.Diagnostics
		},
		"other_region_planned": func(t *testing.T) diag.Diagnostics {
			a := newAttempt(t, cos.GetInventory)
			a.dial("https://cos-internal.ap-shanghai.tencentcos.cn")
			return diag.Diagnostics{regionNotServed(testRegion, cos.New(a.config).CheckRegion(testRegion))}
		},
	}
}
