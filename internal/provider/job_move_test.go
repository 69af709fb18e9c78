// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// stateOf is a job's attributes in a state file of the tencentcloud provider.
func stateOf(t *testing.T, name string) []byte {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes json.RawMessage `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(stateFile(t, name)), &state); err != nil {
		t.Fatal(err)
	}
	return state.Resources[0].Instances[0].Attributes
}

func moveRequest(attributes []byte) *tfprotov6.MoveResourceStateRequest {
	return &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/tencentcloudstack/tencentcloud",
		SourceTypeName:        "tencentcloud_cos_bucket_inventory",
		SourceState:           &tfprotov6.RawState{JSON: attributes},
		TargetTypeName:        testType,
	}
}

var (
	movedFull = object{
		"bucket": "src-1250000000", "id": "moved-full", "is_enabled": true, "included_object_versions": "All",
		"filter":          object{"prefix": "p/q", "period": object{"start_time": int64(1687276800), "end_time": int64(1687363200)}},
		"optional_fields": []any{"Crc64", "ETag", "Size"},
		"schedule":        object{"frequency": "Weekly"},
		"destination": object{
			"bucket": "qcs::cos:ap-beijing::dst-1250000000", "account_id": "100000000001", "format": "CSV", "prefix": "front",
			"encryption": object{"sse_cos": object{}},
		},
		"report_prefix": "front/1250000000/src/moved-full/",
	}
	movedMinimal = object{
		"bucket": "src-1250000000", "id": "moved-minimal", "is_enabled": false, "included_object_versions": "Current",
		"schedule":      object{"frequency": "Daily"},
		"destination":   object{"bucket": "qcs::cos:ap-beijing::dst-1250000000", "format": "CSV"},
		"report_prefix": "1250000000/src/moved-minimal/",
	}
)

// The provider is not configured when a move runs.
func TestBucketInventoryMove(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state   string
		address string
		want    object
	}{
		"full":                    {"tencentcloud-full.tfstate", "registry.terraform.io/tencentcloudstack/tencentcloud", movedFull},
		"minimal":                 {"tencentcloud-minimal.tfstate", "registry.terraform.io/tencentcloudstack/tencentcloud", movedMinimal},
		"under OpenTofu":          {"tencentcloud-full.tfstate", "registry.opentofu.org/tencentcloudstack/tencentcloud", movedFull},
		"under OpenTofu 1.10":     {"tencentcloud-full.tfstate", "tencentcloud", movedFull},
		"from a mirror of a firm": {"tencentcloud-minimal.tfstate", "terraform.example.com/tencentcloudstack/tencentcloud", movedMinimal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{}.get})
			req := moveRequest(stateOf(t, test.state))
			req.SourceProviderAddress = test.address
			resp := call(p, p.server.MoveResourceState, req)
			if found := findings(t, resp.Diagnostics); len(found) > 0 {
				t.Fatalf("diagnostics: %+v", found)
			}
			if got, want := p.member(resp.TargetState), p.member(p.job(test.want)); !got.Equal(want) {
				t.Errorf("moved %s\nwant %s", got, want)
			}
		})
	}
}

func TestBucketInventoryMove_emptyBlocks(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{getenv: environment{}.get})
	attributes := strings.NewReplacer(`"encryption": []`, `"encryption": [null]`, `"period": []`, `"period": [{"start_time": "", "end_time": "0"}]`,
		`"filter": [`, `"ignored": true, "filter": [`).Replace(string(stateOf(t, "tencentcloud-minimal.tfstate")))
	resp := call(p, p.server.MoveResourceState, moveRequest([]byte(attributes)))
	want := maps.Clone(movedMinimal)
	want["destination"] = object{"bucket": "qcs::cos:ap-beijing::dst-1250000000", "format": "CSV", "encryption": object{"sse_cos": object{}}}
	if found := findings(t, resp.Diagnostics); len(found) > 0 || !p.member(resp.TargetState).Equal(p.member(p.job(want))) {
		t.Errorf("moved %s, %+v", p.member(resp.TargetState), found)
	}
}

func TestBucketInventoryMove_refuses(t *testing.T) {
	t.Parallel()
	full := string(stateOf(t, "tencentcloud-full.tfstate"))
	for name, test := range map[string]struct {
		change  func(*tfprotov6.MoveResourceStateRequest)
		summary string
	}{
		"another resource": {func(r *tfprotov6.MoveResourceStateRequest) { r.SourceTypeName = "tencentcloud_cos_bucket" }, "Unable to Move Resource State"},
		"another provider": {func(r *tfprotov6.MoveResourceStateRequest) {
			r.SourceProviderAddress = "registry.terraform.io/x/tencentcloud"
		}, "Unable to Move Resource State"},
		"another version": {func(r *tfprotov6.MoveResourceStateRequest) { r.SourceSchemaVersion = 1 }, "Unable to Move Resource State"},
		"a switch that is not": {func(r *tfprotov6.MoveResourceStateRequest) {
			r.SourceState.JSON = []byte(strings.Replace(full, `"is_enabled": "true"`, `"is_enabled": "yes"`, 1))
		}, "Unable to Move tencentcloud_cos_bucket_inventory"},
		"a time that is not": {func(r *tfprotov6.MoveResourceStateRequest) {
			r.SourceState.JSON = []byte(strings.Replace(full, `"1687276800"`, `"yesterday"`, 1))
		}, "Unable to Move tencentcloud_cos_bucket_inventory"},
		"another shape": {func(r *tfprotov6.MoveResourceStateRequest) { r.SourceState.JSON = []byte(`{"filter": "all"}`) }, "Unable to Move tencentcloud_cos_bucket_inventory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{}.get})
			req := moveRequest([]byte(full))
			test.change(req)
			found := findings(t, call(p, p.server.MoveResourceState, req).Diagnostics)
			if len(found) != 1 || found[0].summary != test.summary {
				t.Errorf("diagnostics %+v, want %q", found, test.summary)
			}
		})
	}
}
