// SPDX-License-Identifier: MPL-2.0

// Package cos is a client of the bucket inventory part of Tencent Cloud's COS API: the calls, the
// document in every shape that occurs, and the errors. It knows nothing of Terraform.
//
// The vendor's SDK signs the requests. Its typed inventory calls are not used, because they lose
// data: a prefix outside And, the id of a one-time job, a time of 0.
//
// https://www.tencentcloud.com/document/product/436/30625
package cos

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

const (
	// DefaultMaxRetries covers about half a minute of throttling.
	DefaultMaxRetries = 6

	defaultRetryWaitMin   = 500 * time.Millisecond
	defaultRetryWaitMax   = 20 * time.Second
	defaultAttemptTimeout = 30 * time.Second
	defaultWriteGrace     = 5 * time.Second
	defaultPollMin        = 250 * time.Millisecond
	defaultPollMax        = 4 * time.Second
	defaultSettle         = 3 * time.Second
	defaultNewBucket      = 12 * time.Second
)

// Config configures a [Client]. The zero Config uses COS's public endpoints, without credentials
// and without retries.
type Config struct {
	Credentials credentials.Source // nil: every call fails with credentials.ErrNoCredentials
	Domain      Domain
	Proxy       *network.Proxy // nil: requests go out directly
	MaxRetries  int            // attempts after the first
	UserAgent   string         // sent with every request

	// Expired is called with credentials that COS calls expired. It reports whether the source may
	// have others by now, which are then worth one more attempt. nil: the source never has others.
	Expired func(credentials.Credentials) bool

	// Observe is called after every attempt, for a log, from many goroutines. It may be nil.
	Observe func(context.Context, Exchange)

	// ListingFailed is called once for each bucket whose jobs are read one by one because LIST
	// failed. It may be nil.
	ListingFailed func(ctx context.Context, bucket Bucket, err error)

	// Budget bounds the bytes of all lists and reports that are read, or kept decoded, at the same
	// time. A bucket has a third of them. 0 means the default, which suits production.
	Budget int

	// Zero durations mean the defaults, which suit production.
	RetryWaitMin, RetryWaitMax time.Duration // between attempts
	AttemptTimeout             time.Duration // of one attempt, until its response is read
	WriteGrace                 time.Duration // for a write under way when its context ends
	PollMin, PollMax           time.Duration // between looks at a write that does not show yet
	Settle                     time.Duration // how long COS may show what is no longer so
	NewBucket                  time.Duration // how long COS may not find a new bucket
}

// Client makes the calls. It is safe for concurrent use, for any number of regions and buckets.
type Client struct {
	config      Config
	connections *http.Transport
	budget      *budget

	mu      sync.Mutex
	buckets map[Bucket]*sharedBucket
}

// New returns a client. It opens no connection and fetches no credentials until the first call.
func New(config Config) *Client {
	config.RetryWaitMin = cmp.Or(config.RetryWaitMin, defaultRetryWaitMin)
	config.RetryWaitMax = cmp.Or(config.RetryWaitMax, defaultRetryWaitMax)
	config.AttemptTimeout = cmp.Or(config.AttemptTimeout, defaultAttemptTimeout)
	config.WriteGrace = cmp.Or(config.WriteGrace, defaultWriteGrace)
	config.PollMin = cmp.Or(config.PollMin, defaultPollMin)
	config.PollMax = cmp.Or(config.PollMax, defaultPollMax)
	config.Settle = cmp.Or(config.Settle, defaultSettle)
	config.NewBucket = cmp.Or(config.NewBucket, defaultNewBucket)
	if config.Credentials == nil {
		config.Credentials = credentials.StaticSource(credentials.Credentials{})
	}
	if config.Observe == nil {
		config.Observe = func(context.Context, Exchange) {}
	}
	if config.ListingFailed == nil {
		config.ListingFailed = func(context.Context, Bucket, error) {}
	}
	return &Client{
		config: config, connections: newConnections(config.Domain, config.Proxy),
		budget: &budget{size: cmp.Or(config.Budget, defaultBudget)}, buckets: map[Bucket]*sharedBucket{},
	}
}

// CheckRegion returns an [ErrOtherRegion] if the client's domain does not serve the region.
func (c *Client) CheckRegion(region string) error { return c.config.Domain.checkRegion(region) }

// HidesRegion reports whether the client's domain does not tell its region. A NoSuchBucket then
// does not prove that the bucket is gone: the bucket may be in a region that the domain does not
// serve.
func (c *Client) HidesRegion() bool { return c.config.Domain.hidesRegion() }

// maxIdlePerHost keeps a connection for every call that Terraform makes at a time, also if
// -parallelism is far above its default of ten.
const maxIdlePerHost = 64

// newConnections returns the pool of connections, through the proxy unless it is nil or the domain
// has an address of its own.
func newConnections(d Domain, proxy *network.Proxy) *http.Transport {
	if d.dial != "" {
		proxy = nil // every connection goes to the given address
	}
	t := network.NewTransport(proxy)
	t.ForceAttemptHTTP2 = true
	t.MaxIdleConnsPerHost = maxIdlePerHost
	t.IdleConnTimeout = 90 * time.Second
	t.TLSClientConfig.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	if d.dial != "" {
		dialer := network.NewDialer()
		t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, d.dial)
		}
	}
	return t
}

// ErrCredentialSource is the cause of an [Error] when the source of credentials failed, after its
// own retries. Nothing was sent.
var ErrCredentialSource = errors.New("obtaining credentials")
