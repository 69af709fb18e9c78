// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	testRole    = "qcs::cam::uin/100000000002:roleName/ci"
	testAccount = "100000000001" // of the permanent keys
	webToken    = "eyJhbGciOiJSUzI1NiJ9.e30.web-identity-of-a-pipeline"
)

// identities is a fake whose account has a role for every way in.
func identities() fakecos.Options {
	return fakecos.Options{AccountID: testAccount, Roles: []fakecos.Role{{
		ARN: testRole, CVM: true,
		Identities: []fakecos.Identity{{ProviderID: "OIDC", Token: webToken}, {ProviderID: "tke", Token: webToken}},
	}, {
		ARN: "qcs::cam::uin/100000000003:roleName/guarded", ExternalID: "agreed",
	}}}
}

// keyless is an environment that leads to the fake, without credentials, and has an empty home.
func (w *world) keyless() environment {
	w.t.Helper()
	home := w.t.TempDir()
	env := environment{
		"HOME": home, "USERPROFILE": home,
		envRegion: testRegion, envCOSDomain: w.URL, envSTSDomain: w.URL, envMetadataDomain: w.URL,
	}
	w.provider.getenv = env.get
	return env
}

// put writes a file below the home.
func (e environment) put(t testing.TB, name, content string) string {
	t.Helper()
	file := filepath.Join(e["HOME"], filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// sampleProfile is a file that tccli writes, of keys that the fake knows.
func sampleProfile(more string) string {
	key := fakecos.DefaultCredential()
	return fmt.Sprintf(`{"secretId": %q, "secretKey": %q%s}`, key.SecretID, key.SecretKey, more)
}

// wayIn is a source of credentials, as users set it up.
type wayIn struct {
	attributes object // of the provider's configuration
	env        environment
	files      map[string]string
	unset      []string       // variables that there are otherwise
	asked      map[string]int // of STS and the metadata service
	issued     bool           // the keys that COS sees are temporary ones
}

func waysIn() map[string]wayIn {
	key := fakecos.DefaultCredential()
	static := withStatic(nil)
	assumed, identified, instance := map[string]int{"AssumeRole": 1}, map[string]int{"AssumeRoleWithWebIdentity": 1}, map[string]int{"GetMetadata": 1}
	token := map[string]string{"token": webToken + "\n"}
	role := func(members object) object { return sumOf(object{"role_arn": testRole}, members) }
	web := func(members object) object { return object{"assume_role_with_web_identity": role(members)} }
	const policy = `{"version": "2.0", "statement": [{"effect": "allow", "action": ["name/cos:*"], "resource": ["*"]}]}`
	return map[string]wayIn{
		"attributes": {
			attributes: object{"secret_id": key.SecretID, "secret_key": key.SecretKey},
			env:        environment{envSecretID: "AKIDOTHER", envSecretKey: "OTHERKEY"},
		},
		"environment": {env: static, files: map[string]string{".tccli/default.credential": "not looked at"}},
		"default profile, its region included": {
			files: map[string]string{
				".tccli/default.credential": sampleProfile(""),
				".tccli/default.configure":  `{"_sys_param": {"region": "` + testRegion + `", "output": "json"}}`,
			},
			unset: []string{envRegion},
		},
		"named profile": {
			attributes: object{"profile": "prod"},
			files:      map[string]string{".tccli/prod.credential": sampleProfile(""), ".tccli/default.credential": "not looked at"},
		},
		"named profile, by the environment, elsewhere": {
			env:   environment{envProfile: "prod", envSharedCredentialsDir: "~/team"},
			files: map[string]string{"team/prod.credential": sampleProfile("")},
		},
		"profile with a role": {
			files: map[string]string{".tccli/default.credential": sampleProfile(`, "role-arn": "` + testRole + `", "role-session-name": "laptop"`)},
			asked: assumed, issued: true,
		},
		"credentials file": {
			files: map[string]string{".tencentcloud/credentials": "[default]\nsecret_id = " + key.SecretID + "\nsecret_key = " + key.SecretKey + "\n"},
		},
		"workload identity of a pod": {
			env: environment{
				"TKE_REGION": testRegion, "TKE_PROVIDER_ID": "tke", "TKE_ROLE_ARN": testRole, "TKE_WEB_IDENTITY_TOKEN_FILE": "$HOME/token",
			},
			files: token, asked: identified, issued: true,
		},
		"role of an instance, by the environment": {env: environment{envCAMRoleName: "ci"}, asked: instance, issued: true},
		"role": {
			attributes: object{"assume_role": role(object{"session_name": "pipeline", "session_duration": 900, "policy": policy})},
			env:        static, asked: assumed, issued: true,
		},
		"role with an external id, by the environment": {
			env: sumOf(static, environment{
				envAssumeRoleARN: "qcs::cam::uin/100000000003:roleName/guarded", envAssumeRoleExternalID: "agreed",
				envAssumeRoleSessionName: "pipeline", envAssumeRoleSessionDuration: "900",
			}),
			asked: assumed, issued: true,
		},
		"role with an instance's": {
			attributes: object{"cam_role_name": "ci", "assume_role": role(nil)}, asked: sumOf(instance, assumed), issued: true,
		},
		"web identity": {attributes: web(object{"web_identity_token": webToken}), asked: identified, issued: true},
		"web identity in a file": {
			attributes: web(object{"provider_id": "tke", "web_identity_token_file": "~/token"}), files: token, asked: identified, issued: true,
		},
		"web identity, by the environment": {
			env:   environment{envAssumeRoleARN: testRole, envWebIdentityTokenFile: "$HOME/token", envAssumeRoleProviderID: "tke"},
			files: token, asked: identified, issued: true,
		},
		"the right account": {
			attributes: object{"allowed_account_ids": []any{testAccount, "100000000009"}}, env: static, asked: map[string]int{"GetCallerIdentity": 1},
		},
		"not the wrong account": {
			attributes: object{"forbidden_account_ids": []any{"100000000009"}}, env: static, asked: map[string]int{"GetCallerIdentity": 1},
		},
	}
}

// newWayIn is a world and an environment that have only this source.
func newWayIn(t *testing.T, way wayIn) (*world, environment) {
	t.Helper()
	w := newWorld(t, identities())
	env := w.keyless()
	for file, content := range way.files {
		env.put(t, file, content)
	}
	for name, value := range way.env {
		env[name] = strings.ReplaceAll(value, "$HOME", env["HOME"])
	}
	for _, name := range way.unset {
		env[name] = ""
	}
	return w, env
}

// Validation asks nobody; a configured provider asks whom it must, once, and COS sees the keys of
// that source.
func TestCredentials_waysIn(t *testing.T) {
	t.Parallel()
	for name, way := range waysIn() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := newWayIn(t, way)
			p := newProtocol(t, w.provider)
			expectFindings(t, p.validateProvider(way.attributes))
			if requests := w.Requests(); len(requests) > 0 {
				t.Errorf("the validation sent %v", w.sent())
			}
			expectFindings(t, p.configureAs("1.0.0", way.attributes))
			read, _ := p.dataSource("cos_bucket_inventories", object{"bucket": testBucket})
			expectFindings(t, findings(t, read.Diagnostics))
			w.expectSent(t, sumOf(way.asked, map[string]int{opList: 1}))
			for _, request := range w.Requests() {
				if request.Status != http.StatusOK || request.Code != "" {
					t.Errorf("%s was answered with %d %s", request.Op, request.Status, request.Code)
				}
				permanent := strings.Contains(request.Header.Get("Authorization"), "q-ak="+fakecos.DefaultCredential().SecretID+"&")
				if request.Op == opList && permanent == way.issued {
					t.Errorf("COS saw permanent keys: %t", permanent)
				}
			}
		})
	}
}

