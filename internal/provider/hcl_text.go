// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// hclString writes a text as HCL reads it, so that a message can be pasted into a configuration.
func hclString(s string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

// hclValue writes a value as HCL reads it, on one line.
func hclValue(value tftypes.Value) string {
	if value.IsNull() {
		return "null"
	}
	var (
		text     string
		number   *big.Float
		truth    bool
		elements []tftypes.Value
		members  map[string]tftypes.Value
	)
	switch {
	case value.As(&text) == nil:
		return hclString(text)
	case value.As(&truth) == nil:
		return fmt.Sprint(truth)
	case value.As(&number) == nil:
		return number.Text('f', -1)
	case value.As(&elements) == nil:
		texts := make([]string, len(elements))
		for i, element := range elements {
			texts[i] = hclValue(element)
		}
		if value.Type().Is(tftypes.Set{}) {
			slices.Sort(texts)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case value.As(&members) == nil:
		isObject := value.Type().Is(tftypes.Object{})
		var texts []string
		for _, name := range slices.Sorted(maps.Keys(members)) {
			switch {
			case !isObject:
				texts = append(texts, hclString(name)+" = "+hclValue(members[name]))
			case !members[name].IsNull():
				texts = append(texts, name+" = "+hclValue(members[name]))
			}
		}
		if len(texts) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(texts, ", ") + " }"
	}
	return value.String()
}
