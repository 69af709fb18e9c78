// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// entries writes a manifest with n entries in files.
func entries(n int, entry string) string {
	return `{"files":[` + strings.TrimSuffix(strings.Repeat(entry+",", n), ",") + "]}"
}

func schemaOf(columns int) string {
	return `{"fileSchema":"` + strings.TrimSuffix(strings.Repeat("Size, ", columns), ", ") + `"}`
}

// A manifest is bounded in each dimension. The error names the member and the bound.
func TestDecodeManifest_bounds(t *testing.T) {
	t.Parallel()
	text := func(member string, bytes int) string {
		return fmt.Sprintf(`{"%s":"%s"}`, member, strings.Repeat("a", bytes))
	}
	inFile := func(manifest string) string { return `{"files":[` + manifest + "]}" }
	for name, test := range map[string]struct{ at, above, problem string }{
		"columns":         {schemaOf(maxColumns), schemaOf(maxColumns + 1), "fileSchema has more than 1000 columns"},
		"empty columns":   {schemaOf(1), `{"fileSchema":"` + strings.Repeat(",", 2000) + `"}`, "fileSchema has more than 1000 columns"},
		"a long schema":   {text("fileSchema", maxFileSchema), text("fileSchema", maxFileSchema+1), "fileSchema has more than 65536 bytes"},
		"many files":      {entries(maxManifestSigns/2-1, `{"key":"a"}`), entries(maxManifestSigns/2, `{"key":"a"}`), "it has too many members"},
		"entries of text": {entries(maxManifestSigns-1, `"a"`), entries(maxManifestSigns, `"a"`), "it has too many members"},
		"lists in lists":  {`{"a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}", `{"a":` + strings.Repeat("[", maxManifestSigns) + strings.Repeat("]", maxManifestSigns) + "}", "it has too many members"},
		"a long format":   {text("fileFormat", maxManifestText), text("fileFormat", maxManifestText+1), "fileFormat has more than 2048 bytes"},
		"a long key":      {inFile(text("key", MaxKey)), inFile(text("key", MaxKey+1)), "files[0].key has more than 850 bytes"},
		"a long checksum": {inFile(`{"key":"a",` + text("md5Checksum", maxManifestText)[1:]), inFile(`{"key":"a",` + text("md5Checksum", maxManifestText+1)[1:]), "files[0].md5Checksum has more than 2048 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decodeManifest([]byte(test.at), ""); err != nil {
				t.Errorf("at the bound: %.200v", err)
			}
			_, err := decodeManifest([]byte(test.above), "")
			if want := "the manifest is not one of COS: " + test.problem; err == nil || err.Error() != want {
				t.Errorf("above it: %.200v, want %s", err, want)
			}
		})
	}
}

// The largest manifests take little memory, whatever they hold. The test is not parallel, so that
// what it measures is its own.
func TestDecodeManifest_memory(t *testing.T) { //nolint:paralleltest // see above
	const size = 4 << 20 // the race detector is slow
	fill := func(open, element, end string) []byte {
		return []byte(open + strings.Repeat(element, (size-len(open)-len(end))/len(element)) + end)
	}
	for name, content := range map[string][]byte{ //nolint:paralleltest // see above
		"files":                fill(`{"files":[`, `{"key":"`+strings.Repeat("a", 60)+`","size":"1","md5Checksum":"`+strings.Repeat("a", 32)+`"},`, "{}]}"),
		"digits at the bound":  []byte(entries(maxManifestSigns-1, "1")),
		"entries at the bound": []byte(entries(maxManifestSigns/2-1, "{}")),
		"lists at the bound":   []byte(`{"files":[` + strings.Repeat("[],", maxManifestSigns/2-2) + `1]}`),
		"entries":              fill(`{"files":[`, "{},", "{}]}"),
		"entries of one digit": fill(`{"files":[`, "1,", "1]}"),
		"columns":              fill(`{"fileSchema":"`, "a,", `"}`),
		"a key":                fill(`{"files":[{"key":"`, "a", `"}]}`),
		"an entry":             fill(`{"files":[{"a":"`, "a", `"}]}`),
		"unknown members":      fill(`{`, `"a":1,`, `"b":1}`),
		"lists again":          fill(`{`, `"files":[],`, `"files":[]}`),
		"a number":             fill(`{"listObjectCount":`, "1", "}"),
	} {
		t.Run(name, func(t *testing.T) {
			if n := allocated(func() { _, _ = decodeManifest(content, "") }); n > 200<<20 {
				t.Errorf("it allocates %d bytes for %d", n, len(content))
			}
		})
	}
}

// What a manifest says is told from what it does not say.
func TestDecodeManifest_known(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]Manifest{
		`{}`:                                         {},
		`{"files":null,"fileSchema":null}`:           {},
		`{"files":{},"fileSchema":[]}`:               {},
		`{"files":[],"fileSchema":""}`:               {Files: []ReportFile{}},
		"\ufeff" + `{"files":[],"fileSchema":" , "}`: {Files: []ReportFile{}, FileSchema: []string{}},
		`{"files":[{},{"key":""},{"key":1},1,null,[],{"size":"1"},{"key":"a"}]}`: {Files: []ReportFile{{Key: "a"}}},
	} {
		got, err := decodeManifest([]byte(content), "")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v", content, got, err)
		}
	}
}

// The keys of a report stay below the destination's prefix, and texts do not control a terminal.
func TestDecodeManifest_foreign(t *testing.T) {
	t.Parallel()
	key := func(key string) string { return `{"files":[{"key":"inv/a"},{"key":"` + key + `"}]}` }
	for name, test := range map[string]struct{ within, content, problem string }{
		"elsewhere":              {"inv/", key("elsewhere/secret"), `files[1].key "elsewhere/secret" does not begin with the destination's prefix "inv/"`},
		"a longer name":          {"inv/", key("inventory/a"), `files[1].key "inventory/a" does not begin with`},
		"upwards":                {"", key("../../x"), `files[1].key "../../x" leads out of its place`},
		"upwards, within":        {"inv/", key("inv/a/../../../x"), `files[1].key "inv/a/../../../x" leads out of its place`},
		"upwards at the end":     {"inv/", key("inv/.."), "leads out of its place"},
		"upwards of Windows":     {"inv/", key(`inv/..\\..\\x`), "leads out of its place"},
		"the same folder":        {"inv/", key("inv/./a"), "leads out of its place"},
		"absolute":               {"", key("/etc/passwd"), "leads out of its place"},
		"absolute, within":       {"inv/", key("inv//a"), "leads out of its place"},
		"dots in names":          {"inv/", key("inv/..a/b../...csv"), ""},
		"a prefix with dots":     {"inv/../", `{"files":[{"key":"inv/../a"}]}`, ""},
		"a prefix of the RTL":    {"\u202eתא/", `{"files":[{"key":"` + "\u202eתא/a" + `"}]}`, ""},
		"Chinese":                {"inv/", key("inv/报告"), ""},
		"a key that breaks":      {"inv/", key(`inv/a\nb`), `files[1].key "inv/a\nb" holds a control character`},
		"a key that is coloured": {"inv/", key(`inv/\u001b[31m`), `files[1].key "inv/\x1b[31m" holds`},
		"a key of another side":  {"inv/", key("inv/\u202egpj"), `files[1].key "inv/\u202egpj" holds`},
		"a key that is no text":  {"inv/", key("inv/\xff"), `files[1].key "inv/` + "\ufffd" + `" holds`},
		"half a character":       {"inv/", key(`inv/\ud800`), `files[1].key "inv/` + "\ufffd" + `" holds`},
		"a format":               {"", `{"fileFormat":"CSV\u0007"}`, `fileFormat holds a control character, or bytes that are no text: "CSV\a"`},
		"a column":               {"", `{"fileSchema":"Size, \u2028"}`, `fileSchema holds a control character, or bytes that are no text: "Size, \u2028"`},
		"a checksum":             {"", `{"files":[{"key":"a","md5Checksum":"\u0085"}]}`, `files[0].md5Checksum holds`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := decodeManifest([]byte(test.content), test.within)
			switch {
			case test.problem == "":
				if err != nil {
					t.Error(err)
				}
			case err == nil || !strings.HasPrefix(err.Error(), "the manifest is not one of COS: ") || !strings.Contains(err.Error(), test.problem):
				t.Errorf("got  %v\nwant %s", err, test.problem)
			case !reflect.DeepEqual(m, Manifest{}):
				t.Errorf("and %+v", m)
			}
		})
	}
}
