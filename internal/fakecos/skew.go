// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"crypto/md5" //nolint:gosec // a checksum
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Skew is another answer than the fake's own. Nobody knows yet which of them COS gives.
type Skew struct {
	Name       string
	Answer     string // what is different
	Assumption string // whose other answer it is
	Changes    bool   // what is shown means something else than what was written
	Refuses    bool   // what the fake accepts is refused

	shown    func(text string) string                // a job, as GET and LIST show it
	answer   func(op string, r response) response    // to a call of COS
	refusal  func(s *Server, root *element) response // of a document
	zone     *time.Location                          // of a report's day
	checksum func(manifest string) string
}

// Skews returns all of them.
func Skews() []Skew {
	skews := []Skew{
		// A job as GET and LIST show it.
		{Name: "prefix-slash", Answer: "the destination's Prefix ends with /", Assumption: "as-written", shown: edited(destinedPrefix+`[^<]*[^</])</Prefix>`, "$1/</Prefix>")},
		{Name: "account-hidden", Answer: "no AccountId", Assumption: "as-written", shown: edited(`<AccountId>.*?</AccountId>`, "")},
		{Name: "account-filled", Answer: "AccountId where none was set", Assumption: "as-written", shown: func(text string) string { return withAccountID(text, defaultAccount) }},
		{Name: "enabled-title", Answer: "True and False", Assumption: "as-written", shown: strings.NewReplacer("<IsEnabled>true", "<IsEnabled>True", "<IsEnabled>false", "<IsEnabled>False").Replace},
		{Name: "enabled-upper", Answer: "TRUE and FALSE", Assumption: "as-written", shown: strings.NewReplacer("<IsEnabled>true", "<IsEnabled>TRUE", "<IsEnabled>false", "<IsEnabled>FALSE").Replace},
		{Name: "leading-zeros", Answer: "numbers begin with 0", Assumption: "as-written", shown: edited(`<(MonthlyDate|StartTime|EndTime)>([0-9])`, "<$1>0$2")},
		{Name: "destination-account", Answer: "the destination is named with its account", Assumption: "as-written", shown: edited(`<Bucket>qcs::cos:([a-z0-9-]+)::([a-z0-9-]+)-([0-9]+)<`, "<Bucket>qcs::cos:$1:uid/$3:$2-$3<")},
		{Name: "empty-filter", Answer: "<Filter> where none was set", Assumption: "as-written", shown: added("<Filter></Filter>", aRoot)},
		{Name: "empty-and", Answer: "<And> where none was set", Assumption: "as-written", shown: func(text string) string {
			return added("<And></And>", "<Filter>")(added("<Filter></Filter>", aRoot)(text))
		}},
		{Name: "empty-fields", Answer: "<OptionalFields> where none was set", Assumption: "as-written", shown: added("<OptionalFields></OptionalFields>", aRoot)},
		{Name: "empty-encryption", Answer: "<Encryption> where none was set", Assumption: "as-written", shown: added("<Encryption></Encryption>", "<COSBucketDestination>")},
		{Name: "namespace", Answer: "a namespace of the root", Assumption: "as-written", shown: edited(`<InventoryConfiguration>`, `<InventoryConfiguration xmlns="http://cos.example/doc">`)},
		{Name: "create-time", Answer: "<CreateTime>, which no page names", Assumption: "as-written", shown: added("<CreateTime>2026-01-01T00:00:00Z</CreateTime>", aRoot)},
		{Name: "owner", Answer: "<Owner>, which no page names", Assumption: "as-written", shown: added("<Owner><ID>"+defaultAccount+"</ID></Owner>", aRoot)},
		{Name: "fewer-fields", Answer: "the first of the optional fields is lost", Assumption: "as-written", Changes: true, shown: edited(`(<OptionalFields>\s*)<Field>.*?</Field>`, "$1")},
		{Name: "other-filter", Answer: "the filter has another prefix", Assumption: "as-written", Changes: true, shown: edited(`(<Filter>\s*(?:<And>\s*)?<Prefix>)`, "${1}other/")},
		{Name: "other-prefix", Answer: "the destination has another prefix", Assumption: "as-written", Changes: true, shown: edited(destinedPrefix+`)`, "${1}other/")},
		{Name: "other-schedule", Answer: "a daily job is weekly", Assumption: "as-written", Changes: true, shown: edited(`<Frequency>Daily<`, "<Frequency>Weekly<")},
		{Name: "tags-outside", Answer: "the tags of And are shown directly in Filter", Assumption: "tags-outside", shown: func(text string) string {
			tags := regexp.MustCompile(`<Tag>(?s:.*?)</Tag>`)
			return strings.Replace(tags.ReplaceAllString(text, ""), "<Filter>", "<Filter>"+strings.Join(tags.FindAllString(text, -1), ""), 1)
		}},
		// Other answers.
		{Name: "list-plural", Answer: "the root of LIST is ListInventoryConfigurationsResult", Assumption: "as-written", answer: func(_ string, r response) response {
			r.body = strings.ReplaceAll(r.body, "ListInventoryConfigurationResult>", "ListInventoryConfigurationsResult>")
			return r
		}},
		{Name: "no-jobs-404", Answer: "404 to a LIST of no jobs", Assumption: "no-jobs", answer: noJobs(noSuchJob().code)},
		{Name: "delete-absent-204", Answer: "204 to a DELETE of no job", Assumption: "delete-absent", answer: func(op string, r response) response {
			if op == opDelete && r.code == noSuchJob().code {
				return success(http.StatusNoContent, "")
			}
			return r
		}},
		{Name: "duplicate-409", Answer: "409 to the id of a one-time job that was used before", Assumption: "duplicate-status", answer: recoded("DuplicateInventoryId", http.StatusConflict, "DuplicateInventoryId")},
		{Name: "absent-object-code", Answer: "404 NoSuchObject to a GET of no object", Assumption: "absent-object", answer: recoded("NoSuchKey", http.StatusNotFound, "NoSuchObject")},
		{Name: "put-204", Answer: "204 to a PUT", Assumption: "statuses", answer: succeeded(opPut, http.StatusNoContent, "")},
		{Name: "put-202-body", Answer: "202 to a PUT, with a body", Assumption: "statuses", answer: succeeded(opPut, http.StatusAccepted, "<PutInventoryResult></PutInventoryResult>")},
		{Name: "delete-200", Answer: "200 to a DELETE", Assumption: "statuses", answer: succeeded(opDelete, http.StatusOK, "")},
		{Name: "delete-202-body", Answer: "202 to a DELETE, with a body", Assumption: "statuses", answer: succeeded(opDelete, http.StatusAccepted, "<DeleteInventoryResult></DeleteInventoryResult>")},
		{Name: "day-ahead", Answer: "a report's day is that of UTC+8", Assumption: "run-day", zone: time.FixedZone("", 8*60*60)},
		{Name: "checksum-base64", Answer: "manifest.checksum is Base64", Assumption: "checksum", checksum: func(manifest string) string {
			sum := md5.Sum([]byte(manifest)) //nolint:gosec // see the import
			return base64.StdEncoding.EncodeToString(sum[:])
		}},
		// Refusals.
		{Name: "refuses-tags-alone", Answer: "400 to tags without a prefix in And", Assumption: "tags-alone", Refuses: true, refusal: refusedIf(func(root *element) bool {
			and := root.at("Filter", "And")
			return and.at("Tag") != nil && and.at("Prefix") == nil
		})},
		{Name: "refuses-ssecos", Answer: "400 to SSECOS", Assumption: "ssecos", Refuses: true, refusal: refusedIf(func(root *element) bool {
			return root.at("Destination", "COSBucketDestination", "Encryption", "SSECOS") != nil
		})},
		{Name: "refuses-long-id", Answer: "400 to an id of more than 64 characters", Assumption: "long-id", Refuses: true, refusal: refusedIf(func(root *element) bool {
			return len(root.value("Id")) > 64
		})},
		{Name: "refuses-monthly-date", Answer: "400 to a MonthlyDate above 28", Assumption: "monthly-date", Refuses: true, refusal: refusedIf(func(root *element) bool {
			day, _ := strconv.Atoi(root.value("Schedule", "MonthlyDate"))
			return day > 28
		})},
		{Name: "refuses-absent-destination", Answer: "404 NoSuchBucket to a destination that does not exist", Assumption: "absent-destination", Refuses: true, refusal: func(s *Server, root *element) response {
			named := destinationBucket.FindStringSubmatch(root.value("Destination", "COSBucketDestination", "Bucket"))
			if b, ok := s.buckets[named[2]]; ok && b.region == named[1] {
				return response{}
			}
			return noSuchBucket()
		}},
	}
	for _, code := range []string{"NoSuchInventoryConfiguration", "NoSuchConfiguration", "NoSuchInventory", "InventoryConfigurationNotFound", "InventoryNotExist"} {
		recode, list := recoded(noSuchJob().code, http.StatusNotFound, code), noJobs(code)
		skews = append(skews, Skew{
			Name: "absent-" + code, Answer: "404 " + code + " to GET and DELETE of no job, and to a LIST of no jobs", Assumption: "absent-job",
			answer: func(op string, r response) response { return list(op, recode(op, r)) },
		})
	}
	return skews
}

