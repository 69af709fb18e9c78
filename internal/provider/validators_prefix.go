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
// to have, and shows the right form.
//
// https://www.tencentcloud.com/document/product/436/13324
type usablePrefix struct {
	undescribed
	isDestination bool // COS adds a / to it, and it selects nothing
}

func (v usablePrefix) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	prefix := req.ConfigValue.ValueString() // "" for null and unknown
	var wrong []string
	right := strings.Trim(prefix, "\r\n")
	if right != prefix {
		wrong = append(wrong, "Texts from YAML and here-documents begin or end with a line break, which is part of the prefix: remove it with trimspace().")
	}
	if trimmed := strings.TrimLeft(right, `/\`); trimmed != right {
		right = trimmed
		wrong = append(wrong, `By COS's rules, no object's key starts with / or \.`)
		if !v.isDestination {
			wrong = append(wrong, "It matches nothing.")
		}
	}
	if v.isDestination && strings.HasSuffix(right, "/") {
		right = strings.TrimRight(right, "/")
		wrong = append(wrong, "COS adds a / itself, so the keys of the reports have two.")
	}
	if !v.isDestination && len(right) > cos.MaxKey {
		wrong = append(wrong, fmt.Sprintf("It has %d bytes, and an object's key at most %d: it matches nothing.", len(prefix), cos.MaxKey))
		right = ""
	}
	if len(wrong) == 0 {
		return
	}
	remedy := "Leave it out."
	if right != "" {
		remedy = "Write " + hclString(right) + "."
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Unusual Prefix", fmt.Sprintf("%s is %q. %s %s", req.Path, prefix, strings.Join(wrong, " "), remedy))
}
