// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// unsupported returns the paths of what COS holds of a job and Terraform does not keep: the
// elements that the provider does not support, and the texts that are not in Unicode NFC. Terraform
// normalises every text. COS compares bytes.
//
// Of two tags that differ in form only, one at least is such a text.
//
// https://github.com/zclconf/go-cty/blob/main/docs/types.md
func unsupported(inv cos.Inventory) []string {
	paths := slices.Clone(inv.Unmodelled)
	inv.Unmodelled = nil
	for _, form := range inv.Differences(inv.NFC()) {
		paths = append(paths, form.Setting+" (not in Unicode NFC, the only form that Terraform keeps)")
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
