// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

var identityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"bucket": tftypes.String, "id": tftypes.String, "region": tftypes.String}}

func (p *protocol) identity(o object) *tfprotov6.ResourceIdentityData {
	p.t.Helper()
	return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(newValue(p.t, identityType, o))}
}

// wantIdentity expects the identity of job "nightly", its region never null.
func (p *protocol) wantIdentity(got *tfprotov6.ResourceIdentityData, region string) {
	p.t.Helper()
	if got == nil {
		p.t.Fatal("no identity")
	}
	value, err := got.IdentityData.Unmarshal(identityType)
	want := newValue(p.t, identityType, object{"bucket": testBucket, "id": "nightly", "region": region})
	if err != nil || !value.Equal(want) {
		p.t.Errorf("identity %s, %v, want %s", value, err, want)
	}
}

// storedJob is [jobObject] as a state holds it.
func storedJob(members object) object {
	job := jobObject(object{
		"region": testRegion, "is_enabled": true, "report_prefix": "1250000000/examplebucket/nightly/",
		"destination": object{"bucket": testDestination, "format": "CSV"},
	})
	maps.Copy(job, members)
	return job
}

const nightlyDocument = `<InventoryConfiguration><Id>nightly</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions>` +
	`<Schedule><Frequency>Daily</Frequency></Schedule><Destination><COSBucketDestination><Bucket>` + testDestination +
	`</Bucket><Format>CSV</Format></COSBucketDestination></Destination></InventoryConfiguration>`

func TestBucketInventoryIdentity_read(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		exists   bool
		state    object
		identity object // nil: from before identities
	}{
		"state with identity":                     {true, storedJob(nil), object{"bucket": testBucket, "id": "nightly", "region": testRegion}},
		"state from before identities":            {true, storedJob(nil), nil},
		"gone, with identity":                     {false, storedJob(nil), object{"bucket": testBucket, "id": "nightly", "region": testRegion}},
		"gone, from before identities":            {false, storedJob(nil), nil},
		"moved here, without region and identity": {true, storedJob(object{"region": nil}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			if test.exists {
				w.Seed(testBucket, "nightly", nightlyDocument)
			}
			p := w.configured()
			req := &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: p.job(test.state)}
			if test.identity != nil {
				req.CurrentIdentity = p.identity(test.identity)
			}
			for range 2 { // by a GET, then confirmed by a listing
				resp := call(p, p.server.ReadResource, req)
				if found := findings(t, resp.Diagnostics); len(found) > 0 {
					t.Fatalf("diagnostics: %+v", found)
				}
				p.wantIdentity(resp.NewIdentity, testRegion)
				want := p.job(storedJob(nil))
				if !test.exists {
					want = p.job(nil)
				}
				if !p.member(resp.NewState).Equal(p.member(want)) {
					t.Errorf("state %s, want %s", p.member(resp.NewState), p.member(want))
				}
			}
		})
	}
}

func TestBucketInventoryIdentity_createAndUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	for _, step := range []struct{ prior, config object }{
		{nil, jobObject(nil)},
		{storedJob(nil), jobObject(object{"included_object_versions": "All"})}, // a state without identity
	} {
		plan := p.plan(step.prior, step.config, nil)
		resp := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
			TypeName: testType, PriorState: p.job(step.prior), PlannedState: plan.PlannedState, Config: p.job(step.config), PlannedPrivate: plan.PlannedPrivate,
		})
		if found := findings(t, resp.Diagnostics); len(found) > 0 {
			t.Fatalf("diagnostics: %+v", found)
		}
		p.wantIdentity(resp.NewIdentity, testRegion)
	}
}

func TestBucketInventoryIdentity_import(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		identity   object
		wantRegion string
		fault      string // path of the error
	}{
		"with a region":         {object{"bucket": testBucket, "id": "nightly", "region": "ap-shanghai"}, "ap-shanghai", ""},
		"the provider's":        {object{"bucket": testBucket, "id": "nightly"}, testRegion, ""},
		"of a malformed bucket": {object{"bucket": "examplebucket", "id": "nightly"}, "", "bucket"},
		"of a malformed id":     {object{"bucket": testBucket, "id": "a/b"}, "", "id"},
		"of a malformed region": {object{"bucket": testBucket, "id": "nightly", "region": "Mars"}, "", "region"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newWorld(t, fakecos.Options{}).configured()
			resp := call(p, p.server.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: testType, Identity: p.identity(test.identity)})
			found := findings(t, resp.Diagnostics)
			if test.fault != "" {
				if len(found) != 1 || found[0].path != test.fault || found[0].summary != "Invalid Import Identity" {
					t.Errorf("diagnostics %+v, want one on %s", found, test.fault)
				}
				return
			}
			if len(found) > 0 || len(resp.ImportedResources) != 1 {
				t.Fatalf("imported %d, diagnostics %+v", len(resp.ImportedResources), found)
			}
			p.wantIdentity(resp.ImportedResources[0].Identity, test.wantRegion)
			if got := p.member(resp.ImportedResources[0].State, "region"); !got.Equal(tftypes.NewValue(tftypes.String, test.wantRegion)) {
				t.Errorf("region %s, want %s", got, test.wantRegion)
			}
		})
	}
}
