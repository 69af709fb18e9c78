// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// documents are jobs by bucket and id.
type documents map[string]map[string]string

// serve starts a fake COS on loopback, in this process: what it takes is not counted as the
// provider's or the CLI's.
func (s scenario) serve(held documents) (*fakecos.Listener, error) {
	server, err := fakecos.Listen(fakecos.Options{ConnectLatency: s.connection})
	if err != nil {
		return nil, err
	}
	for n := range s.buckets {
		server.AddBucket(region, bucketName(n))
	}
	for bucket, jobs := range held {
		for id, document := range jobs {
			server.Seed(bucket, id, document)
		}
	}
	if s.changed {
		for n := range s.jobs {
			if bucket, id := s.bucketOf(n), jobID(n); n == s.jobs/2 {
				server.Seed(bucket, id, strings.Replace(held[bucket][id], "<Frequency>Weekly<", "<Frequency>Daily<", 1))
			}
		}
	}
	if s.oneGET {
		server.Inject(fakecos.Fault{Op: opList, Status: http.StatusForbidden, Code: "AccessDenied", Delay: s.request})
	}
	if s.request > 0 {
		server.Inject(fakecos.Fault{Delay: s.request})
	}
	return server, nil
}

// The operations by the names that the fake gives them.
const (
	opGet  = "GetBucketInventory"
	opList = "ListBucketInventory"
	opPut  = "PutBucketInventory"
)

// clientEnv leads the provider to the service. The tencentcloud provider puts the bucket before the
// domain: as a proxy, the service is sent the real host name.
func (s scenario) clientEnv(server *fakecos.Listener) []string {
	credential := fakecos.DefaultCredential()
	domain := server.URL
	var proxy []string
	if s.kind == peer {
		domain = "http://cos." + region + ".myqcloud.com"
		proxy = []string{"HTTP_PROXY=" + server.URL, "HTTPS_PROXY=" + server.URL}
	}
	return append(proxy,
		"TENCENTCLOUD_COS_DOMAIN="+domain, "TENCENTCLOUD_REGION="+region,
		"TENCENTCLOUD_SECRET_ID="+credential.SecretID, "TENCENTCLOUD_SECRET_KEY="+credential.SecretKey,
	)
}

// wantPlan is what the plan of the scenario says.
func (s scenario) wantPlan() string {
	switch {
	case s.kind == dataSource:
		return fmt.Sprintf("+ jobs = %d", s.jobs)
	case s.isNew:
		return fmt.Sprintf("Plan: %d to add, 0 to change, 0 to destroy.", s.jobs)
	case s.changed:
		return fmt.Sprintf("cos_bucket_inventory.job[%d] will be updated in-place", s.jobs/2)
	default:
		return "No changes."
	}
}
