// SPDX-License-Identifier: MPL-2.0

//go:build !windows

package credentials

import "io/fs"

// isLoose reports whether all users can read or write a file, or its group can write it. That the
// group reads it is usual for mounted secrets, such as those of Kubernetes with an fsGroup.
func isLoose(mode fs.FileMode) bool { return mode.Perm()&0o027 != 0 }
