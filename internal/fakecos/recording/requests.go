// SPDX-License-Identifier: MPL-2.0

package recording

import (
	"net/http"
	"net/url"
	"strings"
)

// document is a job with settings in the place of the schedule, in the document and in the
// destination.
func document(id, schedule, elements, destination string) string {
	return "<InventoryConfiguration><Id>" + id + "</Id><IsEnabled>false</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions>" + elements +
		"<Schedule>" + schedule + "</Schedule><Destination><COSBucketDestination><Bucket>" + Destination + "</Bucket><Format>CSV</Format>" +
		destination + "</COSBucketDestination></Destination></InventoryConfiguration>"
}

// LeastJob is the exchange that reads a job without optional settings.
const LeastJob = leastJob + isRead

const (
	leastJob = "the least job"
	isRead   = ", read"
)

const daily = "<Frequency>Daily</Frequency>"

// requests are what is asked, in this order. Each job that is written is read, and is deleted in the
// end. Those about an assumption of the fake have its name.
func requests() []Exchange {
	const id = idPrefix
	about := func(id string) string { return "inventory&id=" + url.QueryEscape(id) }
	oneTime := func(id string) string {
		return strings.NewReplacer("<IsEnabled>false</IsEnabled>", "", "<Schedule>"+daily+"</Schedule>", "").Replace(document(id, daily, "", ""))
	}
	tagField := "<OptionalFields><Field>Tag</Field></OptionalFields>"
	tag := "<Tag><Key>a</Key><Value>b</Value></Tag>"
	long := (id + strings.Repeat("x", 256))[:256]
	all := []Exchange{
		{Name: "a job that is not there", Method: http.MethodGet, Query: about(id)},
		{Name: "delete-absent", Method: http.MethodDelete, Query: about(id)},
	}
	written := func(name, document string) {
		all = append(all,
			Exchange{Name: name, Method: http.MethodPut, Query: about(id), Body: document},
			Exchange{Name: name + isRead, Method: http.MethodGet, Query: about(id)},
		)
	}
	written(leastJob, document(id, daily, "", ""))
	written("every setting", document(id, "<Frequency>Weekly</Frequency>",
		"<Filter><And><Prefix>a/</Prefix>"+tag+"</And></Filter><OptionalFields><Field>Size</Field><Field>Tag</Field></OptionalFields>",
		"<AccountId>100000000001</AccountId><Prefix>p</Prefix><Encryption><SSE-COS></SSE-COS></Encryption>"))
	written("a period and a storage class", document(id, daily, "<Filter><Period><StartTime>1</StartTime><EndTime>2</EndTime></Period><And><StorageClass>STANDARD</StorageClass></And></Filter>", ""))
	written("tags-alone", document(id, daily, "<Filter><And>"+tag+"</And></Filter>"+tagField, ""))
	written("tags-outside", document(id, daily, "<Filter>"+tag+"</Filter>"+tagField, ""))
	written("ssecos", document(id, daily, "", "<Encryption><SSECOS></SSECOS></Encryption>"))
	written("monthly", document(id, "<Frequency>Monthly</Frequency><MonthlyDate>3</MonthlyDate>", "", ""))
	written("monthly-date", document(id, "<Frequency>Monthly</Frequency><MonthlyDate>31</MonthlyDate>", "", ""))
	refused := func(name, document string) {
		all = append(all, Exchange{Name: name, Method: http.MethodPut, Query: about(id), Body: document})
	}
	refused("a misspelt root", strings.ReplaceAll(document(id, daily, "", ""), "Inventory", "Invertory"))
	refused("no schedule", strings.Replace(document(id, daily, "", ""), "<Schedule>"+daily+"</Schedule>", "", 1))
	refused("an unknown frequency", document(id, "<Frequency>Hourly</Frequency>", "", ""))
	refused("monthly without a date", document(id, "<Frequency>Monthly</Frequency>", "", ""))
	refused("an unknown field", document(id, daily, "<OptionalFields><Field>Colour</Field></OptionalFields>", ""))
	refused("tags without the field", document(id, daily, "<Filter><And>"+tag+"</And></Filter>", ""))
	refused("another id", document(id+"-other", daily, "", ""))
	refused("no document", "")
	refused("absent-destination", strings.Replace(document(id, daily, "", ""), "::reports-", "::tf-live-missing-", 1))
	return append(all,
		Exchange{Name: "list", Method: http.MethodGet, Query: "inventory"},
		Exchange{Name: "a token of nobody", Method: http.MethodGet, Query: "inventory&continuation-token=none"},
		Exchange{Name: "an id of a job, run once", Method: http.MethodPost, Query: about(id), Body: oneTime(id)},
		Exchange{Name: "a one-time job", Method: http.MethodPost, Query: about(id + "-once"), Body: oneTime(id + "-once")},
		Exchange{Name: "duplicate-status", Method: http.MethodPost, Query: about(id + "-once"), Body: oneTime(id + "-once")},
		Exchange{Name: "long-id", Method: http.MethodPut, Query: about(long), Body: document(long, daily, "", "")},
		Exchange{Name: "long-id, deleted", Method: http.MethodDelete, Query: about(long)},
		Exchange{Name: "delete", Method: http.MethodDelete, Query: about(id)},
		Exchange{Name: "a job that is gone", Method: http.MethodGet, Query: about(id)},
	)
}
