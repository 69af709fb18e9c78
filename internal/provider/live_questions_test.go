// SPDX-License-Identifier: MPL-2.0

//go:build live

package provider

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	sdk "github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// envLiveAnswers names the file that gets the table of questions and answers.
const envLiveAnswers = "COS_LIVE_ANSWERS"

// questions ask the real service about the fake's assumptions, each with jobs of its own.
var questions = map[string]func(q *questioner) string{
	"absent-job": func(q *questioner) string { return q.sent(http.MethodGet, q.id()+"-never", "") },
	"no-jobs": func(q *questioner) string { // the destination has none, unless somebody lists it, too
		q.job.Name = q.reports().Name
		status, body := q.send(http.MethodGet, "", "")
		if strings.Contains(body, "<InventoryConfiguration>") {
			return "not asked: the destination has jobs"
		}
		return statusText(status, body)
	},
	"as-written": func(q *questioner) string {
		document := q.document(q.id(), "<Filter><And><Prefix>logs/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And><Period><StartTime>1700000000</StartTime></Period></Filter>"+
			"<OptionalFields><Field>Size</Field><Field>Tag</Field></OptionalFields>", "<Prefix>p</Prefix><Encryption><SSE-COS></SSE-COS></Encryption>")
		if status, body := q.send(http.MethodPut, q.id(), document); status >= http.StatusMultipleChoices {
			return statusText(status, body)
		}
		shown := q.shown()
		if _, shown, _ = strings.Cut("?>"+shown, "?>"); strings.TrimSpace(shown) == document {
			return "as written"
		}
		return "GET shows `" + shown + "`"
	},
	"statuses": func(q *questioner) string {
		put := q.sent(http.MethodPut, q.id(), q.document(q.id(), "", ""))
		q.shown()
		return "PUT " + put + ", DELETE " + q.sent(http.MethodDelete, q.id(), "")
	},
	"tags-alone": func(q *questioner) string {
		return q.putAndGet("<Filter><And><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter><OptionalFields><Field>Tag</Field></OptionalFields>", "", "Filter")
	},
	"tags-outside": func(q *questioner) string {
		return q.putAndGet("<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><OptionalFields><Field>Tag</Field></OptionalFields>", "", "Filter")
	},
	"ssecos": func(q *questioner) string {
		return q.putAndGet("", "<Encryption><SSECOS></SSECOS></Encryption>", "Encryption")
	},
	"absent-destination": func(q *questioner) string {
		missing := cos.Bucket{Region: q.job.Region, Name: "tf-live-missing-" + cos.AppID(q.job.Name)}
		return q.sent(http.MethodPut, q.id(), strings.Replace(q.document(q.id(), "", ""), q.destination, missing.QCS(), 1))
	},
	"long-id": func(q *questioner) string {
		id := (q.id() + strings.Repeat("x", 256))[:256]
		defer q.send(http.MethodDelete, id, "")
		return q.sent(http.MethodPut, id, q.document(id, "", ""))
	},
	"delete-absent": func(q *questioner) string {
		return q.sent(http.MethodDelete, q.id()+"-never", "")
	},
	"duplicate-status": func(q *questioner) string {
		document := strings.NewReplacer("<IsEnabled>false</IsEnabled>", "", "<Schedule><Frequency>Daily</Frequency></Schedule>", "").Replace(q.document(q.id(), "", ""))
		first, _ := q.send(http.MethodPost, q.id(), document)
		return fmt.Sprintf("first %d, then %s", first, q.sent(http.MethodPost, q.id(), document))
	},
	"monthly-date": func(q *questioner) string {
		document := strings.Replace(q.document(q.id(), "", ""), "<Frequency>Daily</Frequency>", "<Frequency>Monthly</Frequency><MonthlyDate>31</MonthlyDate>", 1)
		return q.sent(http.MethodPut, q.id(), document) + "; when it runs in a shorter month is for a report of such a job to show"
	},
	"absent-object": func(q *questioner) string {
		_, err := q.client.GetObject(q.t.Context(), q.reports(), q.id()+"/none")
		return errorText(err)
	},
	"run-day":    func(q *questioner) string { return q.report().times },
	"checksum":   func(q *questioner) string { return q.report().checksum },
	"header-row": func(q *questioner) string { return q.report().firstRow },
	"key-encoding": func(*questioner) string {
		return "not asked: it needs an object whose key has a blank, and a report that lists it"
	},
	"actions": func(*questioner) string {
		return "not asked: it needs credentials that lack one of the actions"
	},
	"period": func(*questioner) string {
		return "not asked: it needs an object that was created before, and changed within, the period"
	},
}

