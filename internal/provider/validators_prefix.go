// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// usablePrefix warns of a prefix that COS accepts and that no object's key can have, or is unlikely
// to have.
//
// https://www.tencentcloud.com/document/product/436/13324
type usablePrefix struct {
	slashAdded bool // COS adds a / to the prefix
}

func (usablePrefix) Description(context.Context) string {
	return "the beginning of an object's key"
}

func (v usablePrefix) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v usablePrefix) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	prefix := req.ConfigValue.ValueString() // "" for null and unknown
	warn := func(format string, args ...any) {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Unusual Prefix", req.Path.String()+" "+fmt.Sprintf(format, args...))
	}
	if strings.HasPrefix(prefix, "/") || strings.HasPrefix(prefix, `\`) {
		warn("starts with %s. By COS's rules, no object's key starts with / or \\.", prefix[:1])
	}
	if v.slashAdded && strings.HasSuffix(prefix, "/") {
		warn("ends with /. COS adds a / itself, so the keys of the reports have two. Leave yours out.")
	}
	if strings.Trim(prefix, "\r\n") != prefix {
		warn("begins or ends with a line break, as texts from YAML and here-documents do. It is part of the prefix: %q. Remove it with trimspace().", prefix)
	}
	if len(prefix) > cos.MaxKey {
		warn("has %d bytes. By COS's rules, an object's key has at most %d.", len(prefix), cos.MaxKey)
	}
}
