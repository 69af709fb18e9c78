// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	sdk "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	sdkhttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	sdkprofile "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

const (
	stsHost    = "sts.tencentcloudapi.com"
	stsVersion = "2018-08-13"

	defaultRegion = "ap-guangzhou"

	// stsLimit bounds a call with all its attempts. It is shorter than one attempt of a COS call,
	// so that the caller learns the reason.
	stsLimit = 25 * time.Second
)

var stsRetries = network.Retries{Max: 2, Shortest: 2 * time.Second, Longest: 4 * time.Second}

// callSTS sends an action to STS. It is signed with the keys, or unsigned if they are nil, which STS
// accepts only for web identities. The error, of the source with this origin, repeats none of the
// secrets that the action is sent with.
//
// Each attempt is signed afresh, unlike the retries of the SDK.
func (f *finder) callSTS(ctx context.Context, action, origin string, keys *Credentials, parameters map[string]any, answer sdkhttp.Response, secrets ...string) (failure *Error) {
	ctx, cancel := context.WithTimeout(ctx, stsLimit)
	defer cancel()
	_ = network.Retry(ctx, stsRetries, func() (again bool, _ *http.Response) {
		failure, again = f.attempt(ctx, action, keys, parameters, answer, secrets)
		return again, nil
	})
	if failure != nil {
		failure.Origin = origin
	}
	return failure
}

// attempt also reports whether another attempt may succeed.
func (f *finder) attempt(ctx context.Context, action string, keys *Credentials, parameters map[string]any, answer sdkhttp.Response, secrets []string) (failure *Error, again bool) {
	transport := &boundedTransport{next: cmp.Or(f.Transport, newTransport(f.Proxy)), userAgent: f.UserAgent}
	request := sdkhttp.NewCommonRequest("sts", stsVersion, action)
	request.SetContext(ctx)
	err := request.SetActionParameters(parameters)
	if err == nil {
		err = f.client(request, keys).WithHttpTransport(transport).Send(request, answer)
	}
	failure = &Error{Remedy: "Check the network, HTTPS_PROXY and, in a private cloud, sts_domain."}
	refusal, isRefusal := errors.AsType[*sdkerrors.TencentCloudSDKError](err)
	switch {
	case err == nil:
		return nil, false
	case ctx.Err() != nil:
		failure.Problem = fmt.Sprintf("STS (%s) did not answer within %v", f.STS.Host, stsLimit)
	case transport.err != nil:
		// The SDK's error contains the URL.
		failure.Err, again = transport.err, !network.IsFinal(transport.err) && !transport.isRedirect()
		failure.Problem = fmt.Sprintf("STS (%s) could not be reached: %s", f.STS.Host, network.Describe(transport.err))
		failure.Remedy = cmp.Or(network.Remedy(transport.err), failure.Remedy)
	case isRefusal && !strings.HasPrefix(refusal.Code, "ClientError"):
		return refused(action, refusal, network.NewRedactor(secrets...)), !isRoleNotFound(refusal.Code) && isBusy(refusal.Code)
	default:
		// The SDK's errors quote the response, which may contain credentials.
		failure.Problem = fmt.Sprintf("the server at %s is not STS (%s)", f.STS.Host, transport.describe())
		again = transport.status >= http.StatusInternalServerError || transport.status == http.StatusTooManyRequests
	}
	return failure, again
}

// client returns the SDK's client, which is cheap and holds the keys. So each call has its own.
func (f *finder) client(request *sdkhttp.CommonRequest, keys *Credentials) *sdk.Client {
	p := sdkprofile.NewClientProfile()
	p.Language = "en-US"
	p.DisableRegionBreaker = true // a backup host would be the public cloud's
	p.HttpProfile.ReqTimeout = 0  // the context has one
	p.HttpProfile.Scheme = f.STS.Scheme
	p.HttpProfile.Endpoint = f.STS.Host
	if keys == nil {
		request.SetSkipSign(true)
		return sdk.NewCommonClient(nil, f.Region, p)
	}
	return sdk.NewCommonClient(sdk.NewTokenCredential(keys.SecretID, keys.SecretKey, keys.Token), f.Region, p)
}

// maxResponse bounds a response, in bytes. Credentials with their token are a few KiB.
const maxResponse = 1 << 20

// newTransport returns connections through proxy, if it is not nil. Few calls are made, far apart,
// so no connection is kept.
func newTransport(proxy *network.Proxy) http.RoundTripper {
	t := network.NewTransport(proxy)
	t.DisableKeepAlives = true
	return t
}

// boundedTransport reads every response to its end, within a limit, and follows no redirect,
// because the request is meant for one host. It keeps the status and size of the last response, for
// errors that may not quote it.
type boundedTransport struct {
	next      http.RoundTripper
	userAgent string

	err    error // why there is no response
	status int   // 0 if there is none
	size   int
}

func (b *boundedTransport) RoundTrip(request *http.Request) (response *http.Response, err error) {
	defer func() { b.err = err }()
	if b.userAgent != "" {
		request = request.Clone(request.Context())
		request.Header.Set("User-Agent", b.userAgent)
	}
	if response, err = b.next.RoundTrip(request); err != nil {
		return nil, err
	}
	b.status = response.StatusCode
	body, err := network.ReadBody(response, maxResponse)
	if err != nil {
		return nil, err
	}
	b.size, response.Body = len(body), io.NopCloser(bytes.NewReader(body))
	if b.isRedirect() {
		return nil, fmt.Errorf("the answer (HTTP status %d) redirects to another address, which is not followed", b.status)
	}
	return response, nil
}

func (b *boundedTransport) isRedirect() bool { return b.status/100 == 3 }

// describe describes the last response without repeating it.
func (b *boundedTransport) describe() string {
	return fmt.Sprintf("HTTP status %d, %d bytes", b.status, b.size)
}