// TestLiveQuestions asks what COS's pages leave open. It only fails if a question cannot be asked.
func TestLiveQuestions(t *testing.T) {
	t.Parallel()
	assumptions := fakecos.Assumptions()
	answers := make([]string, len(assumptions))
	t.Cleanup(func() { // once all have been asked
		var table strings.Builder
		fmt.Fprintf(&table, "| question | answer on %s | if it were another, the provider |\n|---|---|---|\n", time.Now().UTC().Format(time.DateOnly))
		for i, assumption := range assumptions {
			fmt.Fprintf(&table, "| %s | %s | %s |\n", assumption.Question, strings.ReplaceAll(answers[i], "|", `\|`), assumption.Otherwise)
		}
		if err := os.WriteFile(os.Getenv(envLiveAnswers), []byte(table.String()), 0o600); err != nil {
			t.Error(err)
		}
	})
	report := sync.OnceValue(func() delivered { // one run answers several questions
		q := &questioner{live: newLive(t), t: t}
		return q.deliver()
	})
	for i, assumption := range assumptions {
		t.Run(assumption.Name, func(t *testing.T) {
			t.Parallel()
			q := &questioner{live: newLive(t), t: t, report: report}
			written := q.job
			defer func() {
				q.job = written
				q.send(http.MethodDelete, q.id(), "")
			}()
			answers[i] = strings.Join(strings.Fields(questions[assumption.Name](q)), " ")
		})
	}
}

// questioner sends documents that the client would not write.
type questioner struct {
	*live
	t      *testing.T
	report func() delivered
}

func (q *questioner) id() string { return q.job.ID }

func (q *questioner) reports() cos.Bucket {
	q.t.Helper()
	bucket, err := cos.ParseBucketQCS(q.destination)
	if err != nil {
		q.t.Fatal(err)
	}
	return bucket
}

// document is a job that is switched off, with elements in it and in its destination.
func (q *questioner) document(id, elements, destination string) string {
	return "<InventoryConfiguration><Id>" + id + "</Id><IsEnabled>false</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions>" + elements +
		"<Schedule><Frequency>Daily</Frequency></Schedule><Destination><COSBucketDestination><Bucket>" + q.destination + "</Bucket><Format>CSV</Format>" +
		destination + "</COSBucketDestination></Destination></InventoryConfiguration>"
}

// sent is what COS answers to a request about a job.
func (q *questioner) sent(method, id, body string) string {
	q.t.Helper()
	return statusText(q.send(method, id, body))
}

// shown is the job as COS shows it, which it may do a moment after it was written.
func (q *questioner) shown() string {
	q.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; <-time.After(time.Second) {
		if status, body := q.send(http.MethodGet, q.id(), ""); status == http.StatusOK || time.Now().After(deadline) {
			return body
		}
	}
}