// expectSent compares what was sent, by operation.
func (w *world) expectSent(t testing.TB, want map[string]int) {
	t.Helper()
	if got := w.sent(); !maps.Equal(got, want) {
		t.Errorf("%v were sent, want %v", got, want)
	}
}

// Whatever the way in, no file and no line of Terraform's holds a key, a token or a signature, at
// its most talkative; but which source it was is in the log.
func TestCredentials_secrets(t *testing.T) {
	t.Parallel()
	for name, origin := range map[string]string{
		"web identity, by the environment":        "assumed with a web identity",
		"profile with a role":                     "assumed with the profile",
		"role of an instance, by the environment": "of this CVM instance",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, env := newWayIn(t, waysIn()[name])
			c := newCLI(t, w)
			for name, value := range env {
				c.env = append(c.env, name+"="+value)
			}
			c.env = append(c.env, "TF_LOG=JSON", "TF_LOG_PATH="+filepath.Join(c.dir, "terraform.log")) // JSON is TRACE as JSON
			c.write("main.tf", jobConfig())
			said := c.mustRun("apply", "-auto-approve", "-no-color")
			texts := c.files()
			texts["the output"] = said
			if log := texts[filepath.Join(c.dir, "terraform.log")]; !strings.Contains(log, origin) {
				t.Errorf("the log does not say that the credentials are %s", origin)
			}
			secrets := []string{webToken, fakecos.DefaultCredential().SecretKey}
			for _, request := range w.Requests() {
				_, signature, _ := strings.Cut(strings.ToLower(request.Header.Get("Authorization")), "signature=")
				secrets = append(secrets, request.Header.Get("X-Cos-Security-Token"), request.Header.Get("X-Tc-Token"), signature)
			}
			for _, secret := range secrets {
				if secret != "" {
					expectNone(t, texts, secret)
				}
			}
		})
	}
}

