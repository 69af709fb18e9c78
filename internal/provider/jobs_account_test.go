// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	inventoriesType = "cos_bucket_inventories"
	getService      = string(cos.GetService)
)

// accountWorld is an account with buckets in two regions, each with jobs, and a bucket of another
// account.
func accountWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, fakecos.Options{})
	for bucket, region := range map[string]string{"b-1250000000": testRegion, "a-1250000000": secondRegion, "c-1250000000": testRegion, "a-1250000001": testRegion} {
		w.AddBucket(region, bucket)
		for _, id := range []string{"weekly", "daily"} {
			w.Seed(bucket, id, wireJob{}.document(id))
		}
	}
	w.TagBucket("c-1250000000", "team", "data")
	return w
}

// accountRead is what the data source of all jobs says.
type accountRead struct {
	jobs         []string // bucket/id@region
	inaccessible []string // bucket@region: code
	unreadable   []string // bucket/id@region: reason
	found        []finding
}

// readAccount reads the data source of all jobs.
func (p *protocol) readAccount(config object) (read accountRead) {
	p.t.Helper()
	typ := p.schema.DataSourceSchemas[inventoriesType].ValueType()
	value := p.dynamic(newValue(p.t, typ, config))
	validated := call(p, p.server.ValidateDataResourceConfig, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: inventoriesType, Config: value})
	if read.found = findings(p.t, validated.Diagnostics); len(read.found) > 0 {
		return read
	}
	response := call(p, p.server.ReadDataSource, &tfprotov6.ReadDataSourceRequest{TypeName: inventoriesType, Config: value})
	read.found = findings(p.t, response.Diagnostics)
	state, err := response.State.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	members, ok := objectMembers(state)
	if !ok || slices.ContainsFunc(read.found, func(f finding) bool { return !f.warning }) {
		return read
	}
	var ids []string
	read.jobs = p.texts(members["inventories"], "%s/%s@%s", "bucket", "id", "region")
	read.inaccessible = p.texts(members["inaccessible_buckets"], "%s@%s: %s", "bucket", "region", "code")
	read.unreadable = p.texts(members["unreadable_jobs"], "%s/%s@%s: %s", "bucket", "id", "region", "reason")
	var elements []tftypes.Value
	if err := members["ids"].As(&elements); err != nil {
		p.t.Fatal(err)
	}
	for _, element := range elements {
		var id string
		if err := element.As(&id); err != nil {
			p.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for i, job := range read.jobs {
		if !strings.Contains(job, "/"+ids[i]+"@") {
			p.t.Errorf("ids %q of jobs %q", ids, read.jobs)
		}
	}
	return read
}

// readInventories reads the data source: its jobs as bucket/id@region, and what it found.
func (p *protocol) readInventories(config object) (jobs, inaccessible []string, found []finding) {
	p.t.Helper()
	read := p.readAccount(config)
	return read.jobs, read.inaccessible, read.found
}

// queried is what a query says: its results as bucket/id@region, and its diagnostics.
func (p *protocol) queried(config object, limit int64) (jobs []string, found []finding) {
	p.t.Helper()
	for _, result := range p.list(config, true, limit, 0) {
		found = append(found, findings(p.t, result.Diagnostics)...)
		if result.Identity == nil || result.Identity.IdentityData == nil {
			continue
		}
		identity, err := result.Identity.IdentityData.Unmarshal(identityType)
		if err != nil {
			p.t.Fatal(err)
		}
		list := tftypes.NewValue(tftypes.List{ElementType: identityType}, []tftypes.Value{identity})
		jobs = append(jobs, p.texts(list, "%s/%s@%s", "bucket", "id", "region")...)
	}
	return jobs, found
}

// texts formats string members of a list of objects.
func (p *protocol) texts(list tftypes.Value, format string, names ...string) []string {
	p.t.Helper()
	var elements []tftypes.Value
	if err := list.As(&elements); err != nil {
		p.t.Fatal(err)
	}
	var texts []string
	for _, element := range elements {
		members, _ := objectMembers(element)
		values := make([]any, len(names))
		for i, name := range names {
			var s *string
			if err := members[name].As(&s); err != nil {
				p.t.Fatal(err)
			}
			if values[i] = "null"; s != nil {
				values[i] = *s
			}
		}
		texts = append(texts, fmt.Sprintf(format, values...))
	}
	return texts
}

// Every bucket that was read is named, also one without a job; none that was not.
func TestBucketInventories_buckets(t *testing.T) {
	t.Parallel()
	w := accountWorld(t)
	w.Seed("c-1250000000", "odd", "<InventoryConfiguration><Id>odd</Id></InventoryConfiguration>")
	w.Inject(fakecos.Fault{Op: opList, Bucket: "b-1250000000", Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	p := w.configured()
	for name, test := range map[string]struct {
		config object
		want   []any
	}{
		"account": {object{"ignore_inaccessible_buckets": true}, []any{
			object{"bucket": "a-1250000000", "region": secondRegion, "ids": []any{"daily", "weekly"}},
			object{"bucket": "c-1250000000", "region": testRegion, "ids": []any{"daily", "weekly"}},
			object{"bucket": testBucket, "region": testRegion, "ids": []any{}},
			object{"bucket": testDestinationBucket, "region": testRegion, "ids": []any{}},
		}},
		"a bucket":         {object{"bucket": "a-1250000000", "region": secondRegion}, []any{object{"bucket": "a-1250000000", "region": secondRegion, "ids": []any{"daily", "weekly"}}}},
		"a refused bucket": {object{"bucket": "b-1250000000", "ignore_inaccessible_buckets": true}, []any{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response, typ := p.dataSource(inventoriesType, test.config)
			state, err := response.State.Unmarshal(typ)
			if err != nil {
				t.Fatal(err, response.Diagnostics)
			}
			members, _ := objectMembers(state)
			if want := newValue(t, members["buckets"].Type(), test.want); !members["buckets"].Equal(want) {
				t.Errorf("buckets %s\nwant %s", members["buckets"], want)
			}
		})
	}
}

// The jobs of an account are found in all of its buckets, each in its own region.
func TestBucketInventories_account(t *testing.T) {
	t.Parallel()
	jobsOf := func(buckets ...string) (jobs []string) {
		for _, bucket := range buckets {
			name, region, _ := strings.Cut(bucket, "@")
			jobs = append(jobs, name+"/daily@"+region, name+"/weekly@"+region)
		}
		return jobs
	}
	const a, b, c = "a-1250000000@" + secondRegion, "b-1250000000@" + testRegion, "c-1250000000@" + testRegion
	for name, test := range map[string]struct {
		config object
		want   []string
		host   string
		query  string
	}{
		"all":               {object{}, jobsOf(a, b, c), "service.cos.myqcloud.com", ""},
		"a region":          {object{"region": testRegion}, jobsOf(b, c), "cos.ap-guangzhou.myqcloud.com", ""},
		"a tag":             {object{"bucket_tag": object{"key": "team", "value": "data"}}, jobsOf(c), "service.cos.myqcloud.com", "tagkey=team&tagvalue=data"},
		"a tag of no value": {object{"bucket_tag": object{"key": "team", "value": ""}}, nil, "service.cos.myqcloud.com", "tagkey=team&tagvalue="},
		"nothing":           {object{"region": "eu-frankfurt"}, nil, "cos.eu-frankfurt.myqcloud.com", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accountWorld(t)
			p := w.configured()
			var want []finding
			if name == "nothing" {
				want = []finding{{true, "region", "No COS Buckets in Region", "no bucket of the account in region eu-frankfurt"}}
			}
			jobs, inaccessible, found := p.readInventories(test.config)
			expectFindings(t, found, want...)
			if !slices.Equal(jobs, test.want) || len(inaccessible) > 0 {
				t.Errorf("jobs %q, inaccessible %q", jobs, inaccessible)
			}
			first := w.Requests()[0]
			if first.Op != getService || first.Host != test.host || first.Query != test.query {
				t.Errorf("asked %s %s?%s", first.Op, first.Host, first.Query)
			}

			w.ResetRequests()
			listed, found := p.queried(test.config, 1000)
			expectFindings(t, found, want...)
			if !slices.Equal(listed, test.want) || w.sent()[getService] != 1 {
				t.Errorf("a query finds %q after %v", listed, w.sent())
			}
		})
	}
}

// A query without a config block is one of the whole account.
func TestBucketInventories_noConfig(t *testing.T) {
	t.Parallel()
	p := accountWorld(t).configured()
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server hides the list resources")
	}
	null := p.dynamic(tftypes.NewValue(p.schema.ListResourceSchemas[testType].ValueType(), nil))
	validated, err := server.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: testType, Config: null})
	if err != nil {
		t.Fatal(err)
	}
	expectFindings(t, findings(t, validated.Diagnostics))
	stream, err := server.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: testType, Config: null, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for result := range stream.Results {
		n++
		expectFindings(t, findings(t, result.Diagnostics))
	}
	if n != 6 {
		t.Errorf("%d jobs", n)
	}
}

