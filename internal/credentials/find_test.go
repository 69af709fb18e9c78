// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// TestOrder: the nearest source that has keys is used, and nothing is contacted to find that out.
func TestOrder(t *testing.T) {
	t.Parallel()
	const iniFile = "[default]\nsecret_id = ID-ini\nsecret_key = KEY-ini\n"
	tke := map[string]string{"TKE_REGION": "ap-beijing", "TKE_PROVIDER_ID": "cls-1", "TKE_ROLE_ARN": roleDeploy}
	for name, test := range map[string]struct {
		options credentials.Options
		files   map[string]string
		env     map[string]string
		origin  string
		id      string // of keys that need no asking
		region  string
	}{
		"given keys before all else": {
			options: credentials.Options{Static: given, Profile: "prod", CAMRole: "ci"},
			files:   map[string]string{".tccli/prod.credential": "broken"},
			origin:  "secret_id and secret_key", id: secretID,
		},
		"a web identity needs no keys": {
			options: credentials.Options{Static: credentials.Static{SecretID: "half"}, WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, Token: "token"}},
			origin:  "the role " + roleCI + ", assumed with a web identity",
		},
		"the default profile": {
			files:  map[string]string{".tccli/default.credential": keysFile("ID-default", "KEY"), ".tencentcloud/credentials": iniFile},
			origin: `the profile "default" (~/.tccli/default.credential)`, id: "ID-default",
		},
		"a named profile and its region": {
			options: credentials.Options{Profile: "prod"},
			files: map[string]string{
				".tccli/default.credential": keysFile("ID-default", "KEY"), ".tccli/prod.credential": "\xef\xbb\xbf" + keysFile(" ID-prod ", "KEY\n"),
				".tccli/prod.configure": `{"_sys_param": {"region": " ap-nanjing ", "output": "json"}}`,
			},
			origin: `the profile "prod" (~/.tccli/prod.credential)`, id: "ID-prod", region: "ap-nanjing",
		},
		"a directory of profiles": {
			options: credentials.Options{SharedDir: "~/elsewhere"},
			files:   map[string]string{"elsewhere/default.credential": keysFile("ID-elsewhere", "KEY")},
			origin:  `the profile "default" (~/elsewhere/default.credential)`, id: "ID-elsewhere",
		},
		"no region where the keys are not the profile's": {
			options: credentials.Options{Static: given},
			files:   map[string]string{".tccli/default.credential": keysFile("ID", "KEY"), ".tccli/default.configure": `{"_sys_param": {"region": "ap-nanjing"}}`},
			origin:  "secret_id and secret_key", id: secretID,
		},
		"the default credentials file": {
			options: credentials.Options{CAMRole: "ci"},
			files:   map[string]string{".tencentcloud/credentials": "; a comment\n" + strings.ReplaceAll(iniFile, "\n", "\r\n")},
			origin:  "the credentials file ~/.tencentcloud/credentials", id: "ID-ini",
		},
		"a profile without keys is passed over": {
			files:  map[string]string{".tccli/default.credential": keysFile("", ""), ".tencentcloud/credentials": iniFile},
			origin: "the credentials file ~/.tencentcloud/credentials", id: "ID-ini",
		},
		"a credentials file that is named, before a profile that is not": {
			options: credentials.Options{CredentialsFile: "~/ci.ini"},
			files:   map[string]string{"ci.ini": iniFile, ".tccli/default.credential": keysFile("ID-default", "KEY")},
			origin:  "the credentials file ~/ci.ini", id: "ID-ini",
		},
		"both named": {
			options: credentials.Options{CredentialsFile: "~/ci.ini", Profile: "default"},
			files:   map[string]string{"ci.ini": iniFile, ".tccli/default.credential": keysFile("ID-default", "KEY")},
			origin:  `the profile "default" (~/.tccli/default.credential)`, id: "ID-default",
		},
		"a key is taken as it stands": {
			files:  map[string]string{".tencentcloud/credentials": "[default]\nsecret_id=ID;x#y%(z)s\nsecret_key=KEY\\\nother=1\n"},
			origin: "the credentials file ~/.tencentcloud/credentials", id: "ID;x#y%(z)s",
		},
		"a pod's workload identity before the instance's role": {
			options: credentials.Options{CAMRole: "ci"},
			files:   map[string]string{"token": "token"}, env: tke,
			origin: "the TKE workload identity of this pod (" + roleDeploy + ")",
		},
		"the instance's role": {
			options: credentials.Options{CAMRole: "ci"}, env: tke, // without its token file
			origin: `the role "ci" of this CVM instance`,
		},
		"a role on top of given keys": {
			options: credentials.Options{Static: given, AssumeRole: &credentials.AssumeRole{RoleARN: roleCI}},
			origin:  "the role " + roleCI + ", assumed with secret_id and secret_key",
		},
		"a role on top of a web identity": {
			options: credentials.Options{
				WebIdentity: &credentials.WebIdentity{RoleARN: roleCI, Token: "token"},
				AssumeRole:  &credentials.AssumeRole{RoleARN: roleDeploy},
			},
			origin: "the role " + roleDeploy + ", assumed with the role " + roleCI + ", assumed with a web identity",
		},
		"a role on top of a profile's, whose region stays": {
			options: credentials.Options{AssumeRole: &credentials.AssumeRole{RoleARN: roleDeploy}},
			files: map[string]string{
				".tccli/default.credential": `{"secretId": "ID", "secretKey": "KEY", "role-arn": "` + roleCI + `", "role-session-name": "me"}`,
				".tccli/default.configure":  `{"_sys_param": {"region": "ap-nanjing"}}`,
			},
			origin: "the role " + roleDeploy + ", assumed with the role " + roleCI + `, assumed with the profile "default" (~/.tccli/default.credential)`,
			region: "ap-nanjing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			for name, content := range test.files {
				h.write(name, content)
			}
			for name, value := range test.env {
				h.env[name] = value
			}
			if _, ok := test.files["token"]; ok {
				h.env["TKE_WEB_IDENTITY_TOKEN_FILE"] = filepath.Join(h.dir, "token")
			}
			test.options.Transport = nobody{t}
			found, err := h.find(test.options)
			if err != nil {
				t.Fatal(err)
			}
			if origin := filepath.ToSlash(found.Origin); origin != test.origin || found.Region != test.region || len(found.Warnings) > 0 {
				t.Errorf("got %s, region %q, %v", origin, found.Region, found.Warnings)
			}
			if test.id != "" && mustGet(t, found).SecretID != test.id {
				t.Errorf("got the keys %s", mustGet(t, found).SecretID)
			}
		})
	}
}