// What keeps credentials away is one error, whatever the number of jobs, before anything is sent to
// COS.
func TestCredentials_oneErrorForAllJobs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, identities())
	env := w.keyless()
	w.Inject(fakecos.Fault{Op: "GetMetadata", Hang: true})
	c := newCLI(t, w)
	for name, value := range env {
		c.env = append(c.env, name+"="+value)
	}
	c.write("main.tf", "provider \"cos\" {\n  cam_role_name = \"ci\"\n}\n\ndata \"cos_bucket_inventory\" \"many\" {\n  count  = 30\n  bucket = \""+testBucket+"\"\n  id     = \"job-${count.index}\"\n}\n")
	code, output := c.run("plan", "-no-color")
	if n := strings.Count(output, "Error:"); code != 1 || n != 1 {
		t.Errorf("exit code %d, %d errors:\n%s", code, n, output)
	}
	for _, want := range []string{
		`Error: Unable to Obtain Credentials with provider["registry.terraform.io/terraform-provider-cos/cos"], on main.tf line 2`,
		"no answer within 2s", "It exists on a CVM instance only.",
	} {
		if text := unwrapped(output); !strings.Contains(strings.ReplaceAll(text, "registry.opentofu.org", "registry.terraform.io"), want) {
			t.Errorf("the output does not say %q:\n%s", want, text)
		}
	}
	w.expectSent(t, map[string]int{"GetMetadata": 1})
}

// Keys that COS calls expired before their time are replaced, and the call goes on.
func TestCredentials_expiredEarly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, identities())
	w.keyless()[envCAMRoleName] = "ci"
	w.Seed(testBucket, "nightly", sampleDocument)
	p := newProtocol(t, w.provider)
	expectFindings(t, p.configureAs("1.0.0", object{}))
	w.RevokeIssued()
	expectFindings(t, p.read(object{"region": testRegion}))
	w.expectSent(t, map[string]int{"GetMetadata": 2, opGet: 2})
}

// An interrupt ends the wait for the keys, and says so.
func TestCredentials_interrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, identities())
	w.keyless()[envCAMRoleName] = "ci"
	ctx := cancelledAt(t, w.on("GetMetadata", fakecos.Fault{Hang: true}))
	settings, diags := w.provider.settings(providerModel{})
	if diags.HasError() {
		t.Fatal(diags)
	}
	const want = `Credential source: the role "ci" of this CVM instance.

They were not there yet when the operation was cancelled.

Run again.`
	if found := fetchFirstCredentials(ctx, settings.credentials); len(found) != 1 || found[0].Detail() != want {
		t.Errorf("found %v", found)
	}
}

func TestCredentials_warnings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		attributes object
		env        environment
		want       finding
	}{
		"profile behind keys of the environment": {
			object{"profile": "prod"},
			withStatic(nil),
			finding{warning: true, path: "profile", summary: "Source of Credentials Not Used", detail: "the credentials come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, a source that takes precedence. Remove one of the two."},
		},
		"instance's role behind a profile": {
			object{"cam_role_name": "ci"},
			environment{envProfile: "default"},
			finding{warning: true, path: "cam_role_name", summary: "Source of Credentials Not Used", detail: `but the credentials come from the profile "default"`},
		},
		"file that others can read": {
			object{},
			environment{envProfile: "loose"},
			finding{warning: true, path: "profile", summary: "Credentials at Risk", detail: "chmod 600"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, identities())
			env := w.keyless()
			env.put(t, ".tccli/default.credential", sampleProfile(""))
			loose := env.put(t, ".tccli/loose.credential", sampleProfile(""))
			if err := os.Chmod(loose, 0o644); err != nil {
				t.Fatal(err)
			}
			maps.Copy(env, test.env)
			p := newProtocol(t, w.provider)
			expectFindings(t, p.configureAs("1.0.0", test.attributes), test.want)
		})
	}
}

