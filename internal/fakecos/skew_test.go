// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// skewed are the fake's answers to calls of each kind, one a line.
func skewed(t *testing.T, skew string) string {
	t.Helper()
	at := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	s := newServer(t, fakecos.Options{Skew: skew, Clock: func() time.Time { return at }})
	s.AddBucket(region, reportsBucket)
	s.PutObject(bucketName, fakecos.Object{Key: "logs/a"})
	var all strings.Builder
	send := func(method, path, id, document string) {
		query := ""
		if path == "/" {
			query = "inventory"
		}
		if id != "" {
			query += "&id=" + id
		}
		r := newRequest(method, query, strings.Replace(document, "<Id>a</Id>", "<Id>"+id+"</Id>", 1))
		r.URL.Path = path
		sign(r, fakecos.DefaultCredential(), at)
		w := serve(s, r)
		body, _, _ := strings.Cut(w.Body.String(), "<Resource>")
		fmt.Fprintf(&all, "%s %s: %d %s\n", method, id, w.Code, body)
	}
	full := `<InventoryConfiguration><Id>a</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions>` +
		`<Filter><And><Prefix>logs/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And><Period><StartTime>12</StartTime></Period></Filter>` +
		`<OptionalFields><Field>Size</Field><Field>Tag</Field></OptionalFields><Schedule><Frequency>Daily</Frequency></Schedule>` +
		`<Destination><COSBucketDestination><Bucket>` + reports + `</Bucket><AccountId>100000000002</AccountId><Prefix>p</Prefix><Format>CSV</Format>` +
		`</COSBucketDestination></Destination></InventoryConfiguration>`
	send(http.MethodGet, "/", "", "")
	send(http.MethodGet, "/", "a", "")
	send(http.MethodDelete, "/", "a", "")
	send(http.MethodPut, "/", "a", full)
	send(http.MethodGet, "/", "a", "")
	send(http.MethodPut, "/", "b", minimal("b"))
	send(http.MethodPut, "/", "c", edit(t, minimal("c"), "</Destination>", "</Destination><Filter><Prefix>c</Prefix></Filter>"))
	send(http.MethodGet, "/", "", "")
	send(http.MethodDelete, "/", "b", "")
	send(http.MethodPost, "/", "once", oneTime("once"))
	send(http.MethodPost, "/", "once", oneTime("once"))
	send(http.MethodGet, "/none", "", "")
	s.Deliver()
	for _, key := range s.Objects(reportsBucket) {
		if object, _ := s.Object(reportsBucket, key); strings.HasSuffix(key, "manifest.checksum") {
			fmt.Fprintf(&all, "%s: %d\n", key, len(object.Content))
		}
	}
	send(http.MethodPut, "/", "tags", strings.Replace(full, "<Prefix>logs/</Prefix>", "", 1))
	send(http.MethodPut, "/", "ssecos", edit(t, minimal("ssecos"), "<Format>", "<Encryption><SSECOS/></Encryption><Format>"))
	send(http.MethodPut, "/", "day29", edit(t, minimal("day29"), "Daily</Frequency>", "Monthly</Frequency><MonthlyDate>29</MonthlyDate>"))
	send(http.MethodPut, "/", "day28", edit(t, minimal("day28"), "Daily</Frequency>", "Monthly</Frequency><MonthlyDate>28</MonthlyDate>"))
	send(http.MethodPut, "/", "absent", edit(t, minimal("absent"), "::reports-", "::absent-"))
	send(http.MethodPut, "/", strings.Repeat("x", 64), minimal(strings.Repeat("x", 64)))
	send(http.MethodPut, "/", strings.Repeat("x", 65), minimal(strings.Repeat("x", 65)))
	return all.String()
}

