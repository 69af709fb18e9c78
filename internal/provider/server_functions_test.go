// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestFunctions_nothingIsNull(t *testing.T) {
	t.Parallel()
	for name, nothing := range map[string]*tfprotov6.DynamicValue{"empty": {}, "missing": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{}.get})
			text := func(s string) *tfprotov6.DynamicValue { return p.dynamic(tftypes.NewValue(tftypes.String, s)) }

			resp := call(p, p.server.CallFunction, &tfprotov6.CallFunctionRequest{
				Name: "inventory_report_prefix", Arguments: []*tfprotov6.DynamicValue{text("reports-1250000000"), text("a"), nothing},
			})
			if resp.Error != nil {
				t.Fatalf("error: %+v", resp.Error)
			}
			got, err := resp.Result.Unmarshal(tftypes.String)
			if want := tftypes.NewValue(tftypes.String, "1250000000/reports/a/"); err != nil || !got.Equal(want) {
				t.Errorf("%s, %v, want %s", got, err, want)
			}

			// Where null is not allowed, nothing is not either.
			resp = call(p, p.server.CallFunction, &tfprotov6.CallFunctionRequest{
				Name: "bucket_qcs", Arguments: []*tfprotov6.DynamicValue{nothing, text("b-1")},
			})
			if resp.Error == nil || !strings.Contains(resp.Error.Text, "null") {
				t.Errorf("null was taken: %+v", resp)
			}
		})
	}
}
