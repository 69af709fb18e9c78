package credentials

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// The forms of a session's name and of an external id: https://www.tencentcloud.com/document/product/1150/49456
var (
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalID  = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
)

// check finds fault with the settings themselves.
func (f *finder) check() error {
	var faults []error
	add := func(setting, problem, remedy string) {
		faults = append(faults, &Error{Setting: setting, Problem: problem, Remedy: remedy})
	}
	for _, service := range []struct {
		setting string
		url     *url.URL
	}{{"sts_domain", f.STS}, {"metadata_domain", f.Metadata}} {
		if u := service.url; u != nil && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "") {
			add(service.setting, "it is not the address of a service", "Give a host, with http:// or https:// before it, and nothing behind it.")
		}
	}
	if a := f.AssumeRole; a != nil {
		r := role{setting: "assume_role", arn: a.RoleARN, session: a.SessionName, duration: a.SessionDuration}
		r.check(add)
		if a.ExternalID != "" && !externalID.MatchString(a.ExternalID) {
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
	if !strings.HasPrefix(r.arn, "qcs::cam:") || !strings.Contains(r.arn, ":role") {
		add(r.at("role_arn"), fmt.Sprintf("%q is not the description of a role", r.arn), "It is qcs::cam::uin/<account>:roleName/<name>, as the CAM console shows it.")
	}
	if r.session != "" && !sessionName.MatchString(r.session) {
		add(r.at("session_name"), fmt.Sprintf("%q is not the name of a session", r.session), "It has 2 to 128 letters, digits and characters of +=,.@_-")
	}
	if r.duration < 0 || r.duration > maxDuration || r.duration%time.Second != 0 {
		add(r.at("session_duration"), fmt.Sprintf("%v is not a session's duration", r.duration), "It is a number of seconds from 1 to 43200.")
	}
}