// Nothing is left out in silence.
func TestBucketInventories_unread(t *testing.T) {
	t.Parallel()
	refuse := func(w *world, bucket string, status int, code string) {
		w.Inject(fakecos.Fault{Op: string(cos.ListInventories), Bucket: bucket, Status: status, Code: code})
	}
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		w := accountWorld(t)
		refuse(w, "a-1250000000", 403, "AccessDenied")
		refuse(w, "c-1250000000", 403, "AccessDenied")
		p := w.configured()
		_, _, found := p.readInventories(object{})
		expectFindings(t, found, finding{false, "", "Unable to List COS Bucket Inventories", "of 2 of the account's buckets"})
		for _, want := range []string{"a-1250000000 in region ap-shanghai\n  c-1250000000 in region ap-guangzhou\nCOS answered ListBucketInventory with status 403, AccessDenied", "ignore_inaccessible_buckets = true", "name/cos:ListBucketInventory"} {
			if !strings.Contains(found[0].detail, want) {
				t.Errorf("it does not say %q:\n%s", want, found[0].detail)
			}
		}
		jobs, inaccessible, found := p.readInventories(object{"ignore_inaccessible_buckets": true})
		expectFindings(t, found, finding{true, "", "COS Buckets Not Listed", "a-1250000000 in region ap-shanghai\n  c-1250000000"})
		if want := []string{"a-1250000000@ap-shanghai: AccessDenied", "c-1250000000@ap-guangzhou: AccessDenied"}; len(jobs) != 2 || !slices.Equal(inaccessible, want) {
			t.Errorf("jobs %q, inaccessible %q", jobs, inaccessible)
		}
		results := p.list(object{}, false, 1000, 0)
		warnings := 0
		for _, result := range results {
			for _, d := range result.Diagnostics {
				if warnings++; d.Severity != tfprotov6.DiagnosticSeverityWarning || d.Summary != "COS Bucket Not Listed" || !strings.Contains(d.Detail, "AccessDenied") {
					t.Errorf("a query says %+v", d)
				}
			}
		}
		if warnings != 2 || len(results) != 4 {
			t.Errorf("%d results with %d warnings", len(results), warnings)
		}
	})
	t.Run("failed", func(t *testing.T) {
		t.Parallel()
		w := accountWorld(t)
		refuse(w, "a-1250000000", 403, "AccessDenied")
		refuse(w, "b-1250000000", 500, "InternalError")
		// There is no result, so that no warning comes of this job.
		w.Seed("c-1250000000", "newer", strings.Replace(wireJob{}.document("newer"), "</Schedule>", "<New/></Schedule>", 1))
		_, _, found := w.configured().readInventories(object{"ignore_inaccessible_buckets": true})
		expectFindings(t, found, finding{false, "", "Unable to List COS Bucket Inventories", "of 1 of the account's buckets"})
		if !strings.Contains(found[0].detail, "b-1250000000") || strings.Contains(found[0].detail, "a-1250000000") {
			t.Errorf("it says\n%s", found[0].detail)
		}
	})
	t.Run("deleted meanwhile", func(t *testing.T) {
		t.Parallel()
		w := accountWorld(t)
		w.Intercept(func(r fakecos.Request) *fakecos.Fault {
			if r.Op == string(cos.ListInventories) && r.Bucket == "a-1250000000" {
				w.RemoveBucket("a-1250000000")
			}
			return nil
		})
		p := w.configured()
		_, _, found := p.readInventories(object{})
		expectFindings(t, found, finding{false, "", "Unable to List COS Bucket Inventories", "a-1250000000 in region ap-shanghai\nCOS answered ListBucketInventory with status 404, NoSuchBucket"})
		w.AddBucket(secondRegion, "a-1250000000")
		jobs, inaccessible, found := p.readInventories(object{"ignore_inaccessible_buckets": true})
		expectFindings(t, found, finding{true, "", "COS Buckets Not Listed", "NoSuchBucket"})
		if len(jobs) != 4 || !slices.Equal(inaccessible, []string{"a-1250000000@ap-shanghai: NoSuchBucket"}) {
			t.Errorf("jobs %q, inaccessible %q", jobs, inaccessible)
		}
		w.AddBucket(secondRegion, "a-1250000000")
		jobs, found = p.queried(object{}, 100)
		expectFindings(t, found, finding{true, "", "COS Bucket Not Listed", "NoSuchBucket"})
		if len(jobs) != 4 {
			t.Errorf("a query finds %q", jobs)
		}
	})
	t.Run("named, and not there", func(t *testing.T) {
		t.Parallel()
		_, _, found := accountWorld(t).configured().readInventories(object{"bucket": "none-1250000000"})
		expectFindings(t, found, finding{false, "", "Unable to List COS Bucket Inventories", "NoSuchBucket"})
	})
}

