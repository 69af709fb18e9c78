// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Only a refusal of permission, and what is no failure of the run, may be left out.
func TestBucketInventories_mayBeLeftOut(t *testing.T) {
	t.Parallel()
	portal := "<html>forbidden</html>"
	for name, test := range map[string]struct {
		fault   fakecos.Fault
		leftOut string // the code, "" for an error
	}{
		"denied":              {fakecos.Fault{Status: 403, Code: "AccessDenied", Message: "Access Denied."}, "AccessDenied"},
		"expired":             {fakecos.Fault{Status: 403, Code: "AccessDenied", Message: "Request has expired"}, ""},
		"signature":           {fakecos.Fault{Status: 403, Code: "SignatureDoesNotMatch"}, ""},
		"unknown credentials": {fakecos.Fault{Status: 403, Code: "InvalidAccessKeyId"}, ""},
		"clock":               {fakecos.Fault{Status: 403, Code: "RequestTimeTooSkewed"}, ""},
		"expired token":       {fakecos.Fault{Status: 400, Code: "ExpiredToken"}, ""},
		"a proxy's 403":       {fakecos.Fault{Status: 403, Body: &portal}, ""},
		"not allowed":         {fakecos.Fault{Status: 405, Code: "MethodNotAllowed"}, "MethodNotAllowed"},
		"not implemented":     {fakecos.Fault{Status: 501, Code: "NotImplemented"}, "NotImplemented"},
		"a financial region":  {fakecos.Fault{Status: 400, Code: "InvalidRequest"}, "InvalidRequest"},
		"throttled":           {fakecos.Fault{Status: 503, Code: "SlowDown"}, ""},
		"cut":                 {fakecos.Fault{Reset: true}, ""},
		"no list":             {fakecos.Fault{Body: &portal}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accountWorld(t)
			test.fault.Op, test.fault.Bucket = string(cos.ListInventories), "a-1250000000"
			w.Inject(test.fault)
			p := w.configured()
			read := p.readAccount(object{"ignore_inaccessible_buckets": true})
			if test.leftOut == "" {
				expectFindings(t, read.found, finding{false, "", "Unable to List COS Bucket Inventories", "a-1250000000 in region ap-shanghai"})
				return
			}
			expectFindings(t, read.found, finding{true, "", "COS Buckets Not Listed", "a-1250000000 in region ap-shanghai"})
			if want := []string{"a-1250000000@ap-shanghai: " + test.leftOut}; !slices.Equal(read.inaccessible, want) || len(read.jobs) != 4 {
				t.Errorf("got %+v", read)
			}
			expectFindings(t, p.readAccount(object{}).found, finding{false, "", "Unable to List COS Bucket Inventories", "set ignore_inaccessible_buckets = true"})

			// A bucket that the configuration names is left out for the same reasons.
			read = p.readAccount(object{"bucket": "a-1250000000", "region": secondRegion, "ignore_inaccessible_buckets": true})
			expectFindings(t, read.found, finding{true, "", "COS Buckets Not Listed", "a-1250000000 in region ap-shanghai"})
			if len(read.inaccessible) != 1 || len(read.jobs) != 0 {
				t.Errorf("got %+v", read)
			}
		})
	}
}

// A list that takes too much memory is an error that names the bucket, and a way to read less.
func TestBucketInventories_budget(t *testing.T) {
	t.Parallel()
	w := accountWorld(t)
	w.provider.tune = func(c *cos.Config) { impatient(c); c.Budget = 18_000 }
	body := "<ListInventoryConfigurationResult>" + strings.Repeat(" ", 5500) + "<IsTruncated>false</IsTruncated></ListInventoryConfigurationResult>"
	w.Inject(fakecos.Fault{Op: string(cos.ListInventories), Body: &body})
	const summary, shared = "Unable to List COS Bucket Inventories", "What is read at the same time takes more than 18000 bytes in all."
	expectFindings(t, w.configured().readAccount(object{}).found, finding{false, "", summary, shared})

	body = strings.Repeat(" ", 7000)
	found := w.configured().readAccount(object{"bucket": "a-1250000000", "region": secondRegion}).found
	expectFindings(t, found, finding{false, "", summary, "bucket a-1250000000 in region ap-shanghai could not be listed.\n\nThe pages of ListBucketInventory take more than 6000 bytes in all."})

	step := nextStep(dataSourceRead, &cos.Error{Op: cos.ListInventories, Err: &cos.BudgetError{Shared: true}})
	if !strings.Contains(step, "region or bucket_tag") || !strings.Contains(step, "-parallelism") {
		t.Error(step)
	}
}

