// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
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
	m := metadata{
		role:      f.CAMRole,
		origin:    fmt.Sprintf("the role %s of this CVM instance", untrusted.Quote(f.CAMRole)),
		url:       cmp.Or(f.Metadata, &url.URL{Scheme: "http", Host: metadataHost}),
		transport: boundedTransport{next: cmp.Or(f.Transport, newTransport(nil)), userAgent: f.UserAgent},
	}
	return &source{origin: m.origin, fetch: m.fetch}, nil
}

// metadata is a client of the metadata service of CVM instances.
type metadata struct {
	role, origin string
	url          *url.URL
	transport    boundedTransport
}

func (m metadata) fetch(ctx context.Context) (lease, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataLimit)
	defer cancel()
	address := m.url.JoinPath("latest/meta-data/cam/security-credentials", url.PathEscape(m.role))
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return lease{}, m.unreachable(errors.New("it has no proper address"))
	}
	response, err := m.transport.RoundTrip(request)
	switch {
	case err != nil && ctx.Err() != nil:
		return lease{}, m.unreachable(fmt.Errorf("no answer within %v", metadataLimit))
	case err != nil:
		return lease{}, m.unreachable(err)
	}
	defer response.Body.Close()
	return m.read(response)
}

func (m metadata) read(response *http.Response) (lease, error) {
	fault := &Error{Setting: "cam_role_name", Origin: m.origin}
	if response.StatusCode == http.StatusNotFound {
		fault.Problem = "the metadata service knows no such role of this instance"
		fault.Remedy = "Correct its name, or bind the role to the instance in the CVM console."
		return lease{}, fault
	}
	var answer struct {
		TmpSecretId, TmpSecretKey, Token string //nolint:revive // the service's name
		ExpiredTime                      int64  // s since 1970
		Code                             string
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || json.Unmarshal(body, &answer) != nil {
		fault.Problem = fmt.Sprintf("the server at %s is not the metadata service (%s)", m.url.Host, m.transport.describe())
		fault.Remedy = "Check that this runs on a CVM instance and that nothing intercepts the address."
		return lease{}, fault
	}
	if answer.Code != "Success" {
		fault.Problem = "the metadata service gave no keys"
		if code := word(answer.Code, network.NewRedactor(answer.TmpSecretId, answer.TmpSecretKey, answer.Token)); code != "" {
			fault.Problem += " (code " + code + ")"
		}
		fault.Remedy = "Check the role and that the CVM service may assume it."
		return lease{}, fault
	}
	l := lease{
		keys:    Credentials{SecretID: answer.TmpSecretId, SecretKey: answer.TmpSecretKey, Token: answer.Token},
		expires: time.Unix(answer.ExpiredTime, 0),
	}
	return l, checkTemporary("the metadata service", m.origin, l)
}

func (m metadata) unreachable(err error) error {
	return &Error{
		Setting: "cam_role_name",
		Origin:  m.origin,
		Problem: fmt.Sprintf("the metadata service (%s) could not be reached: %s", m.url.Host, network.Describe(err)),
		Remedy: cmp.Or(network.Remedy(err), "It exists on a CVM instance only. Elsewhere unset cam_role_name and TENCENTCLOUD_CAM_ROLE_NAME, "+
			"and use secret_id and secret_key, a profile or assume_role_with_web_identity."),
		Err: err,
	}
}
