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
		err := c.do(ctx, request, func(d document) (err error) {
			if page, err = decodeBuckets(d); err != nil {
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

func decodeBuckets(d document) (bucketPage, error) {
	var w struct {
		XMLName xml.Name `xml:"ListAllMyBucketsResult"`
		Buckets []struct {
			Name     lone[string] `xml:"Name"`
			Location lone[string] `xml:"Location"`
		} `xml:"Buckets>Bucket"`
		IsTruncated lone[string] `xml:"IsTruncated"`
		NextMarker  lone[string] `xml:"NextMarker"`
	}
	if err := unmarshal(d, &w); err != nil {
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

// BucketInventories are the jobs of a bucket, sorted by id, or the error of reading them.
type BucketInventories struct {
	Bucket      Bucket
	Inventories []Inventory
	Unreadable  []*UnreadableJob // in the order of COS
	Err         error
}

// maxBucketReads is how many buckets are read at a time. Each is a host of its own, with a
// connection of its own.
const maxBucketReads = 32

// errShare is the end of a read that took half of the time that was left for all buckets.
var errShare = errors.New("half of the time that was left for all buckets was over")

// ListInventoriesOf reads the jobs of many buckets, up to 32 at a time, and yields them in the
// order of the buckets. A read ends with half of the time that is left when it starts, so that one
// bucket without an answer does not take it from the others. The jobs count as kept until ctx ends. It ends the reads that are under way
// when the caller wants no more. The connections are not kept: a thousand of them would take much
// memory, for no other call.
func (c *Client) ListInventoriesOf(ctx context.Context, buckets []Bucket) iter.Seq[BucketInventories] {
	return func(yield func(BucketInventories) bool) {
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
					results[i] <- c.readShare(ctx, buckets[i], c.budget.shareUntil(caller, ListInventories))
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

// readShare reads all jobs of a bucket within its share of the time.
func (c *Client) readShare(ctx context.Context, bucket Bucket, kept *share) BucketInventories {
	share, cancel := halfOf(ctx)
	defer cancel()
	read := c.readInventories(share, bucket, pagination{readOnce: true, share: kept, weight: jobWeight})
	var ended *Interruption
	if errors.As(read.Err, &ended) && share.Err() != nil && ctx.Err() == nil {
		ended.Err = errShare
	}
	return read
}

// ReadInventories reads all jobs of a bucket. They count as kept until ctx ends.
func (c *Client) ReadInventories(ctx context.Context, bucket Bucket) BucketInventories {
	return c.readInventories(ctx, bucket, pagination{share: c.budget.shareUntil(ctx, ListInventories), weight: jobWeight})
}

func (c *Client) readInventories(ctx context.Context, bucket Bucket, pages pagination) BucketInventories {
	read := BucketInventories{Bucket: bucket}
	for job, err := range c.listInventories(ctx, bucket, pages) {
		var unreadable *UnreadableJob
		switch {
		case errors.As(err, &unreadable):
			read.Unreadable = append(read.Unreadable, unreadable)
		case err != nil:
			pages.share.close()
			return BucketInventories{Bucket: bucket, Err: err}
		default:
			read.Inventories = append(read.Inventories, job.Inventory)
		}
	}
	slices.SortFunc(read.Inventories, Inventory.compareID)
	return read
}
