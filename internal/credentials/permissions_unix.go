// SPDX-License-Identifier: MPL-2.0

//go:build !windows

package credentials

import "io/fs"

// isLoose reports whether other users than the owner can read or write a file.
func isLoose(mode fs.FileMode) bool { return mode.Perm()&0o077 != 0 }
