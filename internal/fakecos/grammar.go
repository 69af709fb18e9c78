// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// documentKind tells the document of a PUT from that of a POST.
type documentKind int

const (
	periodic documentKind = iota // PUT Bucket inventory
	oneTime                      // POST Bucket inventory: neither IsEnabled nor Schedule
)

// rule says where an element may stand and what may stand in it.
type rule struct {
	name     string
	required bool
	many     bool
	children []rule // none: a value
	oneOf    bool   // if not empty, it has one child
}

// grammar is the element table of the API pages.
// https://www.tencentcloud.com/document/product/436/30625,
// https://www.tencentcloud.com/document/product/436/46869
func grammar(kind documentKind) rule {
	tag := []rule{{name: "Key", required: true}, {name: "Value", required: true}}
	root := rule{name: "InventoryConfiguration", required: true, children: []rule{
		{name: "Id", required: true},
		{name: "IncludedObjectVersions", required: true},
		{name: "Filter", children: []rule{
			{name: "Prefix"},
			// cos-nodejs-sdk-v5, index.d.ts. Assumption: tags-outside
			{name: "Tag", many: true, children: tag},
			{name: "And", children: []rule{
				{name: "Prefix"}, // may be absent. Assumption: tags-alone
				{name: "Tag", many: true, children: tag},
				{name: "StorageClass"},
			}},
			{name: "Period", children: []rule{{name: "StartTime"}, {name: "EndTime"}}},
		}},
		{name: "OptionalFields", children: []rule{{name: "Field", many: true}}},
		{name: "Destination", required: true, children: []rule{
			{name: "COSBucketDestination", required: true, children: []rule{
				{name: "Bucket", required: true},
				{name: "AccountId"},
				{name: "Prefix"},
				{name: "Format", required: true},
				// SSECOS is what cos-python-sdk-v5 writes in its live tests. Assumption: ssecos
				{name: "Encryption", oneOf: true, children: []rule{{name: "SSE-COS"}, {name: "SSECOS"}}},
			}},
		}},
	}}
	if kind == periodic {
		root.children = append(root.children,
			rule{name: "IsEnabled", required: true},
			rule{name: "Schedule", required: true, children: []rule{
				{name: "Frequency", required: true},
				{name: "MonthlyDate"},
			}},
		)
	}
	return root
}

// check checks an element against its rule; path is where the element stands.
func (r rule) check(e *element, path string) error {
	if e.name != r.name {
		return fmt.Errorf("the root element is %s, not %s", e.name, r.name)
	}
	path = strings.TrimPrefix(path+"/"+e.name, "/")
	for _, attribute := range e.attributes {
		if attribute.Name.Local != "xmlns" && attribute.Name.Space != "xmlns" {
			return fmt.Errorf("%s has an attribute %s", path, attribute.Name.Local)
		}
	}
	if len(r.children) == 0 {
		if len(e.children) > 0 {
			return fmt.Errorf("%s holds elements", path)
		}
		return nil
	}
	if strings.TrimSpace(e.text) != "" {
		return fmt.Errorf("%s holds text", path)
	}
	if len(e.children) == 0 && !r.required && !r.many {
		return nil // present and empty means absent: clients in the wild write it
	}
	return r.checkChildren(e, path)
}

func (r rule) checkChildren(e *element, path string) error {
	rules := map[string]rule{}
	if r.oneOf && len(e.children) != 1 {
		return fmt.Errorf("%s has %d elements, not one", path, len(e.children))
	}
	for _, child := range r.children {
		rules[child.name] = child
		switch found := len(e.all(child.name)); {
		case found == 0 && child.required:
			return fmt.Errorf("%s/%s is missing", path, child.name)
		case found > 1 && !child.many:
			return fmt.Errorf("%s/%s is given %d times", path, child.name, found)
		}
	}
	for _, child := range e.children {
		rule, ok := rules[child.name]
		if !ok {
			return fmt.Errorf("%s/%s is unknown", path, child.name)
		}
		if err := rule.check(child, path); err != nil {
			return err
		}
	}
	return nil
}

// The forms of values: https://www.tencentcloud.com/document/product/436/30625
var (
	destinationBucket = regexp.MustCompile(`^qcs::cos:([a-z0-9-]+)::([a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[0-9]+)$`)
	accountID         = regexp.MustCompile(`^[0-9]*$`)
	storageClass      = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	metadataField     = regexp.MustCompile(`^x-cos-meta-(\*|[0-9A-Za-z._-]+)$`)
)

