// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// ErrNoService is the cause of an [Error] when the client's domain serves buckets alone, and cannot
// list those of an account. Nothing was sent.
var ErrNoService = errors.New("the domain serves buckets, and cannot list those of an account")

// BucketFilter narrows a list of buckets. The zero value narrows nothing.
type BucketFilter struct {
	Region           string
	TagKey, TagValue string // "": no tag
}

// maxBuckets is far above the some hundred buckets of an account.
const maxBuckets = 10_000

// ListBuckets reads the buckets of the account that the credentials belong to, sorted by name. It
// asks the service host, or that of the filter's region. A row that names no bucket of COS is a
// [Bucket] with escaped texts, which no call accepts.
//
// https://www.tencentcloud.com/document/product/436/8291
func (c *Client) ListBuckets(ctx context.Context, filter BucketFilter) ([]Bucket, error) {
	var buckets []Bucket
	share := c.budget.shareUntil(ctx, GetService)
	for pages, marker := 1, ""; ; pages++ {
		var page bucketPage
		request := serviceRequest(filter, marker)
		request.share = share
		err := c.do(ctx, request, func(resp response) (err error) {
			if page, err = decodeBuckets(resp); err != nil {
				return err
			}
			return cmp.Or(checkPages(pages), checkRows(len(buckets)+len(page.buckets), maxBuckets, "buckets"), checkNext(page.next, marker))
		})
		if err != nil {
			return nil, err
		}
		for _, bucket := range page.buckets {
			if !filter.excludes(bucket) {
				buckets = append(buckets, bucket)
			}
		}
		if page.next == "" {
			slices.SortFunc(buckets, Bucket.compare)
			return slices.Compact(buckets), nil
		}
		marker = page.next
	}
}

// excludes reports whether the bucket is in another region. One without a proper region may not be.
func (f BucketFilter) excludes(bucket Bucket) bool {
	return f.Region != "" && bucket.Region != f.Region && CheckRegion(bucket.Region) == nil
}

// bucketPage is a page of the account's buckets.
type bucketPage struct {
	buckets []Bucket
	next    string // marker of the next page, "" after the last
}

func decodeBuckets(resp response) (bucketPage, error) {
	var w struct {
		XMLName xml.Name `xml:"ListAllMyBucketsResult"`
		Buckets []struct {
			Name     optional[string] `xml:"Name"`
			Location optional[string] `xml:"Location"`
		} `xml:"Buckets>Bucket"`
		IsTruncated optional[string] `xml:"IsTruncated"`
		NextMarker  optional[string] `xml:"NextMarker"`
	}
	if err := unmarshal(resp, &w); err != nil {
		return bucketPage{}, err
	}
	var page bucketPage
	for _, b := range w.Buckets {
		page.buckets = append(page.buckets, Bucket{
			Region: untrusted.Text(strings.Join(b.Location, " ")),
			Name:   untrusted.Text(strings.Join(b.Name, " ")),
		})
	}
	var r reader
	// Without max-keys, older services do not say whether a page is the last: it is.
	if len(w.IsTruncated) > 0 && r.boolean("IsTruncated", w.IsTruncated) {
		page.next = r.required("NextMarker", w.NextMarker)
	}
	return page, r.err()
}

// BucketInventories are the jobs of a bucket, sorted by id.
type BucketInventories struct {
	Bucket      Bucket
	Inventories []Inventory
	Unreadable  []*UnreadableJob // in the order of COS
	IsCut       bool             // at the limit: COS has more
	Err         error            // of reading further
}

// maxBucketReads is how many buckets are read at a time. Each is a host of its own, with a
// connection of its own.
const maxBucketReads = 32

// errShare is the end of a read that took half of the time that was left for all buckets.
var errShare = errors.New("half of the time that was left for all buckets was over")

// ListInventories reads the jobs of buckets, up to 32 at a time, and yields them in the order of the
// buckets. Of each bucket, it reads pages until it has as many jobs as the limit; 0 is no limit. The
// jobs count as kept until ctx ends. It ends the reads that are under way when the caller wants no
// more.
//
// Of many buckets, a read ends with half of the time that is left when it starts, so that one without
// an answer does not take it from the others. One that fails yields no job. The connections are not
// kept: a thousand of them would take much memory, for no other call.
func (c *Client) ListInventories(ctx context.Context, buckets []Bucket, limit int64) iter.Seq[BucketInventories] {
	return func(yield func(BucketInventories) bool) {
		read := c.readShare
		if len(buckets) == 1 {
			read = c.readInventories
		}
		caller := ctx
		ctx, cancel := context.WithCancel(ctx)
		results := make([]chan BucketInventories, len(buckets))
		for i := range results {
			results[i] = make(chan BucketInventories, 1)
		}
		var readers sync.WaitGroup
		var next atomic.Int64
		for range min(maxBucketReads, len(buckets)) {
			readers.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(buckets)); i = next.Add(1) - 1 {
					pages := pagination{share: c.budget.shareUntil(caller, ListInventories), weight: jobWeight}
					results[i] <- read(ctx, buckets[i], pages, limit)
				}
			})
		}
		defer readers.Wait()
		defer cancel()
		for _, result := range results {
			if !yield(<-result) { // once ctx has ended, a call ends before it sends anything
				return
			}
		}
	}
}

// readShare reads one of many buckets, within its share of the time.
func (c *Client) readShare(ctx context.Context, bucket Bucket, pages pagination, limit int64) BucketInventories {
	share, cancel := halfOf(ctx)
	defer cancel()
	pages.readOnce = true
	read := c.readInventories(share, bucket, pages, limit)
	if read.Err == nil {
		return read
	}
	if ended, ok := errors.AsType[*Interruption](read.Err); ok && share.Err() != nil && ctx.Err() == nil {
		ended.Err = errShare
	}
	return BucketInventories{Bucket: bucket, Err: read.Err}
}

func (c *Client) readInventories(ctx context.Context, bucket Bucket, pages pagination, limit int64) BucketInventories {
	read := BucketInventories{Bucket: bucket}
	for !pages.complete && !read.IsCut {
		page, err := pages.next(ctx, c, bucket)
		if err != nil {
			read.Err = err
			pages.share.close() // what was read is at most a part of the budget, and soon gone
			break
		}
		for _, job := range page {
			if job.unreadable != nil {
				read.Unreadable = append(read.Unreadable, job.unreadable)
			} else {
				read.Inventories = append(read.Inventories, job.Inventory)
			}
		}
		read.IsCut = limit > 0 && int64(len(read.Inventories)) >= limit && !pages.complete
	}
	slices.SortFunc(read.Inventories, Inventory.compareID)
	return read
}
