// SPDX-License-Identifier: MPL-2.0

// Command links finds dead links in a folder's Markdown: relative ones to files, folders and
// headings. It looks at no address on the web.
//
//	links <folder>
//
// Pages in docs/ are read on the registry, too, which has nothing but them: they must not lead out
// of it.
package main

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: links <folder>")
		os.Exit(2)
	}
	links, dead, err := check(os.DirFS(os.Args[1]))
	if err != nil {
		fmt.Fprintln(os.Stderr, "links:", err)
		os.Exit(1)
	}
	for _, line := range dead {
		fmt.Println(line)
	}
	fmt.Printf("%d relative links, %d dead\n", links, len(dead))
	if links == 0 || len(dead) > 0 {
		os.Exit(1)
	}
}

// check counts the relative links of a tree's Markdown files and describes the dead ones, as
// <file>: <link>: <why>.
func check(tree fs.FS) (links int, dead []string, err error) {
	pages, err := readPages(tree)
	if err != nil {
		return 0, nil, err
	}
	for file, p := range pages {
		for _, link := range p.links {
			if u, err := url.Parse(link); err == nil && (u.IsAbs() || u.Host != "") {
				continue
			}
			links++
			if why := fault(tree, pages, file, link); why != "" {
				dead = append(dead, fmt.Sprintf("%s: %s: %s", file, link, why))
			}
		}
	}
	slices.Sort(dead)
	return links, dead, nil
}

func readPages(tree fs.FS) (map[string]page, error) {
	pages := map[string]page{}
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && isForeign(entry.Name()):
			return fs.SkipDir
		case path.Ext(file) != ".md":
			return nil
		}
		content, err := fs.ReadFile(tree, file)
		if err == nil {
			pages[file] = parse(content)
		}
		return err
	})
	return pages, err
}

// isForeign reports whether a folder holds what others wrote, or tests read.
func isForeign(folder string) bool {
	return slices.Contains([]string{".git", ".terraform", "bin", "dist", "node_modules", "testdata"}, folder)
}

// fault says why a link on a page leads nowhere, or nothing.
func fault(tree fs.FS, pages map[string]page, from, link string) string {
	name, anchor, _ := strings.Cut(link, "#")
	target := from
	if name != "" {
		target = path.Join(path.Dir(from), name)
	}
	if strings.HasPrefix(from, "docs/") && !strings.HasPrefix(target, "docs/") {
		return "leads out of docs/"
	}
	if _, err := fs.Stat(tree, target); err != nil {
		return "no such file"
	}
	if p, ok := pages[target]; anchor != "" && (!ok || !p.anchors[anchor]) {
		return "no such heading"
	}
	return ""
}
