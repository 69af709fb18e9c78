// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// The private state of the resource: what one operation stores for the next plan.
const (
	keyUnmodelled = "unmodelled" // paths of elements that a change would lose
	keyExtra      = "extra"      // names of those beside the settings
)

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateState interface {
	privateReader
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func recordedPaths(ctx context.Context, private privateReader, key string) (paths []string, diags diag.Diagnostics) {
	left, diags := private.GetKey(ctx, key)
	if len(left) == 0 || diags.HasError() {
		return nil, diags
	}
	if err := json.Unmarshal(left, &paths); err != nil {
		diags.AddError("Unreadable Private State", "What an earlier run left in the resource's private state cannot be read: "+err.Error())
	}
	return paths, diags
}

// recordPaths removes the key if there is nothing to store.
func recordPaths(ctx context.Context, private privateState, key string, paths []string) diag.Diagnostics {
	if len(paths) == 0 {
		if left, diags := private.GetKey(ctx, key); len(left) == 0 {
			return diags // and no private state where there has been none
		}
		return private.SetKey(ctx, key, nil)
	}
	text, err := json.Marshal(paths)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unwritable Private State", err.Error())}
	}
	return private.SetKey(ctx, key, text)
}