// TestNothingFound: the error lists what was looked at, and comes when keys are asked for.
func TestNothingFound(t *testing.T) {
	t.Parallel()
	const remedy = ". Set secret_id and secret_key or the environment variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, " +
		"name a profile of tccli, or, on a CVM instance, its role as cam_role_name."
	for name, test := range map[string]struct {
		env  map[string]string
		file string
		want string
	}{
		"an empty home": {
			want: `no keys were found: secret_id and secret_key are not set; there is no profile "default" (~/.tccli/default.credential); ` +
				"there is no credentials file ~/.tencentcloud/credentials; this is no TKE pod with a workload identity (TKE_ROLE_ARN is not set); cam_role_name is not set",
		},
		"a profile without keys, half a pod": {
			file: keysFile("", ""), env: map[string]string{"TKE_REGION": "ap-beijing", "TKE_ROLE_ARN": roleCI},
			want: `no keys were found: secret_id and secret_key are not set; the profile "default" (~/.tccli/default.credential) holds no keys; ` +
				"there is no credentials file ~/.tencentcloud/credentials; " +
				"the TKE workload identity is incomplete (TKE_PROVIDER_ID and TKE_WEB_IDENTITY_TOKEN_FILE not set); cam_role_name is not set",
		},
		"no home": {
			env: map[string]string{"HOME": "", "USERPROFILE": ""},
			want: "no keys were found: secret_id and secret_key are not set; there is no home directory to look for ~/.tccli in; " +
				"there is no home directory to look for ~/.tencentcloud/credentials in; " +
				"this is no TKE pod with a workload identity (TKE_ROLE_ARN is not set); cam_role_name is not set",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			if test.file != "" {
				h.write(".tccli/default.credential", test.file)
			}
			for name, value := range test.env {
				h.env[name] = value
			}
			found, err := h.find(credentials.Options{
				Static: credentials.Static{Token: "a token alone is none"}, Transport: nobody{t},
				AssumeRole: &credentials.AssumeRole{RoleARN: roleCI}, AllowedAccounts: []string{"1"},
			})
			if err != nil {
				t.Fatal(err)
			}
			e := failure(t, found)
			if got := filepath.ToSlash(e.Error()); got != test.want+remedy || found.Origin != "" {
				t.Errorf("got %s", got)
			}
			if !errors.Is(e, credentials.ErrNoCredentials) {
				t.Error("the cause is not ErrNoCredentials")
			}
		})
	}
}

