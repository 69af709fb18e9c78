// SPDX-License-Identifier: MPL-2.0

// Package cos speaks the bucket inventory part of Tencent Cloud's COS API: the
// five calls, the document that they carry in every shape in which it occurs,
// and the errors. It knows nothing of Terraform.
//
// The vendor's SDK signs the requests. Its typed inventory calls are not used,
// because they lose data: a prefix outside And, the id of a one-time job, a
// time of 0.
//
// https://www.tencentcloud.com/document/product/436/30625
package cos

import (
	"context"
	"crypto/md5" //nolint:gosec // Content-MD5 is what the API asks for, as a checksum
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Operation is a call of the API, by the name of the CAM action that allows it.
type Operation string

// The five calls.
const (
	PutInventory    Operation = "PutBucketInventory"
	GetInventory    Operation = "GetBucketInventory"
	ListInventories Operation = "ListBucketInventory"
	DeleteInventory Operation = "DeleteBucketInventory"
	PostInventory   Operation = "PostBucketInventory"
)

const (
	headerRequestID = "X-Cos-Request-Id"

	// DefaultMaxRetries outlasts about half a minute of refusals.
	DefaultMaxRetries = 6

	defaultRetryWaitMin   = 500 * time.Millisecond
	defaultRetryWaitMax   = 20 * time.Second
	defaultAttemptTimeout = 30 * time.Second
	defaultWriteGrace     = 5 * time.Second
	defaultPollMin        = 250 * time.Millisecond
	defaultPollMax        = 4 * time.Second
)

// Config is what a [Client] is made of. The zero Config serves COS's public
// addresses, without credentials and without retries.
type Config struct {
	Credentials CredentialSource // nil: every call fails with ErrNoCredentials
	Domain      Domain
	MaxRetries  int    // attempts after the first
	UserAgent   string // sent with every request

	// Expired is told of credentials that COS calls expired, and reports whether
	// the source may have others by now, which are then worth one more attempt.
	// It may be nil.
	Expired func(Credentials) bool

	// Observe is told of every attempt, for a log. It may be nil, and is called
	// from many goroutines.
	Observe func(context.Context, Exchange)

	// ListingFailed is called once for each bucket whose jobs are read one by one,
	// because LIST failed. It may be nil.
	ListingFailed func(ctx context.Context, bucket Job, err error)

	// Zero durations mean the defaults, which suit production.
	RetryWaitMin, RetryWaitMax time.Duration // between attempts
	AttemptTimeout             time.Duration // of one attempt, its answer read
	WriteGrace                 time.Duration // for a write under way when its context ends
	PollMin, PollMax           time.Duration // between looks at a write that does not show yet
}

// Client makes the calls. It is safe for concurrent use, for any number of
// regions and buckets.
type Client struct {
	config Config
	http   *retryablehttp.Client

	mu      sync.Mutex
	buckets map[Job]*sharedBucket // by region and bucket
}

// New returns a client. It opens no connection and asks for no credentials
// until the first call.
func New(config Config) *Client {
	setDefault(&config.RetryWaitMin, defaultRetryWaitMin)
	setDefault(&config.RetryWaitMax, defaultRetryWaitMax)
	setDefault(&config.AttemptTimeout, defaultAttemptTimeout)
	setDefault(&config.WriteGrace, defaultWriteGrace)
	setDefault(&config.PollMin, defaultPollMin)
	setDefault(&config.PollMax, defaultPollMax)
	if config.Credentials == nil {
		config.Credentials = StaticCredentials(Credentials{})
	}
	if config.Observe == nil {
		config.Observe = func(context.Context, Exchange) {}
	}
	if config.ListingFailed == nil {
		config.ListingFailed = func(context.Context, Job, error) {}
	}

	var transport http.RoundTripper = newTransport(config.Domain)
	transport = bufferTransport{next: transport}
	transport = signTransport{source: config.Credentials, next: transport}
	transport = observeTransport{observe: config.Observe, next: transport}
	transport = attemptTransport{timeout: config.AttemptTimeout, writeGrace: config.WriteGrace, next: transport}

	return &Client{
		config:  config,
		buckets: map[Job]*sharedBucket{},
		// Retries stand outside the signing, so that each attempt is signed afresh.
		http: &retryablehttp.Client{
			HTTPClient: &http.Client{
				Transport: transport,
				// A redirect would carry the signed request to another host.
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			},
			RetryMax:     config.MaxRetries,
			RetryWaitMin: config.RetryWaitMin,
			RetryWaitMax: config.RetryWaitMax,
			CheckRetry:   checkRetry,
			Backoff:      backoff,
			ErrorHandler: retryablehttp.PassthroughErrorHandler,
		},
	}
}

// CheckRegion returns an [ErrOtherRegion] if the client's domain does not serve
// the region.
func (c *Client) CheckRegion(region string) error { return c.config.Domain.checkRegion(region) }

// HidesRegion reports whether the client's domain is one whose name does not tell its region. That it
// knows no such bucket then does not prove that the bucket is gone: the bucket may be in a region that
// the domain does not serve.
func (c *Client) HidesRegion() bool { return c.config.Domain.hidesRegion() }

func setDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

// do makes one call, with as many attempts as it takes and the configuration
// allows, and has read look at the answer. Every error is an [*Error]. When ctx ends, no
// other attempt follows; a write that is under way still gets Config.WriteGrace, and what
// COS then answers is the call's result.
func (c *Client) do(ctx context.Context, op Operation, job Job, continuation string, body []byte, read func(answer []byte) error) error {
	current := &call{op: op, job: job, expired: c.config.Expired}
	fail := func(e *Error) error {
		e.Op, e.Job, e.Attempts = op, job, current.attempts
		return e
	}

	request, err := c.request(withCall(ctx, current), op, job, continuation, body)
	if err != nil {
		return fail(&Error{Err: err})
	}
	response, err := c.http.Do(request)
	if response != nil {
		defer response.Body.Close()
	}
	switch {
	case err != nil && ctx.Err() != nil:
		e := current.failure
		if e == nil {
			e = &Error{}
		}
		e.Err = interrupted(ctx, e.Err)
		return fail(e)
	case current.failure != nil:
		return fail(current.failure)
	case err != nil:
		return fail(&Error{Err: plain(err)})
	}

	id := requestID(response)
	answer, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
	case id == "":
		// A captive portal says 200 to everything. It must not pass for a write.
		err = fmt.Errorf("the answer is not one of COS (%s): it carries no request id", describe(response, answer))
	default:
		err = read(answer)
	}
	if err != nil {
		return fail(&Error{Status: response.StatusCode, RequestID: id, Err: err})
	}
	return nil
}

