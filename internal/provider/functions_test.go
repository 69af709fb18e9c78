// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestFunctions(t *testing.T) {
	t.Parallel()
	const null, missing, empty = "\x00null", "\x00missing", "\x00empty" // arguments that are null, or no value at all
	untested := newProtocol(t, cosProvider{}).schema.Functions
	for name, test := range map[string]struct {
		function  string
		arguments []string
		want      any // a string or an object
		fault     string
		at        int64 // -1 is none
	}{
		"bucket_qcs":                     {"bucket_qcs", []string{"ap-guangzhou", "reports-1250000000"}, "qcs::cos:ap-guangzhou::reports-1250000000", "", 0},
		"bucket_qcs of a bad region":     {"bucket_qcs", []string{"Guangzhou", "reports-1250000000"}, nil, `"Guangzhou": a region is named`, 0},
		"bucket_qcs of a bad bucket":     {"bucket_qcs", []string{"ap-guangzhou", "reports"}, nil, `"reports": a bucket is named`, 1},
		"parse_bucket_qcs":               {"parse_bucket_qcs", []string{"qcs::cos:ap-guangzhou::reports-1250000000"}, object{"region": "ap-guangzhou", "bucket": "reports-1250000000"}, "", 0},
		"parse_bucket_qcs of a bare one": {"parse_bucket_qcs", []string{"reports-1250000000"}, nil, "a destination bucket is written qcs::cos:", 0},
		"report prefix":                  {"inventory_report_prefix", []string{"my-bucket-1250000000", "nightly", "inv"}, "inv/1250000000/my-bucket/nightly/", "", 0},
		"report prefix without prefix":   {"inventory_report_prefix", []string{"my-bucket-1250000000", "nightly", null}, "1250000000/my-bucket/nightly/", "", 0},
		"report prefix, missing prefix":  {"inventory_report_prefix", []string{"my-bucket-1250000000", "nightly", missing}, "1250000000/my-bucket/nightly/", "", 0},
		"report prefix, empty prefix":    {"inventory_report_prefix", []string{"my-bucket-1250000000", "nightly", empty}, "1250000000/my-bucket/nightly/", "", 0},
		"bucket_qcs, missing region":     {"bucket_qcs", []string{missing, "b-1"}, nil, "null", -1},
		"bucket_qcs, empty region":       {"bucket_qcs", []string{empty, "b-1"}, nil, "null", -1},
		"report prefix of a bad bucket":  {"inventory_report_prefix", []string{"my-bucket", "nightly", null}, nil, "a bucket is named", 0},
		"report prefix of a bad id":      {"inventory_report_prefix", []string{"my-bucket-1250000000", "a/b", null}, nil, "job's id consists of", 1},
		"report prefix of a bad prefix":  {"inventory_report_prefix", []string{"my-bucket-1250000000", "a", "\x01"}, nil, "cannot be part of an XML document", 2},
	} {
		delete(untested, test.function)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{}.get}) // functions need no configured provider
			req := &tfprotov6.CallFunctionRequest{Name: test.function}
			for _, argument := range test.arguments {
				value := p.dynamic(tftypes.NewValue(tftypes.String, argument))
				switch argument {
				case null:
					value = p.dynamic(tftypes.NewValue(tftypes.String, nil))
				case missing:
					value = nil
				case empty:
					value = &tfprotov6.DynamicValue{}
				}
				req.Arguments = append(req.Arguments, value)
			}
			resp := call(p, p.server.CallFunction, req)
			if test.fault != "" {
				if resp.Error == nil {
					t.Fatal("no error")
				}
				at := int64(-1)
				if resp.Error.FunctionArgument != nil {
					at = *resp.Error.FunctionArgument
				}
				if !strings.Contains(resp.Error.Text, test.fault) || at != test.at {
					t.Errorf("error %+v, want %q on argument %d", resp.Error, test.fault, test.at)
				}
				return
			}
			if resp.Error != nil {
				t.Fatalf("error: %+v", resp.Error)
			}
			typ := tftypes.Type(tftypes.String)
			if _, ok := test.want.(object); ok {
				typ = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"region": tftypes.String, "bucket": tftypes.String}}
			}
			got, err := resp.Result.Unmarshal(typ)
			if want := newValue(t, typ, test.want); err != nil || !got.Equal(want) {
				t.Errorf("%s, %v, want %s", got, err, want)
			}
		})
	}
	for name := range untested {
		t.Errorf("no case calls %s", name)
	}
}

// In a configuration, with values that are known only after an apply among them.
func TestFunctions_inConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.RequireAbove(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{{
			Config: `
				resource "terraform_data" "later" { input = "reports-1250000000" }
				output "qcs" { value = provider::cos::bucket_qcs("ap-guangzhou", terraform_data.later.output) }
				output "bucket" { value = provider::cos::parse_bucket_qcs("qcs::cos:ap-guangzhou::b-1").bucket }
				output "prefix" { value = provider::cos::inventory_report_prefix(terraform_data.later.output, "a", null) }`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("qcs", knownvalue.StringExact("qcs::cos:ap-guangzhou::reports-1250000000")),
				statecheck.ExpectKnownOutputValue("bucket", knownvalue.StringExact("b-1")),
				statecheck.ExpectKnownOutputValue("prefix", knownvalue.StringExact("1250000000/reports/a/")),
			},
		}},
	})
	if sent := w.sent(); len(sent) > 0 {
		t.Errorf("functions sent requests: %v", sent)
	}
}