// TestFaults: each fault of a setting or a file is found at once, named, and repeats no secret.
func TestFaults(t *testing.T) {
	t.Parallel()
	const tokenRemedy = `Check what writes the file: it holds the token alone, or {"web_identity_token": "…"}.`
	web := func(w credentials.WebIdentity) credentials.Options {
		w.RoleARN = roleCI
		return credentials.Options{WebIdentity: &w}
	}
	assume := func(a credentials.AssumeRole) credentials.Options {
		return credentials.Options{Static: given, AssumeRole: &a}
	}
	const prod = `the profile "prod" (~/.tccli/prod.credential): `
	const file = "the credentials file ~/.tencentcloud/credentials: "
	named := credentials.Options{Profile: "prod"}
	for name, test := range map[string]struct {
		options credentials.Options
		files   map[string]string
		env     map[string]string
		setting credentials.Setting
		want    string
	}{
		"a key without an id": {
			options: credentials.Options{Static: credentials.Static{SecretKey: secretKey}}, setting: "secret_id",
			want: "secret_id and secret_key: there is a secret_key, but no secret_id. Set both secret_id and secret_key, or remove both to use another credential source.",
		},
		"an id without a key": {
			options: credentials.Options{Static: credentials.Static{SecretID: secretID, Token: "token"}}, setting: "secret_key",
			want: "secret_id and secret_key: there is a secret_id, but no secret_key. Set both secret_id and secret_key, or remove both to use another credential source.",
		},
		"a profile whose token has two lines": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": `{"secretId": "ID", "secretKey": "KEY", "token": "SECRET\nSECRETSECRETSECRET"}`},
			want:  prod + "the security_token holds white space or another character that no key has. Copy it again without spaces or line breaks.",
		},
		"an unknown profile": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/default.credential": keysFile("ID", "KEY"), ".tccli/other.credential": "", ".tccli/prod.configure": "{}"},
			want:  prod + "there is no such profile; there are default, other. Correct its name, or make it with tccli configure.",
		},
		"a profile without a directory": {
			options: named, setting: "profile",
			want: prod + "there is no such profile; the directory holds none. Correct its name, or make it with tccli configure.",
		},
		"a profile that is a path": {
			options: credentials.Options{Profile: "../prod"}, setting: "profile",
			want: `"../prod" is a path, not the name of a profile. Give the directory as shared_credentials_dir.`,
		},
		"a directory of profiles that is not there": {
			options: credentials.Options{SharedDir: "~/nowhere"}, setting: "shared_credentials_dir",
			want: "the directory of profiles ~/nowhere cannot be used: no such file or directory. Name the directory that holds <profile>.credential, or leave it out for ~/.tccli.",
		},
		"a directory of profiles that is a file": {
			options: credentials.Options{SharedDir: "~/file"}, setting: "shared_credentials_dir",
			files: map[string]string{"file": ""},
			want:  "the directory of profiles ~/file cannot be used: it is not a directory. Name the directory that holds <profile>.credential, or leave it out for ~/.tccli.",
		},
		"a profile that is a directory": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential/file": ""},
			want:  prod + "~/.tccli/prod.credential cannot be read: it is a directory. Check its permissions.",
		},
		"a default profile that cannot be read is not passed over": {
			options: credentials.Options{CAMRole: "ci"}, setting: "profile",
			files: map[string]string{".tccli/default.credential/file": ""},
			want:  `the profile "default" (~/.tccli/default.credential): ~/.tccli/default.credential cannot be read: it is a directory. Check its permissions.`,
		},
		"a profile that is too large": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": strings.Repeat(" ", 1<<20+1)},
			want:  prod + "~/.tccli/prod.credential cannot be read: it is larger than 1048576 bytes. Check its permissions.",
		},
		"a profile that is no JSON": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": "{\n\"secretId\": AKIDSECRETSECRET\n}"},
			want:  prod + "~/.tccli/prod.credential is not JSON (line 2). Correct it, or write it anew with tccli configure.",
		},
		"a profile of another kind": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": `["AKIDSECRETSECRET"]`},
			want:  prod + "~/.tccli/prod.credential is not what tccli writes. Correct it, or write it anew with tccli configure.",
		},
		"a profile with a number for a key": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": `{"secretId": 1234567890123456}`},
			want:  prod + `~/.tccli/prod.credential is not what tccli writes: "secretId" has a value of another kind. Correct it, or write it anew with tccli configure.`,
		},
		"a profile without keys": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": "{}"},
			want:  prod + "the file holds no keys. Add them with tccli configure.",
		},
		"a profile without an id": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": keysFile("", secretKey)},
			want:  prod + "the file has a secretKey, but no secretId. Write both with tccli configure.",
		},
		"the default profile without a key": {
			setting: "profile",
			files:   map[string]string{".tccli/default.credential": keysFile(secretID, "")},
			want:    `the profile "default" (~/.tccli/default.credential): the file has a secretId, but no secretKey. Write both with tccli configure.`,
		},
		"a profile with a blank within a key": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": keysFile(secretID, "EXAMPLE KEY")},
			want:  prod + "the secret_key holds white space or another character that no key has. Copy it again without spaces or line breaks.",
		},
		"a profile with a broken region": {
			options: named, setting: "profile",
			files: map[string]string{".tccli/prod.credential": keysFile("ID", "KEY"), ".tccli/prod.configure": "x"},
			want:  prod + "~/.tccli/prod.configure is not JSON (line 1). Correct it, or write it anew with tccli configure.",
		},
		"a credentials file that is not there": {
			options: credentials.Options{CredentialsFile: "~/nowhere"},
			want:    "the credentials file ~/nowhere: the file cannot be read: no such file or directory. Check its path and permissions.",
		},
		"a credentials file that is no INI": {
			files: map[string]string{".tencentcloud/credentials": "[default]\nAKIDSECRETSECRET\n"},
			want:  file + "the file holds a line that is neither a [section], a comment nor a setting. Write secret_id = … and secret_key = … under [default].",
		},
		"a credentials file of another section": {
			files: map[string]string{".tencentcloud/credentials": "secret_id = ID\n[prod]\nsecret_id = ID\nsecret_key = KEY\n"},
			want:  file + "the section [default] holds no keys. Add secret_id and secret_key to it.",
		},
		"a credentials file without an id": {
			files: map[string]string{".tencentcloud/credentials": "[default]\nsecret_key = KEY\n"},
			want:  file + "the section [default] has a secret_key, but no secret_id. Write both.",
		},
		"a credentials file without a key": {
			files: map[string]string{".tencentcloud/credentials": "[default]\nsecret_id = ID\n"},
			want:  file + "the section [default] has a secret_id, but no secret_key. Write both.",
		},
		"a credentials file with a blank within an id": {
			files: map[string]string{".tencentcloud/credentials": "[default]\nsecret_id = ID X\nsecret_key = KEY\n"},
			want:  file + "the secret_id holds white space or another character that no key has. Copy it again without spaces or line breaks.",
		},
		"a profile without a home": {
			options: named, env: map[string]string{"HOME": "", "USERPROFILE": ""}, setting: "profile",
			want: `"~/.tccli" cannot be found: the environment names no home directory. Write the path in full, or set HOME.`,
		},
		"a directory of profiles without a home": {
			options: credentials.Options{SharedDir: "~"}, env: map[string]string{"HOME": "", "USERPROFILE": ""}, setting: "shared_credentials_dir",
			want: `"~" cannot be found: the environment names no home directory. Write the path in full, or set HOME.`,
		},
		"a credentials file without a home": {
			options: credentials.Options{CredentialsFile: "~/ci.ini"}, env: map[string]string{"HOME": "", "USERPROFILE": ""},
			want: `"~/ci.ini" cannot be found: the environment names no home directory. Write the path in full, or set HOME.`,
		},
		"a token file without a home": {
			options: web(credentials.WebIdentity{TokenFile: "~/token"}), env: map[string]string{"HOME": "", "USERPROFILE": ""}, setting: "assume_role_with_web_identity.web_identity_token_file",
			want: `"~/token" cannot be found: the environment names no home directory. Write the path in full, or set HOME.`,
		},
		"no role": {
			options: assume(credentials.AssumeRole{RoleARN: "ci"}), setting: "assume_role.role_arn",
			want: `"ci" is not a role ARN. Expected: qcs::cam::uin/<account>:roleName/<name>.`,
		},
		"no session": {
			options: assume(credentials.AssumeRole{RoleARN: roleCI, SessionName: "a b"}), setting: "assume_role.session_name",
			want: `"a b" is not the name of a session. It has 2 to 128 letters, digits and characters of +=,.@_-`,
		},
		"no duration": {
			options: assume(credentials.AssumeRole{RoleARN: roleCI, SessionDuration: 43201e9}), setting: "assume_role.session_duration",
			want: "12h0m1s is not a session's duration. It is a number of seconds from 1 to 43200.",
		},
		"no external id": {
			options: assume(credentials.AssumeRole{RoleARN: roleCI, ExternalID: "?"}), setting: "assume_role.external_id",
			want: "STS does not accept an external id of this form. It has 2 to 128 letters, digits and characters of +=,.@:/_-",
		},
		"no policy": {
			options: assume(credentials.AssumeRole{RoleARN: roleCI, Policy: "{"}), setting: "assume_role.policy",
			want: "the policy is not JSON. Write it with jsonencode.",
		},
		"no web identity": {
			options: web(credentials.WebIdentity{}), setting: "assume_role_with_web_identity.web_identity_token",
			want: "there is neither a web identity token nor a file of one. Set web_identity_token or web_identity_token_file.",
		},
		"two web identities": {
			options: web(credentials.WebIdentity{Token: "token", TokenFile: "file"}), setting: "assume_role_with_web_identity.web_identity_token_file",
			want: "there are both a web identity token and a file of one. Set one of web_identity_token and web_identity_token_file.",
		},
		"a token file that is not there": {
			options: web(credentials.WebIdentity{TokenFile: "~/nowhere"}), setting: "assume_role_with_web_identity.web_identity_token_file",
			want: "the role " + roleCI + ", assumed with a web identity: the token file ~/nowhere cannot be read: no such file or directory. Check its path and permissions.",
		},
		"an empty token file": {
			options: web(credentials.WebIdentity{TokenFile: "~/token"}), setting: "assume_role_with_web_identity.web_identity_token_file",
			files: map[string]string{"token": "\n"},
			want:  "the role " + roleCI + ", assumed with a web identity: the token file ~/token is empty. " + tokenRemedy,
		},
		"a token file in JSON without the token": {
			options: web(credentials.WebIdentity{TokenFile: "~/token"}), setting: "assume_role_with_web_identity.web_identity_token_file",
			files: map[string]string{"token": `{"token": "SECRETSECRETSECRET"}`},
			want:  "the role " + roleCI + `, assumed with a web identity: the token file ~/token begins like JSON, but holds no web_identity_token. ` + tokenRemedy,
		},
		"a token file in half of JSON": {
			options: web(credentials.WebIdentity{TokenFile: "~/token"}), setting: "assume_role_with_web_identity.web_identity_token_file",
			files: map[string]string{"token": `{"web_identity_token": "SECRETSECRETSECRET`},
			want:  "the role " + roleCI + `, assumed with a web identity: the token file ~/token begins like JSON, but holds no web_identity_token. ` + tokenRemedy,
		},
		"a token file of two lines": {
			options: web(credentials.WebIdentity{TokenFile: "~/token"}), setting: "assume_role_with_web_identity.web_identity_token_file",
			files: map[string]string{"token": "ey.SECRETSECRETSECRET\nmore"},
			want:  "the role " + roleCI + ", assumed with a web identity: the token file ~/token holds white space or another character that no token has. " + tokenRemedy,
		},
		"a token of two words": {
			options: web(credentials.WebIdentity{Token: "ey.SECRETSECRETSECRET two"}), setting: "assume_role_with_web_identity.web_identity_token",
			want: "the role " + roleCI + ", assumed with a web identity: the web identity token holds white space or another character that no token has. Have the identity provider issue it again.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" {
				test.want = strings.ReplaceAll(test.want, "no such file or directory", "The system cannot find the file specified.")
			}
			h := newHome(t)
			for name, content := range test.files {
				h.write(name, content)
			}
			for name, value := range test.env {
				h.env[name] = value
			}
			test.options.Transport = nobody{t}
			found, err := h.find(test.options)
			if err == nil {
				t.Fatalf("found %s", found.Origin)
			}
			e := asError(t, err)
			if got := filepath.ToSlash(e.Error()); got != test.want || e.Setting != test.setting {
				t.Errorf("%s: got %s", e.Setting, got)
			}
		})
	}
}