// findSkew finds a skew; "" is that of no other answer.
func findSkew(name string) (Skew, bool) {
	if name == "" {
		return Skew{}, true
	}
	all := Skews()
	i := slices.IndexFunc(all, func(skew Skew) bool { return skew.Name == name })
	if i < 0 {
		return Skew{}, false
	}
	return all[i], true
}

// The root's start, and all from the destination's to its prefix.
const (
	aRoot          = `<InventoryConfiguration[^>]*>`
	destinedPrefix = `(<COSBucketDestination>(?:[^<]|<[^/]|</[^C])*?<Prefix>`
)

// edited replaces what matches in a document.
func edited(pattern, replacement string) func(string) string {
	form := regexp.MustCompile(pattern)
	return func(text string) string { return form.ReplaceAllString(text, replacement) }
}

// added puts an element behind the start of another one, unless there is one of its name.
func added(element, start string) func(string) string {
	there := regexp.MustCompile(element[:strings.IndexByte(element, '>')] + `\s*/?>`)
	put := edited(start, "$0"+element)
	return func(text string) string {
		if there.MatchString(text) {
			return text
		}
		return put(text)
	}
}

// recoded gives a failure another status and code.
func recoded(code string, status int, other string) func(string, response) response {
	return func(_ string, r response) response {
		if r.code == code {
			r.status, r.code = status, other
		}
		return r
	}
}

// noJobs answers a LIST of no jobs with a failure.
func noJobs(code string) func(string, response) response {
	return func(op string, r response) response {
		if op == opList && !r.failed() && !strings.Contains(r.body, "<InventoryConfiguration") {
			return failure(http.StatusNotFound, code, "There is no inventory configuration.")
		}
		return r
	}
}

// succeeded answers the calls that succeed in another way.
func succeeded(op string, status int, body string) func(string, response) response {
	return func(called string, r response) response {
		if called == op && !r.failed() {
			return success(status, body)
		}
		return r
	}
}

func refusedIf(refused func(root *element) bool) func(*Server, *element) response {
	return func(_ *Server, root *element) response {
		if refused(root) {
			return invalidArgument("This is not supported.")
		}
		return response{}
	}
}
