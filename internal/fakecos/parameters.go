// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// parameter is how an action's page describes one; check checks its value.
type parameter struct {
	required bool
	check    func(name string, value any) response
}

// parameters are an action's, checked: strings and json.Numbers.
type parameters map[string]any

// actionParameters follow the pages of the actions:
// https://www.tencentcloud.com/document/product/1150/49452
var actionParameters = map[string]map[string]parameter{
	opAssumeRole: {
		"RoleArn":         {true, matches(roleARN)},
		"RoleSessionName": {true, matches(sessionName)},
		"DurationSeconds": {false, checkDuration},
		"Policy":          {false, checkPolicy},
		"ExternalId":      {false, matches(externalID)},
	},
	opAssumeRoleWithWebIdentity: {
		"RoleArn":          {true, matches(roleARN)},
		"RoleSessionName":  {true, matches(sessionName)},
		"DurationSeconds":  {false, checkDuration},
		"ProviderId":       {true, matches(anything)},
		"WebIdentityToken": {true, matches(anything)},
	},
	opGetCallerIdentity: {},
}

var (
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalID  = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
	anything    = regexp.MustCompile(`(?s)^.+$`)
	urlEncoded  = regexp.MustCompile(`^[\w.~!*'()+%-]+$`)
)

// readParameters checks a request's body: an object with the parameters that the action has, and
// those it demands.
func readParameters(body []byte, known map[string]parameter) (parameters, response) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var given parameters
	err := decoder.Decode(&given)
	if _, more := decoder.Token(); err != nil || given == nil || !errors.Is(more, io.EOF) {
		return nil, stsFailure("InvalidParameter", "The request body is not a JSON object.")
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, ok := known[name]; !ok {
			return nil, stsFailure("UnknownParameter", "The parameter `%s` is not recognized.", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		value, ok := given[name]
		if !ok && known[name].required {
			return nil, stsFailure("MissingParameter", "The request is missing a required parameter `%s`.", name)
		}
		if !ok {
			continue
		}
		if refusal := known[name].check(name, value); refusal.failed() {
			return nil, refusal
		}
	}
	return given, response{}
}

// text is a string parameter's value, "" if it was not given.
func (p parameters) text(name string) string {
	value, _ := p[name].(string)
	return value
}

// duration is how long the keys are to last. The page lets 0 pass without saying what it means; it
// is taken for not given.
func (p parameters) duration() time.Duration {
	number, _ := p["DurationSeconds"].(json.Number)
	seconds, _ := number.Int64()
	if seconds == 0 {
		seconds = defaultDuration
	}
	return time.Duration(seconds) * time.Second
}

func matches(form *regexp.Regexp) func(string, any) response {
	return func(name string, value any) response {
		text, ok := value.(string)
		if !ok {
			return wrongType(name, "String")
		}
		if !form.MatchString(text) {
			return stsFailure("InvalidParameter.ParamError", "The parameter `%s` must match %s.", name, form)
		}
		return response{}
	}
}

func checkDuration(name string, value any) response {
	number, _ := value.(json.Number)
	seconds, err := number.Int64()
	switch {
	case err != nil:
		return wrongType(name, "Integer")
	case seconds < 0:
		return stsFailure("InvalidParameter.ParamError", "The parameter `%s` is negative.", name)
	case seconds > maxDuration:
		return stsFailure("InvalidParameter.OverTimeError", "The parameter `%s` is more than %d.", name, maxDuration)
	}
	return response{}
}

// checkPolicy checks a policy's encoding and outline; what it allows is not looked at.
// https://www.tencentcloud.com/document/product/598/10603
func checkPolicy(name string, value any) response {
	encoded, ok := value.(string)
	if !ok {
		return wrongType(name, "String")
	}
	text, err := url.QueryUnescape(encoded)
	if err != nil || !urlEncoded.MatchString(encoded) {
		return stsFailure("InvalidParameter.StrategyFormatError", "The policy is not URL-encoded.")
	}
	var document struct { // its names in any letter case
		Version   string
		Statement []struct{ Principal json.RawMessage }
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil || document.Version != "2.0" || len(document.Statement) == 0 {
		return stsFailure("InvalidParameter.StrategyFormatError", "The policy is not JSON of version 2.0 with statements.")
	}
	for _, statement := range document.Statement {
		if statement.Principal != nil {
			return stsFailure("InvalidParameter.StrategyInvalid", "The policy of a session cannot have a principal.")
		}
	}
	return response{}
}

func wrongType(name, want string) response {
	return stsFailure("InvalidParameter", "The parameter `%s` is not of type %s.", name, want)
}
