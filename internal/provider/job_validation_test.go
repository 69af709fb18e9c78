// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	invalidValue = "Invalid Attribute Value"
	missing      = "Missing Configuration for Required Attribute"

	emptyText       = "the text is empty. Pass null to leave the attribute out."
	bucketForm      = "a bucket is named <name>-<appid>"
	regionForm      = "a region is named in lowercase letters and digits, with at least one hyphen between them"
	idForm          = "an inventory job's id consists of one or more letters, digits, hyphens, underscores and dots"
	destinationForm = "a destination bucket is written qcs::cos:<region>::<name>-<appid>"
)

// long is a text of 1,024 bytes.
var long = strings.Repeat("a", 1024)

// numbered are n different fields, and tags.
func numbered(n int) (fields []any, tags object) {
	tags = object{}
	for i := range n {
		name := fmt.Sprintf("x-cos-meta-%d", i)
		fields, tags[name] = append(fields, name), ""
	}
	return fields, tags
}

func destinationObject(members object) object {
	destination := object{"bucket": testDestination}
	maps.Copy(destination, members)
	return object{"destination": destination}
}

func TestBucketInventoryResource_mistakes(t *testing.T) {
	t.Parallel()

	type mistakes map[string]struct {
		members object
		want    []finding
	}
	one := func(path, summary, detail string) []finding {
		return []finding{{path: path, summary: summary, detail: detail}}
	}
	unusual := func(path, detail string) []finding {
		return []finding{{warning: true, path: path, summary: "Unusual Prefix", detail: detail}}
	}
	account := func(detail string) []finding {
		return []finding{{warning: true, path: "destination.account_id", summary: "Unusual Destination Account", detail: detail}}
	}
	manyFields, manyTags := numbered(1001)
	huge := new(big.Float).SetFloat64(1e30)
	tables := map[string]mistakes{
		"names": {
			"bucket missing":                   {object{"bucket": nil}, one("bucket", missing, "bucket")},
			"bucket empty":                     {object{"bucket": ""}, one("bucket", invalidValue, bucketForm)},
			"bucket without appid":             {object{"bucket": "examplebucket"}, one("bucket", invalidValue, bucketForm)},
			"bucket in capitals":               {object{"bucket": "Example-1250000000"}, one("bucket", invalidValue, bucketForm)},
			"bucket that names a host":         {object{"bucket": "a.example.com/-1250000000"}, one("bucket", invalidValue, bucketForm)},
			"bucket that climbs":               {object{"bucket": "../x-1250000000"}, one("bucket", invalidValue, bucketForm)},
			"bucket with markup":               {object{"bucket": "<a>&b-1250000000"}, one("bucket", invalidValue, bucketForm)},
			"bucket in Unicode":                {object{"bucket": "桶-1250000000"}, one("bucket", invalidValue, bucketForm)},
			"bucket with a line break":         {object{"bucket": testBucket + "\n"}, one("bucket", invalidValue, bucketForm)},
			"bucket too long":                  {object{"bucket": long + "-1250000000"}, one("bucket", invalidValue, "at most 63 characters; this one has 1035")},
			"id missing":                       {object{"id": nil}, one("id", missing, "id")},
			"id empty":                         {object{"id": ""}, one("id", invalidValue, idForm)},
			"id that adds to the query":        {object{"id": "nightly&delete"}, one("id", invalidValue, idForm)},
			"id that climbs":                   {object{"id": "../nightly"}, one("id", invalidValue, idForm)},
			"id of an import":                  {object{"id": "nightly@ap-shanghai"}, one("id", invalidValue, idForm)},
			"id escaped":                       {object{"id": "night%6cy"}, one("id", invalidValue, idForm)},
			"id with a blank":                  {object{"id": "every night"}, one("id", invalidValue, idForm)},
			"id with markup":                   {object{"id": "<nightly>"}, one("id", invalidValue, idForm)},
			"id in Unicode":                    {object{"id": "每夜"}, one("id", invalidValue, idForm)},
			"id with a control character":      {object{"id": "nightly\x00"}, one("id", invalidValue, idForm)},
			"region empty":                     {object{"region": ""}, one("region", invalidValue, regionForm+", such as ap-guangzhou. Pass null to leave the attribute out.")},
			"region in capitals":               {object{"region": "AP-Guangzhou"}, one("region", invalidValue, regionForm)},
			"region that is a city":            {object{"region": "guangzhou"}, one("region", invalidValue, regionForm)},
			"region that names a host":         {object{"region": "ap-guangzhou.example.com/"}, one("region", invalidValue, regionForm)},
			"region in Unicode":                {object{"region": "ap-广州"}, one("region", invalidValue, regionForm)},
			"region with a line break":         {object{"region": testRegion + "\n"}, one("region", invalidValue, regionForm)},
			"region too long":                  {object{"region": "ap-" + long}, one("region", invalidValue, regionForm)},
			"included_object_versions missing": {object{"included_object_versions": nil}, one("included_object_versions", missing, "included_object_versions")},
			"included_object_versions empty":   {object{"included_object_versions": ""}, one("included_object_versions", invalidValue, `COS does not know "". Write "All" or "Current".`)},
			"included_object_versions small":   {object{"included_object_versions": "all"}, one("included_object_versions", invalidValue, `COS does not know "all". Write "All".`)},
		},
		"filter": {
			"prefix empty":                  {object{"filter": object{"prefix": ""}}, one("filter.prefix", invalidValue, emptyText)},
			"prefix with a control":         {object{"filter": object{"prefix": "a\x01"}}, one("filter.prefix", invalidValue, "U+0001")},
			"tag without key":               {object{"filter": object{"tags": object{"": "a"}}, "optional_fields": []any{"Tag"}}, one(`filter.tags[""]`, invalidValue, "the tag's key is empty.")},
			"tag key with a control":        {object{"filter": object{"tags": object{"a\x0b": "a"}}, "optional_fields": []any{"Tag"}}, one(`filter.tags["a\v"]`, invalidValue, "U+000B")},
			"tag value null":                {object{"filter": object{"tags": object{"team": nil}}, "optional_fields": []any{"Tag"}}, one(`filter.tags["team"]`, invalidValue, "Leave nulls out: { for k, v in ... : k => v if v != null }.")},
			"tag value with a control":      {object{"filter": object{"tags": object{"team": "a\x1f"}}, "optional_fields": []any{"Tag"}}, one(`filter.tags["team"]`, invalidValue, "U+001F")},
			"tags without fields":           {object{"filter": object{"tags": object{"team": ""}}}, one("optional_fields", "Missing Report Field", `"Tag" in optional_fields`)},
			"tags without the field":        {object{"filter": object{"tags": object{"team": ""}}, "optional_fields": []any{"Size"}}, one("optional_fields", "Missing Report Field", `"Tag" in optional_fields`)},
			"storage_class empty":           {object{"filter": object{"storage_class": ""}}, one("filter.storage_class", invalidValue, emptyText)},
			"storage_class with a control":  {object{"filter": object{"storage_class": "A\uffff"}}, one("filter.storage_class", invalidValue, "U+FFFF")},
			"storage_class small":           {object{"filter": object{"storage_class": "standard_ia"}}, one("filter", invalidValue, `COS does not know "standard_ia". Write "STANDARD_IA".`)},
			"storage_class with a hyphen":   {object{"filter": object{"storage_class": "STANDARD-IA"}}, one("filter", invalidValue, `Write "STANDARD_IA".`)},
			"too many tags":                 {object{"filter": object{"tags": manyTags}, "optional_fields": []any{"Tag"}}, one("filter.tags", invalidValue, "at most 1000 elements")},
			"start_time zero":               {object{"filter": object{"period": object{"start_time": 0}}}, one("filter.period.start_time", invalidValue, "at least 1")},
			"end_time negative":             {object{"filter": object{"period": object{"end_time": -1}}}, one("filter.period.end_time", invalidValue, "at least 1")},
			"start_time too large":          {object{"filter": object{"period": object{"start_time": huge}}}, one("filter.period.start_time", invalidValue, "filter.period.start_time is 1e+30, which is too large a number.")},
			"period over before it started": {object{"filter": object{"period": object{"start_time": 20, "end_time": 10}}}, one("filter.period.end_time", invalidValue, "ends at 10, which is not after its start at 20")},
			"period without length":         {object{"filter": object{"period": object{"start_time": 20, "end_time": 20}}}, one("filter.period.end_time", invalidValue, "ends at 20, which is not after its start at 20")},
		},
		"schedule": {
			"schedule missing":           {object{"schedule": nil}, one("schedule", missing, "schedule")},
			"frequency missing":          {object{"schedule": object{}}, one("schedule.frequency", missing, "frequency")},
			"frequency empty":            {object{"schedule": object{"frequency": ""}}, one("schedule", invalidValue, `Write "Daily", "Weekly" or "Monthly".`)},
			"frequency unknown to COS":   {object{"schedule": object{"frequency": "Hourly"}}, one("schedule", invalidValue, `COS does not know "Hourly". Write "Daily", "Weekly" or "Monthly".`)},
			"frequency small":            {object{"schedule": object{"frequency": "weekly"}}, one("schedule", invalidValue, `COS does not know "weekly". Write "Weekly".`)},
			"monthly_date zero":          {object{"schedule": object{"frequency": "Monthly", "monthly_date": 0}}, one("schedule.monthly_date", invalidValue, "between 1 and 31")},
			"monthly_date 32":            {object{"schedule": object{"frequency": "Monthly", "monthly_date": 32}}, one("schedule.monthly_date", invalidValue, "between 1 and 31")},
			"monthly_date 1.5":           {object{"schedule": object{"frequency": "Monthly", "monthly_date": 1.5}}, one("schedule.monthly_date", invalidValue, "schedule.monthly_date is 1.5, which is not a whole number.")},
			"monthly_date missing":       {object{"schedule": object{"frequency": "Monthly"}}, one("schedule.monthly_date", "Missing Attribute", "A Monthly job needs monthly_date")},
			"monthly_date of daily job":  {object{"schedule": object{"frequency": "Daily", "monthly_date": 1}}, one("schedule.monthly_date", "Invalid Attribute Combination", "A Daily job takes no monthly_date")},
			"monthly_date of weekly job": {object{"schedule": object{"frequency": "Weekly", "monthly_date": 1}}, one("schedule.monthly_date", "Invalid Attribute Combination", "A Weekly job takes no monthly_date")},
		},
		"destination": {
			"destination missing":        {object{"destination": nil}, one("destination", missing, "destination")},
			"destination without bucket": {object{"destination": object{}}, one("destination.bucket", missing, "bucket")},
			"bucket empty":               {destinationObject(object{"bucket": ""}), one("destination", invalidValue, destinationForm)},
			"bucket without a name":      {destinationObject(object{"bucket": "qcs::cos:ap-guangzhou::"}), one("destination", invalidValue, bucketForm)},
			"bucket without a region":    {destinationObject(object{"bucket": "qcs::cos:::reports-1250000000"}), one("destination", invalidValue, destinationForm)},
			"bucket with a bad region":   {destinationObject(object{"bucket": "qcs::cos:GZ::reports-1250000000"}), one("destination", invalidValue, regionForm)},
			"bucket with one colon":      {destinationObject(object{"bucket": "qcs::cos:ap-guangzhou:reports-1250000000"}), one("destination", invalidValue, destinationForm)},
			"bucket with an owner":       {destinationObject(object{"bucket": "qcs::cos:ap-guangzhou:uid/1258888888:reports-1250000000"}), one("destination", invalidValue, destinationForm)},
			"bucket of Amazon":           {destinationObject(object{"bucket": "arn:aws:s3:::reports-1250000000"}), one("destination", invalidValue, destinationForm)},
			"bucket with a path":         {destinationObject(object{"bucket": testDestination + "/inv"}), one("destination", invalidValue, bucketForm)},
			"bucket bare, region here": {
				object{"region": "ap-shanghai", "destination": object{"bucket": "reports-1250000000"}},
				one("destination", invalidValue, `"qcs::cos:ap-shanghai::reports-1250000000" instead of "reports-1250000000"`),
			},
			"account_id empty":          {destinationObject(object{"account_id": ""}), one("destination.account_id", invalidValue, emptyText)},
			"account_id with a control": {destinationObject(object{"account_id": "1\x00"}), one("destination.account_id", invalidValue, "U+0000")},
			"prefix empty":              {destinationObject(object{"prefix": ""}), one("destination.prefix", invalidValue, emptyText)},
			"prefix with a control":     {destinationObject(object{"prefix": "\x1b[2J"}), one("destination.prefix", invalidValue, "U+001B")},
			"format small":              {destinationObject(object{"format": "csv"}), one("destination", invalidValue, `COS does not know "csv". Write "CSV".`)},
			"prefix without room":       {destinationObject(object{"prefix": strings.Repeat("a", 850)}), one("destination.prefix", invalidValue, "No report could be delivered: a report's keys would have")},
			"format empty":              {destinationObject(object{"format": ""}), one("destination.format", invalidValue, emptyText)},
			"encryption empty":          {destinationObject(object{"encryption": object{}}), one("destination.encryption", "Missing Attribute", "encryption = var.encrypted ? { sse_cos = {} } : null.")},
			"bucket bare, no region":    {object{"region": "GZ", "destination": object{"bucket": "reports-1250000000"}}, one("region", invalidValue, regionForm)},
		},
		"optional_fields": {
			"field empty":             {object{"optional_fields": []any{""}}, one(`optional_fields[""]`, invalidValue, "the text is empty.")},
			"field null":              {object{"optional_fields": []any{"Size", nil}}, one("optional_fields", invalidValue, "Leave nulls out with compact(): optional_fields = compact([...]).")},
			"metadata without name":   {object{"optional_fields": []any{"x-cos-meta-"}}, one(`optional_fields["x-cos-meta-"]`, invalidValue, "write x-cos-meta-<name>, or x-cos-meta-* for all of it")},
			"metadata without hyphen": {object{"optional_fields": []any{"X-Cos-Meta"}}, one("optional_fields", invalidValue, "write x-cos-meta-<name>, or x-cos-meta-* for all of it")},
			"field of a sign":         {object{"optional_fields": []any{"-"}}, []finding{{true, "optional_fields", "Undocumented Report Field", `The provider does not know "-". COS decides.`}}},
			"field small":             {object{"optional_fields": []any{"size", "Tag"}}, one("optional_fields", invalidValue, `COS does not know "size". Write "Size".`)},
			"fields with signs": {object{"optional_fields": []any{"E-Tag", "last_modified_date"}}, []finding{
				{path: "optional_fields", summary: invalidValue, detail: `"E-Tag". Write "ETag".`},
				{path: "optional_fields", summary: invalidValue, detail: `"last_modified_date". Write "LastModifiedDate".`},
			}},
			"metadata in capitals":       {object{"optional_fields": []any{"X-Cos-Meta-team"}}, one("optional_fields", invalidValue, `Write "x-cos-meta-team".`)},
			"too many fields":            {object{"optional_fields": manyFields}, one("optional_fields", invalidValue, "at most 1000 elements")},
			"metadata name with control": {object{"optional_fields": []any{"x-cos-meta-\x02"}}, one(`optional_fields["x-cos-meta-\x02"]`, invalidValue, "U+0002")},
		},
		"timeouts": {
			"value empty":    {object{"timeouts": object{"create": ""}}, one("timeouts.create", invalidValue, `"": a timeout is a number with a unit, such as 90s or 5m. Pass null to leave the attribute out.`)},
			"no duration":    {object{"timeouts": object{"update": "soon"}}, one("timeouts.update", invalidValue, `"soon": a timeout is a number with a unit, such as 90s or 5m.`)},
			"no time at all": {object{"timeouts": object{"read": "0s"}}, one("timeouts.read", invalidValue, `"0s": a timeout must be greater than zero.`)},
			"negative":       {object{"timeouts": object{"delete": "-1m"}}, one("timeouts.delete", invalidValue, `"-1m": a timeout must be greater than zero.`)},
		},
		"milliseconds": {
			"both": {object{"filter": object{"period": object{"start_time": int64(1767225600000), "end_time": int64(1798761599999)}}}, []finding{
				{warning: true, path: "filter.period.end_time", summary: "Time in Milliseconds", detail: "write 1798761599."},
				{warning: true, path: "filter.period.start_time", summary: "Time in Milliseconds", detail: "filter.period.start_time is 1767225600000, which is after the year 5000 in seconds. If the value is in milliseconds, write 1767225600."},
			}},
			"the first": {object{"filter": object{"period": object{"end_time": int64(100_000_000_000)}}}, []finding{
				{warning: true, path: "filter.period.end_time", summary: "Time in Milliseconds", detail: "write 100000000."},
			}},
		},
		"against COS's rules": {
			"filter that starts with a slash":     {object{"filter": object{"prefix": "/logs/"}}, unusual("filter.prefix", `is "/logs/". By COS's rules, no object's key starts with / or \. It matches nothing. Write "logs/".`)},
			"filter that starts with a backslash": {object{"filter": object{"prefix": `\logs`}}, unusual("filter.prefix", `Write "logs".`)},
			"filter of a here-document":           {object{"filter": object{"prefix": "logs/\n"}}, unusual("filter.prefix", `which is part of the prefix: remove it with trimspace(). Write "logs/".`)},
			"filter of YAML on Windows":           {object{"filter": object{"prefix": "\r\nlogs/"}}, unusual("filter.prefix", `is "\r\nlogs/"`)},
			"filter longer than a key":            {object{"filter": object{"prefix": long}}, unusual("filter.prefix", "has 1024 bytes, and an object's key at most 850: it matches nothing. Leave it out.")},
			"prefix that starts with a slash":     {destinationObject(object{"prefix": "/inv"}), unusual("destination.prefix", `starts with / or \. Write "inv".`)},
			"prefix that ends with a slash":       {destinationObject(object{"prefix": "inv/"}), unusual("destination.prefix", `COS adds a / itself, so the keys of the reports have two. Write "inv".`)},
			"prefix of a here-document":           {destinationObject(object{"prefix": "inv\n"}), unusual("destination.prefix", "trimspace()")},
			"prefix of nothing but slashes":       {destinationObject(object{"prefix": "//"}), unusual("destination.prefix", "Leave it out.")},
			"everything wrong with a prefix":      {destinationObject(object{"prefix": "/inv/\n"}), unusual("destination.prefix", `remove it with trimspace(). By COS's rules, no object's key starts with / or \. COS adds a / itself, so the keys of the reports have two. Write "inv".`)},
			"metadata with an underscore": {object{"optional_fields": []any{"x-cos-meta-my_name"}}, []finding{{
				warning: true, path: "optional_fields", summary: "Unusual Report Field", detail: "An underscore is in x-cos-meta-my_name.",
			}}},
		},
		"newer than the provider": {
			"format": {destinationObject(object{"format": "Parquet"}), []finding{{
				warning: true, path: "destination.format", summary: "Undocumented Report Format",
				detail: `The provider does not know "Parquet". COS decides. The provider knows "CSV" and "ORC".`,
			}}},
			"storage class": {object{"filter": object{"storage_class": "COLD_ARCHIVE"}}, []finding{{
				warning: true, path: "filter.storage_class", summary: "Undocumented Storage Class", detail: `"COLD_ARCHIVE". COS decides. The provider knows "STANDARD", "STANDARD_IA"`,
			}}},
			"misspelt fields": {object{"optional_fields": []any{"Sise", "Tag", "LastModifedDate", "Owner"}}, []finding{{
				warning: true, path: "optional_fields", summary: "Undocumented Report Field",
				detail: `The provider does not know "Sise" (perhaps "Size"), "LastModifedDate" (perhaps "LastModifiedDate"), "Owner". COS decides.`,
			}}},
			"field": {object{"optional_fields": []any{"Size", "Owner"}}, []finding{{
				warning: true, path: `optional_fields["Owner"]`, summary: "Undocumented Report Field",
				detail: `The provider does not know "Owner". COS decides. The provider knows "Size", "LastModifiedDate"`,
			}}},
		},
		"accounts": {
			"not said":                {destinationObject(object{"bucket": "qcs::cos:ap-guangzhou::reports-1250000001"}), account("The destination bucket belongs to another account (APPID 1250000001) than the source bucket (APPID 1250000000), and account_id is not set. Write the UIN")},
			"no number":               {destinationObject(object{"account_id": "root"}), account(`destination.account_id is "root", which is not a number. Write the UIN`)},
			"APPID":                   {destinationObject(object{"account_id": "1250000000"}), account(`destination.account_id is "1250000000", which is the account's APPID.`)},
			"APPID of another bucket": {destinationObject(object{"bucket": "qcs::cos:ap-guangzhou::reports-1250000001", "account_id": "1250000001"}), account("which is the account's APPID.")},
		},
		"several at once": {
			"each on its own": {
				object{"id": "", "filter": object{"prefix": ""}, "schedule": object{"frequency": "Monthly"}},
				[]finding{
					{path: "filter.prefix", summary: invalidValue, detail: emptyText},
					{path: "id", summary: invalidValue, detail: idForm},
					{path: "schedule.monthly_date", summary: "Missing Attribute", detail: "A Monthly job needs monthly_date"},
				},
			},
			"fractions": {
				object{"id": "a/b", "filter": object{"period": object{"start_time": 0.5, "end_time": -1.25}}},
				[]finding{
					{path: "filter.period.end_time", summary: invalidValue, detail: "filter.period.end_time is -1.25, which is not a whole number."},
					{path: "filter.period.start_time", summary: invalidValue, detail: "filter.period.start_time is 0.5, which is not a whole number."},
					{path: "id", summary: invalidValue, detail: idForm},
				},
			},
		},
	}
	for theme, cases := range tables {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t, cosProvider{})
			for name, test := range cases {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					p := *p
					p.t = t
					expectFindings(t, p.validate(jobObject(test.members)), test.want...)
				})
			}
		})
	}
}

