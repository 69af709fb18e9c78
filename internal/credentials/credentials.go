// SPDX-License-Identifier: MPL-2.0

// Package credentials finds the credentials that sign requests, in the places where Tencent Cloud's
// own tools look: given keys, shared files, a TKE pod's workload identity, a CVM instance's role,
// and roles that are assumed with any of them.
//
// The vendor's SDK signs and sends the calls of STS. Its ready-made providers are not used. They
// log a failed renewal and continue with the old credentials, support no context, timeout, custom
// host, external id or policy, read fixed paths, and hold a lock while they wait. The SDK's client
// has traps too, and this package avoids them: it signs with empty keys, follows redirects with the
// token in a header, quotes whole responses in its errors, and retries with the old signature and
// without the context, or not at all.
//
// https://www.tencentcloud.com/document/product/1150/49452
package credentials

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// Credentials sign a request. Token is for temporary ones.
type Credentials struct {
	SecretID, SecretKey, Token string
}

// Source gives the credentials to sign a request with. It is called before every attempt and is
// safe for concurrent use.
type Source func(context.Context) (Credentials, error)

// StaticSource is the source of credentials that never change.
func StaticSource(c Credentials) Source {
	return func(context.Context) (Credentials, error) { return c, nil }
}

// ErrNoCredentials is the cause of an error when no credentials were given.
var ErrNoCredentials = errors.New("no credentials")

// Options configure the credential sources. The zero Options use the environment and the shared
// files.
//
// Only the first source that has credentials is used:
//
//  1. WebIdentity, which needs no other keys
//  2. Static
//  3. the shared files: the profile, then CredentialsFile; a CredentialsFile that is named takes
//     precedence over a profile that nobody named
//  4. TKE's workload identity: TKE_REGION, TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE and
//     TKE_ROLE_ARN, all set
//  5. CAMRole
//
// AssumeRole is then assumed with them.
type Options struct {
	// Static is a given key pair. One of the two keys alone is an error. Whoever gives it has checked
	// each part with [HasOddCharacter]. The environment variables are named where a key is from one.
	Static                              Credentials
	SecretIDVariable, SecretKeyVariable string

	Profile         string // "": "default", and a missing file is no error
	SharedDir       string // "": ~/.tccli
	CredentialsFile string // "": ~/.tencentcloud/credentials, and a missing file is no error

	CAMRole     string // of the CVM instance that this runs on
	AssumeRole  *AssumeRole
	WebIdentity *WebIdentity

	// UINs of root accounts. STS is asked for the account before credentials of another secret id
	// are used.
	AllowedAccounts, ForbiddenAccounts []string

	// RenewalFailed is told why a renewal failed whose old credentials are still valid, with the
	// context of the call that began it. nil: nobody is told.
	RenewalFailed func(context.Context, error)

	Getenv func(string) string // for HOME, USERPROFILE and TKE_*; nil: os.Getenv

	Region        string   // sent to STS; "": ap-guangzhou
	STS, Metadata *url.URL // of ParseSTSDomain and ParseMetadataDomain; nil: https://sts.tencentcloudapi.com, http://metadata.tencentyun.com

	// Proxy is for STS only: the metadata service is always asked directly. nil: none.
	Proxy *network.Proxy

	// Transport sends requests to STS and the metadata service. nil: a transport with timeouts.
	Transport http.RoundTripper
	UserAgent string
}

// AssumeRole is a role to assume with other credentials.
//
// https://www.tencentcloud.com/document/product/1150/49456
type AssumeRole struct {
	RoleARN         string        // qcs::cam::uin/<account>:roleName/<name>
	SessionName     string        // 2 to 128 letters, digits and =,.@_-; "": a name of this program
	SessionDuration time.Duration // whole seconds up to 12 h; 0: 2 h
	ExternalID      string
	Policy          string // JSON, narrows what the role allows
}

// WebIdentity is a role to assume with an OIDC token, without other credentials.
//
// https://www.tencentcloud.com/document/product/1150/49454
type WebIdentity struct {
	RoleARN         string        // as in AssumeRole
	ProviderID      string        // name of the identity provider in CAM; "": OIDC
	SessionName     string        // as in AssumeRole
	SessionDuration time.Duration // as in AssumeRole
	Token           string        // or
	TokenFile       string        // read anew for every call; ~ is the home directory
}

// Found is a credential source.
type Found struct {
	// Source returns credentials that are valid for at least some seconds, and renews temporary
	// ones before they expire. It is never nil. If there are no credentials, its error wraps
	// [ErrNoCredentials] and lists the sources that were skipped. Every error is an [*Error],
	// or the context's own.
	Source Source

	// Invalidate drops credentials that the service rejects although they have not expired, so that
	// Source fetches others, and reports whether it did. It drops the same credentials only once,
	// and never those that do not expire.
	Invalidate func(Credentials) bool

	Setting  Setting // that the keys belong to, such as "profile"; "" where there are no keys, or in a TKE pod
	Origin   string  // for people; "" where there are no keys
	Region   string  // of the profile, if the keys are its
	Warnings []Warning
}

// Warning is a risk of a source.
type Warning struct {
	Setting         Setting // "" if none is about it
	Problem, Remedy string
	IsUnused        bool // it is about a setting that has no effect, not about a risk
}

// Find selects the credential source from the options and local files. It makes no call. It returns
// every fault of options and files, each an *[Error], joined if there are several.
func Find(o Options) (*Found, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.RenewalFailed == nil {
		o.RenewalFailed = func(context.Context, error) {}
	}
	o.Region = cmp.Or(o.Region, defaultRegion)
	o.STS = cmp.Or(o.STS, &url.URL{Scheme: "https", Host: stsHost})
	o.Metadata = cmp.Or(o.Metadata, &url.URL{Scheme: "http", Host: metadataHost})
	f := &finder{Options: o}
	if err := f.check(); err != nil {
		return nil, err
	}
	s, err := f.find()
	if err != nil {
		return nil, err
	}
	r := &renewer{fetch: f.checkAccount(s), failed: f.RenewalFailed}
	return &Found{
		Source:     r.get,
		Invalidate: r.invalidate,
		Setting:    s.setting,
		Origin:     s.origin,
		Region:     s.region,
		Warnings:   f.warnings,
	}, nil
}