// A bucket that the configuration names must be there: no jobs would mean that there are none.
func TestBucketInventories_namedIsThere(t *testing.T) {
	t.Parallel()
	read := newWorld(t, fakecos.Options{}).configured().readAccount(object{"bucket": "none-1250000000", "ignore_inaccessible_buckets": true})
	expectFindings(t, read.found, finding{false, "", "Unable to List COS Bucket Inventories", cos.CodeNoSuchBucket})
}

// LIST answered as GET is for a job that is not there means that there are none.
func TestBucketInventories_noJobs(t *testing.T) {
	t.Parallel()
	w := accountWorld(t)
	w.Inject(fakecos.Fault{Op: string(cos.ListInventories), Bucket: "a-1250000000", Status: 404, Code: cos.CodeNoSuchJob})
	p := w.configured()
	read := p.readAccount(object{})
	jobs, found := p.queried(object{}, 100)
	expectFindings(t, append(read.found, found...))
	if len(read.jobs) != 4 || !slices.Equal(jobs, read.jobs) {
		t.Errorf("read %q, queried %q", read.jobs, jobs)
	}
}

// One document that cannot be read hides no other, and none is left out in silence.
func TestBucketInventories_oddJobs(t *testing.T) {
	t.Parallel()
	const bucket = "c-1250000000"
	document := wireJob{}.document("ofs")
	accelerated := strings.Replace(document, "<IncludedObjectVersions>Current</IncludedObjectVersions>", "", 1)
	if accelerated == document {
		t.Fatalf("no IncludedObjectVersions in %s", document)
	}
	for name, test := range map[string]struct {
		document   string
		always     bool // a warning, also without the option
		unreadable string
	}{
		"broken":   {"<InventoryConfiguration><Id>broken</Id></InventoryConfiguration>", false, bucket + "/broken@ap-guangzhou: the document cannot be trusted"},
		"odd id":   {wireJob{}.document("x/y\u202e&#10;"), false, bucket + `/x/y\u202e\n@ap-guangzhou: an inventory job's id consists of`},
		"of OFS":   {accelerated, true, bucket + "/ofs@ap-guangzhou: it has no IncludedObjectVersions"},
		"too many": {strings.Replace(document, "<Schedule>", strings.Repeat("<New/>", 1001)+"<Schedule>", 1), false, bucket + "/ofs@ap-guangzhou: the document cannot be trusted: * stands"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accountWorld(t)
			w.Seed(bucket, "odd", test.document)
			p := w.configured()
			for _, place := range []object{{}, {"bucket": bucket, "region": testRegion}} {
				want := 6
				if len(place) > 0 {
					want = 2
				}
				warning := finding{true, "", "COS Bucket Inventory Not Listed", "of bucket c-1250000000 in region ap-guangzhou"}
				jobs, found := p.queried(place, 100)
				expectFindings(t, found, warning)
				if len(jobs) != want {
					t.Errorf("a query finds %q", jobs)
				}

				read := p.readAccount(place)
				if test.always {
					expectFindings(t, read.found, warning)
				} else {
					expectFindings(t, read.found, finding{false, "", "Unable to List COS Bucket Inventories", "whose documents cannot be read"})
				}
				place["ignore_inaccessible_buckets"] = true
				read = p.readAccount(place)
				expectFindings(t, read.found, warning)
				if len(read.jobs) != want || len(read.unreadable) != 1 || !strings.HasPrefix(read.unreadable[0], test.unreadable) {
					t.Errorf("got %+v", read)
				}
			}
		})
	}
}

