// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// PutInventory creates the job or replaces all of it: settings that the document omits are removed.
// It overwrites an existing job of the same id without an error. A bucket that COS does not find is
// looked for again for Config.NewBucket.
//
// https://cloud.tencent.com/document/product/436/33707
func (c *Client) PutInventory(ctx context.Context, job Job, inv Inventory) error {
	body, err := encodeInventory(inv)
	if err != nil {
		return &Error{Op: PutInventory, Bucket: job.Bucket, ID: job.ID, Err: err}
	}
	c.shared(job.Bucket).markWritten(job.ID)
	return c.write(ctx, jobRequest(PutInventory, job, body), NewBucket)
}

// GetInventory reads the job. [IsNotFound] reports whether an error proves that there is no such
// job. No other error proves anything about the job.
//
// https://cloud.tencent.com/document/product/436/33705
func (c *Client) GetInventory(ctx context.Context, job Job) (Inventory, error) {
	var inv Inventory
	err := c.do(ctx, jobRequest(GetInventory, job, nil), func(resp response) (err error) {
		inv, err = decodeInventory(resp)
		if err == nil && inv.ID != job.ID {
			err = fmt.Errorf("the answer is about another job, %.100q", inv.ID)
		}
		return err
	})
	if err != nil {
		return Inventory{}, err
	}
	return inv, nil
}

// listed is a job as LIST shows it.
type listed struct {
	Inventory                 // only ID if it is unreadable, escaped
	unreadable *UnreadableJob // nil for a job that can be read
}

// UnreadableJob is the error about one job of a LIST. The others can be read.
type UnreadableJob struct {
	ID  string // escaped; "" if the document has none
	Err error  // [ErrAccelerated], or what is wrong with the document
}

// Error names the job and what is wrong with its document.
func (u *UnreadableJob) Error() string { return fmt.Sprintf("job \"%s\": %v", u.ID, u.Err) }

// Unwrap returns what is wrong with the document.
func (u *UnreadableJob) Unwrap() error { return u.Err }

// maxJobs is far above the 1,000 jobs that COS allows in a bucket.
const maxJobs = 10_000

// pagination is the position in a LIST.
type pagination struct {
	token    string // of the next page
	complete bool
	seen     map[string]bool // tokens that led to a page
	ids      map[string]bool // of the jobs so far
	readOnce bool            // no other call to the bucket is expected: its connection is not kept
	share    *share
	weight   int // of a job in the share, in bytes, beside its document
}

// next reads the next page, of up to a hundred jobs, without those that an earlier one has shown. After
// an error, the position is unchanged.
//
// https://cloud.tencent.com/document/product/436/33706
func (p *pagination) next(ctx context.Context, c *Client, bucket Bucket) (page []listed, err error) {
	var next string
	request := listRequest(bucket, p.token)
	request.last, request.share = p.readOnce, p.share
	err = c.do(ctx, request, func(resp response) (err error) {
		page, next, err = decodeList(resp)
		switch {
		case err != nil:
			return err
		case p.seen[next]:
			return errNoProgress
		}
		return cmp.Or(checkPages(len(p.seen)+1), checkRows(len(p.ids)+len(page), maxJobs, "jobs"), p.share.take(len(page)*p.weight))
	})
	// A bucket without jobs may answer as GET does for a job that is not there.
	if err != nil && (!IsNoSuchJob(err) || p.token != "") {
		return nil, err
	}
	if p.seen == nil {
		p.seen, p.ids = map[string]bool{}, map[string]bool{}
	}
	p.token, p.complete, p.seen[next] = next, next == "", next != ""
	page = slices.DeleteFunc(page, func(job listed) bool {
		known := p.ids[job.ID]
		p.ids[job.ID] = job.ID != ""
		return known
	})
	return page, nil
}

// DeleteInventory deletes the job. If there is none, [IsNotFound] holds for the error. A bucket that
// COS does not find is looked for again for Config.Settle.
//
// https://cloud.tencent.com/document/product/436/33704
func (c *Client) DeleteInventory(ctx context.Context, job Job) error {
	c.shared(job.Bucket).markWritten(job.ID)
	return c.write(ctx, jobRequest(DeleteInventory, job, nil), Settle)
}

// write makes a call whose response is only a status. It believes NoSuchBucket after the patience.
func (c *Client) write(ctx context.Context, r request, patience Patience) error {
	return c.await(ctx, r.bucket, func() (answer, Patience, error) {
		err := c.do(ctx, r, ignore)
		if IsNoSuchBucket(err) {
			return noBucket, patience, err
		}
		return final, AtOnce, err
	})
}

// PostInventory runs a one-time job now. It ignores inv.IsEnabled and the schedule. It returns the
// job's id, which is empty if an older service returns none. The id must differ from that of every
// scheduled job and of every one-time job of the same day.
//
// It is not retried once COS may have acted on it.
//
// https://www.tencentcloud.com/document/product/436/46869
func (c *Client) PostInventory(ctx context.Context, job Job, inv Inventory) (jobID string, err error) {
	body, err := encodeRun(inv)
	if err != nil {
		return "", &Error{Op: PostInventory, Bucket: job.Bucket, ID: job.ID, Err: err}
	}
	err = c.do(ctx, jobRequest(PostInventory, job, body), func(resp response) (err error) {
		jobID, err = decodePostResult(resp)
		return err
	})
	return jobID, err
}

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