// TestEveryFault: faults of settings are all told at once.
func TestEveryFault(t *testing.T) {
	t.Parallel()
	_, err := credentials.Find(credentials.Options{AssumeRole: &credentials.AssumeRole{RoleARN: "x", SessionName: "y"}, Transport: nobody{t}})
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("got %v", err)
	}
}

// TestWarnings: what should not stay so is told, and does not stand in the way.
func TestWarnings(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // has no modes
	}
	loose := func(h *home, name, content string) {
		if err := os.Chmod(h.write(name, content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		name, content string
		want          credentials.Warning
	}{
		"a profile": {".tccli/default.credential", keysFile("ID", "KEY"), credentials.Warning{
			Setting: "profile", Problem: "the file ~/.tccli/default.credential holds keys, and is open to other users of this machine (mode 0644)",
			Remedy: "chmod 600 ~/.tccli/default.credential",
		}},
		"the credentials file": {".tencentcloud/credentials", "[default]\nsecret_id = ID\nsecret_key = KEY", credentials.Warning{
			Problem: "the file ~/.tencentcloud/credentials holds keys, and is open to other users of this machine (mode 0644)",
			Remedy:  "chmod 600 ~/.tencentcloud/credentials",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			loose(h, test.name, test.content)
			found, err := h.find(credentials.Options{Transport: nobody{t}})
			if err != nil {
				t.Fatal(err)
			}
			if len(found.Warnings) != 1 || found.Warnings[0] != test.want || mustGet(t, found).SecretID != "ID" {
				t.Errorf("got %v", found.Warnings)
			}
		})
	}
	// The group may read a mounted secret.
	for mode, warnings := range map[os.FileMode]int{0o600: 0, 0o640: 0, 0o440: 0, 0o660: 1, 0o604: 1, 0o602: 1} {
		t.Run(mode.String(), func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			if err := os.Chmod(h.write(".tccli/default.credential", keysFile("ID", "KEY")), mode); err != nil {
				t.Fatal(err)
			}
			if found, err := h.find(credentials.Options{Transport: nobody{t}}); err != nil || len(found.Warnings) != warnings {
				t.Errorf("got %v, %v", found, err)
			}
		})
	}
	t.Run("half a role", func(t *testing.T) {
		t.Parallel()
		h := newHome(t)
		h.write(".tccli/default.credential", `{"secretId": "ID", "secretKey": "KEY", "role-arn": "`+roleCI+`"}`)
		found, err := h.find(credentials.Options{Transport: nobody{t}})
		if err != nil {
			t.Fatal(err)
		}
		want := credentials.Warning{
			Setting: "profile", Problem: "the role-arn in ~/.tccli/default.credential is not used, because it has no role-session-name",
			Remedy: "Add role-session-name, or remove role-arn.", IsUnused: true,
		}
		if len(found.Warnings) != 1 || found.Warnings[0] != want || mustGet(t, found).SecretID != "ID" {
			t.Errorf("got %v", found.Warnings)
		}
	})
}