// send sends a signed request about a job, or about all of them, and returns COS's answer.
func (q *questioner) send(method, id, body string) (status int, answer string) {
	q.t.Helper()
	query := "inventory"
	if id != "" {
		query += "&id=" + url.QueryEscape(id)
	}
	p := cosProvider{getenv: os.Getenv}
	settings, diags := p.settings(providerModel{})
	if diags.HasError() {
		q.t.Fatal(diags)
	}
	key, err := settings.credentials.Source(context.Background()) // also for what is deferred
	if err != nil {
		q.t.Fatal(err)
	}
	host := q.job.Name + ".cos." + q.job.Region + ".myqcloud.com"
	address := "https://" + host
	if domain := os.Getenv(envCOSDomain); domain != "" {
		address = domain
	}
	request, err := http.NewRequestWithContext(context.Background(), method, address+"/?"+query, strings.NewReader(body))
	if err != nil {
		q.t.Fatal(err)
	}
	request.Host = host
	if body != "" {
		sum := md5.Sum([]byte(body))
		request.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
		request.Header.Set("Content-Type", "application/xml")
	}
	sdk.AddAuthorizationHeader(key.SecretID, key.SecretKey, key.Token, request, sdk.NewAuthTime(5*time.Minute))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		q.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		q.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// putAndGet writes a job and shows an element as COS then has it.
func (q *questioner) putAndGet(elements, destination, shown string) string {
	q.t.Helper()
	if status, body := q.send(http.MethodPut, q.id(), q.document(q.id(), elements, destination)); status != http.StatusOK {
		return statusText(status, body)
	}
	_, rest, found := strings.Cut(q.shown(), "<"+shown+">")
	inner, _, _ := strings.Cut(rest, "</"+shown+">")
	if !found {
		return "accepted; GET shows no " + shown
	}
	return "accepted; GET shows `<" + shown + ">" + inner + "</" + shown + ">`"
}

// delivered is what a report of a one-time job shows.
type delivered struct{ times, checksum, firstRow string }

// reportWait is how long a report of a one-time job is waited for. COS promises no time.
const reportWait = 4 * time.Minute

// deliver runs a one-time job and waits for its report.
func (q *questioner) deliver() delivered {
	q.t.Helper()
	ctx, cancel := context.WithTimeout(q.t.Context(), reportWait)
	defer cancel()
	place := cos.NewReportPlace(q.job, q.reports(), "")
	started := time.Now()
	run, err := q.client.NewRunReport(ctx, place, started)
	if err == nil {
		_, err = q.client.PostInventory(ctx, q.job, cos.Inventory{
			ID: q.id(), IncludedObjectVersions: "Current", OptionalFields: []string{"Size"},
			Destination: cos.Destination{Bucket: q.destination, Format: cos.FormatCSV},
		})
	}
	var report *cos.Report
	if err == nil {
		report, err = run.Await(ctx, func() {})
	}
	if err != nil {
		return delivered{errorText(err), errorText(err), errorText(err)}
	}
	d := delivered{times: fmt.Sprintf("%s; started at %s, its day is %s", time.Since(started).Round(time.Second), started.UTC().Format(time.RFC3339), report.Day)}
	checksum, err := q.client.GetObject(ctx, place.Bucket, place.Prefix+report.Day+"/manifest.checksum")
	switch _, notHex := hex.DecodeString(strings.TrimSpace(string(checksum.Content))); {
	case err != nil:
		d.checksum = errorText(err)
	case notHex == nil:
		d.checksum = "hex"
	default:
		d.checksum = "Base64"
	}
	d.firstRow = q.firstRow(ctx, place.Bucket, report)
	return d
}

func (q *questioner) firstRow(ctx context.Context, bucket cos.Bucket, report *cos.Report) string {
	if len(report.Files) == 0 {
		return "the report has no data file"
	}
	object, err := q.client.GetObject(ctx, bucket, report.Files[0].Key)
	if err != nil {
		return errorText(err)
	}
	data, err := gzip.NewReader(bytes.NewReader(object.Content))
	if err != nil {
		return err.Error()
	}
	first := make([]byte, 200)
	n, err := io.ReadFull(data, first)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err.Error()
	}
	row, _, _ := strings.Cut(string(first[:n]), "\n")
	return fmt.Sprintf("the first row is `%s`", strings.TrimSpace(row))
}

// statusText shows a status and, of an error, its code.
func statusText(status int, body string) string {
	var e struct{ Code, Message string }
	switch {
	case xml.Unmarshal([]byte(body), &e) == nil && e.Code != "":
		return fmt.Sprintf("%d %s: %s", status, e.Code, e.Message)
	case body != "":
		return fmt.Sprintf("%d with a body", status)
	}
	return fmt.Sprint(status)
}

func errorText(err error) string {
	var e *cos.Error
	switch {
	case err == nil:
		return "no error"
	case errors.As(err, &e) && e.Status != 0:
		return fmt.Sprintf("%d %s", e.Status, e.Code)
	}
	return err.Error()
}
