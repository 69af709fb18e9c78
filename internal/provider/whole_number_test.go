// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A fraction gets a message of ours, and hides no other mistake.
func TestWholeNumbers(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	huge, _, err := big.ParseFloat("1e30", 10, 100, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	fraction := func(path, number string) finding {
		return finding{path: path, summary: invalidValue, detail: path + " is " + number + ", which is not a whole number."}
	}
	for name, test := range map[string]struct {
		found []finding
		want  []finding
	}{
		"monthly_date": {
			p.validate(jobObject(object{"schedule": object{"frequency": "Monthly", "monthly_date": 1.5}})),
			[]finding{fraction("schedule.monthly_date", "1.5")},
		},
		"both ends, and a mistake": {
			p.validate(jobObject(object{"id": "a/b", "filter": object{"period": object{"start_time": 0.5, "end_time": -1.25}}})),
			[]finding{
				fraction("filter.period.end_time", "-1.25"), fraction("filter.period.start_time", "0.5"),
				{path: "id", summary: invalidValue, detail: idForm},
			},
		},
		"out of range": {
			p.validate(jobObject(object{"filter": object{"period": object{"start_time": huge}}})),
			[]finding{{path: "filter.period.start_time", summary: invalidValue, detail: "filter.period.start_time is 1e+30, which is too large a number."}},
		},
		"of the provider": {
			p.validateProvider(object{"max_retries": 1.5}),
			[]finding{fraction("max_retries", "1.5")},
		},
		"of the action": {
			findings(t, call(p, p.action().ValidateActionConfig, &tfprotov6.ValidateActionConfigRequest{
				ActionType: runType, Config: p.run(runObject(object{"filter": object{"period": object{"end_time": 1.5}}})),
			}).Diagnostics),
			[]finding{fraction("filter.period.end_time", "1.5")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectFindings(t, test.found, test.want...)
		})
	}
}

// Every number of a configuration is a whole number, and has the type that says so.
func TestWholeNumbers_thereAreNoOthers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var settings provider.SchemaResponse
	newProvider("test").Schema(ctx, provider.SchemaRequest{}, &settings)
	var run action.SchemaResponse
	newBucketInventoryRunAction().Schema(ctx, action.SchemaRequest{}, &run)
	numbers := 0
	var check func(name string, typ attr.Type)
	check = func(name string, typ attr.Type) {
		switch typ := typ.(type) {
		case attr.TypeWithAttributeTypes:
			for member, memberType := range typ.AttributeTypes() {
				check(name+"."+member, memberType)
			}
		case attr.TypeWithElementType:
			check(name+"[]", typ.ElementType())
		default:
			if !typ.TerraformType(ctx).Is(tftypes.Number) {
				return
			}
			numbers++
			if typ != (wholeNumber{}) {
				t.Errorf("%s is a %T", name, typ)
			}
		}
	}
	check("resource", bucketInventorySchema(ctx).Type())
	check("provider", settings.Schema.Type())
	check("action", run.Schema.Type())
	if numbers < 5 {
		t.Errorf("only %d numbers were found", numbers)
	}
}
