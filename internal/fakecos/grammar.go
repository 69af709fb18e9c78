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
	children []rule         // none: a value
	oneOf    bool           // if not empty, it has one child
	form     *regexp.Regexp // of the value; nil: any
}

// The forms of values: https://www.tencentcloud.com/document/product/436/30625
var (
	destinationBucket = regexp.MustCompile(`^qcs::cos:([a-z0-9-]+)::([a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[0-9]+)$`)
	accountID         = regexp.MustCompile(`^[0-9]*$`)
	format            = regexp.MustCompile(`^(CSV|ORC)$`)
	frequency         = regexp.MustCompile(`^(Daily|Weekly|Monthly)$`)
	included          = regexp.MustCompile(`^(All|Current)$`)
	isEnabled         = regexp.MustCompile(`^(?i:true|false)$`)
	dayOfMonth        = regexp.MustCompile(`^(0*([1-9]|[12][0-9]|3[01]))?$`) // Assumption: monthly-date
	seconds           = regexp.MustCompile(`^[0-9]{1,18}$`)                  // since 1970
	storageClass      = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	documentedField   = regexp.MustCompile(`^(Size|LastModifiedDate|StorageClass|ETag|IsMultipartUploaded|ReplicationStatus|Tag|Crc64|` +
		`x-cos-meta-(\*|[0-9A-Za-z._-]+))$`)
)

// grammar is the element table of the API pages.
// https://www.tencentcloud.com/document/product/436/30625,
// https://www.tencentcloud.com/document/product/436/46869
func grammar(kind documentKind) rule {
	tag := []rule{{name: "Key", required: true, form: anything}, {name: "Value", required: true}}
	root := rule{name: "InventoryConfiguration", required: true, children: []rule{
		{name: "Id", required: true},
		{name: "IncludedObjectVersions", required: true, form: included},
		{name: "Filter", children: []rule{
			{name: "Prefix"},
			// cos-nodejs-sdk-v5, index.d.ts. Assumption: tags-outside
			{name: "Tag", many: true, children: tag},
			{name: "And", children: []rule{
				{name: "Prefix"}, // may be absent. Assumption: tags-alone
				{name: "Tag", many: true, children: tag},
				{name: "StorageClass", form: storageClass},
			}},
			{name: "Period", children: []rule{{name: "StartTime", form: seconds}, {name: "EndTime", form: seconds}}},
		}},
		{name: "OptionalFields", children: []rule{{name: "Field", many: true}}},
		{name: "Destination", required: true, children: []rule{
			{name: "COSBucketDestination", required: true, children: []rule{
				{name: "Bucket", required: true, form: destinationBucket}, // there or not. Assumption: absent-destination
				{name: "AccountId", form: accountID},
				{name: "Prefix"},
				{name: "Format", required: true, form: format},
				// SSECOS is what cos-python-sdk-v5 writes in its live tests. Assumption: ssecos
				{name: "Encryption", oneOf: true, children: []rule{{name: "SSE-COS"}, {name: "SSECOS"}}},
			}},
		}},
	}}
	if kind == periodic {
		root.children = append(root.children,
			rule{name: "IsEnabled", required: true, form: isEnabled},
			rule{name: "Schedule", required: true, children: []rule{
				{name: "Frequency", required: true, form: frequency},
				{name: "MonthlyDate", form: dayOfMonth},
			}},
		)
	}
	return root
}

// check checks an element against its rule; path is where the element stands.
func (r rule) check(e *element, path string) error {
	if e.XMLName.Local != r.name {
		return fmt.Errorf("the root element is %s, not %s", e.XMLName.Local, r.name)
	}
	path = strings.TrimPrefix(path+"/"+r.name, "/")
	for _, attribute := range e.Attributes {
		if attribute.Name.Local != "xmlns" && attribute.Name.Space != "xmlns" {
			return fmt.Errorf("%s has an attribute %s", path, attribute.Name.Local)
		}
	}
	if len(r.children) == 0 {
		if len(e.Children) > 0 {
			return fmt.Errorf("%s holds elements", path)
		}
		return nil
	}
	if strings.TrimSpace(e.Text) != "" {
		return fmt.Errorf("%s holds text", path)
	}
	if len(e.Children) == 0 && !r.required && !r.many {
		return nil // present and empty means absent: clients in the wild write it
	}
	return r.checkChildren(e, path)
}

func (r rule) checkChildren(e *element, path string) error {
	rules := map[string]rule{}
	if r.oneOf && len(e.Children) != 1 {
		return fmt.Errorf("%s has %d elements, not one", path, len(e.Children))
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
	for _, child := range e.Children {
		rule, ok := rules[child.XMLName.Local]
		if !ok {
			return fmt.Errorf("%s/%s is unknown", path, child.XMLName.Local)
		}
		if err := rule.check(child, path); err != nil {
			return err
		}
	}
	return nil
}

// checkValues checks the values of an element whose structure is right; its error names the element.
func (r rule) checkValues(e *element, path string) error {
	path = strings.TrimPrefix(path+"/"+r.name, "/")
	if r.form != nil && !r.form.MatchString(e.Text) {
		return fmt.Errorf("%s must match %s, not %q", path, r.form, e.Text)
	}
	for _, child := range r.children {
		for _, found := range e.all(child.name) {
			if err := child.checkValues(found, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkTogether checks what the values of a document have to do with each other and with the id of
// the call.
func checkTogether(root *element, id string, extraFields []string) error {
	filter, period := root.at("Filter"), root.at("Filter", "Period")
	start, _ := strconv.ParseInt(period.value("StartTime"), 10, 64) // 0 if there is none
	end, endErr := strconv.ParseInt(period.value("EndTime"), 10, 64)
	date := root.value("Schedule", "MonthlyDate")
	switch and := filter.at("And"); {
	case root.value("Id") != id:
		return fmt.Errorf("the document's Id is %q, but the query's id is %q", root.value("Id"), id)
	case filter.at("Prefix") != nil && and != nil && len(and.Children) > 0:
		return errors.New("Filter/Prefix stands alone: beside And it must be Filter/And/Prefix")
	case period.at("StartTime") != nil && endErr == nil && start >= end:
		return fmt.Errorf("Filter/Period/StartTime %d is not before EndTime %d", start, end)
	case (root.value("Schedule", "Frequency") == "Monthly") != (date != ""):
		return fmt.Errorf("Schedule/MonthlyDate goes with Frequency Monthly, and is %q", date)
	}
	return checkFields(root, extraFields)
}

// filterTags are a filter's tags, which stand directly in it or in And.
func filterTags(filter *element) []*element {
	return append(filter.all("Tag"), filter.at("And").all("Tag")...)
}

func checkFields(root *element, extra []string) error {
	fields := root.at("OptionalFields").all("Field")
	for _, field := range fields {
		if !documentedField.MatchString(field.Text) && !slices.Contains(extra, field.Text) {
			return fmt.Errorf("OptionalFields/Field %q is unknown", field.Text)
		}
	}
	isTag := func(field *element) bool { return field.Text == "Tag" }
	if len(filterTags(root.at("Filter"))) > 0 && !slices.ContainsFunc(fields, isTag) {
		return errors.New("OptionalFields must name Tag when Filter has a Tag")
	}
	return nil
}
