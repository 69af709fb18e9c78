// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// network is how far away the service is.
type network struct {
	request    time.Duration // latency of a request
	connection time.Duration // of a new connection, beside it
}

func (n network) String() string {
	return fmt.Sprintf("%d/%d ms", n.request.Milliseconds(), n.connection.Milliseconds())
}

var (
	near = network{}
	far  = network{request: 100 * time.Millisecond, connection: 200 * time.Millisecond}
)

// documents are jobs by bucket and id.
type documents map[string]map[string]string

// service is what a fake COS is to be like.
type service struct {
	network
	shape
	jobs    documents
	refuses bool // the listing of a bucket
}

// start serves it on loopback, in this process: what it takes is not counted as the provider's or
// the CLI's.
func (s service) start() (*fakecos.Listener, error) {
	server, err := fakecos.Listen(fakecos.Options{ConnectLatency: s.connection})
	if err != nil {
		return nil, fmt.Errorf("start the fake: %w", err)
	}
	for n := range s.buckets {
		server.AddBucket(region, s.bucket(n))
	}
	for bucket, jobs := range s.jobs {
		for id, document := range jobs {
			server.Seed(bucket, id, document)
		}
	}
	if s.refuses {
		server.Inject(fakecos.Fault{Op: opList, Status: http.StatusForbidden, Code: "AccessDenied", Delay: s.request})
	}
	if s.request > 0 {
		server.Inject(fakecos.Fault{Delay: s.request})
	}
	return server, nil
}

// contents returns the documents a service holds.
func contents(server *fakecos.Listener, s shape) documents {
	jobs := documents{}
	for n := range s.buckets {
		bucket := s.bucket(n)
		jobs[bucket] = map[string]string{}
		for _, id := range server.Jobs(bucket) {
			jobs[bucket][id], _ = server.Document(bucket, id)
		}
	}
	return jobs
}

// The operations by the names the fake gives them.
const (
	opGet  = "GetBucketInventory"
	opList = "ListBucketInventory"
	opPut  = "PutBucketInventory"
)

// change has a service hold a job as somebody else's API call would leave it.
func change(server *fakecos.Listener, bucket, id string) error {
	document, _ := server.Document(bucket, id)
	other := strings.Replace(document, "<Frequency>Weekly</Frequency>", "<Frequency>Daily</Frequency>", 1)
	if other == document {
		return fmt.Errorf("%s of %s has no weekly schedule: %q", id, bucket, document)
	}
	server.Seed(bucket, id, other)
	return nil
}

// clientEnv leads the provider to the service.
func clientEnv(server *fakecos.Listener) []string {
	credential := fakecos.DefaultCredential()
	return []string{
		"TENCENTCLOUD_COS_DOMAIN=" + server.URL, "TENCENTCLOUD_REGION=" + region,
		"TENCENTCLOUD_SECRET_ID=" + credential.SecretID, "TENCENTCLOUD_SECRET_KEY=" + credential.SecretKey,
	}
}
