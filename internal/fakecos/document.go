// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// document is a job's text with its elements located in it: what is not changed is answered byte
// for byte.
type document struct {
	text string
	root *element
}

// element is an XML element and where it stands in the text.
type element struct {
	name       string
	attributes []xml.Attr
	children   []*element
	text       string // character data directly inside
	start, end int    // of the whole element
	inner      int    // end of the start tag
	outer      int    // start of the end tag
}

// parseDocument reads one well-formed XML document; its error says what is wrong with it.
func parseDocument(text string) (*document, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	var root *element
	var open []*element
	for {
		before := int(decoder.InputOffset())
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		after := int(decoder.InputOffset())
		switch token := token.(type) {
		case xml.StartElement:
			child := &element{name: token.Name.Local, attributes: token.Copy().Attr, start: before, inner: after}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, child)
			case root != nil:
				return nil, fmt.Errorf("%s follows the root element", child.name)
			default:
				root = child
			}
			open = append(open, child)
		case xml.EndElement:
			last := open[len(open)-1]
			// The decoder reports a self-closing tag as a start and an empty-width end.
			last.outer, last.end = before, after
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(token)
			} else if strings.TrimSpace(string(token)) != "" {
				return nil, errors.New("text outside the root element")
			}
		case xml.Directive:
			return nil, errors.New("a document type declaration")
		}
	}
	if root == nil {
		return nil, errors.New("no root element")
	}
	return &document{text: text, root: root}, nil
}

// all returns the children of that name; a nil element has none.
func (e *element) all(name string) []*element {
	var found []*element
	if e != nil {
		for _, child := range e.children {
			if child.name == name {
				found = append(found, child)
			}
		}
	}
	return found
}

// at follows a path of names to a first child; nil if there is none, or no element to begin with.
func (e *element) at(path ...string) *element {
	for _, name := range path {
		found := e.all(name)
		if len(found) == 0 {
			return nil
		}
		e = found[0]
	}
	return e
}

// value is the text of the element at path, "" if there is none.
func (e *element) value(path ...string) string {
	if e = e.at(path...); e == nil {
		return ""
	}
	return e.text
}

// replace returns the text with an element's content replaced.
func (d *document) replace(e *element, content string) string {
	if e.inner == e.end { // <Name/>
		return d.text[:e.start] + "<" + e.name + ">" + content + "</" + e.name + ">" + d.text[e.end:]
	}
	return d.text[:e.inner] + content + d.text[e.outer:]
}

// withAccountID is the text with the destination's owner filled in, as the service may do for a
// document without one.
func (d *document) withAccountID(id string) string {
	destination := d.root.at("Destination", "COSBucketDestination")
	account := destination.at("AccountId")
	switch {
	case id == "" || destination == nil || account != nil && account.text != "":
		return d.text
	case account != nil:
		return d.replace(account, id)
	}
	return d.text[:destination.inner] + "<AccountId>" + id + "</AccountId>" + d.text[destination.inner:]
}

// listed is a job as a LIST page shows it: as it was written, without a declaration. The page shows
// IsEnabled as True, but cos-nodejs-sdk-v5 compares what LIST shows with what it wrote. A seeded
// text that is no document is embedded as it is.
// https://www.tencentcloud.com/document/product/436/30627
func listed(text string) string {
	d, err := parseDocument(text)
	if err != nil {
		if _, rest, ok := strings.Cut(text, "?>"); ok && strings.HasPrefix(text, "<?xml") {
			return rest
		}
		return text
	}
	return d.text[d.root.start:d.root.end]
}
