// SPDX-License-Identifier: MPL-2.0

//go:build !windows

package credentials

import "io/fs"

// isLoose reports whether others than the owner can get at a file.
func isLoose(mode fs.FileMode) bool { return mode.Perm()&0o077 != 0 }
