// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// confirmedRead answers the read of a job that a LIST result shows as the state has it, without the
// framework, which would copy, compare and encode that state many times. Most reads of most jobs
// are like this.
type confirmedRead struct {
	jobs jobType
}

// candidate is a job whose read changes nothing if a LIST result shows it as the state has it.
type candidate struct {
	client   *cos.Client
	job      cos.Job
	document cos.Inventory
	identity *tfprotov6.DynamicValue
	timeout  time.Duration // of the read as a whole
}

// candidate returns the job of the request if a read that finds the job unchanged would write the
// same state, identity and private state again. The provider is nil until it is configured.
func (c confirmedRead) candidate(ctx context.Context, provider *providerData, req *tfprotov6.ReadResourceRequest) (candidate, bool) {
	if provider == nil {
		return candidate{}, false
	}
	value, ok := c.jobs.decodeKnown(req.TypeName, req.CurrentState)
	if !ok {
		return candidate{}, false
	}
	var state bucketInventoryResourceModel
	diags := (&tfsdk.State{Schema: c.jobs.schema, Raw: withoutNothing(value)}).Get(ctx, &state)
	timeout, d := readTimeout(ctx, state.Timeouts, provider.defaultTimeout)
	diags.Append(d...)
	document, d := state.expand(ctx)
	diags.Append(d...)
	job := state.job("")
	again, d := flatten(ctx, job, document)
	diags.Append(d...)
	identity, err := identityValue(job)
	if err != nil || len(diags) > 0 || job.Region == "" ||
		!reflect.DeepEqual(again, state.bucketInventoryModel) ||
		!sameIdentity(req.CurrentIdentity, identity) ||
		!isEmptyPrivate(req.Private) {
		return candidate{}, false
	}
	return candidate{client: provider.client, job: job, document: document, identity: identity, timeout: timeout}, true
}

// isListedUnchanged reports whether a LIST result shows the job as the state has it.
func (c candidate) isListedUnchanged(ctx context.Context) bool {
	return c.client.ConfirmInventory(ctx, c.job, c.document)
}

// response returns the response of a read that found nothing changed.
func (c candidate) response(req *tfprotov6.ReadResourceRequest) *tfprotov6.ReadResourceResponse {
	return &tfprotov6.ReadResourceResponse{
		NewState:    req.CurrentState,
		Private:     req.Private,
		NewIdentity: &tfprotov6.ResourceIdentityData{IdentityData: c.identity},
	}
}

// identityValue encodes the job's identity.
func identityValue(job cos.Job) (*tfprotov6.DynamicValue, error) {
	value, err := tfprotov6.NewDynamicValue(identityObject, jobIdentity(job))
	return &value, err
}

// sameIdentity accepts a state that is older than identities: the answer gives it the job's.
func sameIdentity(had *tfprotov6.ResourceIdentityData, identity *tfprotov6.DynamicValue) bool {
	return had == nil || had.IdentityData == nil ||
		bytes.Equal(had.IdentityData.MsgPack, msgPackNull) || bytes.Equal(had.IdentityData.MsgPack, identity.MsgPack)
}

// isEmptyPrivate reports whether a read would leave the private state unchanged.
func isEmptyPrivate(private []byte) bool {
	var held map[string][]byte
	return len(private) == 0 || json.Unmarshal(private, &held) == nil && len(held) == 0
}