// ignore is for the answers that are only a status.
func ignore([]byte) error { return nil }

// interrupted says why a call ended before its time, and on what.
func interrupted(ctx context.Context, last error) error {
	return &Interruption{Err: ctx.Err(), Last: last}
}

func (c *Client) request(ctx context.Context, op Operation, job Job, continuation string, body []byte) (*retryablehttp.Request, error) {
	if err := job.check(op); err != nil {
		return nil, err
	}
	u, err := c.config.Domain.bucketURL(job.Region, job.Bucket)
	if err != nil {
		return nil, err
	}
	u.RawQuery = "inventory"
	if op != ListInventories {
		u.RawQuery += "&id=" + escapeQuery(job.ID)
	}
	if continuation != "" {
		u.RawQuery += "&continuation-token=" + escapeQuery(continuation)
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, methods[op], u.String(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", c.config.UserAgent)
	if body != nil {
		sum := md5.Sum(body) //nolint:gosec // see the import
		request.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
		request.Header.Set("Content-Type", "application/xml")
	}
	return request, nil
}

var methods = map[Operation]string{
	PutInventory:    http.MethodPut,
	GetInventory:    http.MethodGet,
	ListInventories: http.MethodGet,
	DeleteInventory: http.MethodDelete,
	PostInventory:   http.MethodPost,
}

// check refuses names that would change the request's host or query.
func (j Job) check(op Operation) error {
	parts := []struct {
		name, value string
		check       func(string) error
	}{{"region", j.Region, CheckRegion}, {"bucket", j.Bucket, CheckBucket}, {"id", j.ID, CheckID}}
	if op == ListInventories {
		parts = parts[:2]
	}
	for _, part := range parts {
		if err := part.check(part.value); err != nil {
			return &ValueError{Name: part.name, Value: part.value, Err: err}
		}
	}
	return nil
}

// escapeQuery escapes a query's value so that no reading of + matters.
func escapeQuery(value string) string {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}
