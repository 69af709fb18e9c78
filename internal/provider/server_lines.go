// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// onAttributeLines makes every diagnostic of a response show the line of an attribute. For the path
// of an object's member, Terraform shows the first line of the resource, or the line of an attribute
// that has the member's name.
func onAttributeLines[Response any](resp *Response, err error) (*Response, error) {
	if err == nil {
		// A response without diagnostics has nothing to move.
		if field := reflect.ValueOf(resp).Elem().FieldByName("Diagnostics"); field.IsValid() {
			if ds, ok := field.Interface().([]*tfprotov6.Diagnostic); ok {
				moveToLines(ds)
			}
		}
	}
	return resp, err
}

// moveToLines moves diagnostics from members to the attributes that have lines of their own, and
// names the members in the texts.
func moveToLines(ds []*tfprotov6.Diagnostic) {
	for _, d := range ds {
		steps := d.Attribute.Steps()
		if len(steps) < 2 {
			continue
		}
		d.Attribute = tftypes.NewAttributePathWithSteps(steps[:1])
		name, root := attributeNames(steps), attributeNames(steps[:1])
		if name == root || strings.Contains(d.Detail, name) {
			continue
		}
		separator := ": "
		if _, ok := steps[len(steps)-1].(tftypes.AttributeName); ok && strings.HasPrefix(d.Detail, `"`) {
			separator = " = " // the text begins with the value
		}
		d.Detail = name + separator + d.Detail
	}
}

// attributeNames formats the path of an attribute as a configuration does, such as
// filter.period.start_time. An element of a set has no name.
func attributeNames(steps []tftypes.AttributePathStep) string {
	var b strings.Builder
	for _, step := range steps {
		switch step := step.(type) {
		case tftypes.AttributeName:
			b.WriteString("." + string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(step))
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}