// credentialFaults are what keeps credentials away, as users see it.
var credentialFaults = map[string]struct {
	model providerModel
	env   environment
	files map[string]string
	fault *fakecos.Fault
}{
	"half_of_the_credentials": {env: environment{envSecretID: "AKIDEXAMPLE"}},
	"profile_unknown": {
		env: environment{envProfile: "prod"}, files: map[string]string{".tccli/default.credential": "{}", ".tccli/test.credential": "{}"},
	},
	"profile_malformed":     {files: map[string]string{".tccli/default.credential": "{\n  \"secretId\": hidden\n}"}},
	"profile_without_key":   {files: map[string]string{".tccli/default.credential": `{"secretId": "hidden"}`}},
	"profile_configure_bad": {files: map[string]string{".tccli/default.credential": `{"secretId": "a", "secretKey": "hidden"}`, ".tccli/default.configure": "["}},
	"profile_region_bad": {
		env: environment{envRegion: ""}, files: map[string]string{
			".tccli/default.credential": `{"secretId": "a", "secretKey": "hidden"}`, ".tccli/default.configure": `{"_sys_param": {"region": "Guangzhou"}}`,
		},
	},
	"shared_directory_missing":  {env: environment{envSharedCredentialsDir: "~/nowhere"}},
	"credentials_file_missing":  {env: environment{envCredentialsFile: "~/nowhere"}},
	"credentials_file_bad":      {files: map[string]string{".tencentcloud/credentials": "[default]\nhidden\n"}},
	"credentials_file_blank":    {files: map[string]string{".tencentcloud/credentials": "[default]\nsecret_id = hidden hidden\nsecret_key = hidden\n"}},
	"metadata_unreachable":      {env: environment{envCAMRoleName: "ci", envMetadataDomain: "http://127.0.0.1:1"}},
	"metadata_role_unbound":     {env: environment{envCAMRoleName: "other"}},
	"metadata_portal":           {env: environment{envCAMRoleName: "ci"}, fault: &fakecos.Fault{Op: "GetMetadata", Status: 200, Body: new("<html>hidden</html>")}},
	"role_unknown":              {env: withStatic(environment{envAssumeRoleARN: "qcs::cam::uin/100000000002:roleName/nobody"})},
	"role_malformed":            {env: withStatic(environment{envAssumeRoleARN: "ci"})},
	"proxy_address":             {env: withStatic(environment{"HTTPS_PROXY": "http://deploy:hush#1@proxy:3128"})},
	"role_refused":              {env: withStatic(environment{envAssumeRoleARN: "qcs::cam::uin/100000000003:roleName/guarded"})},
	"session_duration_no_count": {env: withStatic(environment{envAssumeRoleARN: testRole, envAssumeRoleSessionDuration: "1h"})},
	"session_duration_too_long": {env: withStatic(environment{envAssumeRoleARN: testRole, envAssumeRoleSessionDuration: "43201"})},
	"sts_clock":                 {env: withStatic(environment{envAssumeRoleARN: testRole}), fault: &fakecos.Fault{Op: "AssumeRole", Code: "AuthFailure.SignatureExpire", Message: "The provided credentials expired."}},
	"sts_keys_unknown":          {env: environment{envSecretID: "AKIDNOBODY", envSecretKey: "hidden", envAssumeRoleARN: testRole}},
	"sts_unreachable":           {env: withStatic(environment{envAssumeRoleARN: testRole, envSTSDomain: "http://127.0.0.1:1"})},
	"sts_plain_http":            {env: withStatic(environment{envAssumeRoleARN: testRole, envSTSDomain: "http://sts.example.com"})},
	"sts_internal_error":        {env: withStatic(environment{envAssumeRoleARN: testRole}), fault: &fakecos.Fault{Op: "AssumeRole", Code: "InternalError", Message: "An internal error occurred. Please try again."}},
	"web_identity_refused":      {env: environment{envAssumeRoleARN: testRole, envWebIdentityToken: "hidden"}},
	"web_identity_expired":      {env: environment{envAssumeRoleARN: testRole, envWebIdentityToken: "hidden.eyJleHAiOjE3NjcyMjU2MDB9.hidden"}},
	"web_identity_file_missing": {env: environment{envAssumeRoleARN: testRole, envWebIdentityTokenFile: "/nowhere/token"}},
	"workload_token_missing": {env: environment{
		"TKE_REGION": testRegion, "TKE_PROVIDER_ID": "tke", "TKE_ROLE_ARN": testRole, "TKE_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token",
	}},
	"account_not_allowed": {env: withStatic(nil), model: providerModel{AllowedAccountIDs: []string{"100000000009"}}},
	"account_forbidden":   {env: withStatic(nil), model: providerModel{ForbiddenAccountIDs: []string{testAccount}}},
	"account_not_told": {
		env: withStatic(nil), model: providerModel{AllowedAccountIDs: []string{testAccount}},
		fault: &fakecos.Fault{Op: "GetCallerIdentity", Code: "AuthFailure.UnauthorizedOperation", Message: "You are not authorized to perform this operation."},
	},
}

func withStatic(env environment) environment {
	key := fakecos.DefaultCredential()
	return sumOf(environment{envSecretID: key.SecretID, envSecretKey: key.SecretKey}, env)
}
