// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestKeepNothing(t *testing.T) {
	t.Parallel()
	typ := newProtocol(t, cosProvider{}).typ()
	encrypted := destinationObject(object{"encryption": object{"sse_cos": object{}}})
	for name, test := range map[string]struct{ prior, current, want object }{
		"null":                   {object{}, object{}, object{}},
		"an empty object":        {object{"filter": object{}}, object{}, object{"filter": object{}}},
		"an object of nothing":   {object{"filter": object{"tags": object{}, "period": object{}}}, object{}, object{"filter": object{"tags": object{}, "period": object{}}}},
		"an empty set":           {object{"optional_fields": []any{}}, object{}, object{"optional_fields": []any{}}},
		"a member of something":  {object{"filter": object{"prefix": "a/", "tags": object{}}}, object{"filter": object{"prefix": "b/"}}, object{"filter": object{"prefix": "b/", "tags": object{}}}},
		"something is gone":      {object{"filter": object{"prefix": "a/", "tags": object{}}, "optional_fields": []any{"Size"}}, object{}, object{}},
		"something is there":     {object{"filter": object{}, "optional_fields": []any{}}, object{"filter": object{"prefix": "a/"}, "optional_fields": []any{"Size"}}, object{"filter": object{"prefix": "a/"}, "optional_fields": []any{"Size"}}},
		"encryption is gone":     {encrypted, destinationObject(nil), destinationObject(nil)},
		"encryption is there":    {destinationObject(nil), encrypted, encrypted},
		"an empty tag value":     {object{"filter": object{"tags": object{"team": ""}}}, object{}, object{}},
		"no prior state, import": {nil, object{}, object{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prior := tftypes.NewValue(typ, nil)
			if test.prior != nil {
				prior = newValue(t, typ, jobObject(test.prior))
			}
			current, want := newValue(t, typ, jobObject(test.current)), newValue(t, typ, jobObject(test.want))
			if got := keepSpelling(prior, current); !got.Equal(want) {
				t.Errorf("got %s\nwant %s", got, want)
			}
			if !current.Equal(newValue(t, typ, jobObject(test.current))) {
				t.Error("the value itself was changed")
			}
		})
	}
}
