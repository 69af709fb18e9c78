// SPDX-License-Identifier: MPL-2.0

package cos

import "testing"

// TestEqual changes one thing of a full document at a time.
func TestEqual(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Inventory)
		same   bool
	}{
		"nothing":             {func(*Inventory) {}, true},
		"unmodelled elements": {func(inv *Inventory) { inv.Unmodelled = []string{"New"} }, true},
		"order of fields": {func(inv *Inventory) {
			f := inv.OptionalFields
			f[0], f[3] = f[3], f[0]
		}, true},
		"a repeated field": {func(inv *Inventory) { inv.OptionalFields = append(inv.OptionalFields, "ETag") }, true},
		"id":               {func(inv *Inventory) { inv.ID += "2" }, false},
		"switch":           {func(inv *Inventory) { inv.IsEnabled = true }, false},
		"versions":         {func(inv *Inventory) { inv.IncludedObjectVersions = "Current" }, false},
		"no filter":        {func(inv *Inventory) { inv.Filter = nil }, false},
		"prefix":           {func(inv *Inventory) { inv.Filter.Prefix = "" }, false},
		"tag value":        {func(inv *Inventory) { inv.Filter.Tags["age"] = "19" }, false},
		"one tag more":     {func(inv *Inventory) { inv.Filter.Tags["new"] = "" }, false},
		"no tags":          {func(inv *Inventory) { inv.Filter.Tags = nil }, false},
		"storage class":    {func(inv *Inventory) { inv.Filter.StorageClass = "ARCHIVE" }, false},
		"no period":        {func(inv *Inventory) { inv.Filter.Period = nil }, false},
		"start":            {func(inv *Inventory) { inv.Filter.Period.StartTime = ptr(int64(0)) }, false},
		"no start":         {func(inv *Inventory) { inv.Filter.Period.StartTime = nil }, false},
		"end":              {func(inv *Inventory) { *inv.Filter.Period.EndTime++ }, false},
		"one field less":   {func(inv *Inventory) { inv.OptionalFields = inv.OptionalFields[1:] }, false},
		"another field":    {func(inv *Inventory) { inv.OptionalFields[0] = "size" }, false},
		"frequency":        {func(inv *Inventory) { inv.Schedule.Frequency = "Weekly" }, false},
		"day":              {func(inv *Inventory) { inv.Schedule.MonthlyDate = ptr(int64(16)) }, false},
		"no day":           {func(inv *Inventory) { inv.Schedule.MonthlyDate = nil }, false},
		"bucket":           {func(inv *Inventory) { inv.Destination.Bucket += "0" }, false},
		"account":          {func(inv *Inventory) { inv.Destination.AccountID = "" }, false},
		"report prefix":    {func(inv *Inventory) { inv.Destination.Prefix = "" }, false},
		"format":           {func(inv *Inventory) { inv.Destination.Format = "ORC" }, false},
		"encryption":       {func(inv *Inventory) { inv.Destination.SSECOS = false }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed, full := fullInventory(), fullInventory()
			test.change(&changed)
			if full.Equal(changed) != test.same || changed.Equal(full) != test.same {
				t.Errorf("equal: %t, and the other way %t; want %t", full.Equal(changed), changed.Equal(full), test.same)
			}
		})
	}
	t.Run("an empty map of tags is none", func(t *testing.T) {
		t.Parallel()
		with, without := plainInventory(), plainInventory()
		with.Filter = &Filter{Prefix: "a", Tags: map[string]string{}}
		without.Filter = &Filter{Prefix: "a"}
		if !with.Equal(without) {
			t.Error("they differ")
		}
	})
}

func TestEchoes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sent, shown string // account ids
		want        bool
	}{
		"neither":        {"", "", true},
		"filled in":      {"", "100000000042", true},
		"as sent":        {"100000000042", "100000000042", true},
		"another":        {"100000000042", "100000000043", false},
		"not yet, or no": {"100000000042", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent, shown := plainInventory(), plainInventory()
			sent.Destination.AccountID, shown.Destination.AccountID = test.sent, test.shown
			if got := shown.Echoes(sent); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
			shown.Destination.Prefix = "changed"
			if shown.Echoes(sent) {
				t.Error("another prefix is no echo")
			}
		})
	}
}