// What is right, or not known yet, is nobody's mistake.
func TestBucketInventoryResource_noMistakes(t *testing.T) {
	t.Parallel()
	tagged := []any{"Tag"}
	cases := map[string]object{
		"minimal": {},
		"everything": {
			"region": testRegion, "is_enabled": false, "optional_fields": []any{"Size", "Tag", "x-cos-meta-*", "x-cos-meta-owner"},
			"filter": object{
				"prefix": "\t<日志>&\u0085/", "tags": object{"team": "", "团队": "a"}, "storage_class": "STANDARD_IA",
				"period": object{"start_time": 1, "end_time": 2},
			},
			"schedule": object{"frequency": "Monthly", "monthly_date": 31},
			"destination": object{
				"bucket": testDestination, "account_id": "100000000001", "prefix": long[:780], "format": "ORC", "encryption": object{"sse_cos": object{}},
			},
			"timeouts": object{"create": "90s", "read": "1m", "update": "1h", "delete": "1ms"},
		},
		"nothing at all":       {"filter": object{}, "optional_fields": []any{}, "timeouts": object{}},
		"tags of nothing":      {"filter": object{"tags": object{}, "period": object{}}},
		"start_time alone":     {"filter": object{"period": object{"start_time": 1}}},
		"the last of seconds":  {"filter": object{"period": object{"end_time": int64(99_999_999_999)}}},
		"end_time alone":       {"filter": object{"period": object{"end_time": 1}}},
		"longest id":           {"id": long},
		"id of dots":           {"id": ".."},
		"region newer":         {"region": "mars-north-1a"},
		"bare, region unknown": {"region": unknown{}, "destination": object{"bucket": "reports-1250000000"}},
		"bare, region later":   {"destination": object{"bucket": "reports-1250000000"}},

		"unknown names":              {"bucket": unknown{}, "id": unknown{}, "region": unknown{}, "included_object_versions": unknown{}, "is_enabled": unknown{}},
		"unknown objects":            {"filter": unknown{}, "schedule": unknown{}, "destination": unknown{}, "optional_fields": unknown{}, "timeouts": unknown{}},
		"unknown fields of tags":     {"filter": object{"tags": object{"team": "a"}}, "optional_fields": unknown{}},
		"unknown field of tags":      {"filter": object{"tags": object{"team": "a"}}, "optional_fields": []any{"Size", unknown{}}},
		"unknown tags":               {"filter": object{"tags": unknown{}}},
		"unknown tags, other fields": {"filter": object{"tags": unknown{}}, "optional_fields": []any{"Size"}},
		"unknown tag value":          {"filter": object{"tags": object{"team": unknown{}}}, "optional_fields": tagged},
		"unknown filter, fields":     {"filter": unknown{}, "optional_fields": []any{"Size"}},
		"unknown members of filter":  {"filter": object{"prefix": unknown{}, "storage_class": unknown{}, "period": unknown{}}},
		"unknown member alone":       {"filter": object{"prefix": unknown{}}},
		"unknown start":              {"filter": object{"period": object{"start_time": unknown{}, "end_time": 1}}},
		"unknown end":                {"filter": object{"period": object{"start_time": 9, "end_time": unknown{}}}},
		"unknown frequency":          {"schedule": object{"frequency": unknown{}}},
		"unknown frequency, date":    {"schedule": object{"frequency": unknown{}, "monthly_date": 15}},
		"unknown date":               {"schedule": object{"frequency": "Monthly", "monthly_date": unknown{}}},
		"unknown date of daily job":  {"schedule": object{"frequency": "Daily", "monthly_date": unknown{}}},
		"unknown destination":        destinationObject(object{"bucket": unknown{}, "account_id": unknown{}, "prefix": unknown{}, "format": unknown{}, "encryption": unknown{}}),
		"unknown encryption":         destinationObject(object{"encryption": object{"sse_cos": unknown{}}}),
		"unknown timeout":            {"timeouts": object{"create": unknown{}}},
	}
	p := newProtocol(t, cosProvider{})
	for name, members := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := *p
			p.t = t
			expectFindings(t, p.validate(jobObject(members)))
		})
	}
}

