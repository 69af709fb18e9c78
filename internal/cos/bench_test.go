// SPDX-License-Identifier: MPL-2.0

package cos

import "testing"

func BenchmarkDecodeInventory(b *testing.B) {
	document := readWire(b, "get-everything.xml")
	b.ReportAllocs()
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		if _, err := decodeInventory(received(document)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeInventory(b *testing.B) {
	inv, err := decodeInventory(received(readWire(b, "get-everything.xml")))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encodeInventory(inv); err != nil {
			b.Fatal(err)
		}
	}
}
