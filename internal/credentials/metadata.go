// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

const (
	metadataHost = "metadata.tencentyun.com"

	// metadataLimit bounds the only attempt: the service is on the same host, or does not exist.
	metadataLimit = 2 * time.Second
)

// camRole is the role of the CVM instance that this runs on.
//
// https://www.tencentcloud.com/document/product/213/4934
func (f *finder) camRole() (*source, error) {
	if f.CAMRole == "" {
		f.recordSkipped("cam_role_name is not set")
		return nil, nil
	}
	origin := fmt.Sprintf("the role %s of this CVM instance", untrusted.Quote(f.CAMRole))
	return &source{setting: "cam_role_name", origin: origin, fetch: func(ctx context.Context) (lease, error) { return f.fetchCAMRole(ctx, origin) }}, nil
}

// fetchCAMRole asks the metadata service of CVM instances.
func (f *finder) fetchCAMRole(ctx context.Context, origin string) (lease, error) {
	fault := func(problem, remedy string, err error) (lease, error) {
		return lease{}, &Error{Setting: "cam_role_name", Origin: origin, Problem: problem, Remedy: remedy, Err: err}
	}
	transport := &boundedTransport{next: cmp.Or(f.Transport, newTransport(nil)), userAgent: f.UserAgent}
	ctx, cancel := context.WithTimeout(ctx, metadataLimit)
	defer cancel()
	address := f.Metadata.JoinPath("latest/meta-data/cam/security-credentials", url.PathEscape(f.CAMRole))
	var response *http.Response
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err == nil {
		response, err = transport.RoundTrip(request) //nolint:bodyclose // it has been read and closed
	}
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("no answer within %v", metadataLimit)
	}
	if err != nil {
		return fault(
			fmt.Sprintf("the metadata service (%s) could not be reached: %s", f.Metadata.Host, network.Describe(err)),
			cmp.Or(network.Remedy(err), "It exists on a CVM instance only. Elsewhere unset cam_role_name and TENCENTCLOUD_CAM_ROLE_NAME, "+
				"and use secret_id and secret_key, a profile or assume_role_with_web_identity."), err)
	}
	var answer struct {
		TmpSecretId, TmpSecretKey, Token string //nolint:revive // the service's name
		ExpiredTime                      int64  // s since 1970
		Code                             string
	}
	body, _ := io.ReadAll(response.Body) // of memory
	switch {
	case response.StatusCode == http.StatusNotFound:
		return fault("the metadata service knows no such role of this instance", "Correct its name, or bind the role to the instance in the CVM console.", nil)
	case response.StatusCode != http.StatusOK, json.Unmarshal(body, &answer) != nil:
		return fault(fmt.Sprintf("the server at %s is not the metadata service (%s)", f.Metadata.Host, transport.describe()),
			"Check that this runs on a CVM instance and that nothing intercepts the address.", nil)
	case answer.Code != "Success":
		problem := "the metadata service gave no keys"
		if code := word(answer.Code, network.NewRedactor(answer.TmpSecretId, answer.TmpSecretKey, answer.Token)); code != "" {
			problem += " (code " + code + ")"
		}
		return fault(problem, "Check the role and that the CVM service may assume it.", nil)
	}
	l := lease{
		keys:    Credentials{SecretID: answer.TmpSecretId, SecretKey: answer.TmpSecretKey, Token: answer.Token},
		expires: time.Unix(answer.ExpiredTime, 0),
	}
	return l, checkTemporary("the metadata service", origin, l)
}