// Each skew answers one thing in another way, and everything else as without it.
func TestSkews(t *testing.T) {
	t.Parallel()
	const (
		xml, tag, job    = "<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>", "<Tag><Key>k</Key><Value>v</Value></Tag>", "<InventoryConfiguration>"
		absent, destined = "InventoryConfigurationNotFoundError", "<COSBucketDestination><Bucket>"
		noJobs           = "200 <ListInventoryConfigurationResult><IsTruncated>false</IsTruncated><ContinuationToken></ContinuationToken></ListInventoryConfigurationResult>"
		noList           = "</Code><Message>There is no inventory configuration.</Message>"
	)
	refused := func(id string) []string {
		return []string{"PUT " + id + ": 200 ", "PUT " + id + ": 400 " + xml + "InvalidArgument</Code><Message>This is not supported.</Message>"}
	}
	want := map[string][]string{ // what is replaced in the usual answers
		"prefix-slash":        {"<Prefix>p<", "<Prefix>p/<"},
		"account-hidden":      {"<AccountId>100000000002</AccountId>", ""},
		"account-filled":      {destined + reports + "</Bucket><Format>", "<COSBucketDestination><AccountId>100000000001</AccountId><Bucket>" + reports + "</Bucket><Format>"},
		"enabled-title":       {"<IsEnabled>true<", "<IsEnabled>True<"},
		"enabled-upper":       {"<IsEnabled>true<", "<IsEnabled>TRUE<"},
		"leading-zeros":       {"<StartTime>12<", "<StartTime>012<"},
		"destination-account": {reports, "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000"},
		"empty-filter":        {job + "<Id>b", job + "<Filter></Filter><Id>b"},
		"empty-and":           {job + "<Id>b", job + "<Filter><And></And></Filter><Id>b", "<Filter><Prefix>c", "<Filter><And></And><Prefix>c"},
		"empty-fields":        {job + "<Id>b", job + "<OptionalFields></OptionalFields><Id>b", job + "<Id>c", job + "<OptionalFields></OptionalFields><Id>c"},
		"empty-encryption":    {destined, "<COSBucketDestination><Encryption></Encryption><Bucket>"},
		"namespace":           {job, `<InventoryConfiguration xmlns="http://cos.example/doc">`},
		"create-time":         {job, job + "<CreateTime>2026-01-01T00:00:00Z</CreateTime>"},
		"owner":               {job, job + "<Owner><ID>100000000001</ID></Owner>"},
		"fewer-fields":        {"<Field>Size</Field>", ""},
		"other-filter":        {"<Prefix>logs/", "<Prefix>other/logs/", "<Prefix>c", "<Prefix>other/c"},
		"other-prefix":        {"<Prefix>p<", "<Prefix>other/p<"},
		"other-schedule":      {"Daily", "Weekly"},
		"tags-outside":        {"<And><Prefix>logs/</Prefix>" + tag, tag + "<And><Prefix>logs/</Prefix>"},
		"list-plural":         {"ListInventoryConfigurationResult", "ListInventoryConfigurationsResult"},
		"no-jobs-404":         {noJobs, "404 " + xml + absent + noList},
		"delete-absent-204":   {"DELETE a: 404 " + xml + absent + "</Code><Message>The inventory configuration does not exist.</Message>", "DELETE a: 204 "},
		"duplicate-409":       {"400 " + xml + "Dup", "409 " + xml + "Dup"},
		"absent-object-code":  {"NoSuchKey", "NoSuchObject"},
		"put-204":             {": 200 \n", ": 204 \n"},
		"put-202-body":        {": 200 \n", ": 202 <PutInventoryResult></PutInventoryResult>\n"},
		"delete-200":          {": 204 \n", ": 200 \n"},
		"delete-202-body":     {": 204 \n", ": 202 <DeleteInventoryResult></DeleteInventoryResult>\n"},
		"day-ahead":           {"/20260301/", "/20260302/"},
		"checksum-base64":     {"checksum: 32", "checksum: 24"},

		"refuses-tags-alone":         refused("tags"),
		"refuses-ssecos":             refused("ssecos"),
		"refuses-monthly-date":       refused("day29"),
		"refuses-long-id":            refused(strings.Repeat("x", 65)),
		"refuses-absent-destination": {"PUT absent: 200 ", "PUT absent: 404 " + xml + "NoSuchBucket</Code><Message>The specified bucket does not exist.</Message>"},
	}
	for _, code := range []string{"NoSuchInventoryConfiguration", "NoSuchConfiguration", "NoSuchInventory", "InventoryConfigurationNotFound", "InventoryNotExist"} {
		want["absent-"+code] = []string{absent, code, noJobs, "404 " + xml + code + noList}
	}
	usual := skewed(t, "")
	for _, skew := range fakecos.Skews() {
		got := skewed(t, skew.Name)
		if got != strings.NewReplacer(want[skew.Name]...).Replace(usual) || got == usual {
			t.Errorf("%s answers\n%s\nusual is\n%s", skew.Name, got, usual)
		}
		delete(want, skew.Name)
	}
	if len(want) > 0 {
		t.Errorf("no skews: %v", want)
	}
}
