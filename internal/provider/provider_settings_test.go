// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const invalidProvider = "Invalid Provider Configuration"

// variables are those of some of the provider's attributes.
var variables = map[string]string{
	"region": envRegion, "secret_id": envSecretID, "secret_key": envSecretKey, "security_token": envSecurityToken, "cos_domain": envCOSDomain,
}

// pattern finds the texts in this order, however the CLI wraps them.
func pattern(texts ...string) *regexp.Regexp {
	for i, text := range texts {
		words := strings.Fields(text)
		for j, word := range words {
			words[j] = regexp.QuoteMeta(word)
		}
		texts[i] = strings.Join(words, `[\s│]+`)
	}
	return regexp.MustCompile(`(?s)` + strings.Join(texts, ".*"))
}

func (p *protocol) providerConfig(config object) *tfprotov6.DynamicValue {
	p.t.Helper()
	return p.dynamic(newValue(p.t, p.schema.Provider.ValueType(), config))
}

func (p *protocol) configureAs(version string, config object) []finding {
	p.t.Helper()
	response := call(p, p.server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{TerraformVersion: version, Config: p.providerConfig(config)})
	return findings(p.t, response.Diagnostics)
}

func (p *protocol) validateProvider(config object) []finding {
	p.t.Helper()
	response := call(p, p.server.ValidateProviderConfig, &tfprotov6.ValidateProviderConfigRequest{Config: p.providerConfig(config)})
	return findings(p.t, response.Diagnostics)
}

// read refreshes job "nightly", which is one call of the API.
func (p *protocol) read(members object) []finding {
	p.t.Helper()
	response := call(p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: testType, CurrentState: p.job(jobObject(members))})
	return findings(p.t, response.Diagnostics)
}

// Of the places of a setting, the first that has it wins: the attribute, the variables in this
// order, the profile. %d stands for the place, and a case may need other variables.
func TestSettings_precedence(t *testing.T) {
	t.Parallel()
	const arn, session = "qcs::cam::uin/1:roleName/role-%d", "session-%d"
	role := environment{envAssumeRoleARN: testRole}
	web := environment{envAssumeRoleARN: testRole, envWebIdentityToken: "token"}
	for _, test := range []struct {
		attribute, value string
		needs            environment
		variables        []string
	}{
		{"region", "ap-place%d", nil, []string{envRegion, "the profile"}},
		{"cos_domain", "https://cos-%d.example", nil, []string{envCOSDomain}},
		{"secret_id", "id-%d", environment{envSecretKey: "key"}, []string{envSecretID}},
		{"secret_key", "key-%d", environment{envSecretID: "id"}, []string{envSecretKey}},
		{"security_token", "token-%d", environment{envSecretID: "id", envSecretKey: "key"}, []string{envSecurityToken}},
		{"profile", "place%d", nil, []string{envProfile}},
		{"shared_credentials_dir", "~/place%d", nil, []string{envSharedCredentialsDir}},
		{"", "~/place%d", nil, []string{envCredentialsFile}},
		{"cam_role_name", "role-%d", nil, []string{envCAMRoleName}},
		{"sts_domain", "https://sts.place%d", nil, []string{envSTSDomain, envDomain}},
		{"metadata_domain", "http://metadata-%d.example", nil, []string{envMetadataDomain}},
		{"assume_role.role_arn", arn, nil, []string{envAssumeRoleARN}},
		{"assume_role.session_name", session, role, []string{envAssumeRoleSessionName}},
		{"assume_role.session_duration", "9%d", role, []string{envAssumeRoleSessionDuration}},
		{"assume_role.external_id", "external-%d", role, []string{envAssumeRoleExternalID}},
		{"assume_role_with_web_identity.role_arn", arn, web, []string{envAssumeRoleARN}},
		{"assume_role_with_web_identity.provider_id", "provider-%d", web, []string{envAssumeRoleProviderID}},
		{"assume_role_with_web_identity.session_name", session, web, []string{envAssumeRoleSessionName}},
		{"assume_role_with_web_identity.session_duration", "9%d", web, []string{envAssumeRoleSessionDuration}},
		{"assume_role_with_web_identity.web_identity_token", "token-%d", role, []string{envWebIdentityToken, envWebIdentityTokenFile}},
		{"assume_role_with_web_identity.web_identity_token_file", "file-%d", role, []string{envWebIdentityToken, envWebIdentityTokenFile}},
	} {
		value := func(place int) string { return fmt.Sprintf(test.value, place) }
		for winner := range len(test.variables) + 2 { // the last is none
			if winner == 0 && test.attribute == "" {
				continue
			}
			env := sumOf(environment{"HOME": t.TempDir()}, test.needs)
			env["USERPROFILE"] = env["HOME"]
			for i, variable := range test.variables {
				switch place := i + 1; {
				case place < winner && test.needs[variable] != "":
					delete(env, variable)
				case place < winner:
					env[variable] = ""
				case variable == "the profile":
					env.put(t, ".tccli/default.credential", sampleProfile(""))
					env.put(t, ".tccli/default.configure", `{"_sys_param": {"region": "`+value(place)+`"}}`)
				case variable == envDomain:
					env[variable] = strings.TrimPrefix(value(place), "https://sts.")
				default:
					env[variable] = value(place)
				}
			}
			var model providerModel
			if winner == 0 {
				setAttribute(reflect.ValueOf(&model).Elem(), strings.Split(test.attribute, "."), value(0))
			}
			p := cosProvider{getenv: env.get}
			var got string
			if test.attribute == "region" || test.attribute == "cos_domain" {
				settings, diags := p.settings(model)
				if got = settings.region + " https://" + strings.Trim(fmt.Sprint(settings.domain), "{}htps "); diags.HasError() {
					t.Error(diags)
				}
			} else {
				o, diags := p.credentialOptions(model)
				role, web := o.AssumeRole, o.WebIdentity
				o.AssumeRole, o.WebIdentity, o.RenewalFailed, o.Getenv = nil, nil, nil, nil // whose addresses are no values
				got = strings.ReplaceAll(fmt.Sprintf("%+v %+v %+v %v %v", o, role, web, o.STS, o.Metadata), "SessionDuration:1m3", "9")
				if diags.HasError() {
					t.Error(diags)
				}
			}
			for place := range len(test.variables) + 1 {
				if strings.Contains(got, value(place)) != (place == winner) {
					t.Errorf("%s: of the places from %d on, %s", test.attribute, winner, got)
				}
			}
		}
	}
}

