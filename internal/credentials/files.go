// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"gopkg.in/ini.v1"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// maxFile is far above the size of any of the files, in bytes.
const maxFile = 64 << 10

// home returns the home directory that the vendor's tools use, or "".
func (f *finder) home() string {
	if runtime.GOOS == "windows" {
		return f.Getenv("USERPROFILE")
	}
	return f.Getenv("HOME")
}

// expand replaces a leading ~ by the home directory.
func (f *finder) expand(path string, setting Setting) (string, error) {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path, nil
	}
	home := f.home()
	if home == "" {
		return "", &Error{
			Setting: setting,
			Problem: untrusted.Quote(path) + " cannot be found: the environment names no home directory",
			Remedy:  "Write the path in full, or set HOME.",
		}
	}
	return filepath.Join(home, rest), nil
}

// short shows a path, with the home directory as ~, which also hides the user's name.
func (f *finder) short(path string) string {
	home := f.home()
	if rest, ok := strings.CutPrefix(path, home+string(filepath.Separator)); ok && home != "" {
		path = "~" + string(filepath.Separator) + rest
	}
	return untrusted.Text(path)
}

// skipUnnamed records why a file that nobody named is not used, and reports whether that is no
// fault: there is none, also where HOME is no directory, or it is for another user only.
func (f *finder) skipUnnamed(file string, err error) bool {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		f.recordSkipped("there is no %s", file)
	case errors.Is(err, fs.ErrPermission):
		f.recordSkipped("this user may not read the %s", file)
	default:
		return false
	}
	return true
}

// readFile returns the content and mode of a regular file, or of a symbolic link to one. To open
// anything else, such as a named pipe, may block for ever. The error does not repeat the path.
func readFile(path string) ([]byte, fs.FileMode, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, withoutPath(err)
	}
	switch {
	case info.IsDir():
		return nil, 0, errors.New("it is a directory")
	case !info.Mode().IsRegular():
		return nil, 0, errors.New("it is not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, withoutPath(err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, 0, withoutPath(err)
	}
	if len(data) > maxFile {
		return nil, 0, fmt.Errorf("it is larger than %d bytes", maxFile)
	}
	return data, info.Mode(), nil
}

func withoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// warnIfLoose warns of a credentials file that all users of the machine can read or write, or its
// group can write. That the group reads it is usual for mounted secrets, such as those of Kubernetes
// with an fsGroup. On Windows, the mode does not say who can read a file.
func (f *finder) warnIfLoose(setting Setting, path string, mode fs.FileMode) {
	if mode.Perm()&0o027 == 0 || runtime.GOOS == "windows" {
		return
	}
	f.warn(Warning{
		Setting: setting,
		Problem: fmt.Sprintf("the file %s holds keys, and is open to other users of this machine (mode %04o)", f.short(path), mode.Perm()),
		Remedy:  fmt.Sprintf("chmod 600 %s", f.short(path)),
	})
}

// credentialsFile is the file of the vendor's SDKs: secret_id and secret_key in the section
// [default].
//
// https://github.com/TencentCloud/tencentcloud-sdk-go/blob/master/tencentcloud/common/profile_provider.go
func (f *finder) credentialsFile() (*source, error) {
	if f.CredentialsFile == "" && f.home() == "" {
		f.recordSkipped("there is no home directory to look for ~/.tencentcloud/credentials in")
		return nil, nil
	}
	path, err := f.expand(cmp.Or(f.CredentialsFile, "~/.tencentcloud/credentials"), "")
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
