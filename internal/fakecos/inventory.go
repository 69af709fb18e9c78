// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"cmp"
	"crypto/md5" //nolint:gosec // Content-MD5 is what the service demands
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// maxJobs is the most a bucket holds: https://www.tencentcloud.com/document/product/436/30625
const maxJobs = 1000

// put creates or replaces a job: https://www.tencentcloud.com/document/product/436/30625
func (s *Server) put(c *call, b *bucket) response {
	if refusal := s.checkDocument(c, periodic); refusal.failed() {
		return refusal
	}
	if b.ofs {
		return success(http.StatusOK, "")
	}
	id := c.record.ID
	if _, replaces := b.newest(id); !replaces && len(b.visibleIDs(ever)) >= maxJobs {
		return failure(http.StatusBadRequest, "InventoryFull", "The bucket already has %d inventory configurations.", maxJobs)
	}
	text := string(c.body)
	if s.options.AccountID != "" {
		text = withAccountID(text, s.options.AccountID)
	}
	b.write(id, version{document: text, visible: c.now.Add(s.options.VisibilityLag)})
	return success(http.StatusOK, "") // Assumption: statuses
}

// get answers a job as it was written: https://www.tencentcloud.com/document/product/436/30623
func (s *Server) get(c *call, b *bucket) response {
	text, ok := b.visible(c.record.ID, c.now)
	if !ok {
		return noSuchJob()
	}
	return success(http.StatusOK, s.shown(text))
}

// shown is a job's text as GET and LIST show it: as it was written, which the vendor's tests compare
// for the plain settings. A text that is no document is shown as it is. Assumption: as-written.
func (s *Server) shown(text string) string {
	if s.skew.shown == nil {
		return text
	}
	if _, err := parseDocument(text); err != nil {
		return text
	}
	return s.skew.shown(text)
}

// list answers a page of jobs: https://www.tencentcloud.com/document/product/436/30627
func (s *Server) list(c *call, b *bucket) response {
	ids := b.visibleIDs(c.now)
	// An empty token asks for the first page: cos-python-sdk-v5, ut/test.py.
	token := c.query.Get("continuation-token")
	if token != "" {
		id, isMarked := strings.CutPrefix(token, "+/")
		id, isWhole := strings.CutSuffix(id, "==")
		last, ok := b.created[id]
		if !ok || !isMarked || !isWhole {
			return invalidArgument("The continuation token provided is incorrect.")
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return b.created[id] <= last })
	}
	truncated := len(ids) > s.options.PageSize
	if truncated {
		ids = ids[:s.options.PageSize]
	}

	var page strings.Builder // also of no jobs. Assumption: no-jobs
	page.WriteString("<ListInventoryConfigurationResult>")
	for _, id := range ids {
		text, _ := b.visible(id, c.now)
		page.WriteString(listed(s.shown(text)))
	}
	fmt.Fprintf(&page, "<IsTruncated>%t</IsTruncated>", truncated)
	// The first page has an empty one: cos-dotnet-sdk-v5, ListInventoryConfigurationResult.
	fmt.Fprintf(&page, "<ContinuationToken>%s</ContinuationToken>", token)
	if truncated {
		fmt.Fprintf(&page, "<NextContinuationToken>%s</NextContinuationToken>", continuationToken(ids[len(ids)-1]))
	}
	page.WriteString("</ListInventoryConfigurationResult>")
	return success(http.StatusOK, page.String())
}

// delete removes a job: https://www.tencentcloud.com/document/product/436/30626
func (s *Server) delete(c *call, b *bucket) response {
	id := c.record.ID
	if _, ok := b.newest(id); !ok {
		return noSuchJob() // Assumption: delete-absent
	}
	b.write(id, version{deleted: true, visible: c.now.Add(s.options.VisibilityLag)})
	return success(http.StatusNoContent, "")
}

// post starts a one-time inventory: https://www.tencentcloud.com/document/product/436/46869
func (s *Server) post(c *call, b *bucket) response {
	if refusal := s.checkDocument(c, oneTime); refusal.failed() {
		return refusal
	}
	id := c.record.ID
	if _, periodic := b.newest(id); periodic {
		return duplicateID("%q is a periodic job's.", id)
	}
	day := c.now.UTC().Format("20060102")
	for _, run := range b.runs {
		if run.ID == id && run.Time.UTC().Format("20060102") == day {
			return duplicateID("%q was used today.", id)
		}
	}
	run := Run{ID: id, JobID: base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s_%s_%d", id, day, len(b.runs))), Time: c.now, Document: string(c.body)}
	b.runs = append(b.runs, run)
	return success(http.StatusOK, "<PostInventoryResult><JobId>"+run.JobID+"</JobId></PostInventoryResult>")
}

// duplicateID has the code that the tests of cos-python-sdk-v5 expect. Assumption: duplicate-status.
func duplicateID(format string, args ...any) response {
	return failure(http.StatusBadRequest, "DuplicateInventoryId", "The inventory id is duplicated: "+format, args...)
}

// noSuchJob has the code of the pages. Assumption: absent-job.
func noSuchJob() response {
	return failure(http.StatusNotFound, "InventoryConfigurationNotFoundError", "The inventory configuration does not exist.")
}

// checkDocument checks a body: its digest first, then its structure, then its values.
func (s *Server) checkDocument(c *call, kind documentKind) response {
	if len(c.body) > maxBody {
		return failure(http.StatusBadRequest, "XMLSizeLimit", "The XML you provided is larger than %d bytes.", maxBody)
	}
	if refusal := checkDigest(c.request.Header.Values("Content-Md5"), c.body, s.options.RequireMD5); refusal.failed() {
		return refusal
	}
	if len(c.body) == 0 {
		return failure(http.StatusBadRequest, "MissingRequestBodyError", "Request body is empty.")
	}
	known := grammar(kind)
	root, err := parseDocument(string(c.body))
	if err == nil {
		err = known.check(root, "")
	}
	if err != nil {
		return failure(http.StatusBadRequest, "MalformedXML",
			"The XML you provided was not well-formed or did not validate against our published schema: %v.", err)
	}
	if err := cmp.Or(known.checkValues(root, ""), checkTogether(root, c.record.ID, s.options.ExtraFields)); err != nil {
		return invalidArgument("%v.", err)
	}
	if s.skew.refusal != nil {
		return s.skew.refusal(s, root)
	}
	return response{}
}

// checkDigest checks Content-MD5. The page of the calls demands it, and live tests of the vendor
// send none: https://www.tencentcloud.com/document/product/436/7728, cos-java-sdk-v5,
// InventoryTest.
func checkDigest(given []string, body []byte, required bool) response {
	if len(given) == 0 && !required {
		return response{}
	}
	if len(given) != 1 {
		return failure(http.StatusBadRequest, "InvalidRequest", "Missing required header for this request: Content-MD5.")
	}
	digest, err := base64.StdEncoding.DecodeString(given[0])
	if err != nil || len(digest) != md5.Size {
		return failure(http.StatusBadRequest, "InvalidDigest", "The Content-MD5 you specified was invalid.")
	}
	if md5.Sum(body) != [md5.Size]byte(digest) { //nolint:gosec // see the import
		return failure(http.StatusBadRequest, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	return response{}
}

// continuationToken is opaque to clients; it holds the last id of a page. A client that does not
// escape it fails at once.
func continuationToken(last string) string { return "+/" + last + "==" }
