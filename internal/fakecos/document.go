// SPDX-License-Identifier: MPL-2.0

package fakecos

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// element is an XML element. What is answered is never made of it: a job's text is kept as it came.
type element struct {
	XMLName    xml.Name
	Attributes []xml.Attr `xml:",any,attr"`
	Children   []*element `xml:",any"`
	Text       string     `xml:",chardata"` // directly inside
}

// The forms in a document's text. A directive is a document type declaration or a part of one.
var (
	directive     = regexp.MustCompile(`<!([^-\[]|$)`)
	declaration   = regexp.MustCompile(`(?s)^\s*<\?xml.*?\?>`)
	emptyAccount  = regexp.MustCompile(`<AccountId\s*(/>|></AccountId>)`)
	destinedStart = regexp.MustCompile(`<COSBucketDestination[^>]*>`)
)

// parseDocument reads one well-formed XML document; its error says what is wrong with it.
func parseDocument(text string) (root *element, err error) {
	if directive.MatchString(text) {
		return nil, errors.New("a document type declaration")
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		switch token := token.(type) {
		case xml.StartElement:
			if root != nil {
				return nil, fmt.Errorf("%s follows the root element", token.Name.Local)
			}
			root = &element{}
			err = decoder.DecodeElement(root, &token)
		case xml.CharData:
			if strings.TrimSpace(string(token)) != "" {
				return nil, errors.New("text outside the root element")
			}
		}
		if errors.Is(err, io.EOF) && root != nil {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// all returns the children of that name; a nil element has none.
func (e *element) all(name string) []*element {
	var found []*element
	if e != nil {
		for _, child := range e.Children {
			if child.XMLName.Local == name {
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
	return e.Text
}

// withAccountID is a document's text with the destination's owner filled in, as the service may do
// for a document without one.
func withAccountID(text, id string) string {
	text = emptyAccount.ReplaceAllString(text, "")
	if strings.Contains(text, "<AccountId>") {
		return text
	}
	return destinedStart.ReplaceAllString(text, "$0<AccountId>"+id+"</AccountId>")
}

// listed is a job's text as a LIST page shows it: as it was written, without a declaration. The page
// shows IsEnabled as True, but cos-nodejs-sdk-v5 compares what LIST shows with what it wrote.
// https://www.tencentcloud.com/document/product/436/30627
func listed(text string) string {
	return strings.TrimSpace(declaration.ReplaceAllString(text, ""))
}