// setAttribute sets the attribute of the model, within a block of the test's role.
func setAttribute(model reflect.Value, steps []string, value string) {
	for i := range model.NumField() {
		switch field := model.Field(i); {
		case model.Type().Field(i).Tag.Get("tfsdk") != steps[0]:
		case len(steps) > 1:
			field.Set(reflect.New(field.Type().Elem()))
			setAttribute(field.Elem(), []string{"role_arn"}, testRole)
			setAttribute(field.Elem(), steps[1:], value)
		case field.Type() == reflect.TypeFor[types.Int64]():
			seconds, _ := strconv.ParseInt(value, 10, 64)
			field.Set(reflect.ValueOf(types.Int64Value(seconds)))
		default:
			field.Set(reflect.ValueOf(types.StringValue(value)))
		}
	}
}

// Whatever the environment holds cannot write to a terminal, or fill it.
func TestSettings_hostileEnvironment(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{strings.Repeat("x", 900_000), "x\x1b[2J\u202e\nError: fake", "qcs::cam::uin/1:roleName/x\x1b[2J\u202e\nError: fake"} {
		for _, variable := range []string{
			envRegion, envCOSDomain, envSecretID, envSecretKey, envSecurityToken, envProfile, envSharedCredentialsDir, envCredentialsFile, envCAMRoleName,
			envAssumeRoleARN, envAssumeRoleSessionName, envAssumeRoleSessionDuration, envAssumeRoleExternalID, envAssumeRoleProviderID, envWebIdentityToken,
			envWebIdentityTokenFile, envSTSDomain, envDomain, envMetadataDomain, "TKE_ROLE_ARN", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "HOME", "HTTPS_PROXY",
		} {
			for name, base := range map[string]environment{
				"nothing": {}, "keys of the block": {}, "keys": {envSecretID: "id", envSecretKey: "key"}, "role": {envAssumeRoleARN: testRole, envCAMRoleName: "ci"},
				"pod": {"TKE_REGION": testRegion, "TKE_PROVIDER_ID": "tke", "TKE_ROLE_ARN": testRole, "TKE_WEB_IDENTITY_TOKEN_FILE": os.DevNull},
			} {
				env := sumOf(sumOf(environment{"HOME": "/nowhere", "USERPROFILE": "/nowhere"}, base), environment{variable: hostile})
				p := cosProvider{getenv: env.get}
				var model providerModel
				if name == "keys of the block" {
					model.SecretID, model.SecretKey = types.StringValue("id"), types.StringValue("key")
				}
				settings, diags := p.settings(model)
				texts := []string{settings.regionFrom}
				for _, d := range diags {
					texts = append(texts, d.Detail())
				}
				if settings.credentials != nil {
					texts = append(texts, settings.credentials.Origin)
				}
				if settings.credentials != nil && settings.credentials.Origin == "" {
					_, err := settings.credentials.Source(t.Context())
					texts = append(texts, err.Error())
				}
				for _, text := range texts {
					if len(text) > 6<<10 || strings.ContainsAny(text, "\x1b\u202e") || strings.Contains(text, "\nError: fake") {
						t.Errorf("%s, with %s: %d bytes: %.300q", variable, name, len(text), text)
					}
				}
			}
		}
	}
}

