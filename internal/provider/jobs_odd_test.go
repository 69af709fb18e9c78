// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
		"deleted meanwhile":   {fakecos.Fault{Status: 404, Code: cos.CodeNoSuchBucket}, cos.CodeNoSuchBucket},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accountWorld(t)
			test.fault.Op, test.fault.Bucket = opList, "a-1250000000"
			w.Inject(test.fault)
			p := w.configured()
			read := p.readAccount(object{"ignore_inaccessible_buckets": true})
			refusal := finding{false, "", "Unable to List COS Bucket Inventories", "a-1250000000 in region ap-shanghai"}
			if test.leftOut == "" {
				expectFindings(t, read.found, refusal)
				return
			}
			const summary, named = "COS Buckets Not Listed", "a-1250000000 in region ap-shanghai"
			expectFindings(t, read.found, finding{true, "", summary, named})
			expectFindings(t, read.found, finding{true, "", summary, "it would delete them"})
			if want := []string{"a-1250000000@ap-shanghai: " + test.leftOut}; !slices.Equal(read.inaccessible, want) || len(read.jobs) != 4 {
				t.Errorf("got %+v", read)
			}
			found := p.readAccount(object{}).found
			expectFindings(t, found, refusal)
			expectFindings(t, found, finding{false, "", refusal.summary, "set ignore_inaccessible_buckets = true"})
			jobs, found := p.queried(object{}, 100)
			expectFindings(t, found, finding{true, "", "COS Bucket Not Listed", test.leftOut})
			if !slices.Equal(jobs, read.jobs) {
				t.Errorf("a query finds %q", jobs)
			}

			// A bucket that the configuration names is left out for the same reasons, but must be there: no
			// jobs would mean that there are none.
			read = p.readAccount(object{"bucket": "a-1250000000", "region": secondRegion, "ignore_inaccessible_buckets": true})
			if test.leftOut == cos.CodeNoSuchBucket {
				expectFindings(t, read.found, finding{false, "", refusal.summary, test.leftOut})
				return
			}
			expectFindings(t, read.found, finding{true, "", summary, named})
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
	w.Inject(fakecos.Fault{Op: opList, Body: &body})
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

