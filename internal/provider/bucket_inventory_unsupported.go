// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// unsupported returns the paths of what COS holds of a job and Terraform does not keep: the
// elements that the provider does not support, and the texts that are not in Unicode NFC. Terraform
// normalises every text. COS compares bytes.
//
// Of two tags that differ in form only, one at least is such a text.
//
// https://github.com/zclconf/go-cty/blob/main/docs/types.md
func unsupported(inv cos.Inventory) []string {
	paths := slices.Clone(inv.Unmodelled)
	inv.Unmodelled = nil
	for _, at := range slices.Compact(otherForms("", reflect.ValueOf(inv))) {
		paths = append(paths, at+" (not in Unicode NFC, the only form that Terraform keeps)")
	}
	return paths
}

// supportedTwins say what replaces an unsupported spelling of a supported setting, by its path.
var supportedTwins = map[string]string{
	"Destination/COSBucketDestination/Encryption/SSECOS": "is how the vendor's Python SDK spells SSE-COS, and what COS makes of it is not known. " +
		"encryption = { sse_cos = {} } replaces it with the spelling of COS's pages.",
}

// twins returns a paragraph for each path that has a supported twin.
func twins(paths []string) (text string) {
	for _, path := range paths {
		if twin, ok := supportedTwins[path]; ok {
			text += "\n\n" + path + " " + twin
		}
	}
	return text
}

// otherForms returns the attribute paths of the texts within a value that are not in Unicode NFC.
func otherForms(at string, v reflect.Value) (paths []string) {
	switch v.Kind() {
	case reflect.String:
		if !norm.NFC.IsNormalString(v.String()) {
			return []string{at}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return otherForms(at, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			paths = append(paths, otherForms(at, v.Index(i))...)
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			paths = append(append(paths, otherForms(at, key)...), otherForms(at, value)...)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			paths = append(paths, otherForms(strings.TrimPrefix(at+"."+attributeOf(field.Name), "."), value)...)
		}
	}
	return paths
}

var wordStart = regexp.MustCompile("([a-z])([A-Z])")

// attributeOf returns the name of the attribute that holds a field of a document.
func attributeOf(field string) string {
	return strings.ToLower(wordStart.ReplaceAllString(field, "${1}_$2"))
}
