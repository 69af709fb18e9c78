// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// tenant is an account with a COS, a region, a bucket and keys of its own.
type tenant struct {
	*world
	region, bucket string
	credential     fakecos.Credential
}

func newTenants(t *testing.T, n int) []tenant {
	t.Helper()
	tenants := make([]tenant, n)
	for i := range tenants {
		credential := fakecos.Credential{SecretID: fmt.Sprintf("AKIDTENANT%026d", i), SecretKey: fmt.Sprintf("KEYOFTENANT%021d", i)}
		if i%2 == 1 {
			credential.Token = fmt.Sprintf("TOKENOFTENANT%051d", i)
		}
		tenants[i] = tenant{
			world:      newWorld(t, fakecos.Options{Credentials: []fakecos.Credential{credential}}),
			region:     fmt.Sprintf("ap-region-%d", i),
			bucket:     fmt.Sprintf("tenant%d-12500000%02d", i, i),
			credential: credential,
		}
		tenants[i].AddBucket(tenants[i].region, tenants[i].bucket)
	}
	return tenants
}

var tenantJobs = []string{"daily", "nightly", "weekly"}

// expectOwn demands that the tenant holds its jobs and has seen nothing else: not another's bucket,
// keys or settings, and no refusal.
func (o tenant) expectOwn() {
	o.t.Helper()
	if jobs := o.Jobs(o.bucket); !slices.Equal(jobs, tenantJobs) {
		o.t.Errorf("%s holds %q", o.bucket, jobs)
	}
	for _, id := range tenantJobs {
		if document, _ := o.Document(o.bucket, id); !strings.Contains(document, "<Prefix>"+o.bucket+"/"+id+"/</Prefix>") {
			o.t.Errorf("job %s of %s is %s", id, o.bucket, document)
		}
	}
	puts := 0
	for _, r := range o.Requests() {
		if r.Bucket == testDestinationBucket && r.Op == string(cos.HeadBucket) {
			r.Bucket, r.Region = o.bucket, o.region // the destination is looked at with the same key
		}
		if r.Bucket != o.bucket || r.Region != o.region || r.Header.Get("X-Cos-Security-Token") != o.credential.Token ||
			!strings.Contains(r.Header.Get("Authorization"), o.credential.SecretID) ||
			r.Status/100 != 2 && r.Code != "InventoryConfigurationNotFoundError" {
			o.t.Errorf("%s was sent %s of %s by %q and answered %d %s", o.bucket, r.Op, r.Host, r.Header.Get("Authorization"), r.Status, r.Code)
		}
		if r.Op == opPut {
			puts++
		}
	}
	if puts != len(tenantJobs) {
		o.t.Errorf("%s was written %d times", o.bucket, puts)
	}
}

// Two provider configurations in one apply, each with its own account, region and address.
func TestBucketInventoryResource_aliases(t *testing.T) {
	t.Parallel()
	tenants := newTenants(t, 2) // each is a process, in each run
	c := newCLI(t, tenants[0].world)
	var config strings.Builder
	for i, o := range tenants {
		fmt.Fprintf(&config, "provider \"cos\" {\n  alias = \"t%d\"\n  region = %q\n  secret_id = %q\n  secret_key = %q\n  security_token = %s\n  cos_domain = %q\n}\n",
			i, o.region, o.credential.SecretID, o.credential.SecretKey, orNull(o.credential.Token), o.URL)
		config.WriteString(namedJobConfig(fmt.Sprintf("t%d", i), "ID", "provider = cos.t"+fmt.Sprint(i), fmt.Sprintf("bucket = %q", o.bucket),
			fmt.Sprintf("for_each = toset([%q, %q, %q])", tenantJobs[0], tenantJobs[1], tenantJobs[2]), "id = each.key",
			fmt.Sprintf(`filter = { prefix = "%s/${each.key}/" }`, o.bucket)))
	}
	c.write("main.tf", config.String())
	c.env = slices.DeleteFunc(c.env, func(variable string) bool { return strings.HasPrefix(variable, "TENCENTCLOUD_") })
	c.mustRun("apply", "-auto-approve", "-no-color")
	for _, o := range tenants {
		o.expectOwn()
	}
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return fmt.Sprintf("%q", s)
}

// The same with ten in one process, for the race detector.
func TestBucketInventoryResource_providersInOneProcess(t *testing.T) {
	t.Parallel()
	tenants := newTenants(t, 10)
	var all sync.WaitGroup
	for _, o := range tenants {
		p := o.world.configuredWith(object{"region": o.region})
		for _, id := range tenantJobs {
			config := p.complete(object{
				"id": id, "bucket": o.bucket, "region": o.region,
				"filter": object{"prefix": o.bucket + "/" + id + "/"},
			})
			all.Go(func() {
				p.refresh(t.Context(), p.create(config))
			})
		}
	}
	all.Wait()
	for _, o := range tenants {
		o.expectOwn()
	}
}
