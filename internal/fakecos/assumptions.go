// SPDX-License-Identifier: MPL-2.0

package fakecos

// Assumption is something that no page and no test of the vendor decides, and that the fake has to
// decide. Where it does, the source says "Assumption: <name>". make testacc-live asks COS, and a
// [Skew] gives the other answer.
type Assumption struct {
	Name, Question string
	Otherwise      string // what the provider does if COS answers otherwise
	Unskewed       string // why no skew gives the other answer
}

// Assumptions returns all of them.
func Assumptions() []Assumption {
	const unread = "the provider does not read data files"
	return []Assumption{
		{Name: "absent-job", Question: "With which code does COS say that a job is not there?", Otherwise: "works if the code says so of an inventory or a configuration"},
		{Name: "no-jobs", Question: "How does COS answer a LIST of no jobs?", Otherwise: "works"},
		{Name: "as-written", Question: "Does COS show a job as it was written?", Otherwise: "works with another spelling; another setting is a difference in every plan"},
		{Name: "statuses", Question: "With which statuses does COS answer PUT and DELETE?", Otherwise: "works with any 2xx"},
		{Name: "tags-alone", Question: "Does COS accept tags alone within And?", Otherwise: "the apply of such a filter fails"},
		{Name: "tags-outside", Question: "Does COS accept tags directly in Filter, and how does it show them?", Otherwise: "works: it writes them in And, and reads both"},
		{Name: "ssecos", Question: "What does <Encryption><SSECOS/></Encryption> do, which the Python SDK writes?", Otherwise: "works: it writes SSE-COS"},
		{Name: "absent-destination", Question: "Does COS accept a job whose destination bucket does not exist?", Otherwise: "the apply fails, which otherwise makes a job that never delivers"},
		{Name: "long-id", Question: "Does COS accept an id of 256 characters?", Otherwise: "the apply of such an id fails"},
		{Name: "delete-absent", Question: "How does COS answer the deletion of a job that is not there?", Otherwise: "works"},
		{Name: "duplicate-status", Question: "With which status does COS refuse the id of a one-time job that was used before?", Otherwise: "works: it goes by the code"},
		{Name: "monthly-date", Question: "Does COS accept MonthlyDate 31?", Otherwise: "the apply of such a date fails"},
		{Name: "absent-object", Question: "How does COS answer a GET of an object that is not there?", Otherwise: "does not work: a report that is not there yet is an error"},
		{Name: "run-day", Question: "How long does the report of a one-time job take, and in which time zone is its day?", Otherwise: "works in any time zone"},
		{Name: "checksum", Question: "Is manifest.checksum hex or Base64?", Otherwise: "works"},
		{Name: "header-row", Question: "Do data files have a header row?", Otherwise: "works", Unskewed: unread},
		{Name: "key-encoding", Question: "Does a data file write a blank in a key as + or as %20?", Otherwise: "works", Unskewed: unread},
		{Name: "actions", Question: "Which action does LIST need, and does PUT need PutObject on the destination?", Otherwise: "works: the policies allow all of them", Unskewed: "the fake has no policies"},
		{Name: "period", Question: "Is Period about the time of creation or of the last modification?", Otherwise: "works", Unskewed: "an object of the fake is not modified"},
	}
}
