// SPDX-License-Identifier: MPL-2.0

package credentials

import "errors"

// check returns every fault of the options themselves.
func (f *finder) check() error {
	var faults []error
	if a := f.AssumeRole; a != nil {
		r := newRole("assume_role", a.RoleARN, a.SessionName, a.SessionDuration)
		faults = append(faults, r.check())
		if a.ExternalID != "" && CheckExternalID(a.ExternalID) != nil {
			faults = append(faults, r.fault("external_id", "STS does not accept an external id of this form", "It has "+plainText(ExternalIDForm)))
		}
		if a.Policy != "" && CheckPolicy(a.Policy) != nil {
			faults = append(faults, r.fault("policy", "the policy is not JSON", "Write it with jsonencode."))
		}
	}
	if w := f.WebIdentity; w != nil {
		r := newRole("assume_role_with_web_identity", w.RoleARN, w.SessionName, w.SessionDuration)
		faults = append(faults, r.check())
		switch {
		case w.Token == "" && w.TokenFile == "":
			faults = append(faults, r.fault("web_identity_token", "there is neither a web identity token nor a file of one", "Set web_identity_token or web_identity_token_file."))
		case w.Token != "" && w.TokenFile != "":
			faults = append(faults, r.fault("web_identity_token_file", "there are both a web identity token and a file of one", "Set one of web_identity_token and web_identity_token_file."))
		}
	}
	return errors.Join(faults...)
}