func TestBucketInventories_accountMistakes(t *testing.T) {
	t.Parallel()
	denied := fakecos.Fault{Op: getService, Status: http.StatusForbidden, Code: "AccessDenied"}
	for name, test := range map[string]struct {
		config object
		fault  *fakecos.Fault
		domain string
		want   []finding
	}{
		"tag without a key":          {object{"bucket_tag": object{"value": "a"}}, nil, "", []finding{{false, "bucket_tag.key", "Missing Attribute", "the key of a tag"}}},
		"tag with no key":            {object{"bucket_tag": object{"key": "", "value": "a"}}, nil, "", []finding{{false, "bucket_tag.key", "Missing Attribute", "the key of a tag"}}},
		"tag without a value":        {object{"bucket_tag": object{"key": "a"}}, nil, "", []finding{{false, "bucket_tag.value", "Missing Attribute", "the value of the tag"}}},
		"tag beside a bucket":        {object{"bucket": testBucket, "bucket_tag": object{"key": "a", "value": "b"}}, nil, "", []finding{{false, "bucket_tag", "Invalid Attribute Combination", "Remove one of the two."}}},
		"refused":                    {object{}, &denied, "", []finding{{false, "", "Unable to List COS Buckets", "name/cos:GetService"}}},
		"a domain of a region":       {object{}, nil, "https://cos-internal.ap-guangzhou.tencentcos.cn", []finding{{false, "bucket", "Unable to List COS Buckets", "Name the bucket with bucket"}}},
		"a domain of another region": {object{"region": secondRegion}, nil, "https://cos-internal.ap-guangzhou.tencentcos.cn", []finding{{false, "region", "Region Not Served", "ap-shanghai"}}},
		"a tunnel to a region":       {object{}, &fakecos.Fault{Op: getService, Status: 404, Code: "NoSuchBucket"}, "", []finding{{false, "", "Unable to List COS Buckets", "Or name the bucket with bucket"}}},
		"circular":                   {object{}, &fakecos.Fault{Op: getService, Body: new("<ListAllMyBucketsResult><IsTruncated>true</IsTruncated><NextMarker>a</NextMarker></ListAllMyBucketsResult>")}, "", []finding{{false, "", "Unable to List COS Buckets", "the listing does not go on"}}},
		"no list":                    {object{}, &fakecos.Fault{Op: getService, Body: new("<html/>")}, "", []finding{{false, "", "Unable to List COS Buckets", "not the document asked for"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accountWorld(t)
			if test.fault != nil {
				w.Inject(*test.fault)
			}
			settings := object{}
			if test.domain != "" {
				settings["cos_domain"] = test.domain
			}
			p := w.configuredWith(settings)
			_, _, found := p.readInventories(test.config)
			expectFindings(t, found, test.want...)
			if n := w.sent()[string(cos.ListInventories)]; n > 0 {
				t.Errorf("%d LIST", n)
			}
			delete(test.config, "ignore_inaccessible_buckets")
			results := p.list(test.config, false, 10, 0)
			var listed []*tfprotov6.Diagnostic
			for _, result := range results {
				listed = append(listed, result.Diagnostics...)
			}
			expectFindings(t, findings(t, listed), test.want...)
		})
	}
}

// manyBuckets is an account of many buckets, each with a job.
func manyBuckets(t *testing.T, n int) *world {
	t.Helper()
	w := newWorld(t, fakecos.Options{})
	for i := range n {
		bucket := fmt.Sprintf("many%04d-1250000000", i)
		w.AddBucket(testRegion, bucket)
		w.Seed(bucket, "daily", wireJob{}.document("daily"))
	}
	return w
}

// A bucket's name from somebody who is not COS reaches neither a request nor a terminal as it is.
func TestBucketInventories_hostileNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Inject(fakecos.Fault{Op: getService, Body: new("<ListAllMyBucketsResult><Buckets>" +
		"<Bucket><Name>evil.example/a-1250000000</Name><Location>ap-guangzhou</Location></Bucket>" +
		"<Bucket><Name>a\u202eb-1250000000</Name><Location>ap-guangzhou</Location></Bucket>" +
		"<Bucket><Name>" + testBucket + "</Name><Location>evil.example#</Location></Bucket>" +
		"</Buckets></ListAllMyBucketsResult>")})
	p := w.configured()
	_, inaccessible, found := p.readInventories(object{"ignore_inaccessible_buckets": true})
	expectFindings(t, found, finding{true, "", "COS Buckets Not Listed", "of 3 buckets"})
	if want := []string{`a\u202eb-1250000000@ap-guangzhou: null`, "evil.example/a-1250000000@ap-guangzhou: null", testBucket + "@evil.example#: null"}; !slices.Equal(inaccessible, want) {
		t.Errorf("inaccessible %q", inaccessible)
	}
	if strings.Contains(found[0].detail, "\u202e") || !strings.Contains(found[0].detail, `a\u202eb-1250000000`) {
		t.Errorf("it says\n%s", found[0].detail)
	}
	if n := len(w.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A limit, and a caller that wants no more, end the work early: at most the reads that are under
// way are made beside those that are wanted.
func TestBucketInventories_accountStopsEarly(t *testing.T) {
	t.Parallel()
	const buckets = 1000
	for name, test := range map[string]struct {
		limit int64
		stop  int
	}{"limit": {5, 0}, "stop": {1000, 5}} {
		w := manyBuckets(t, buckets)
		if results := w.configured().list(object{}, false, test.limit, test.stop); len(results) != 5 {
			t.Errorf("%s: %d results", name, len(results))
		}
		if n := w.sent()[string(cos.ListInventories)]; n > buckets*9/10 {
			t.Errorf("%s: %d LIST for five jobs", name, n)
		}
	}
}

// A whole account takes one request for its buckets and one for each of them.
func TestBucketInventories_accountRequests(t *testing.T) {
	t.Parallel()
	const buckets = 1000
	w := manyBuckets(t, buckets)
	jobs, _, found := w.configured().readInventories(object{})
	expectFindings(t, found)
	if sent := w.sent(); len(jobs) != buckets || sent[string(cos.ListInventories)] != buckets+2 || sent[getService] != 1 || len(w.Requests()) > 1010 {
		t.Errorf("%d jobs after %v", len(jobs), sent)
	}
	if n := w.InFlightMax(); n > 32 {
		t.Errorf("%d requests at a time", n)
	}
}

// A bucket that gives no answer takes nothing from the others: it is named in one error, after all
// that a query has found.
func TestBucketInventories_accountEnded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config, query object
		want          string
	}{
		"cancelled":     {config: object{}, want: "the operation was cancelled."},
		"asked to wait": {want: "Then the service asked for a pause of 24h0m0s"},
		"timeout": {
			config: object{"timeouts": object{"read": "2s"}}, query: object{"timeouts": object{"list": "2s"}},
			want: "4 of the account's 5 buckets were read in time, so its inventory jobs are not all listed. These were not:\n\n  b-1250000000 in region ap-guangzhou\n" +
				"ListBucketInventory had no answer yet when half of the time that was left for all buckets was over.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := accountWorld(t)
			ctx, cancel := context.WithCancel(t.Context())
			w.Intercept(func(r fakecos.Request) *fakecos.Fault {
				switch {
				case r.Op != string(cos.ListInventories):
					return nil
				case r.Bucket == "a-1250000000":
					return &fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}
				case r.Bucket != "b-1250000000":
					return nil
				case name == "cancelled":
					time.AfterFunc(0, cancel)
				case name == "asked to wait":
					return &fakecos.Fault{Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown, Header: http.Header{"Retry-After": {"86400"}}}
				}
				return &fakecos.Fault{Hang: true}
			})
			want := finding{false, "", "COS Bucket Inventories Not All Listed", test.want}
			p := w.configured()
			typ := p.schema.DataSourceSchemas[inventoriesType].ValueType()
			response, err := p.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: inventoriesType, Config: p.dynamic(newValue(t, typ, test.config))})
			if err != nil {
				t.Fatal(err)
			}
			expectFindings(t, findings(t, response.Diagnostics), want)

			if name == "cancelled" {
				return // the stream of a query has no context of its own here
			}
			jobs, found := p.queried(test.query, 100)
			expectFindings(t, found, finding{true, "", "COS Bucket Not Listed", "a-1250000000"}, want)
			if want := []string{"c-1250000000/daily@ap-guangzhou", "c-1250000000/weekly@ap-guangzhou"}; !slices.Equal(jobs, want) {
				t.Errorf("found %q, want %q", jobs, want)
			}
		})
	}
}
