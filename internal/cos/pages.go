// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"errors"
	"fmt"
)

// maxPages is far above what any list of COS has, such as ten pages for a bucket with 1,000 jobs.
const maxPages = 1000

// errNoProgress ends a listing that would never end.
var errNoProgress = errors.New("the listing does not go on: its next page is one that it has shown")

// checkPages refuses the next page of a listing that does not end. pages counts it.
func checkPages(pages int) error {
	if pages > maxPages {
		return fmt.Errorf("the listing does not end: %d pages have come", maxPages)
	}
	return nil
}

// checkRows refuses the rows of a listing that does not end. rows counts those of all pages.
func checkRows(rows, most int, what string) error {
	if rows > most {
		return fmt.Errorf("the listing does not end: more than %d %s have come", most, what)
	}
	return nil
}

// checkNext refuses the marker of a next page that would show what has been shown. Pages are in the
// order of what they list.
func checkNext(next, marker string) error {
	if next != "" && next <= marker {
		return errNoProgress
	}
	return nil
}
