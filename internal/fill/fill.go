// SPDX-License-Identifier: MPL-2.0

// Package fill makes values for tests. It walks a value by its type, so that a field that is added
// later is filled as well.
package fill

import (
	"fmt"
	"reflect"
)

// maxElements bounds each slice and each map.
const maxElements = 3

// Maker chooses what a value holds. A path names a field from the outermost struct on, such as
// Filter.Tags, and the keys and values of a map as Filter.Tags.key and Filter.Tags.value. The name of
// an embedded struct is not part of it.
type Maker struct {
	// Present decides whether a pointer, a text or one more element is there, and what a bool is.
	Present func(path string) bool
	Text    func(path string) string
	Number  func(path string) int64
	// Other sets what target points to if it knows the type, and reports whether it did. It may be
	// nil.
	Other func(path string, target any) bool
}

// Fill sets every exported field of what target points to. It panics at a type that it does not
// know.
func (m Maker) Fill(target any) { m.fill("", reflect.ValueOf(target).Elem()) }

func (m Maker) fill(path string, v reflect.Value) {
	if m.Other != nil && v.Addr().CanInterface() && m.Other(path, v.Addr().Interface()) {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(m.Present(path))
	case reflect.Int64:
		v.SetInt(m.Number(path))
	case reflect.String:
		if m.Present(path) {
			v.SetString(m.Text(path))
		}
	case reflect.Pointer:
		if m.Present(path) {
			v.Set(reflect.New(v.Type().Elem()))
			m.fill(path, v.Elem())
		}
	case reflect.Struct:
		for field, member := range v.Fields() {
			switch {
			case field.Anonymous:
				m.fill(path, member)
			case path == "":
				m.fill(field.Name, member)
			default:
				m.fill(path+"."+field.Name, member)
			}
		}
	case reflect.Slice:
		for v.Len() < maxElements && m.Present(path) {
			v.Set(reflect.Append(v, reflect.ValueOf(m.Text(path)).Convert(v.Type().Elem())))
		}
	case reflect.Map:
		for n := 0; n < maxElements && m.Present(path); n++ {
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			value := reflect.New(v.Type().Elem()).Elem()
			m.fill(path+".value", value)
			v.SetMapIndex(reflect.ValueOf(m.Text(path+".key")).Convert(v.Type().Key()), value)
		}
	default:
		panic(fmt.Sprintf("%s: no way to fill a %s", path, v.Type()))
	}
}
