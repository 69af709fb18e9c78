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

// The forms of values: https://www.tencentcloud.com/document/product/436/30625
var (
	destinationBucket = regexp.MustCompile(`^qcs::cos:[a-z0-9-]+::[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]+$`)
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

func checkFilter(filter *element) error {
	and := filter.at("And")
	if filter.at("Prefix") != nil && and != nil && len(and.children) > 0 {
		return errors.New("Filter/Prefix stands alone: beside And it must be Filter/And/Prefix")
	}
	if class := and.at("StorageClass"); class != nil && !storageClass.MatchString(class.text) {
		return fmt.Errorf("Filter/And/StorageClass is no storage class: %q", class.text)
	}
	for _, tag := range and.all("Tag") {
		if tag.value("Key") == "" {
			return errors.New("Filter/And/Tag/Key is empty")
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
	if !hasTag && len(root.at("Filter", "And").all("Tag")) > 0 {
		return errors.New("OptionalFields must name Tag when Filter/And/Tag is set")
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
