// SPDX-License-Identifier: MPL-2.0

package credentials_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

type texts = map[string]string

// searches are options, files below the home directory, where the environment names it, and
// variables. What is found with them stands in testdata.
func searches() map[string]struct {
	options    credentials.Options
	files, env texts
} {
	type (
		options = credentials.Options
		keys    = credentials.Credentials
		role    = credentials.AssumeRole
		web     = credentials.WebIdentity
	)
	const (
		prod, other, settings = ".tccli/prod.credential", ".tccli/default.credential", ".tccli/default.configure"
		file, iniFile         = ".tencentcloud/credentials", "[default]\nsecret_id = ID-ini\nsecret_key = KEY-ini\n"
		region                = `{"_sys_param": {"region": " ap-nanjing ", "output": "json"}}`
		hush                  = "SECRETSECRETSECRET"
	)
	id := keysFile("ID-default", "KEY")
	named, homeless := options{Profile: "prod"}, texts{"HOME": "", "USERPROFILE": ""}
	assume := func(r role) options { return options{Static: given, AssumeRole: &r} }
	identity := func(w web) options { w.RoleARN = roleCI; return options{WebIdentity: &w} }
	inFile := identity(web{TokenFile: "~/token"})
	pod := texts{"TKE_REGION": "ap-beijing", "TKE_PROVIDER_ID": "cls-1", "TKE_ROLE_ARN": roleDeploy, "TKE_WEB_IDENTITY_TOKEN_FILE": "$HOME/token"}
	podOf := func(arn string) texts {
		return texts{"TKE_REGION": "r", "TKE_PROVIDER_ID": "p", "TKE_WEB_IDENTITY_TOKEN_FILE": "f", "TKE_ROLE_ARN": arn}
	}
	roleOf := func(arn, session string) texts {
		content, _ := json.Marshal(texts{"secretId": "ID", "secretKey": "KEY", "role-arn": arn, "role-session-name": session})
		return texts{other: string(content)}
	}
	fake := roleCI + "\x1b[2J\u202e\nError: fake"
	long := "qcs::cam::uin/1:roleName/" + strings.Repeat("x", 60_000)

	return map[string]struct {
		options    options
		files, env texts
	}{
		// The nearest source wins.
		"given keys before all else":                      {options: options{Static: given, Profile: "prod", CAMRole: "ci"}, files: texts{prod: "broken"}},
		"web identity before keys":                        {options: options{Static: keys{SecretID: "half"}, WebIdentity: &web{RoleARN: roleCI, Token: "token"}}},
		"default profile before the credentials file":     {files: texts{other: id, file: iniFile}},
		"default profile without keys":                    {files: texts{other: keysFile("", ""), file: iniFile}},
		"named profile with a region":                     {options: named, files: texts{other: id, prod: "\xef\xbb\xbf" + keysFile(" ID-prod ", "KEY\n"), ".tccli/prod.configure": region}},
		"directory of profiles":                           {options: options{SharedDir: "~/elsewhere"}, files: texts{"elsewhere/default.credential": id, other: "broken"}},
		"region of a profile that is not used":            {options: options{Static: given}, files: texts{other: id, settings: region}},
		"credentials file before the instance's role":     {options: options{CAMRole: "ci"}, files: texts{file: "; a comment\n" + strings.ReplaceAll(iniFile, "\n", "\r\n")}},
		"named credentials file before a default profile": {options: options{CredentialsFile: "~/ci.ini"}, files: texts{"ci.ini": iniFile, other: id}},
		"named profile before a named credentials file":   {options: options{CredentialsFile: "~/ci.ini", Profile: "default"}, files: texts{"ci.ini": iniFile, other: id}},
		"named directory before a named credentials file": {options: options{CredentialsFile: "~/ci.ini", SharedDir: "~/.tccli"}, files: texts{"ci.ini": iniFile, other: id}},
		"keys as they stand":                              {files: texts{file: "[default]\nsecret_id=\"ID;x#y%(z)s\"\nsecret_key=KEY\\\nother=1\n"}},
		"pod before the instance's role":                  {options: options{CAMRole: "ci"}, files: texts{"token": "token"}, env: pod},
		"pod without all variables":                       {options: options{CAMRole: "ci"}, env: texts{"TKE_REGION": "ap-beijing", "TKE_ROLE_ARN": roleDeploy}},
		"role with given keys":                            {options: assume(role{RoleARN: roleCI})},
		"role with a web identity":                        {options: options{WebIdentity: &web{RoleARN: roleCI, Token: "token"}, AssumeRole: &role{RoleARN: roleDeploy}}},
		"role with a profile's role":                      {options: options{AssumeRole: &role{RoleARN: roleDeploy}}, files: texts{other: roleOf(roleCI, "me")[other], settings: region}},
		"half a role of a profile":                        {files: roleOf(roleCI, "")},
		"keys of the environment":                         {options: options{Static: given, SecretIDVariable: "THE_ID", SecretKeyVariable: "THE_KEY"}},
		"keys of both":                                    {options: options{Static: given, SecretKeyVariable: "THE_KEY"}},

		// Without any, the error lists what was looked at.
		"nothing":                             {options: options{Static: keys{Token: "a token alone is none"}, AssumeRole: &role{RoleARN: roleCI}, AllowedAccounts: []string{"1"}}},
		"profile without keys, half of a pod": {files: texts{other: keysFile("", "")}, env: texts{"TKE_REGION": "ap-beijing", "TKE_ROLE_ARN": roleCI}},
		"no home":                             {env: homeless},

		// A fault is found at once, and told without a secret.
		"key without an id":                      {options: options{Static: keys{SecretKey: secretKey}}},
		"id without a key":                       {options: options{Static: keys{SecretID: secretID, Token: "token"}}},
		"key of the environment without an id":   {options: options{Static: keys{SecretKey: secretKey}, SecretKeyVariable: "THE_KEY"}},
		"id of the environment without a key":    {options: options{Static: keys{SecretID: secretID}, SecretIDVariable: "THE_ID"}},
		"profile with a token of two lines":      {options: named, files: texts{prod: `{"secretId": "ID", "secretKey": "KEY", "token": "SECRET\n` + hush + `"}`}},
		"profile unknown":                        {options: named, files: texts{other: id, ".tccli/other.credential": "", ".tccli/prod.configure": "{}"}},
		"profile without a directory":            {options: named},
		"profile that is a path":                 {options: options{Profile: "../prod"}},
		"profile that is a path of Windows":      {options: options{Profile: `..\prod`}},
		"profile of a long name":                 {options: options{Profile: strings.Repeat("x/", 450_000)}},
		"directory that is not there":            {options: options{SharedDir: "~/nowhere"}},
		"directory that is a file":               {options: options{SharedDir: "~/file"}, files: texts{"file": ""}},
		"profile that is a directory":            {options: named, files: texts{prod + "/file": ""}},
		"default profile that is a directory":    {options: options{CAMRole: "ci"}, files: texts{other + "/file": ""}},
		"profile that is too large":              {options: named, files: texts{prod: strings.Repeat(" ", 64<<10+1)}},
		"profile that is no JSON":                {options: named, files: texts{prod: "{\n\"secretId\": AKID" + hush + "\n}"}},
		"profile that is a list":                 {options: named, files: texts{prod: `["AKID` + hush + `"]`}},
		"profile with a number for a key":        {options: named, files: texts{prod: `{"secretId": 1234567890123456}`}},
		"profile without keys":                   {options: named, files: texts{prod: "{}"}},
		"profile without an id":                  {options: named, files: texts{prod: keysFile("", hush)}},
		"default profile without a key":          {files: texts{other: keysFile(secretID, "")}},
		"profile with a blank in a key":          {options: named, files: texts{prod: keysFile(secretID, hush+" KEY")}},
		"profile with broken settings":           {options: named, files: texts{prod: id, ".tccli/prod.configure": "x"}},
		"profile with an odd role":               {files: roleOf(fake, "me")},
		"profile with a long role":               {files: roleOf(long, "me")},
		"profile with an odd session":            {files: roleOf(roleCI, "me\x1b")},
		"pod with an odd role":                   {env: podOf(fake)},
		"pod with a long role":                   {env: podOf(long)},
		"credentials file that is not there":     {options: options{CredentialsFile: "~/nowhere"}},
		"credentials file that is too large":     {files: texts{file: strings.Repeat("\n", 64<<10+1)}},
		"credentials file that is no INI":        {files: texts{file: "[default]\nAKID" + hush + "\n"}},
		"credentials file of another section":    {files: texts{file: "secret_id = ID\n[prod]\nsecret_id = ID\nsecret_key = KEY\n"}},
		"credentials file without an id":         {files: texts{file: "[default]\nsecret_key = KEY\n"}},
		"credentials file without a key":         {files: texts{file: "[default]\nsecret_id = ID\n"}},
		"credentials file with a blank in an id": {files: texts{file: "[default]\nsecret_id = ID X\nsecret_key = KEY\n"}},
		"profile without a home":                 {options: named, env: homeless},
		"directory without a home":               {options: options{SharedDir: "~"}, env: homeless},
		"credentials file without a home":        {options: options{CredentialsFile: "~/ci.ini"}, env: homeless},
		"token file without a home":              {options: inFile, env: homeless},
		"role and session of another form":       {options: assume(role{RoleARN: "ci", SessionName: "a b"})},
		"role of a long ARN":                     {options: assume(role{RoleARN: "x" + long})},
		"duration too long":                      {options: assume(role{RoleARN: roleCI, SessionDuration: 43201e9})},
		"external id of another form":            {options: assume(role{RoleARN: roleCI, ExternalID: hush + "?"})},
		"policy of another form":                 {options: assume(role{RoleARN: roleCI, Policy: "{"})},
		"web identity without a token":           {options: identity(web{})},
		"web identity with two tokens":           {options: identity(web{Token: "token", TokenFile: "file"})},
		"web identity of another form":           {options: options{WebIdentity: &web{RoleARN: "ci", Token: "token"}}},
		"token file that is not there":           {options: identity(web{TokenFile: "~/nowhere"})},
		"token file that is empty":               {options: inFile, files: texts{"token": "\n"}},
		"token file in JSON without the token":   {options: inFile, files: texts{"token": `{"token": "` + hush + `"}`}},
		"token file in half of JSON":             {options: inFile, files: texts{"token": `{"web_identity_token": "` + hush}},
		"token file of two lines":                {options: inFile, files: texts{"token": "ey." + hush + "\nmore"}},
		"token file in JSON, with a line break":  {options: inFile, files: texts{"token": " " + `{"web_identity_token": "a.token\n"}`}},
		"token of two words":                     {options: identity(web{Token: "ey." + hush + " two"})},
	}
}

