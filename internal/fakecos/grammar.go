// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"fmt"
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
