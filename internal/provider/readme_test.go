// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// readmeBlock is the block of the README that begins with a line.
func readmeBlock(t testing.TB, first string) string {
	t.Helper()
	_, block, found := strings.Cut(readText(t, "../../README.md"), "```"+first+"\n")
	block, _, closed := strings.Cut(block, "```")
	if !found || !closed {
		t.Fatalf("the README has no block that begins with %q", first)
	}
	return block
}

// Getting started works as it stands: its configuration, which the README has too, with its commands.
func TestGettingStarted(t *testing.T) {
	t.Parallel()
	page := readText(t, gettingStarted)
	config := codeBlocks(page, "terraform")
	if diff := cmp.Diff(strings.TrimSpace(config), strings.TrimSpace(comments.ReplaceAllString(readmeBlock(t, "hcl"), ""))); diff != "" {
		t.Errorf("%s -, README.md +:\n%s", gettingStarted, diff)
	}
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	c.write("versions.tf", config)
	var ran []string
	for _, command := range regexp.MustCompile(`(?m)^terraform (\w+)$`).FindAllStringSubmatch(codeBlocks(page, "shell"), -1) {
		ran = append(ran, command[1])
		switch command[1] {
		case "init": // the provider under test is not installed
		case "apply":
			c.mustRun("apply", "-auto-approve", "-no-color")
		default:
			c.mustRun(command[1], "-no-color")
		}
	}
	if want := []string{"init", "plan", "apply"}; !slices.Equal(ran, want) {
		t.Errorf("the page runs %q, want %q", ran, want)
	}
	if jobs := w.Jobs(testBucket); !slices.Equal(jobs, []string{"weekly"}) {
		t.Errorf("COS holds %q", jobs)
	}
}

// Each message that getting started explains comes in its situation, and there is no other row.
func TestGettingStarted_messages(t *testing.T) {
	t.Parallel()
	situations := map[string]func(w *world, config object){
		"no keys were found": func(w *world, _ object) {
			w.provider.getenv = environment{envCOSDomain: w.URL, envRegion: testRegion}.get
		},
		"AccessDenied": func(w *world, _ object) {
			w.Inject(fakecos.Fault{Bucket: testBucket, Status: 403, Code: cos.CodeAccessDenied})
		},
		"NoSuchBucket":                        func(_ *world, config object) { config["region"] = secondRegion },
		"COS Bucket Inventory Already Exists": func(w *world, _ object) { w.Seed(testBucket, "nightly", nightlyDocument) },
		"Destination Bucket Not Found": func(w *world, config object) {
			w.patient()
			maps.Copy(config, destinationObject(object{"bucket": strings.Replace(testDestination, "reports", "missing", 1)}))
		},
	}
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(readText(t, gettingStarted), -1)
	if len(rows) != len(situations) {
		t.Errorf("%d rows, and %d situations", len(rows), len(situations))
	}
	for _, row := range rows {
		t.Run(row[1], func(t *testing.T) {
			t.Parallel()
			situation, ok := situations[row[1]]
			if !ok {
				t.Fatal("no situation shows this message")
			}
			w, config := newWorld(t, fakecos.Options{}), jobObject(nil)
			situation(w, config)
			p := w.configured()
			if _, ds := p.apply(t.Context(), p.nothing(), p.value(config)); !strings.Contains(ds.String(), row[1]) {
				t.Errorf("the apply says:\n%s", ds)
			}
		})
	}
}

const gettingStarted = "../../docs/guides/getting-started.md"

// codeBlocks are the blocks of a page in a language, one after another.
func codeBlocks(page, language string) string {
	var text strings.Builder
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```").FindAllStringSubmatch(page, -1) {
		text.WriteString(match[1] + "\n")
	}
	return text.String()
}

// The figures of the first pages are those of the benchmark.
func TestReadme_figures(t *testing.T) {
	t.Parallel()
	benchmarks := readText(t, "../../BENCHMARKS.md")
	for row, pages := range map[string][]map[string]string{
		`(?m)^\| 1000 jobs, 100/200 ms +\| ([\d.]+) +\| ([\d.]+) +\| 10 +\| 1000 +\| ([\d.]+) +\| ([\d.]+) +\|$`: {
			{"README": "ten requests: %.0f s, ", "docs/index": "in one bucket | %.0f s |"},
			{"README": "a request for each: %.0f s, "},
			{"README": "s, %.0f MB, [measured"},
			{"README": "s, %.0f MB |"},
		},
		`1000 jobs in 1000 buckets, 100/200 ms +\| ([\d.]+) `:                   {{"README": "each: %.0f s with", "docs/index": "in 1,000 buckets | %.0f s |"}},
		`1000 jobs in 1000 buckets, 100/200 ms, -parallelism=100 +\| ([\d.]+) `: {{"README": "time, %.0f s with", "docs/index": "`) | %.0f s |"}},
	} {
		measured := regexp.MustCompile(row).FindStringSubmatch(benchmarks)
		if measured == nil {
			t.Errorf("BENCHMARKS.md has no row %s: make bench with PEER", row)
			continue
		}
		for i, wants := range pages {
			figure, err := strconv.ParseFloat(measured[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			for page, want := range wants {
				expectContains(t, "../../"+page+".md", fmt.Sprintf(want, figure))
			}
		}
	}
}

// The Chinese pages have the commands, configurations, figures and links of the English ones.
func TestChinesePages(t *testing.T) {
	t.Parallel()
	for english, chinese := range map[string]string{"../../README.md": "../../README.zh-CN.md", gettingStarted: "../../docs/guides/getting-started-zh.md"} {
		if diff := cmp.Diff(pageFacts(readText(t, english)), pageFacts(readText(t, chinese))); diff != "" {
			t.Errorf("%s -, %s +:\n%s", english, chinese, diff)
		}
	}
}

var comments = regexp.MustCompile(`(?m)\s*# .*$`)

// pageFacts are what a page says in any language. Comments are left out of its code, and the links
// from a language to the other and to the page itself.
func pageFacts(page string) map[string][]string {
	facts := map[string][]string{}
	code := regexp.MustCompile("(?ms)^```([a-z]+\n|\n\\$ )(.*?)^```$")
	for _, block := range code.FindAllStringSubmatch(page, -1) {
		facts[strings.TrimSpace(block[1])] = append(facts[strings.TrimSpace(block[1])], comments.ReplaceAllString(block[2], ""))
	}
	prose := regexp.MustCompile("(?ms)^(---$.*?^---|```.*?^```)$").ReplaceAllString(page, "")
	link := regexp.MustCompile(`\]\(([^#)][^)]*)\)`)
	for _, target := range link.FindAllStringSubmatch(prose, -1) {
		if !regexp.MustCompile(`README|getting-started`).MatchString(target[1]) {
			facts["links"] = append(facts["links"], strings.Replace(target[1], ".com/zh/", ".com/", 1))
		}
	}
	facts["named"] = regexp.MustCompile("`[^`]+`").FindAllString(prose, -1)
	facts["figures"] = regexp.MustCompile(`\d[\d.,]*\d|\d`).FindAllString(link.ReplaceAllString(prose, ""), -1)
	for _, of := range []string{"links", "named", "figures"} {
		slices.Sort(facts[of])
	}
	return facts
}
