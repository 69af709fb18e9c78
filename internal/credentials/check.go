// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// check finds fault with the settings themselves.
func (f *finder) check() error {
	var faults []error
	add := func(setting, problem, remedy string) {
		faults = append(faults, &Error{Setting: setting, Problem: problem, Remedy: remedy})
	}
	if a := f.AssumeRole; a != nil {
		r := role{setting: "assume_role", arn: a.RoleARN, session: a.SessionName, duration: a.SessionDuration}
		r.check(add)
		if a.ExternalID != "" && CheckExternalID(a.ExternalID) != nil {
			add(r.at("external_id"), "the external id has a form that STS does not take", "It has 2 to 128 letters, digits and characters of +=,.@:/_-")
		}
		if a.Policy != "" && !json.Valid([]byte(a.Policy)) {
			add(r.at("policy"), "the policy is not JSON", "Write it with jsonencode.")
		}
	}
	if w := f.WebIdentity; w != nil {
		r := role{setting: "assume_role_with_web_identity", arn: w.RoleARN, session: w.SessionName, duration: w.SessionDuration}
		r.check(add)
		switch {
		case w.Token == "" && w.TokenFile == "":
			add(r.at("web_identity_token"), "there is neither a web identity token nor a file of one", "Set web_identity_token or web_identity_token_file.")
		case w.Token != "" && w.TokenFile != "":
			add(r.at("web_identity_token_file"), "there are both a web identity token and a file of one", "Set one of web_identity_token and web_identity_token_file.")
		}
	}
	return errors.Join(faults...)
}

// check finds fault with what the two ways to assume a role have in common.
func (r role) check(add func(setting, problem, remedy string)) {
	if CheckRoleARN(r.arn) != nil {
		add(r.at("role_arn"), fmt.Sprintf("%q is not a role ARN", r.arn), "Expected: qcs::cam::uin/<account>:roleName/<name>.")
	}
	if r.session != "" && CheckSessionName(r.session) != nil {
		add(r.at("session_name"), fmt.Sprintf("%q is not the name of a session", r.session), "It has 2 to 128 letters, digits and characters of +=,.@_-")
	}
	if r.duration < 0 || r.duration > MaxSessionDuration || r.duration%time.Second != 0 {
		add(r.at("session_duration"), fmt.Sprintf("%v is not a session's duration", r.duration), "It is a number of seconds from 1 to 43200.")
	}
}
