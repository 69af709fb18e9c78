// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// What one operation leaves for the next plan, in the resource's private state.
const (
	keyUnmodelled = "unmodelled" // paths of elements that a change would lose
	keyPlace      = "place"      // the job's place, if the provider's region is another
)

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateState interface {
	privateReader
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func unmodelled(ctx context.Context, private privateReader) ([]string, diag.Diagnostics) {
	return privateValue[[]string](ctx, private, keyUnmodelled)
}

func setUnmodelled(ctx context.Context, private privateState, paths []string) diag.Diagnostics {
	return setPrivate(ctx, private, keyUnmodelled, paths, len(paths) > 0)
}

// placeBefore is where a job was that is planned to be made anew. Terraform plans
// that as if there had been none before: without its state, but with its private
// state.
func placeBefore(ctx context.Context, private privateReader) (cos.Job, diag.Diagnostics) {
	return privateValue[cos.Job](ctx, private, keyPlace)
}

// setPlace notes where the job is, so that it is not made anew in the provider's
// region, where its bucket is not.
func setPlace(ctx context.Context, private privateState, job cos.Job, providerRegion string) diag.Diagnostics {
	place, noted := placeNote(job, providerRegion)
	return setPrivate(ctx, private, keyPlace, place, noted)
}

// placeNote is what is to be noted of where the job is, if anything.
func placeNote(job cos.Job, providerRegion string) (place cos.Job, noted bool) {
	return cos.Job{Region: job.Region, Bucket: job.Bucket}, job.Region != providerRegion
}

func privateValue[T any](ctx context.Context, private privateReader, key string) (value T, diags diag.Diagnostics) {
	left, diags := private.GetKey(ctx, key)
	if len(left) == 0 || diags.HasError() {
		return value, diags
	}
	if err := json.Unmarshal(left, &value); err != nil {
		diags.AddError("Unreadable Private State", "What an earlier run left in the resource's private state cannot be read: "+err.Error())
	}
	return value, diags
}

// setPrivate removes the key where there is nothing to keep.
func setPrivate(ctx context.Context, private privateState, key string, value any, keep bool) diag.Diagnostics {
	if !keep {
		if left, diags := private.GetKey(ctx, key); len(left) == 0 {
			return diags // and no private state where there has been none
		}
		return private.SetKey(ctx, key, nil)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unwritable Private State", err.Error())}
	}
	return private.SetKey(ctx, key, text)
}
