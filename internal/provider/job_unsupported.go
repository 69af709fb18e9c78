// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// unsupported returns the paths of what COS holds of a job and Terraform does not keep: the
// elements that the provider does not support, and the texts that are not in Unicode NFC.
//
// Of two tags that differ in form only, one at least is such a text.
func unsupported(inv cos.Inventory) []string {
	paths := slices.Clone(inv.Unmodelled)
	for _, setting := range inv.NotInNFC() {
		paths = append(paths, setting+" (not in Unicode NFC, the only form that Terraform keeps)")
	}
	return paths
}

// supportedTwins say what replaces an unsupported spelling of a supported setting, by its path.
var supportedTwins = map[string]string{
	"Destination/COSBucketDestination/Encryption/SSECOS": "is how the vendor's Python SDK spells SSE-COS, and what COS makes of it is not known. " +
		"encryption = { sse_cos = {} } replaces it with the spelling of COS's pages.",
}

// twins returns a paragraph for each path that has a supported twin.
func twins(paths []string) (text string) {
	for _, path := range paths {
		if twin, ok := supportedTwins[path]; ok {
			text += "\n\n" + path + " " + twin
		}
	}
	return text
}

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
