// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"fmt"
	"path/filepath"

	"gopkg.in/ini.v1"
)

// credentialsFile is the file of the vendor's SDKs: secret_id and secret_key in the section
// [default].
//
// https://github.com/TencentCloud/tencentcloud-sdk-go/blob/master/tencentcloud/common/profile_provider.go
func (f *finder) credentialsFile() (*source, error) {
	path := f.CredentialsFile
	if path == "" {
		if f.home() == "" {
			f.recordSkipped("there is no home directory to look for ~/.tencentcloud/credentials in")
			return nil, nil
		}
		path = filepath.Join(f.home(), ".tencentcloud", "credentials")
	}
	path, err := f.expand(path, "")
	if err != nil {
		return nil, err
	}
	name := "credentials file " + f.short(path)
	origin := "the " + name
	fault := func(problem, remedy string, err error) error {
		return &Error{Origin: origin, Problem: problem, Remedy: remedy, Err: err}
	}
	data, mode, err := readFile(path)
	switch {
	case err != nil && f.CredentialsFile == "" && f.skipUnnamed(name, err):
		return nil, nil
	case err != nil:
		return nil, fault(fmt.Sprintf("the file cannot be read: %v", err), "Check its path and permissions.", err)
	}
	// Values are read unchanged: no comments within a line, no escapes.
	file, err := ini.LoadSources(ini.LoadOptions{IgnoreInlineComment: true, IgnoreContinuation: true, PreserveSurroundedQuote: true}, data)
	if err != nil {
		// The parser's error would quote the line.
		return nil, fault("the file holds a line that is neither a [section], a comment nor a setting", "Write secret_id = … and secret_key = … under [default].", nil)
	}
	section := file.Section("default")
	k := Credentials{SecretID: section.Key("secret_id").Value(), SecretKey: section.Key("secret_key").Value()}
	if problem, remedy := k.fileFault("the section [default]", "secret_id", "secret_key", "Write both secret_id and secret_key into it."); problem != "" {
		return nil, fault(problem, remedy, nil)
	}
	f.warnIfLoose("", path, mode)
	return &source{origin: origin, fetch: fixed(k)}, nil
}
