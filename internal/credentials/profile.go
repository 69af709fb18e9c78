// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

const (
	defaultProfile = "default"

	keysSuffix     = ".credential"
	settingsSuffix = ".configure"
)

// profileKeys is the file of keys that tccli writes.
//
// https://github.com/TencentCloud/tencentcloud-cli
type profileKeys struct {
	SecretID    string  `json:"secretId"`
	SecretKey   string  `json:"secretKey"`
	Token       string  `json:"token"`
	ExpiresAt   float64 `json:"expiresAt"` // s since 1970; 0 unless the keys are a login's
	RoleARN     string  `json:"role-arn"`
	SessionName string  `json:"role-session-name"`
}

// sharedProfile uses a profile of tccli, and the role that it names.
func (f *finder) sharedProfile() (*source, error) {
	dir, err := f.profileDir()
	if dir == "" || err != nil {
		return nil, err
	}
	name := cmp.Or(f.Profile, defaultProfile)
	if strings.ContainsAny(name, `/\`) {
		return nil, &Error{Setting: "profile", Problem: untrusted.Quote(name) + " is a path, not the name of a profile", Remedy: "Give the directory as shared_credentials_dir."}
	}
	p := profile{f: f, name: name, dir: dir, path: filepath.Join(dir, name+keysSuffix)}
	return p.source()
}

// profileDir returns the directory of profiles, or "" if there is none and none was named.
func (f *finder) profileDir() (string, error) {
	setting := Setting("shared_credentials_dir")
	if f.SharedDir == "" {
		if setting = "profile"; f.home() == "" && f.Profile == "" {
			f.recordSkipped("there is no home directory to look for ~/.tccli in")
			return "", nil
		}
	}
	dir, err := f.expand(cmp.Or(f.SharedDir, "~/.tccli"), setting)
	if err != nil || f.SharedDir == "" {
		return dir, err
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("it is not a directory")
	}
	if err != nil {
		return "", &Error{
			Setting: setting,
			Problem: fmt.Sprintf("the directory of profiles %s cannot be used: %v", f.short(dir), withoutPath(err)),
			Remedy:  "Name the directory that holds <profile>.credential, or leave it out for ~/.tccli.",
			Err:     err,
		}
	}
	return dir, nil
}

// profile is one of tccli's, by its name and files.
type profile struct {
	f               *finder
	name, dir, path string
}

func (p profile) String() string {
	return fmt.Sprintf("profile %s (%s)", untrusted.Quote(p.name), p.f.short(p.path))
}

func (p profile) origin() string { return "the " + p.String() }

// fault returns the error for a fault of one of the files.
func (p profile) fault(problem, remedy string, err error) *Error {
	return &Error{Setting: "profile", Origin: p.origin(), Problem: problem, Remedy: remedy, Err: err}
}

func (p profile) source() (*source, error) {
	keys, mode, err := p.keys()
	switch {
	case err != nil && p.f.Profile == "" && (p.f.SharedDir == "" || errors.Is(err, fs.ErrNotExist)) && p.f.skipUnnamed(p.String(), err):
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, p.fault("there is no such profile; "+p.others(), "Correct its name, or make it with tccli configure.", err)
	case err != nil:
		return nil, err
	case keys.SecretID == "" && keys.SecretKey == "" && p.f.Profile == "":
		p.f.recordSkipped("%s holds no keys", p.origin())
		return nil, nil
	}
	if err := p.check(keys); err != nil {
		return nil, err
	}
	region, err := p.region()
	if err != nil {
		return nil, err
	}
	p.f.warnIfLoose("profile", p.path, mode)
	s := &source{setting: "profile", origin: p.origin(), region: region, fetch: p.fetch(keys)}
	switch {
	case keys.RoleARN != "" && keys.SessionName != "":
		r := newRole("", keys.RoleARN, keys.SessionName, 0)
		r.origin = p.origin()
		if err := errors.Join(r.check()...); err != nil {
			return nil, err
		}
		return p.f.assumeWith(s, r, r.parameters()), nil
	case keys.RoleARN != "":
		p.f.warn(Warning{
			Setting: "profile",
			Problem: fmt.Sprintf("the role-arn in %s is not used, because it has no role-session-name", p.f.short(p.path)),
			Remedy:  "Add role-session-name, or remove role-arn.",

			IsUnused: true,
		})
	}
	return s, nil
}

// keys reads the credential file. It trims the values, as other tools do.
func (p profile) keys() (profileKeys, fs.FileMode, error) {
	var k profileKeys
	mode, err := p.read(p.path, &k)
	for _, value := range []*string{&k.SecretID, &k.SecretKey, &k.Token, &k.RoleARN, &k.SessionName} {
		*value = strings.TrimSpace(*value)
	}
	return k, mode, err
}

// read decodes a JSON file. A decoder's error may quote the file, so only the position is repeated.
func (p profile) read(path string, into any) (fs.FileMode, error) {
	const remedy = "Correct it, or write it anew with tccli configure."
	data, mode, err := readFile(path)
	if err != nil {
		return 0, p.fault(fmt.Sprintf("%s cannot be read: %v", p.f.short(path), err), "Check its permissions.", err)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // Windows' editors put it there
	if err = json.Unmarshal(data, into); err == nil {
		return mode, nil
	}
	problem := p.f.short(path) + " is not what tccli writes"
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(data[:min(syntax.Offset, int64(len(data)))], []byte("\n"))
		problem = fmt.Sprintf("%s is not JSON (line %d)", p.f.short(path), line)
	} else if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && kind.Field != "" {
		problem += fmt.Sprintf(": %q has a value of another kind", kind.Field)
	}
	return 0, p.fault(problem, remedy, nil)
}

// check returns what is wrong with the keys.
func (p profile) check(k profileKeys) error {
	if problem, remedy := k.credentials().fileFault("the file", "secretId", "secretKey", "Write both with tccli configure."); problem != "" {
		return p.fault(problem, remedy, nil)
	}
	return nil
}

func (k profileKeys) credentials() Credentials {
	return Credentials{SecretID: k.SecretID, SecretKey: k.SecretKey, Token: k.Token}
}

// fetch returns the keys. Those of a login expire and are then read again: tccli may have renewed
// them.
func (p profile) fetch(k profileKeys) fetch {
	if k.ExpiresAt == 0 {
		return fixed(k.credentials())
	}
	return func(context.Context) (lease, error) {
		k, _, err := p.keys()
		if err := cmp.Or(err, p.check(k)); err != nil {
			return lease{}, err
		}
		l := lease{keys: k.credentials(), expires: time.Unix(int64(k.ExpiresAt), 0)}
		if !time.Now().Before(l.expires) {
			return lease{}, p.fault("the login expired at "+l.expires.UTC().Format(time.RFC3339), "Log in again with tccli.", nil)
		}
		return l, nil
	}
}

// region returns the region of the profile, or "".
func (p profile) region() (string, error) {
	var settings struct {
		SysParam struct {
			Region string `json:"region"`
		} `json:"_sys_param"`
	}
	_, err := p.read(filepath.Join(p.dir, p.name+settingsSuffix), &settings)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return strings.TrimSpace(settings.SysParam.Region), nil
}

// others lists the existing profiles.
func (p profile) others() string {
	entries, _ := os.ReadDir(p.dir) // what cannot be listed holds none that is known
	var names []string
	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), keysSuffix); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "the directory holds none"
	}
	return "there are " + strings.Join(untrusted.List(names), ", ")
}
