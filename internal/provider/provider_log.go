// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// newExchangeLog returns a log of the attempts of API calls. Once, it says with which code COS says
// that there is no job, if that is not the documented one.
func newExchangeLog() func(context.Context, cos.Exchange) {
	var once sync.Once
	return func(ctx context.Context, e cos.Exchange) {
		logExchange(ctx, e)
		if e.Code != cos.CodeNoSuchJob && cos.IsNoSuchJob(&cos.Error{Op: e.Op, Status: e.Status, Code: e.Code}) {
			once.Do(func() {
				tflog.Info(ctx, "COS says with an undocumented code that there is no such job", map[string]any{"code": e.Code, "documented": cos.CodeNoSuchJob})
			})
		}
	}
}

// logExchange writes one line for an attempt.
func logExchange(ctx context.Context, e cos.Exchange) {
	fields := map[string]any{
		"operation":    string(e.Op),
		"attempt":      e.Attempt,
		"milliseconds": e.Duration.Milliseconds(),
	}
	for name, value := range map[string]string{"region": e.Bucket.Region, "bucket": e.Bucket.Name, "id": e.ID} {
		if value != "" {
			fields[name] = value
		}
	}
	if e.Status != 0 {
		fields["status"] = e.Status
		fields["request_id"] = e.RequestID
	}
	if e.Err != nil {
		fields["error"] = e.Err.Error()
	}
	tflog.Debug(ctx, "COS API call", fields)
}

// logCredentials logs the credential source.
func logCredentials(ctx context.Context, origin string) {
	tflog.Info(ctx, "Source of credentials", map[string]any{"origin": cmp.Or(origin, "none")})
}

// logRenewalFailed logs why credentials were not renewed. Nobody else hears of it: the old ones are
// valid, and another attempt follows.
func logRenewalFailed(ctx context.Context, err error) {
	tflog.Warn(ctx, "The credentials could not be renewed, and the old ones are used until they expire", map[string]any{"error": err.Error()})
}

// logBucketLook logs why it is not known whether a bucket exists and of which kind it is.
func logBucketLook(ctx context.Context, bucket cos.Bucket, err error) {
	tflog.Debug(ctx, "The bucket could not be looked at", whyNot(bucket, err))
}

// logPlanLook logs why the plan does not say whether a job exists already.
func logPlanLook(ctx context.Context, bucket cos.Bucket, err error) {
	tflog.Debug(ctx, "The plan does not know which jobs the bucket has", whyNot(bucket, err))
}

// logListingFailed logs, once for each bucket, why its jobs are read one by one.
func logListingFailed(ctx context.Context, bucket cos.Bucket, err error) {
	tflog.Warn(ctx, "The bucket's inventory jobs are read one by one, because they cannot be listed. "+
		"Listing needs the actions "+camAction(cos.ListInventories)+" and "+camAction(cos.GetInventory)+".", whyNot(bucket, err))
}

func whyNot(bucket cos.Bucket, err error) map[string]any {
	return map[string]any{"region": bucket.Region, "bucket": bucket.Name, "error": err.Error()}
}
