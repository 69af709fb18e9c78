// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	sdkhttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// webIdentity assumes a role with an OIDC token.
func (f *finder) webIdentity() (*source, error) {
	w := f.WebIdentity
	r := newRole("assume_role_with_web_identity", w.RoleARN, w.SessionName, w.SessionDuration)
	r.origin = fmt.Sprintf("the role %s, assumed with a web identity", w.RoleARN)
	t := token{name: "the web identity token", setting: r.at("web_identity_token"), origin: r.origin, text: w.Token, remedy: "Have the identity provider issue it again."}
	if w.TokenFile != "" {
		path, err := f.expand(w.TokenFile, r.at("web_identity_token_file"))
		if err != nil {
			return nil, err
		}
		t = f.tokenFile(path, r.at("web_identity_token_file"), r.origin)
	}
	return f.withWebIdentity(r, cmp.Or(w.ProviderID, DefaultProviderID), t)
}

// token is a web identity token: a text, or that of a file.
type token struct {
	name       string // for people
	setting    Setting
	origin     string
	text, path string
	remedy     string // for a text that is no token
}

func (f *finder) tokenFile(path string, setting Setting, origin string) token {
	return token{
		name: "the token file " + f.short(path), setting: setting, origin: origin, path: path,
		remedy: `Check what writes the file: it holds the token alone, or {"web_identity_token": "…"}.`,
	}
}

func (t token) fault(problem, remedy string, err error) error {
	return &Error{Setting: t.setting, Origin: t.origin, Problem: t.name + " " + problem, Remedy: remedy, Err: err}
}

// get returns the token as it is now. Whoever issues the tokens of a file replaces them.
func (t token) get() (string, error) {
	text := t.text
	if t.path != "" {
		data, _, err := readFile(t.path)
		if err != nil {
			return "", t.fault("cannot be read: "+err.Error(), cmp.Or(network.Remedy(err), "Check its path and permissions."), err)
		}
		text = string(data)
	}
	text = strings.TrimSpace(text)
	if t.path != "" && strings.HasPrefix(text, "{") { // the tencentcloud provider's form
		var file struct {
			Token string `json:"web_identity_token"`
		}
		if json.Unmarshal([]byte(text), &file) != nil || file.Token == "" {
			return "", t.fault("begins like JSON, but holds no web_identity_token", t.remedy, nil)
		}
		text = strings.TrimSpace(file.Token)
	}
	switch {
	case text == "":
		return "", t.fault("is empty", t.remedy, nil)
	case HasOddCharacter(text):
		return "", t.fault("holds white space or another character that no token has", t.remedy, nil)
	}
	return text, nil
}

// withWebIdentity assumes a role with a token. That there is one is looked at now.
//
// https://www.tencentcloud.com/document/product/1150/49454
func (f *finder) withWebIdentity(r role, provider string, t token) (*source, error) {
	if _, err := t.get(); err != nil {
		return nil, err
	}
	return &source{setting: r.setting, origin: r.origin, fetch: func(ctx context.Context) (lease, error) {
		text, err := t.get()
		if err != nil {
			return lease{}, err
		}
		parameters := r.parameters()
		parameters["ProviderId"] = provider
		parameters["WebIdentityToken"] = text
		return r.assume(func(answer sdkhttp.Response) *Error {
			return f.callSTS(ctx, "AssumeRoleWithWebIdentity", r.origin, nil, parameters, answer, text)
		}, func(e *Error) {
			switch {
			case e.Code == "InvalidParameter.WebIdentityTokenError":
				e.Setting = t.setting
				e.Remedy = tokenRemedy(text, provider)
			case isUnauthorized(e.Code):
				e.Setting = r.at("role_arn")
				e.Remedy = fmt.Sprintf("The trust policy of %s must name the identity provider %s of its account, with conditions that the token's iss, aud and sub meet.", r.arn, untrusted.Quote(provider))
			}
		})
	}}, nil
}

// tokenRemedy tells a token that has expired from one that is not liked. STS has one code for both,
// and the token says its end itself; nothing is decided by it, so that neither its signature nor
// its form matters.
//
// https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
func tokenRemedy(token, provider string) string {
	var claims struct {
		Expires float64 `json:"exp"`
	}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
		_ = json.Unmarshal(payload, &claims)
	}
	if claims.Expires > 0 && claims.Expires < float64(time.Now().Unix()) { // which no int64 overflows
		end := time.Unix(int64(claims.Expires), 0).UTC().Format(time.RFC3339)
		return fmt.Sprintf("The token expired at %s. Have the identity provider issue a new one; where a file holds it, see that it is replaced in time.", end)
	}
	return fmt.Sprintf("Check that the identity provider %s is the one in CAM that issued the token, that its signing keys there are current, and that the token's aud is one of its client ids.", untrusted.Quote(provider))
}

// workloadIdentity is that of a TKE pod whose service account has a role. TKE sets all four
// variables or none.
//
// https://github.com/TencentCloud/tencentcloud-sdk-go/blob/master/tencentcloud/common/oidc_role_arn_provider.go
func (f *finder) workloadIdentity() (*source, error) {
	values := map[string]string{}
	var missing []string
	for _, name := range []string{"TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN"} {
		if values[name] = f.Getenv(name); values[name] == "" {
			missing = append(missing, name)
		}
	}
	switch len(missing) {
	case 0:
	case len(values):
		f.recordSkipped("this is no TKE pod with a workload identity (TKE_ROLE_ARN is not set)")
		return nil, nil
	default:
		f.recordSkipped("the TKE workload identity is incomplete (%s not set)", strings.Join(missing, " and "))
		return nil, nil
	}
	r := newRole("", values["TKE_ROLE_ARN"], "", 0)
	r.origin = "the TKE workload identity of this pod"
	if err := errors.Join(r.check()...); err != nil {
		return nil, err
	}
	r.origin += " (" + r.arn + ")"
	t := f.tokenFile(values["TKE_WEB_IDENTITY_TOKEN_FILE"], "", r.origin)
	pod := finder{Options: f.Options}
	pod.Region = values["TKE_REGION"]
	return pod.withWebIdentity(r, values["TKE_PROVIDER_ID"], t)
}
