// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// confirmedRead answers the read of a job that a listing shows as the state has
// it without the framework, which would copy, compare and encode that state many
// times over. Most reads of most jobs are of this kind.
type confirmedRead struct {
	jobs     jobType
	provider atomic.Pointer[providerData] // nil until the provider is configured
}

// knownJob is a job as the state has it, whose read would change nothing if COS
// shows it like that.
type knownJob struct {
	client   *cos.Client
	job      cos.Job
	document cos.Inventory
	identity *tfprotov6.DynamicValue
	timeout  time.Duration // of the read as a whole
}

// known returns the request's job, if a confirmation is all that its read needs:
// its state is complete, and nothing beside it is to be put right.
func (c *confirmedRead) known(ctx context.Context, req *tfprotov6.ReadResourceRequest) (known knownJob, ok bool) {
	data := c.provider.Load()
	if data == nil {
		return knownJob{}, false
	}
	value, ok := c.jobs.known(req.TypeName, req.CurrentState)
	if !ok {
		return knownJob{}, false
	}
	var state bucketInventoryResourceModel
	if diags := (&tfsdk.State{Schema: c.jobs.schema, Raw: value}).Get(ctx, &state); diags.HasError() {
		return knownJob{}, false
	}
	timeout, diags := readTimeout(ctx, state.Timeouts, data.defaultTimeout)
	document, expanded := state.expand(ctx)
	diags.Append(expanded...)
	job := state.job("")
	identity, err := identityValue(job)
	if err != nil || len(diags) > 0 || job.Region == "" ||
		!state.ReportPrefix.Equal(types.StringValue(cos.ReportPrefix(job.Bucket, job.ID, document.Destination.Prefix))) ||
		!sameIdentity(req.CurrentIdentity, identity) ||
		!settled(req.Private) {
		return knownJob{}, false
	}
	return knownJob{client: data.client, job: job, document: document, identity: identity, timeout: timeout}, true
}

// confirmed reports whether COS shows the job as it is known.
func (k knownJob) confirmed(ctx context.Context) bool {
	return k.client.ConfirmInventory(ctx, k.job, k.document)
}

// answer is that of a read that found nothing changed.
func (k knownJob) answer(req *tfprotov6.ReadResourceRequest) *tfprotov6.ReadResourceResponse {
	return &tfprotov6.ReadResourceResponse{
		NewState:    req.CurrentState,
		Private:     req.Private,
		NewIdentity: &tfprotov6.ResourceIdentityData{IdentityData: k.identity},
	}
}

// identityValue is the job's identity on the wire.
func identityValue(job cos.Job) (*tfprotov6.DynamicValue, error) {
	value, err := tfprotov6.NewDynamicValue(identityObject, jobIdentity(job))
	return &value, err
}

// sameIdentity also holds for a state that is older than identities, which gets
// the job's.
func sameIdentity(had *tfprotov6.ResourceIdentityData, identity *tfprotov6.DynamicValue) bool {
	return had == nil || had.IdentityData == nil ||
		bytes.Equal(had.IdentityData.MsgPack, msgPackNull) || bytes.Equal(had.IdentityData.MsgPack, identity.MsgPack)
}

// settled reports whether a read would leave the private state as it is: there is none.
func settled(private []byte) bool {
	var held map[string][]byte
	return len(private) == 0 || json.Unmarshal(private, &held) == nil && len(held) == 0
}
