// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Difference is a setting that two documents do not have in common. Its texts can be shown.
type Difference struct {
	Setting  string // an attribute, such as filter.prefix, or the path of an unsupported element
	Was, Now string // as HCL writes the value, or "not set"
}

// Differences returns the settings in which the documents differ in more than their spelling, sorted
// by name. Of an object that one of them lacks, it names the members. Unlike [Inventory.Equal], it
// compares unsupported elements.
func (inv Inventory) Differences(now Inventory) []Difference { return inv.differences(now, asItIs) }

// DifferencesInNFC returns those in which they differ also when all of their texts are in NFC.
func (inv Inventory) DifferencesInNFC(now Inventory) []Difference {
	return inv.differences(now, norm.NFC.String)
}

func (inv Inventory) differences(now Inventory, form func(string) string) []Difference {
	inv.Destination.Prefix, now.Destination.Prefix = form(inv.Destination.Prefix), form(now.Destination.Prefix) // which Spelled compares
	return settingsOf(inv, form).differences(settingsOf(now.Spelled(inv), form))
}

// NotInNFC returns the settings that have texts in another Unicode form than NFC, the only one that
// Terraform keeps, sorted. COS compares bytes.
//
// https://github.com/zclconf/go-cty/blob/main/docs/types.md
func (inv Inventory) NotInNFC() (names []string) {
	for _, d := range settingsOf(inv, asItIs).differences(settingsOf(inv, norm.NFC.String)) {
		names = append(names, d.Setting)
	}
	return names
}

func asItIs(text string) string { return text }

// settings holds what a document sets: the values as HCL writes them, by their attribute.
type settings map[string]string

// settingsOf returns the settings of a document with its texts in a form.
func settingsOf(inv Inventory, form func(string) string) settings {
	s := settings{}
	for _, path := range inv.Unmodelled {
		s[path] = "set"
	}
	s.add("", reflect.ValueOf(inv.normalised()), form)
	return s
}

func (s settings) differences(now settings) (differences []Difference) {
	all := maps.Clone(s)
	maps.Copy(all, now)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if s[name] != now[name] {
			differences = append(differences, Difference{name, s.shown(name), now.shown(name)})
		}
	}
	return differences
}

// add adds the value of an attribute, or those of its members, unless nothing is set.
func (s settings) add(name string, v reflect.Value, form func(string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			s.add(name, v.Elem(), form)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			member := strings.TrimPrefix(name+"."+cmp.Or(field.Tag.Get("attribute"), attributeOf(field.Name)), ".")
			if on, isSwitch := field.Tag.Lookup("on"); !isSwitch {
				s.add(member, value, form)
			} else if value.Bool() {
				s[member] = on
			}
		}
	case reflect.Slice:
		if v.Len() > 0 {
			var texts []string
			for _, text := range v.Seq2() {
				texts = append(texts, quoted(form(text.String())))
			}
			s[name] = "[" + strings.Join(sortedSet(texts), ", ") + "]"
		}
	case reflect.Map:
		if v.Len() > 0 {
			keys := v.MapKeys() // in order: of those that become one, the last counts
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			members := map[string]string{}
			for _, key := range keys {
				text := quoted(form(key.String()))
				members[text] = text + " = " + quoted(form(v.MapIndex(key).String()))
			}
			s[name] = "{ " + strings.Join(slices.Sorted(maps.Values(members)), ", ") + " }"
		}
	case reflect.String:
		if v.String() != "" {
			s[name] = quoted(form(v.String()))
		}
	default:
		s[name] = fmt.Sprint(v)
	}
}

// shown returns the start of a value. [quoted] has escaped what could write to a terminal.
func (s settings) shown(name string) string {
	const most = 200
	value, isSet := s[name]
	if !isSet {
		return "not set"
	}
	if letters := []rune(value); len(letters) > most {
		value = string(letters[:most]) + "…"
	}
	return value
}

var wordStart = regexp.MustCompile("([a-z])([A-Z])")

// attributeOf returns the name of the attribute that holds a field of a document.
func attributeOf(field string) string {
	return strings.ToLower(wordStart.ReplaceAllString(field, "${1}_$2"))
}

var templateSigns = strings.NewReplacer("${", "$${", "%{", "%%{")

// quoted writes a text as HCL does. A text that looks like another one of another Unicode form is
// written in ASCII.
func quoted(text string) string {
	quote := strconv.Quote
	if !norm.NFC.IsNormalString(text) {
		quote = strconv.QuoteToASCII
	}
	return templateSigns.Replace(quote(text))
}