// LIST answered as GET is for a job that is not there means that there are none.
func TestBucketInventories_noJobs(t *testing.T) {
	t.Parallel()
	w := accountWorld(t)
	w.Inject(fakecos.Fault{Op: opList, Bucket: "a-1250000000", Status: 404, Code: cos.CodeNoSuchJob})
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

// A row of GET Service that names no bucket hides no other. A name from somebody who is not COS
// reaches neither a request nor a terminal as it is.
func TestBucketInventories_oddRows(t *testing.T) {
	t.Parallel()
	w := accountWorld(t)
	var rows strings.Builder
	for _, row := range [][2]string{
		{"c-1250000000", testRegion},
		{"nowhere-1250000000", ""},
		{"elsewhere-1250000000", secondRegion},
		{"evil.example/a-1250000000", testRegion},
		{"a\u202eb-1250000000", testRegion},
		{testBucket, "evil.example#"},
	} {
		rows.WriteString("<Bucket><Name>" + row[0] + "</Name><Location>" + row[1] + "</Location></Bucket>")
	}
	w.Inject(fakecos.Fault{Op: getService, Body: new("<ListAllMyBucketsResult><Buckets>" + rows.String() + "</Buckets></ListAllMyBucketsResult>")})
	p := w.configured()
	region := object{"region": testRegion}
	expectFindings(t, p.readAccount(region).found, finding{false, "", "Unable to List COS Bucket Inventories", "nowhere-1250000000 in region"})
	jobs, found := p.queried(region, 100)
	var warnings []finding
	for _, row := range []string{`"a\\u202eb-1250000000" in region "ap-guangzhou"`, `"evil.example/a-1250000000" in region "ap-guangzhou"`, `"` + testBucket + `" in region "evil.example#"`, `"nowhere-1250000000" in region ""`} {
		warnings = append(warnings, finding{true, "", "COS Bucket Not Listed", "bucket " + row})
	}
	expectFindings(t, found, warnings...)
	region["ignore_inaccessible_buckets"] = true
	read := p.readAccount(region)
	expectFindings(t, read.found, finding{true, "", "COS Buckets Not Listed", `a\u202eb-1250000000`})
	want := []string{`a\u202eb-1250000000@ap-guangzhou: null`, "evil.example/a-1250000000@ap-guangzhou: null", testBucket + "@evil.example#: null", "nowhere-1250000000@: null"}
	if !slices.Equal(read.inaccessible, want) || len(read.jobs) != 2 || !slices.Equal(jobs, read.jobs) || strings.Contains(lines(read.found), "\u202e") {
		t.Errorf("got %+v, queried %q", read, jobs)
	}
	w.expectSent(t, map[string]int{getService: 3, opList: 3})
	for _, request := range w.Requests() {
		if request.Op == opList && request.Bucket != "c-1250000000" {
			t.Errorf("another bucket was asked: %+v", request)
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

// Each read has a timeout of its own, which is checked as the resource's, and the provider's own
// without one. It bounds waits for an answer and those that COS asks for.
func TestReadTimeouts(t *testing.T) {
	t.Parallel()
	read := func(typeName string) func(*protocol, object) []finding {
		return func(p *protocol, config object) []finding {
			_, found := p.readData(typeName, config)
			return found
		}
	}
	query := func(p *protocol, config object) []finding {
		_, found := p.queried(config, 100)
		return found
	}
	for name, test := range map[string]struct {
		ask     func(*protocol, object) []finding
		members object
		timeout string
	}{
		"jobs":   {read(inventoriesType), nil, "read"},
		"job":    {read(testType), object{"id": "nightly"}, "read"},
		"report": {read(reportType), object{"id": "nightly"}, "read"},
		"query":  {query, nil, "list"},
	} {
		for waits, fault := range map[string]fakecos.Fault{
			"no answer":              {Hang: true},
			"asked to wait for days": {Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown, Header: http.Header{"Retry-After": {"86400"}}},
		} {
			t.Run(name+"/"+waits, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w, _, end := newMemoryWorld(t, fakecos.Options{})
					defer end()
					w.Inject(fault)
					w.provider.defaultTimeout = 2 * time.Second
					p := w.configured()
					for value, bound := range map[string]time.Duration{"": 2 * time.Second, "1s": time.Second, "0s": 0} {
						want := "the operation's timeout"
						config := sumOf(object{"bucket": testBucket}, test.members)
						if value != "" {
							config["timeouts"] = object{test.timeout: value}
						}
						if bound == 0 {
							want = "greater than zero"
						}
						w.ResetRequests()
						began := time.Now()
						found := test.ask(p, config)
						if len(found) != 1 || found[0].warning || !strings.Contains(found[0].detail, want) || (bound == 0) != strings.HasPrefix(found[0].path, "timeouts") {
							t.Errorf("%q: found %+v", value, found)
						}
						took, n := time.Since(began), len(w.Requests())
						if bound > 0 && n != 1 || fault.Hang && took != bound {
							t.Errorf("%q: %d requests in %s", value, n, took)
						}
					}
				})
			})
		}
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

// A bucket that fails behind its first page counts as one that was not read: nothing of that page is
// told, however many buckets there are. Only a query of a bucket by its name shows what came.
func TestBucketInventories_failsBehindAPage(t *testing.T) {
	t.Parallel()
	denied := finding{true, "", "COS Buckets Not Listed", testBucket}
	unread := finding{true, "", "COS Bucket Not Listed", testBucket}
	for name, test := range map[string]struct {
		place   object
		others  int
		queried []string
		found   []finding
	}{
		"one of the account": {object{"bucket_tag": object{"key": "team", "value": "data"}}, 0, nil, []finding{unread}},
		"two of the account": {object{"bucket_tag": object{"key": "team", "value": "data"}}, 1, nil, []finding{unread}},
		"by its name": {object{"bucket": testBucket}, 0, []string{testBucket + "/a@" + testRegion}, []finding{
			{true, "", "COS Bucket Inventory Not Listed", "odd"}, {false, "", "Unable to List COS Bucket Inventories", "AccessDenied"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{PageSize: 2})
			w.TagBucket(testBucket, "team", "data")
			for n := range test.others {
				other := fmt.Sprintf("other%d-1250000000", n)
				w.AddBucket(testRegion, other)
				w.TagBucket(other, "team", "data")
			}
			w.Seed(testBucket, "odd", "<InventoryConfiguration><Id>odd</Id></InventoryConfiguration>")
			for _, id := range []string{"a", "b"} {
				w.Seed(testBucket, id, wireJob{}.document(id))
			}
			w.Intercept(func(r fakecos.Request) *fakecos.Fault {
				if r.Op == opList && r.Bucket == testBucket && strings.Contains(r.Query, "continuation-token=") {
					return &fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}
				}
				return nil
			})
			p := w.configured()
			jobs, found := p.queried(test.place, 100)
			expectFindings(t, found, test.found...)
			if !slices.Equal(jobs, test.queried) {
				t.Errorf("a query finds %q, want %q", jobs, test.queried)
			}
			test.place["ignore_inaccessible_buckets"] = true
			read := p.readAccount(test.place)
			expectFindings(t, read.found, denied)
			if len(read.inaccessible) != 1 || len(read.unreadable) > 0 || len(read.jobs) > 0 {
				t.Errorf("got %+v", read)
			}
		})
	}
}