// Validation sees the attributes alone; what the environment holds is found when the provider is
// configured, which looks at everything once more.
func TestSettings_mistakes(t *testing.T) {
	t.Parallel()
	const domainParts = "he domain is a scheme and a host only, without user, path or query"
	const blank = "The value holds white space or other characters that no credential has."
	for name, c := range map[string]struct {
		attribute, value string
		validated        bool // the attribute's own validators find it
		detail           []string
		secret           bool
	}{
		"region of another form": {attribute: "region", value: "Guangzhou", validated: true, detail: []string{regionForm, `"Guangzhou"`}},
		"domain without scheme":  {attribute: "cos_domain", value: "cos.ap-guangzhou.myqcloud.com", validated: true, detail: []string{"he domain has no scheme: write https:// before it, as in https://cos-internal"}},
		"domain with a password": {attribute: "cos_domain", value: "https://user:hush@cos.ap-guangzhou.myqcloud.com", validated: true, detail: []string{domainParts}, secret: true},
		"domain in plain http": {
			attribute: "cos_domain", value: "http://cos.ap-guangzhou.myqcloud.com", validated: true,
			detail: []string{"lain http is accepted for the loopback only", "over a network it would show signatures, tokens and job settings", "use https"},
		},
		"id with a line break":  {attribute: "secret_id", value: "AKIDHUSH\n", detail: []string{blank}, secret: true},
		"key with a blank":      {attribute: "secret_key", value: "hush hush", detail: []string{blank}, secret: true},
		"key with a tab":        {attribute: "secret_key", value: "\thush", detail: []string{blank}, secret: true},
		"token in Unicode":      {attribute: "security_token", value: "hush\u00a0", detail: []string{blank}, secret: true},
		"token of a line break": {attribute: "security_token", value: "\n", detail: []string{blank}},
	} {
		variable := variables[c.attribute]
		expect := func(t *testing.T, found []finding, path, summary string, details ...string) {
			t.Helper()
			if len(found) != 1 || found[0].warning || found[0].path != path || found[0].summary != summary {
				t.Fatalf("found %s, want %s on %q", lines(found), summary, path)
			}
			for _, detail := range slices.Concat(details, c.detail) {
				if !strings.Contains(found[0].detail, detail) {
					t.Errorf("%q does not say %q", found[0].detail, detail)
				}
			}
			if secret := strings.TrimSpace(c.value); c.secret && strings.Contains(strings.ToLower(found[0].detail), "hush") {
				t.Errorf("%q shows %q", found[0].detail, secret)
			}
		}
		t.Run(name+"/attribute", func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{}.get})
			config := object{c.attribute: c.value}
			if c.validated {
				expect(t, p.validateProvider(config), c.attribute, invalidValue)
			}
			expect(t, p.configureAs("1.0.0", config), c.attribute, invalidProvider)
		})
		t.Run(name+"/environment", func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{getenv: environment{variable: c.value}.get})
			if found := p.validateProvider(object{}); len(found) > 0 {
				t.Errorf("validation looks at the environment: %s", lines(found))
			}
			expect(t, p.configureAs("1.0.0", object{}), "", invalidProvider, "The environment variable "+variable+": ")
		})
	}
}

// 0 is a number of retries, not an absent one.
func TestSettings_maxRetriesHeeded(t *testing.T) {
	t.Parallel()
	for retries, want := range map[any]int{nil: 1 + cos.DefaultMaxRetries, 0: 1, 3: 4, 100: 101} {
		w := newWorld(t, fakecos.Options{})
		w.Inject(fakecos.Fault{Status: 503, Code: "SlowDown"})
		p := newProtocol(t, w.provider)
		expectFindings(t, p.validateProvider(object{"max_retries": retries}))
		expectFindings(t, p.configureAs("1.0.0", object{"max_retries": retries}))
		found := p.read(object{"region": testRegion})
		if len(found) != 1 || len(w.Requests()) != want {
			t.Errorf("max_retries = %v: %d requests, want %d: %s", retries, len(w.Requests()), want, lines(found))
		}
	}
}

