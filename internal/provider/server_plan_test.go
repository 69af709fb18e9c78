// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"pgregory.net/rapid"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The short cut may only say what the framework says.
func TestUnchangedPlan_isTheFrameworksAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	data, unchanged := p.server.provider.Load(), newUnchangedPlan()
	sameValue := cmp.Comparer(func(a, b *tfprotov6.DynamicValue) bool { // whatever the order of a map in it
		return bytes.Equal(a.MsgPack, b.MsgPack) || p.member(a).Equal(p.member(b))
	})
	identity := p.identity(object{"bucket": testBucket, "id": "nightly", "region": testRegion})
	taken, left := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		prior := drawState(t)
		config := drawConfig(t, bucketInventorySchema(t.Context()).Attributes, prior)
		req := &tfprotov6.PlanResourceChangeRequest{
			TypeName:         testType,
			PriorState:       p.job(prior),
			ProposedNewState: p.proposed(prior, config),
			Config:           p.job(config),
			PriorIdentity:    []*tfprotov6.ResourceIdentityData{nil, identity}[rapid.IntRange(0, 1).Draw(t, "before")],
			PriorPrivate:     [][]byte{nil, []byte(`{"unmodelled":"WyJGaWx0ZXIvTmV3Il0="}`)}[rapid.IntRange(0, 1).Draw(t, "before")],
		}
		got, ok := unchanged.plan(data, req)
		if !ok {
			left++
			return
		}
		taken++
		want := call(p, p.server.frameworkServer.PlanResourceChange, req)
		if diff := cmp.Diff(want, got, sameValue); diff != "" {
			t.Fatalf("prior %v\nconfig %v\nframework - short cut +:\n%s", prior, config, diff)
		}
	})
	if taken == 0 || left == 0 {
		t.Errorf("%d plans took the short cut, %d did not: one side is hardly tested", taken, left)
	}
}

// The short cut has a say only where the provider could be asked, and would not refuse.
func TestUnchangedPlan_leavesToTheFramework(t *testing.T) {
	t.Parallel()
	serving := func(domain string) *providerData {
		d, err := cos.ParseDomain(domain)
		if err != nil {
			t.Fatal(err)
		}
		return &providerData{client: cos.New(cos.Config{Domain: d})}
	}
	p := newProtocol(t, cosProvider{})
	unchanged := newUnchangedPlan()
	for name, test := range map[string]struct {
		provider *providerData
		members  object
		answered bool
	}{
		"served":                 {serving("https://cos.ap-guangzhou.myqcloud.com"), nil, true},
		"not configured":         {nil, nil, false},
		"region not served":      {serving("https://cos.ap-shanghai.myqcloud.com"), nil, false},
		"no region":              {serving("https://cos.ap-guangzhou.myqcloud.com"), object{"region": nil}, false},
		"a default is not in it": {serving("https://cos.ap-guangzhou.myqcloud.com"), object{"is_enabled": false}, false},
		"a nested one is not":    {serving("https://cos.ap-guangzhou.myqcloud.com"), destinationObject(object{"format": "ORC"}), false},
		"not known":              {serving("https://cos.ap-guangzhou.myqcloud.com"), object{"report_prefix": unknown{}}, false},
		"a state in other words": {serving("https://cos.ap-guangzhou.myqcloud.com"), object{"filter": object{}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := p.job(storedJob(test.members))
			_, answered := unchanged.plan(test.provider, &tfprotov6.PlanResourceChangeRequest{TypeName: testType, PriorState: state, ProposedNewState: state})
			if answered != test.answered {
				t.Errorf("answered: %t", answered)
			}
		})
	}
}

// A region that the provider does not serve is reported, also where nothing changes and nothing is
// read.
func TestUnchangedPlan_regionNotServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := newProtocol(t, w.provider)
	expectFindings(t, p.configureAs("1.0.0", object{"cos_domain": "https://cos.ap-shanghai.myqcloud.com"}))
	response := p.plan(storedJob(nil), jobObject(nil), nil)
	expectFindings(t, findings(t, response.Diagnostics), finding{path: "region", summary: "Region Not Served", detail: "ap-shanghai, not for ap-guangzhou"})
}

// A default that is added to the schema has to be added to hasDefaults, too.
func TestHasDefaults_knowsAll(t *testing.T) {
	t.Parallel()
	var walk func(prefix string, attributes map[string]schema.Attribute) []string
	walk = func(prefix string, attributes map[string]schema.Attribute) (names []string) {
		for name, attribute := range attributes {
			if !reflect.ValueOf(attribute).FieldByName("Default").IsNil() {
				names = append(names, prefix+name)
			}
			if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
				names = append(names, walk(prefix+name+".", nested.Attributes)...)
			}
		}
		return names
	}
	found := walk("", bucketInventorySchema(t.Context()).Attributes)
	slices.Sort(found)
	if want := []string{"destination.format", "is_enabled"}; !slices.Equal(found, want) {
		t.Errorf("the schema has defaults of %q, and hasDefaults knows %q", found, want)
	}
}