// checkValues checks what stands in a document whose structure is right; its error names the
// element.
func checkValues(root *element, id string, kind documentKind, extraFields []string) error {
	if found := root.value("Id"); found != id {
		return fmt.Errorf("the document's Id is %q, but the query's id is %q", found, id)
	}
	checks := []error{
		checkOneOf("IncludedObjectVersions", root.value("IncludedObjectVersions"), "All", "Current"),
		checkFilter(root.at("Filter")),
		checkFields(root, extraFields),
		checkDestination(root.at("Destination", "COSBucketDestination")),
	}
	if kind == periodic {
		checks = append(checks,
			checkOneOf("IsEnabled", strings.ToLower(root.value("IsEnabled")), "true", "false"),
			checkSchedule(root.at("Schedule")))
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkOneOf(name, value string, allowed ...string) error {
	if !slices.Contains(allowed, value) {
		return fmt.Errorf("%s must be one of %s, not %q", name, strings.Join(allowed, ", "), value)
	}
	return nil
}

// filterTags are a filter's tags, which stand directly in it or in And.
func filterTags(filter *element) []*element {
	return append(filter.all("Tag"), filter.at("And").all("Tag")...)
}

func checkFilter(filter *element) error {
	and := filter.at("And")
	if filter.at("Prefix") != nil && and != nil && len(and.children) > 0 {
		return errors.New("Filter/Prefix stands alone: beside And it must be Filter/And/Prefix")
	}
	if class := and.at("StorageClass"); class != nil && !storageClass.MatchString(class.text) {
		return fmt.Errorf("Filter/And/StorageClass is no storage class: %q", class.text)
	}
	for _, tag := range filterTags(filter) {
		if tag.value("Key") == "" {
			return errors.New("the Key of a Filter's Tag is empty")
		}
	}
	return checkPeriod(filter.at("Period"))
}

func checkPeriod(period *element) error {
	bounds := map[string]int64{}
	for _, name := range []string{"StartTime", "EndTime"} {
		bound := period.at(name)
		if bound == nil {
			continue
		}
		seconds, err := strconv.ParseUint(bound.text, 10, 63)
		if err != nil {
			return fmt.Errorf("Filter/Period/%s must be whole seconds since 1970, not %q", name, bound.text)
		}
		bounds[name] = int64(seconds)
	}
	start, hasStart := bounds["StartTime"]
	end, hasEnd := bounds["EndTime"]
	if hasStart && hasEnd && start >= end {
		return fmt.Errorf("Filter/Period/StartTime %d is not before EndTime %d", start, end)
	}
	return nil
}

// documentedFields returns the optional fields the PUT page names, beside user metadata.
func documentedFields() []string {
	return []string{"Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", "Tag", "Crc64"}
}

func checkFields(root *element, extra []string) error {
	known := append(documentedFields(), extra...)
	hasTag := false
	for _, field := range root.at("OptionalFields").all("Field") {
		if !slices.Contains(known, field.text) && !metadataField.MatchString(field.text) {
			return fmt.Errorf("OptionalFields/Field %q is unknown", field.text)
		}
		hasTag = hasTag || field.text == "Tag"
	}
	if !hasTag && len(filterTags(root.at("Filter"))) > 0 {
		return errors.New("OptionalFields must name Tag when Filter has a Tag")
	}
	return nil
}

func checkSchedule(schedule *element) error {
	frequency, date := schedule.value("Frequency"), schedule.value("MonthlyDate")
	if err := checkOneOf("Schedule/Frequency", frequency, "Daily", "Weekly", "Monthly"); err != nil {
		return err
	}
	if frequency != "Monthly" {
		if date != "" {
			return fmt.Errorf("Schedule/MonthlyDate goes with Frequency Monthly, not %s", frequency)
		}
		return nil
	}
	if day, err := strconv.ParseUint(date, 10, 8); err != nil || day < 1 || day > 31 {
		// Assumption: monthly-date.
		return fmt.Errorf("Schedule/MonthlyDate must be a day of the month, 1 to 31, not %q", date)
	}
	return nil
}

// checkDestination does not ask whether the bucket exists. Assumption: absent-destination.
func checkDestination(destination *element) error {
	const path = "Destination/COSBucketDestination/"
	if bucket := destination.value("Bucket"); !destinationBucket.MatchString(bucket) {
		return fmt.Errorf("%sBucket must be qcs::cos:<region>::<name>-<appid>, not %q", path, bucket)
	}
	if account := destination.value("AccountId"); !accountID.MatchString(account) {
		return fmt.Errorf("%sAccountId must be digits, not %q", path, account)
	}
	return checkOneOf(path+"Format", destination.value("Format"), "CSV", "ORC")
}
