// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
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
	w.fillAccount()
	return w
}

func (w *world) fillAccount() {
	for bucket, region := range map[string]string{"b-1250000000": testRegion, "a-1250000000": secondRegion, "c-1250000000": testRegion, "a-1250000001": testRegion} {
		w.AddBucket(region, bucket)
		for _, id := range []string{"weekly", "daily"} {
			w.Seed(bucket, id, wireJob{}.document(id))
		}
	}
	w.TagBucket("c-1250000000", "team", "data")
}

// accountRead is what the data source of all jobs says.
type accountRead struct {
	jobs         []string // bucket/id@region
	inaccessible []string // bucket@region: code
	unreadable   []string // bucket/id@region: reason
	found        []finding
}

// readAccount reads the data source of all jobs.
func (p *protocol) readAccount(config object) accountRead {
	p.t.Helper()
	return p.readAccountIn(p.t.Context(), config)
}

func (p *protocol) readAccountIn(ctx context.Context, config object) (read accountRead) {
	p.t.Helper()
	members, found := p.readDataIn(ctx, inventoriesType, config)
	read.found = found
	if members == nil || slices.ContainsFunc(found, func(f finding) bool { return !f.warning }) {
		return read
	}
	read.jobs = p.texts(members["inventories"], "%s/%s@%s", "bucket", "id", "region")
	read.inaccessible = p.texts(members["inaccessible_buckets"], "%s@%s: %s", "bucket", "region", "code")
	read.unreadable = p.texts(members["unreadable_jobs"], "%s/%s@%s: %s", "bucket", "id", "region", "reason")
	ids := []any{}
	for _, id := range p.texts(members["inventories"], "%s", "id") {
		ids = append(ids, id)
	}
	if !members["ids"].Equal(newValue(p.t, members["ids"].Type(), ids)) {
		p.t.Errorf("ids %s of jobs %q", members["ids"], read.jobs)
	}
	return read
}

