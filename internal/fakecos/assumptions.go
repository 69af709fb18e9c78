// SPDX-License-Identifier: MPL-2.0

package fakecos

// Assumption is something that no page and no test of the vendor decides, and that the fake has to
// decide. Where it does, the source says "Assumption: <name>". make testacc-live asks COS.
type Assumption struct{ Name, Question string }

// Assumptions returns all of them.
func Assumptions() []Assumption {
	return []Assumption{
		{"tags-alone", "Does COS accept tags alone within And?"},
		{"tags-outside", "Does COS accept tags directly in Filter, and how does it show them?"},
		{"ssecos", "What does <Encryption><SSECOS/></Encryption> do, which the Python SDK writes?"},
		{"absent-destination", "Does COS accept a job whose destination bucket does not exist?"},
		{"long-id", "Does COS accept an id of 256 characters?"},
		{"delete-absent", "How does COS answer the deletion of a job that is not there?"},
		{"duplicate-status", "With which status does COS refuse the id of a one-time job that was used before?"},
		{"monthly-date", "Does COS accept MonthlyDate 31?"},
		{"absent-object", "How does COS answer a GET of an object that is not there?"},
		{"run-day", "How long does the report of a one-time job take, and in which time zone is its day?"},
		{"checksum", "Is manifest.checksum hex or Base64?"},
		{"header-row", "Do data files have a header row?"},
		{"key-encoding", "Does a data file write a blank in a key as + or as %20?"},
		{"actions", "Which action does LIST need, and does PUT need PutObject on the destination?"},
		{"period", "Is Period about the time of creation or of the last modification?"},
	}
}
