// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
)

// source is a credential source.
type source struct {
	setting Setting // that it belongs to
	origin  string
	region  string // that goes with the keys
	fetch   fetch
}

// finder looks for the credential source, and calls STS and the metadata service for it.
type finder struct {
	Options
	looked   []string // the sources that were skipped, and why
	warnings []Warning
}

func (f *finder) find() (*source, error) {
	s, err := f.nearest()
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return &source{fetch: f.noCredentials()}, nil
	case f.AssumeRole != nil:
		return f.assumeRole(s), nil
	}
	return s, nil
}

// nearest returns the first source that has credentials, or nil. It reads no source after it.
func (f *finder) nearest() (*source, error) {
	if f.WebIdentity != nil {
		return f.webIdentity()
	}
	looks := []func() (*source, error){f.static, f.sharedProfile, f.credentialsFile, f.workloadIdentity, f.camRole}
	if f.CredentialsFile != "" && f.Profile == "" && f.SharedDir == "" {
		looks[1], looks[2] = looks[2], looks[1] // a file that was named takes precedence over a default one
	}
	for _, look := range looks {
		if s, err := look(); s != nil || err != nil {
			return s, err
		}
	}
	return nil, nil
}

// check returns every fault of the options themselves.
func (f *finder) check() error {
	var faults []error
	if a := f.AssumeRole; a != nil {
		r := newRole("assume_role", a.RoleARN, a.SessionName, a.SessionDuration)
		faults = append(faults, r.check()...)
		if a.ExternalID != "" && CheckExternalID(a.ExternalID) != nil {
			faults = append(faults, r.fault("external_id", "STS does not accept an external id of this form", "It has "+plainText(ExternalIDForm)))
		}
		if a.Policy != "" && CheckPolicy(a.Policy) != nil {
			faults = append(faults, r.fault("policy", "the policy is not JSON", "Write it with jsonencode."))
		}
	}
	if w := f.WebIdentity; w != nil {
		r := newRole("assume_role_with_web_identity", w.RoleARN, w.SessionName, w.SessionDuration)
		faults = append(faults, r.check()...)
		switch {
		case w.Token == "" && w.TokenFile == "":
			faults = append(faults, r.fault("web_identity_token", "there is neither a web identity token nor a file of one", "Set web_identity_token or web_identity_token_file."))
		case w.Token != "" && w.TokenFile != "":
			faults = append(faults, r.fault("web_identity_token_file", "there are both a web identity token and a file of one", "Set one of web_identity_token and web_identity_token_file."))
		}
	}
	return errors.Join(faults...)
}

// recordSkipped records why a credential source was skipped.
func (f *finder) recordSkipped(format string, args ...any) {
	f.looked = append(f.looked, fmt.Sprintf(format, args...))
}

func (f *finder) warn(w Warning) { f.warnings = append(f.warnings, w) }

// noCredentials returns a fetch whose error lists every source that was skipped.
func (f *finder) noCredentials() fetch {
	err := &Error{
		Problem: "no keys were found: " + strings.Join(f.looked, "; "),
		Remedy: "Set secret_id and secret_key or the environment variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, " +
			"name a profile of tccli, or, on a CVM instance, its role as cam_role_name.",
		Err: ErrNoCredentials,
	}
	return func(context.Context) (lease, error) { return lease{}, err }
}

// static uses the keys of the options. A token alone is not a credential.
func (f *finder) static() (*source, error) {
	s := f.Static
	id, key := cmp.Or(f.SecretIDVariable, "secret_id"), cmp.Or(f.SecretKeyVariable, "secret_key")
	origin := id + " and " + key
	if s.SecretID != "" && s.SecretKey != "" {
		return &source{setting: "secret_id", origin: origin, fetch: fixed(s)}, nil
	}
	missing, has, variable := Setting("secret_key"), id, f.SecretIDVariable
	if s.SecretID == "" {
		missing, has, variable = "secret_id", key, f.SecretKeyVariable
	}
	switch {
	case s.SecretID == "" && s.SecretKey == "":
		f.recordSkipped("secret_id and secret_key are not set")
		return nil, nil
	case variable != "": // no setting of the configuration is at fault
		return nil, &Error{Origin: variable, Problem: "it is set in the environment, but there is no " + string(missing), Remedy: halfPair}
	}
	return nil, &Error{Setting: missing, Origin: origin, Problem: fmt.Sprintf("there is a %s, but no %s", has, missing), Remedy: halfPair}
}

// fixed returns the fetch of keys that never change.
func fixed(k Credentials) fetch {
	return func(context.Context) (lease, error) { return lease{keys: k}, nil }
}