// queried is what a query says: its results as bucket/id@region, and its diagnostics.
func (p *protocol) queried(config object, limit int64) (jobs []string, found []finding) {
	p.t.Helper()
	validated := call(p, p.server.ValidateListResourceConfig, &tfprotov6.ValidateListResourceConfigRequest{TypeName: testType, Config: p.query(config)})
	if found = findings(p.t, validated.Diagnostics); len(found) > 0 {
		return nil, found
	}
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
			members, _ := p.readData(inventoriesType, test.config)
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
		"no config block":   {nil, jobsOf(a, b, c), "service.cos.myqcloud.com", ""},
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
			read := p.readAccount(test.config)
			expectFindings(t, read.found, want...)
			if !slices.Equal(read.jobs, test.want) || len(read.inaccessible) > 0 {
				t.Errorf("read %+v", read)
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

// Nothing is left out in silence.
func TestBucketInventories_refused(t *testing.T) {
	t.Parallel()
	w := accountWorld(t)
	for _, bucket := range []string{"a-1250000000", "c-1250000000"} {
		w.Inject(fakecos.Fault{Op: opList, Bucket: bucket, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	}
	p := w.configured()
	found := p.readAccount(object{}).found
	for _, want := range []string{
		"of 2 of the account's buckets", "a-1250000000 in region ap-shanghai\n  c-1250000000 in region ap-guangzhou\nCOS answered ListBucketInventory with status 403, AccessDenied",
		"ignore_inaccessible_buckets = true", "name/cos:ListBucketInventory",
	} {
		expectFindings(t, found, finding{false, "", "Unable to List COS Bucket Inventories", want})
	}
	read := p.readAccount(object{"ignore_inaccessible_buckets": true})
	expectFindings(t, read.found, finding{true, "", "COS Buckets Not Listed", "a-1250000000 in region ap-shanghai\n  c-1250000000"})
	if want := []string{"a-1250000000@ap-shanghai: AccessDenied", "c-1250000000@ap-guangzhou: AccessDenied"}; len(read.jobs) != 2 || !slices.Equal(read.inaccessible, want) {
		t.Errorf("read %+v", read)
	}
	jobs, found := p.queried(object{}, 1000)
	expectFindings(t, found, finding{true, "", "COS Bucket Not Listed", "a-1250000000"}, finding{true, "", "COS Bucket Not Listed", "c-1250000000"})
	if !slices.Equal(jobs, read.jobs) {
		t.Errorf("a query finds %q", jobs)
	}

	// An error names the buckets alone that are its cause.
	w.Inject(fakecos.Fault{Op: opList, Bucket: "b-1250000000", Status: http.StatusInternalServerError, Code: "InternalError"})
	// There is no result, so that no warning comes of this job.
	w.Seed("c-1250000000", "newer", strings.Replace(wireJob{}.document("newer"), "</Schedule>", "<New/></Schedule>", 1))
	found = p.readAccount(object{"ignore_inaccessible_buckets": true}).found
	expectFindings(t, found, finding{false, "", "Unable to List COS Bucket Inventories", "of 1 of the account's buckets"})
	if !strings.Contains(found[0].detail, "b-1250000000") || strings.Contains(found[0].detail, "a-1250000000") {
		t.Errorf("it says\n%s", found[0].detail)
	}
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
			expectFindings(t, p.readAccount(test.config).found, test.want...)
			_, found := p.queried(test.config, 10)
			expectFindings(t, found, test.want...)
			var late []*tfprotov6.Diagnostic // where a value was unknown before
			for _, result := range p.list(test.config, false, 10, 0) {
				late = append(late, result.Diagnostics...)
			}
			expectFindings(t, findings(t, late), test.want...)
			if n := w.sent()[opList]; n > 0 {
				t.Errorf("%d LIST", n)
			}
		})
	}
}

// A whole account takes one request for its buckets and one for each of them. A limit, and a caller
// that wants no more, end the work early: at most the reads that are under way are made beside those
// that are wanted.
func TestBucketInventories_accountRequests(t *testing.T) {
	t.Parallel()
	const buckets = 100
	w := newWorld(t, fakecos.Options{})
	for i := range 11 * buckets {
		region, bucket := testRegion, fmt.Sprintf("many%04d-1250000000", i)
		if i < buckets {
			region = secondRegion
		}
		w.AddBucket(region, bucket)
		w.Seed(bucket, "daily", wireJob{}.document("daily"))
	}
	p := w.configured()
	read := p.readAccount(object{"region": secondRegion})
	expectFindings(t, read.found)
	w.expectSent(t, map[string]int{getService: 1, opList: buckets})
	if n := w.InFlightMax(); len(read.jobs) != buckets || n > 32 {
		t.Errorf("%d jobs, %d requests at a time", len(read.jobs), n)
	}
	for name, test := range map[string]struct {
		limit int64
		stop  int
	}{"limit": {5, 0}, "stop": {1000, 5}} {
		w.ResetRequests()
		if results := p.list(object{}, false, test.limit, test.stop); len(results) != 5 {
			t.Errorf("%s: %d results", name, len(results))
		}
		if n := w.sent()[opList]; n > 10*buckets {
			t.Errorf("%s: %d LIST for five jobs", name, n)
		}
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
			synctest.Test(t, func(t *testing.T) {
				w, _, end := newMemoryWorld(t, fakecos.Options{})
				defer end()
				w.fillAccount()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w.Intercept(func(r fakecos.Request) *fakecos.Fault {
					switch {
					case r.Op != opList:
						return nil
					case r.Bucket == "a-1250000000":
						return &fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}
					case r.Bucket != "b-1250000000":
						return nil
					case name == "cancelled":
						time.AfterFunc(time.Second, cancel)
					case name == "asked to wait":
						return &fakecos.Fault{Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown, Header: http.Header{"Retry-After": {"86400"}}}
					}
					return &fakecos.Fault{Hang: true}
				})
				want := finding{false, "", "COS Bucket Inventories Not All Listed", test.want}
				p := w.configured()
				expectFindings(t, p.readAccountIn(ctx, test.config).found, want)
				if name == "cancelled" {
					return // the stream of a query has no context of its own here
				}
				jobs, found := p.queried(test.query, 100)
				expectFindings(t, found, finding{true, "", "COS Bucket Not Listed", "a-1250000000"}, want)
				if want := []string{"c-1250000000/daily@ap-guangzhou", "c-1250000000/weekly@ap-guangzhou"}; !slices.Equal(jobs, want) {
					t.Errorf("found %q, want %q", jobs, want)
				}
			})
		})
	}
}
