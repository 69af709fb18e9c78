// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"errors"
	"fmt"
)

// check returns every fault of the options themselves.
func (f *finder) check() error {
	var faults []error
	add := func(setting Setting, problem, remedy string) {
		faults = append(faults, &Error{Setting: setting, Problem: problem, Remedy: remedy})
	}
	checkRole := func(r role) {
		if CheckRoleARN(r.arn) != nil {
			add(r.at("role_arn"), fmt.Sprintf("%q is not a role ARN", r.arn), "Expected: "+roleARNForm+".")
		}
		if r.session != "" && CheckSessionName(r.session) != nil {
			add(r.at("session_name"), fmt.Sprintf("%q is not the name of a session", r.session), "It has "+plainText(SessionNameForm))
		}
		if r.duration != 0 && CheckSessionDuration(r.duration) != nil {
			add(r.at("session_duration"), fmt.Sprintf("%v is not a session's duration", r.duration), "It is "+sessionDurationForm+".")
		}
	}
	if a := f.AssumeRole; a != nil {
		r := role{setting: "assume_role", arn: a.RoleARN, session: a.SessionName, duration: a.SessionDuration}
		checkRole(r)
		if a.ExternalID != "" && CheckExternalID(a.ExternalID) != nil {
			add(r.at("external_id"), "STS does not accept an external id of this form", "It has "+plainText(ExternalIDForm))
		}
		if a.Policy != "" && CheckPolicy(a.Policy) != nil {
			add(r.at("policy"), "the policy is not JSON", "Write it with jsonencode.")
		}
	}
	if w := f.WebIdentity; w != nil {
		r := role{setting: "assume_role_with_web_identity", arn: w.RoleARN, session: w.SessionName, duration: w.SessionDuration}
		checkRole(r)
		switch {
		case w.Token == "" && w.TokenFile == "":
			add(r.at("web_identity_token"), "there is neither a web identity token nor a file of one", "Set web_identity_token or web_identity_token_file.")
		case w.Token != "" && w.TokenFile != "":
			add(r.at("web_identity_token_file"), "there are both a web identity token and a file of one", "Set one of web_identity_token and web_identity_token_file.")
		}
	}
	return errors.Join(faults...)
}
