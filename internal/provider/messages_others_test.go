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

// reportCase is a failed look at a report.
func reportCase(op cos.Operation, fault fakecos.Fault) func(t *testing.T) diag.Diagnostics {
	return func(t *testing.T) diag.Diagnostics {
		t.Helper()
		a := newAttempt(t, op)
		a.Inject(fault)
		return diag.Diagnostics{reportError(dataSourceRead, testJob(), testPlace(), a.err())}
	}
}

// others are the warnings, and the refusals behind which there is no failed call.
var others = map[string]func(t *testing.T) diag.Diagnostics{
	"already_exists": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{alreadyExists(testJob(), testRegion, false)}
	},
	"already_exists_elsewhere": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{alreadyExists(testJob(), "ap-shanghai", false)}
	},
	"already_exists_in_state": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{alreadyExists(testJob(), testRegion, true)}
	},
	"planned_and_there": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{willExist(testJob(), testRegion, testInventory())}
	},
	"planned_and_switched_off": func(*testing.T) diag.Diagnostics {
		held := testInventory()
		held.IsEnabled = false
		return diag.Diagnostics{willExist(testJob(), "ap-shanghai", held)}
	},
	"planned_replacement_exists": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{replacementExists(testJob().Bucket.Job("hourly"), testJob(), testInventory())}
	},
	"planned_replacement_twice": func(*testing.T) diag.Diagnostics { return diag.Diagnostics{replacedTwice(testJob())} },
	"planned_job_lost":          func(*testing.T) diag.Diagnostics { return diag.Diagnostics{jobIsLost(testJob())} },
	"planned_and_refused": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(403, "AccessDenied", "Access Denied."))
		return diag.Diagnostics{notLookedFor(testJob(), a.err())}
	},
	"planned_without_bucket": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "NoSuchBucket", "The specified bucket does not exist."))
		return diag.Diagnostics{notLookedFor(testJob(), a.err())}
	},
	"replaced_job_gone": func(*testing.T) diag.Diagnostics { return diag.Diagnostics{replacedJobIsGone()} },
	"deleted_after_a_refused_create": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{deletedAfterRefusedCreate(testJob())}
	},
	"created_by_another_resource": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{beingWritten(testJob(), "create")}
	},
	"updated_by_another_resource": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{beingWritten(testJob(), "update")}
	},
	"bucket_is_ofs": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketIsOFS(testJob())}
	},
	"changed_since_plan": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{changedSincePlan(testJob(), []cos.Difference{{Setting: "schedule.frequency", Was: `"Daily"`, Now: `"Weekly"`}, {Setting: "Filter/And/SizeRange", Was: "not set", Now: "set"}})}
	},
	"deleted_since_plan": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{deletedSincePlan(testJob())}
	},
	"import_not_found": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "InventoryConfigurationNotFoundError", "The inventory configuration does not exist."))
		return diag.Diagnostics{importedInto(testRegion).importNotFound(testJob(), a.err())}
	},
	"import_bucket_not_found": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "NoSuchBucket", "The specified bucket does not exist."))
		return diag.Diagnostics{importedInto("ap-shanghai").importNotFound(testJob(), a.err())}
	},
	"bucket_gone": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "NoSuchBucket", "The specified bucket does not exist."))
		return bucketGone(testJob(), a.err())
	},
	"bucket_not_served": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.DeleteInventory)
		a.Inject(said(404, "NoSuchBucket", "The specified bucket does not exist."))
		return diag.Diagnostics{bucketNotServed(testJob(), a.err())}
	},
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
	"write_shown_otherwise": func(*testing.T) diag.Diagnostics {
		shown := testInventory()
		shown.IsEnabled, shown.OptionalFields, shown.Unmodelled = false, nil, []string{"Filter/And/SizeRange"}
		return diag.Diagnostics{shownOtherwise(testJob(), testInventory().Differences(shown))}
	},
	"write_not_readable": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(500, "InternalError", "We encountered an internal error. Please try again."))
		_, err := cos.New(a.config).AwaitInventory(t.Context(), testJob(), waitFor(cos.Inventory{}, testInventory()))
		return diag.Diagnostics{unconfirmed("written", testJob(), err)}
	},
	"delete_not_shown": func(*testing.T) diag.Diagnostics { // in the pause between two looks
		return diag.Diagnostics{unconfirmed("deleted", testJob(), &cos.Interruption{Err: context.DeadlineExceeded})}
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
	"destination_missing": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{destinationMissing(testJob(), testPlace().Bucket)}
	},
	"report_refused_list": reportCase(cos.ListObjects, said(403, "AccessDenied", "Access Denied.")),
	"report_refused":      reportCase(cos.GetObject, said(403, "AccessDenied", "Access Denied.")),
	"report_no_bucket":    reportCase(cos.ListObjects, said(404, "NoSuchBucket", "The specified bucket does not exist.")),
	"report_no_manifest":  reportCase(cos.GetObject, garbled("<html>")),
	"report_not_nfc": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{reportNotKept(testJob(), testPlace(), []string{"report_prefix", "files.key"})}
	},
	"report_too_large": reportCase(cos.GetObject, garbled(strings.Repeat(" ", 16<<20+1))),
	"report_bad_manifest": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{reportError(dataSourceRead, testJob(), testPlace(), badManifest())}
	},
	"buckets_refused": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetService)
		a.Inject(said(403, "AccessDenied", "Access Denied."))
		return diag.Diagnostics{bucketsError(dataSourceRead, a.err())}
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
	"buckets_none": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{noBuckets(cos.BucketFilter{Region: "eu-frankfurt", TagKey: "team", TagValue: "data"})}
	},
	"jobs_unreadable": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{jobsUnreadable(oddThings()[:2])}
	},
	"jobs_left_out": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{jobsLeftOut(oddThings())}
	},
	"job_unreadable": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{jobUnreadable(testJob().Bucket, odd()[2])}
	},
	"query_limit": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{limitReached(100)}
	},
	"run_job_not_found": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "InventoryConfigurationNotFoundError", "The inventory configuration does not exist."))
		return diag.Diagnostics{jobNotFound(pathJobID, testJob(), a.err(), "Check job_id; the data source cos_bucket_inventories lists the jobs of the bucket. No one-time job was started.")}
	},
	"run_report_refused_before": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetObject)
		a.Inject(said(403, "AccessDenied", "Access Denied."))
		return diag.Diagnostics{notStarted(reportError(actionRun.reading(), testJob(), testPlace(), a.err()))}
	},
	"run_report_refused": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetObject)
		a.Inject(said(403, "AccessDenied", "Access Denied."))
		return diag.Diagnostics{notDelivered(testJob(), testInventory().Destination, testPlace(), actionRun, a.err())}
	},
	"run_report_timeout": func(*testing.T) diag.Diagnostics {
		destination := testInventory().Destination
		destination.Prefix = "inventory"
		return diag.Diagnostics{notDelivered(testJob(), destination, testPlace(), actionRun, &cos.Interruption{Err: context.DeadlineExceeded})}
	},
	"run_report_bad_manifest": func(*testing.T) diag.Diagnostics {
		err := fmt.Errorf("%w; the last look failed: %w", &cos.Interruption{Err: context.DeadlineExceeded}, badManifest())
		return diag.Diagnostics{notDelivered(testJob(), testInventory().Destination, testPlace(), actionRun, err)}
	},
	"run_report_cancelled": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{notDelivered(testJob(), testInventory().Destination, testPlace(), resourceRun, &cos.Interruption{Err: context.Canceled})}
	},
	"run_unmodelled": func(*testing.T) diag.Diagnostics {
		return unmodelledInRun(testJob(), []string{"Filter/And/SizeRange"})
	},
	"bucket_elsewhere": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketElsewhere(testBucket, secondRegion)}
	},
	"destination_elsewhere": func(*testing.T) diag.Diagnostics {
		return checkDestinationRegion(types.StringValue(secondDestination), types.StringValue(testRegion))
	},
	"environment_role": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{environmentRole("qcs::cam::uin/100000000002:roleName/ci")}
	},
	"time_in_milliseconds": func(t *testing.T) diag.Diagnostics {
		var resp validator.Int64Response
		notMilliseconds{}.ValidateInt64(t.Context(), validator.Int64Request{Path: pathStartTime, ConfigValue: types.Int64Value(1767225600000)}, &resp)
		return resp.Diagnostics
	},
	"missing_region": func(*testing.T) diag.Diagnostics { return diag.Diagnostics{missingRegion()} },
	"other_region_planned": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.dial("https://cos-internal.ap-shanghai.tencentcos.cn")
		return diag.Diagnostics{regionNotServed(testRegion, cos.New(a.config).CheckRegion(testRegion))}
	},
	"source_not_used": func(*testing.T) diag.Diagnostics {
		used := &credentials.Found{Setting: "secret_id", Origin: envSecretID + " and " + envSecretKey}
		return diag.Diagnostics{unusedSource("profile", "prod", used)}
	},
	"unmodelled_read": func(*testing.T) diag.Diagnostics {
		return unmodelledRead(testJob(), []string{"Filter/And/SizeRange", "Schedule/Zone"})
	},
	"unmodelled_twin_read": func(*testing.T) diag.Diagnostics {
		return unmodelledRead(testJob(), []string{"Destination/COSBucketDestination/Encryption/SSECOS"})
	},
	"unmodelled_twin_lost": func(*testing.T) diag.Diagnostics {
		return unmodelledLost([]string{"Destination/COSBucketDestination/Encryption/SSECOS"})
	},
	"unmodelled_lost": func(*testing.T) diag.Diagnostics {
		return unmodelledLost([]string{"Filter/And/SizeRange", "Schedule/Zone"})
	},
	"extra_lost": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{extraLost(testJob(), []string{"CreateTime", "Owner"}, 100)}
	},
}