// A row of GET Service that names no bucket hides no other.
func TestBucketInventories_oddRows(t *testing.T) {
	t.Parallel()
	w := accountWorld(t)
	w.Inject(fakecos.Fault{Op: getService, Body: new("<ListAllMyBucketsResult><Buckets>" +
		"<Bucket><Name>c-1250000000</Name><Location>ap-guangzhou</Location></Bucket>" +
		"<Bucket><Name>nowhere-1250000000</Name><Location/></Bucket><Bucket><Name>elsewhere-1250000000</Name><Location>ap-shanghai</Location></Bucket>" +
		"</Buckets></ListAllMyBucketsResult>")})
	p := w.configured()
	region := object{"region": testRegion}
	expectFindings(t, p.readAccount(region).found, finding{false, "", "Unable to List COS Bucket Inventories", "nowhere-1250000000 in region"})
	jobs, found := p.queried(region, 100)
	expectFindings(t, found, finding{true, "", "COS Bucket Not Listed", `bucket "nowhere-1250000000" in region ""`})
	region["ignore_inaccessible_buckets"] = true
	read := p.readAccount(region)
	expectFindings(t, read.found, finding{true, "", "COS Buckets Not Listed", "nowhere-1250000000"})
	if want := []string{"nowhere-1250000000@: null"}; !slices.Equal(read.inaccessible, want) || len(read.jobs) != 2 || !slices.Equal(jobs, read.jobs) {
		t.Errorf("got %+v, queried %q", read, jobs)
	}
	for _, request := range w.Requests() {
		if strings.HasPrefix(request.Bucket, "elsewhere") {
			t.Errorf("a bucket of another region was asked: %+v", request)
		}
	}
}

// A query of the account that is cut says so, unless it has found all.
func TestBucketInventories_accountLimit(t *testing.T) {
	t.Parallel()
	for limit, cut := range map[int64]bool{2: true, 5: true, 6: false, 7: false} { // two in each bucket
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			t.Parallel()
			w := accountWorld(t)
			w.RemoveBucket(testBucket)
			w.RemoveBucket(testDestinationBucket)
			jobs, found := w.configured().queried(object{}, limit)
			var want []finding
			if cut {
				want = []finding{{true, "", "Query Limit Reached", fmt.Sprintf("at its limit of %d results", limit)}}
			}
			expectFindings(t, found, want...)
			if int64(len(jobs)) != min(limit, 6) {
				t.Errorf("jobs %q", jobs)
			}
		})
	}
}

// Each read has a timeout of its own, which is checked as the resource's.
func TestReadTimeouts(t *testing.T) {
	t.Parallel()
	for typeName, config := range map[string]object{
		inventoriesType:               {"bucket": testBucket},
		testType:                      {"bucket": testBucket, "id": "nightly"},
		"cos_bucket_inventory_report": {"bucket": testBucket, "id": "nightly"},
		"query":                       {"bucket": testBucket},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			member := "read"
			if typeName == "query" {
				member = "list"
			}
			config["timeouts"] = object{member: "1s"}
			w.Inject(fakecos.Fault{Hang: true})
			var found []finding
			if typeName == "query" {
				_, found = p.queried(config, 100)
			} else {
				response, _ := p.dataSource(typeName, config)
				found = findings(t, response.Diagnostics)
			}
			if len(found) != 1 || !strings.Contains(found[0].detail, "the operation's timeout ran out") {
				t.Errorf("found %+v", found)
			}

			config["timeouts"] = object{member: "0s"}
			if typeName == "query" {
				server, ok := p.server.(tfprotov6.ListResourceServer)
				if !ok {
					t.Fatal("the server hides the list resources")
				}
				value := p.dynamic(newValue(t, p.schema.ListResourceSchemas[testType].ValueType(), config))
				response, err := server.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: testType, Config: value})
				if err != nil {
					t.Fatal(err)
				}
				found = findings(t, response.Diagnostics)
			} else {
				value := p.dynamic(newValue(t, p.schema.DataSourceSchemas[typeName].ValueType(), config))
				response := call(p, p.server.ValidateDataResourceConfig, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: value})
				found = findings(t, response.Diagnostics)
			}
			if len(found) != 1 || !strings.HasPrefix(found[0].path, "timeouts") || !strings.Contains(found[0].detail, "greater than zero") {
				t.Errorf("found %+v", found)
			}
		})
	}
}

// A text that Terraform changes is named in the data sources, too.
func TestBucketInventories_otherForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", wireJob{filter: "<Prefix>" + decomposed + "/</Prefix>"}.document("nightly"))
	read := w.configured().readAccount(object{"bucket": testBucket})
	expectFindings(t, read.found, finding{true, "", "Unsupported Settings in COS Bucket Inventory", "filter.prefix" + notKept})
}
