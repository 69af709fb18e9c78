// SPDX-License-Identifier: MPL-2.0

package untrusted

import "reflect"

// HasText reports whether a text of the value meets the condition, be it in a field, an element, a
// key or behind a pointer.
func HasText(value any, condition func(text string) bool) bool {
	return hasText(reflect.ValueOf(value), condition)
}

func hasText(v reflect.Value, condition func(string) bool) bool {
	switch v.Kind() {
	case reflect.String:
		return condition(v.String())
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && hasText(v.Elem(), condition)
	case reflect.Struct:
		for i := range v.NumField() {
			if hasText(v.Field(i), condition) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if hasText(v.Index(i), condition) {
				return true
			}
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if hasText(entries.Key(), condition) || hasText(entries.Value(), condition) {
				return true
			}
		}
	}
	return false
}
