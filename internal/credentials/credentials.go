// SPDX-License-Identifier: MPL-2.0

// Package credentials finds the keys that requests are signed with, in the places where Tencent Cloud's own tools look:
// given keys, shared files, a TKE pod's workload identity, a CVM instance's role, and roles assumed with any of them.
//
// The vendor's SDK signs and sends the calls of STS. Its ready-made providers are not used: they log a refresh that
// failed and go on with the old keys, know no context, no time limit, no other host than the public one, no external id
// and no policy, read fixed paths, and hold a lock while they wait. Its client has traps of its own, each closed here:
// it signs with empty keys as if they were some, follows redirects with the token in a header, quotes whole answers in
// its errors, and repeats a request with the old signature, deaf to the context, or not at all.
//
// https://www.tencentcloud.com/document/product/1150/49452
package credentials

import (
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// Options say where keys may come from. The zero Options find what the environment and the shared files hold.
//
// The first of these that holds keys is the only one used:
//
//  1. WebIdentity, which needs no other keys
//  2. Static
//  3. the shared files: the profile, then CredentialsFile; a CredentialsFile that is named goes before a profile that
//     nobody named
//  4. TKE's workload identity: TKE_REGION, TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE and TKE_ROLE_ARN, all set
//  5. CAMRole
//
// AssumeRole is on top of it.
type Options struct {
	Static Static

	Profile         string // "": "default", and a missing file is no error
	SharedDir       string // "": ~/.tccli
	CredentialsFile string // "": ~/.tencentcloud/credentials, and a missing file is no error

	CAMRole     string // of the CVM instance that this runs on
	AssumeRole  *AssumeRole
	WebIdentity *WebIdentity

	// Accounts by their root UIN, asked of STS before keys of another secret id are handed out.
	AllowedAccounts, ForbiddenAccounts []string

	Getenv func(string) string // for HOME, USERPROFILE and TKE_*; nil: os.Getenv

	Region        string   // sent to STS; "": ap-guangzhou
	STS, Metadata *url.URL // of ParseSTSDomain and ParseMetadataDomain; nil: https://sts.tencentcloudapi.com, http://metadata.tencentyun.com

	// Transport carries what is sent to both. nil: one with bounds, that honours HTTPS_PROXY for STS and goes straight
	// to the metadata service.
	Transport http.RoundTripper
	UserAgent string
}

// Static are keys that were given, with the token that makes them temporary ones. One without the other is a fault.
type Static struct{ SecretID, SecretKey, Token string }

// AssumeRole is a role to assume with other keys.
//
// https://www.tencentcloud.com/document/product/1150/49456
type AssumeRole struct {
	RoleARN         string        // qcs::cam::uin/<account>:roleName/<name>
	SessionName     string        // 2 to 128 letters, digits and =,.@_-; "": a name of this program
	SessionDuration time.Duration // whole seconds up to 12 h; 0: 2 h
	ExternalID      string
	Policy          string // JSON, narrows what the role allows
}

// WebIdentity is a role to assume with an OIDC token, without keys.
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

// Found is a source of keys.
type Found struct {
	// Source gives keys that are good for at least some seconds, and renews temporary ones before they expire. It is
	// never nil: where there are no keys, it answers an error that wraps [cos.ErrNoCredentials] and lists what was
	// looked at. Its errors are *[Error], or the context's own.
	Source cos.CredentialSource

	// Invalidate drops keys that the service no longer takes although they should still be good, so that Source
	// fetches others, and reports whether it did. It does so once for each: keys that come back are not dropped again.
	// Keys that do not expire stay.
	Invalidate func(cos.Credentials) bool

	Setting  Setting // that the keys belong to, such as "profile"; "" where there are no keys, or in a TKE pod
	Origin   string  // for people; "" where there are no keys
	Region   string  // of the profile, if the keys are its
	Warnings []Warning
}

// Warning is something about a source that should not stay so.
type Warning struct {
	Setting         Setting // "" if none is about it
	Problem, Remedy string
}

// Find decides, from the options and local files alone, which source the keys come from. It contacts nothing. Faults of
// settings and files are found here, each an *[Error], joined if there are several.
func Find(o Options) (*Found, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	f := &finder{Options: o}
	if err := f.check(); err != nil {
		return nil, err
	}
	f.sts = newSTS(o)
	s, err := f.find()
	if err != nil {
		return nil, err
	}
	r := newRenewer(f.checkAccount(s))
	return &Found{
		Source:     r.get,
		Invalidate: r.invalidate,
		Setting:    s.setting,
		Origin:     s.origin,
		Region:     s.region,
		Warnings:   f.warnings,
	}, nil
}