// TestFind: one source is found, or the faults of settings and files, and nobody is contacted to
// find that out.
func TestFind(t *testing.T) {
	t.Parallel()
	got := texts{}
	for name, test := range searches() {
		h := newHome(t)
		for file, content := range test.files {
			h.write(file, content)
		}
		for variable, value := range test.env {
			h.env[variable] = strings.ReplaceAll(value, "$HOME", h.dir)
		}
		inBubble(t, fakecos.Options{}, func(t *testing.T, s *services, o credentials.Options) {
			test.options.Transport = s
			found, err := h.find(test.options)
			if s.contacts > 0 {
				t.Errorf("%s: the search contacts a service", name)
			}
			if got[name] = tell(found, err); err == nil {
				keys, err := found.Source(t.Context())
				switch {
				case found.Origin == "" && !errors.Is(err, credentials.ErrNoCredentials):
					t.Errorf("%s: %v does not wrap ErrNoCredentials", name, err)
				case found.Origin == "":
					got[name] = tell(found, err)
				case err == nil:
					got[name] += fmt.Sprintf(", keys %s and %s", keys.SecretID, keys.SecretKey)
				}
			}
		})
	}
	golden(t, got)
}

// TestLooseFiles: a file that others can read, or a group can write, is used with a warning. The
// group may read it, as it does mounted secrets.
func TestLooseFiles(t *testing.T) {
	t.Parallel()
	if os.PathSeparator == '\\' {
		return // Windows has no modes
	}
	got := texts{}
	files := texts{".tccli/default.credential": keysFile("ID", "KEY"), ".tencentcloud/credentials": "[default]\nsecret_id = ID\nsecret_key = KEY"}
	for file, content := range files {
		for _, mode := range []os.FileMode{0o600, 0o640, 0o440, 0o660, 0o604, 0o602} {
			h := newHome(t)
			if err := os.Chmod(h.write(file, content), mode); err != nil {
				t.Fatal(err)
			}
			found, err := h.find(credentials.Options{Transport: nobody{t}})
			got[mode.String()+" "+filepath.Base(file)] = tell(found, err)
		}
	}
	golden(t, got)
}