func TestSettings_unknown(t *testing.T) {
	t.Parallel()
	values := map[string]any{
		"assume_role":                   object{"role_arn": testRole, "external_id": unknown{}},
		"assume_role_with_web_identity": object{"role_arn": unknown{}},
		"allowed_account_ids":           []any{testAccount, unknown{}},
		"max_retries":                   unknown{}, "profile": unknown{}, "cam_role_name": unknown{}, "sts_domain": unknown{},
	}
	for name := range variables {
		values[name] = unknown{}
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{}) // its environment would do in place of every attribute
			p := newProtocol(t, w.provider)
			expectFindings(t, p.configureAs("1.0.0", object{name: value}),
				finding{path: name, summary: "Unknown Provider Configuration", detail: "The value of " + name + " is known only after"})

			p = newProtocol(t, w.provider)
			configured := call(p, p.server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{
				Config:             p.providerConfig(object{name: value}),
				ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: true},
			})
			expectFindings(t, findings(t, configured.Diagnostics))
			planned := call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
				TypeName: testType, PriorState: p.job(nil), Config: p.job(jobObject(nil)), ProposedNewState: p.job(jobObject(nil)),
				ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: true},
			})
			expectFindings(t, findings(t, planned.Diagnostics))
			if planned.Deferred == nil || planned.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
				t.Errorf("the plan is not put off: %+v", planned.Deferred)
			}
			if requests := w.Requests(); len(requests) > 0 {
				t.Errorf("%d requests were sent", len(requests))
			}
		})
	}
}

// A plan without jobs needs no credentials, so that only a call misses them.
func TestSettings_credentialsMissing(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]object{
		"all":               {},
		"all but the token": {"security_token": "hush"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.provider.getenv = environment{envCOSDomain: w.URL, envRegion: testRegion}.get
			p := newProtocol(t, w.provider)
			expectFindings(t, p.validateProvider(attributes))
			expectFindings(t, p.configureAs("1.0.0", attributes))
			expectFindings(t, p.validate(jobObject(nil)))
			planned := p.plan(nil, jobObject(nil), nil)
			expectFindings(t, findings(t, planned.Diagnostics))

			applied := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
				TypeName: testType, PriorState: p.job(nil), Config: p.job(jobObject(nil)), PlannedState: planned.PlannedState,
			})
			for verb, found := range map[string][]finding{"Create": findings(t, applied.Diagnostics), "Read": p.read(object{})} {
				summary := "Unable to " + verb + " COS Bucket Inventory"
				expectFindings(t, found, finding{summary: summary, detail: "no keys were found: secret_id and secret_key are not set"})
				expectFindings(t, found, finding{summary: summary, detail: "Set secret_id and secret_key or the environment variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY"})
				if strings.Contains(strings.ToLower(lines(found)), "hush") {
					t.Errorf("a secret is shown: %s", lines(found))
				}
			}
			if requests := w.Requests(); len(requests) > 0 {
				t.Errorf("%d requests were sent", len(requests))
			}
		})
	}
}

func TestSettings_region(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket("ap-shanghai", testBucket)
	key := fakecos.DefaultCredential()
	w.provider.getenv = environment{envCOSDomain: w.URL, envSecretID: key.SecretID, envSecretKey: key.SecretKey}.get
	p := newProtocol(t, w.provider)
	expectFindings(t, p.configureAs("1.0.0", object{}))

	planned := p.plan(nil, jobObject(nil), nil)
	for _, place := range []string{"Set region here", "in the provider's configuration", "TENCENTCLOUD_REGION in the environment"} {
		expectFindings(t, findings(t, planned.Diagnostics), finding{path: "region", summary: "Missing Region", detail: place})
	}
	regional := object{"region": "ap-shanghai"}
	planned = p.plan(nil, jobObject(regional), nil)
	expectFindings(t, findings(t, planned.Diagnostics), deliveredNowhere(testRegion, "ap-shanghai"))
	w.Seed(testBucket, "nightly", sampleDocument)
	expectFindings(t, p.read(regional))
	if requests := w.Requests(); len(requests) != 2 || requests[0].Region != "ap-shanghai" || requests[1].Region != "ap-shanghai" {
		t.Errorf("COS saw %+v", requests)
	}
}