// Null is no way out for an attribute that is required, or for an element.
func TestBucketInventoryResource_emptyRequired(t *testing.T) {
	t.Parallel()
	p := newProtocol(t, cosProvider{})
	found := p.validate(jobObject(object{"bucket": "", "optional_fields": []any{""}, "destination": object{"bucket": ""}}))
	if len(found) != 3 || strings.Contains(lines(found), "Pass null") {
		t.Errorf("found:\n%s", lines(found))
	}
}

// A fraction gets a message of ours, also in the provider's configuration and in an action's.
func TestWholeNumbers(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	expectFindings(t, p.validateProvider(object{"max_retries": 1.5}),
		finding{path: "max_retries", summary: invalidValue, detail: "max_retries is 1.5, which is not a whole number."})
	response := call(p, p.server.ValidateActionConfig, &tfprotov6.ValidateActionConfigRequest{
		ActionType: runType, Config: p.run(runObject(object{"filter": object{"period": object{"end_time": 1.5}}})),
	})
	expectFindings(t, findings(t, response.Diagnostics),
		finding{path: "filter.period.end_time", summary: invalidValue, detail: "filter.period.end_time is 1.5, which is not a whole number."})
}

// Every number of a configuration is a whole number, and has the type that says so.
func TestWholeNumbers_thereAreNoOthers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var settings provider.SchemaResponse
	newProvider("test").Schema(ctx, provider.SchemaRequest{}, &settings)
	var run action.SchemaResponse
	newBucketInventoryRunAction().Schema(ctx, action.SchemaRequest{}, &run)
	numbers := 0
	var check func(name string, typ attr.Type)
	check = func(name string, typ attr.Type) {
		switch typ := typ.(type) {
		case attr.TypeWithAttributeTypes:
			for member, memberType := range typ.AttributeTypes() {
				check(name+"."+member, memberType)
			}
		case attr.TypeWithElementType:
			check(name+"[]", typ.ElementType())
		default:
			if !typ.TerraformType(ctx).Is(tftypes.Number) {
				return
			}
			numbers++
			if typ != (wholeNumber{}) {
				t.Errorf("%s is a %T", name, typ)
			}
		}
	}
	check("resource", bucketInventorySchema(ctx).Type())
	check("provider", settings.Schema.Type())
	check("action", run.Schema.Type())
	if numbers < 5 {
		t.Errorf("only %d numbers were found", numbers)
	}
}
