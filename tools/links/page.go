// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// page is what a Markdown file offers to links, and where its own lead.
type page struct {
	links   []string
	anchors map[string]bool
}

// tfplugindocs marks nested schemas by such elements.
var htmlAnchor = regexp.MustCompile(`<a (?:id|name)="([^"]+)"`)

func parse(content []byte) page {
	p := page{anchors: map[string]bool{}}
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(content))
	// The walk itself has no way to fail.
	_ = ast.Walk(root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Link:
			p.links = append(p.links, string(n.Destination))
		case *ast.Image:
			p.links = append(p.links, string(n.Destination))
		case *ast.Heading:
			p.addHeading(slug(plain(n, content)))
		}
		return ast.WalkContinue, nil
	})
	for _, match := range htmlAnchor.FindAllSubmatch(content, -1) {
		p.anchors[string(match[1])] = true
	}
	return p
}

// addHeading numbers the headings that read the same, as GitHub does.
func (p page) addHeading(slug string) {
	unique := slug
	for n := 1; p.anchors[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", slug, n)
	}
	p.anchors[unique] = true
}

// slug is the anchor that GitHub and the registry make of a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, heading)
}

// plain is the text of a node without its markup.
func plain(node ast.Node, content []byte) string {
	var b strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			b.Write(t.Segment.Value(content))
		} else {
			b.WriteString(plain(child, content))
		}
	}
	return b.String()
}
