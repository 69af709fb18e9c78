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
func (inv Inventory) Differences(now Inventory) []Difference {
	is, was := settingsOf(now.Spelled(inv)), settingsOf(inv)
	all := maps.Clone(was)
	maps.Copy(all, is)
	var differences []Difference
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if was[name] != is[name] {
			differences = append(differences, Difference{name, was.shown(name), is.shown(name)})
		}
	}
	return differences
}

// settings holds what a document sets: the values as HCL writes them, by their attribute.
type settings map[string]string

func settingsOf(inv Inventory) settings {
	s := settings{}
	for _, path := range inv.Unmodelled {
		s[path] = "set"
	}
	s.add("", reflect.ValueOf(inv.normalised()))
	return s
}

// add adds the value of an attribute, or those of its members, unless nothing is set.
func (s settings) add(name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			s.add(name, v.Elem())
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			member := strings.TrimPrefix(name+"."+cmp.Or(field.Tag.Get("attribute"), attributeOf(field.Name)), ".")
			if on, isSwitch := field.Tag.Lookup("on"); !isSwitch {
				s.add(member, value)
			} else if value.Bool() {
				s[member] = on
			}
		}
	case reflect.Slice:
		if v.Len() > 0 {
			var texts []string
			for _, text := range v.Seq2() {
				texts = append(texts, quoted(text.String()))
			}
			s[name] = "[" + strings.Join(texts, ", ") + "]"
		}
	case reflect.Map:
		if v.Len() > 0 {
			var members []string
			for key, text := range v.Seq2() {
				members = append(members, quoted(key.String())+" = "+quoted(text.String()))
			}
			slices.Sort(members)
			s[name] = "{ " + strings.Join(members, ", ") + " }"
		}
	case reflect.String:
		if v.String() != "" {
			s[name] = quoted(v.String())
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

// NFC returns the document with its texts in the Unicode form NFC, the only one that Terraform
// keeps. COS compares bytes.
//
// https://github.com/zclconf/go-cty/blob/main/docs/types.md
func (inv Inventory) NFC() Inventory {
	return inNFC(reflect.ValueOf(inv)).Interface().(Inventory) //nolint:forcetypeassert // it is of the same type
}

// inNFC returns a copy of a value with its texts in NFC.
func inNFC(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.String:
		c.SetString(norm.NFC.String(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			c.Set(reflect.New(v.Type().Elem()))
			c.Elem().Set(inNFC(v.Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			c.Field(i).Set(inNFC(v.Field(i)))
		}
	case reflect.Slice:
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			c.Index(i).Set(inNFC(v.Index(i)))
		}
	case reflect.Map:
		c.Set(reflect.MakeMap(v.Type()))
		keys := v.MapKeys() // in order: of those that become one, the last counts
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			c.SetMapIndex(inNFC(key), inNFC(v.MapIndex(key)))
		}
	}
	return c
}
