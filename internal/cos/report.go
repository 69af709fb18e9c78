// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // the checksum that COS delivers
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
)

// DayFormat is the form of a day in the key of a manifest, for the time package.
const DayFormat = "20060102"

// maxZone is how far the time zone of COS's days, which no page names, may be from UTC.
const maxZone = 14 * time.Hour

// IsFutureDay reports whether a day has not begun in any time zone. COS's is not known.
func IsFutureDay(day, now time.Time) bool {
	return day.Format(DayFormat) > now.Add(maxZone).UTC().Format(DayFormat)
}

// Report is a delivered inventory report: its day and what its manifest says.
type Report struct {
	Day         string // see [DayFormat]
	ManifestKey string
	ChecksumKey string    // of the manifest's MD5 checksum
	ETag        string    // of the manifest, without quotes
	Delivered   time.Time // when the manifest was written; zero if COS does not say
	Manifest
}

// ReportPlace is where the reports of a job are: in a bucket, below the prefix of [ReportPrefix].
type ReportPlace struct {
	Bucket Bucket
	Prefix string

	within string // the destination's own prefix with its /, which all keys of a report have
}

// NewReportPlace returns where the reports of a job are in a destination. The prefix is the
// destination's own; "" means none.
func NewReportPlace(job Job, destination Bucket, prefix string) ReportPlace {
	return ReportPlace{Bucket: destination, Prefix: ReportPrefix(job.Name, job.ID, prefix), within: folder(prefix)}
}

func (p ReportPlace) dayPrefix(day string) string { return p.Prefix + day + "/" }

// ManifestKey returns the key of a day's manifest.
//
// https://www.tencentcloud.com/document/product/436/30622
func (p ReportPlace) ManifestKey(day string) string { return p.dayPrefix(day) + "manifest.json" }

func (p ReportPlace) checksumKey(day string) string { return p.dayPrefix(day) + "manifest.checksum" }

// ManifestError is the error of a manifest that is there, and is not one that COS delivers.
type ManifestError struct {
	Key string
	Err error
}

// Error names the key and what is wrong.
func (e *ManifestError) Error() string { return fmt.Sprintf("%q: %v", e.Key, e.Err) }

// Unwrap returns what is wrong.
func (e *ManifestError) Unwrap() error { return e.Err }

var errChecksum = errors.New("the manifest does not have the MD5 checksum that manifest.checksum names")

// Report reads the report of a day. It returns nil if there is none, or not all of it yet: COS
// writes the manifest and its checksum last. What is there and is not COS's is a [*ManifestError].
func (c *Client) Report(ctx context.Context, place ReportPlace, day string) (*Report, error) {
	return c.report(ctx, place, day, manifestVersion{})
}

// manifestVersion tells a manifest from another one of the same key.
type manifestVersion struct {
	etag     string
	modified time.Time
}

func versionOf(manifest Object) manifestVersion {
	return manifestVersion{manifest.ETag, manifest.Modified}
}

// report is [Client.Report]. A manifest that is the known one is no report.
func (c *Client) report(ctx context.Context, place ReportPlace, day string, known manifestVersion) (found *Report, err error) {
	share := c.budget.shareUntil(ctx, GetObject)
	defer func() {
		if found == nil {
			share.close()
		}
	}()
	object, err := c.getObject(ctx, place.Bucket, place.ManifestKey(day), share)
	if IsNoSuchKey(err) || err == nil && known != (manifestVersion{}) && versionOf(object) == known {
		return nil, nil //nolint:nilnil // no report is no error
	}
	if err != nil {
		return nil, err
	}
	checksum, err := c.getObject(ctx, place.Bucket, place.checksumKey(day), share)
	if IsNoSuchKey(err) {
		return nil, nil //nolint:nilnil // it is being delivered
	}
	if err != nil {
		return nil, err
	}
	if !isChecksum(checksum.Content, object.Content) {
		return nil, &ManifestError{object.Key, errChecksum}
	}
	manifest, err := decodeManifest(object.Content, place.within)
	if err == nil {
		err = object.secrets.Check(manifest)
	}
	if err != nil {
		return nil, &ManifestError{object.Key, object.secrets.Error(err)}
	}
	return &Report{Day: day, ManifestKey: object.Key, ChecksumKey: place.checksumKey(day), ETag: object.ETag, Delivered: object.Modified, Manifest: manifest}, nil
}

// NewestReport reads the newest report that is complete. It returns nil if there is none.
//
// The manifests are under their days, beside the data files, of which there may be very many. So it
// lists what starts like a day of this year, or else of any year: few data files do.
func (c *Client) NewestReport(ctx context.Context, place ReportPlace, now time.Time) (*Report, error) {
	const century = "20"
	last := now.Add(maxZone).UTC().Format(DayFormat)
	for _, start := range []string{last[:len("2006")], century} {
		days, err := c.completeDays(ctx, place, start, last)
		if err != nil {
			return nil, err
		}
		for _, day := range days {
			if report, err := c.Report(ctx, place, day); report != nil || err != nil {
				return report, err
			}
		}
	}
	return nil, nil //nolint:nilnil // no report is no error
}

// completeDays returns the days that start so, until the last, and whose manifest and checksum are
// listed, newest first. No other key is kept.
func (c *Client) completeDays(ctx context.Context, place ReportPlace, start, last string) ([]string, error) {
	type parts struct{ manifest, checksum bool }
	found := map[string]parts{}
	err := c.listKeys(ctx, place.Bucket, place.Prefix+start, func(key string) {
		day, _, _ := strings.Cut(strings.TrimPrefix(key, place.Prefix), "/")
		if _, err := time.Parse(DayFormat, day); err != nil || day > last {
			return
		}
		p := found[day]
		switch key {
		case place.ManifestKey(day):
			p.manifest = true
		case place.checksumKey(day):
			p.checksum = true
		default:
			return
		}
		found[day] = p
	})
	maps.DeleteFunc(found, func(_ string, p parts) bool { return p != parts{true, true} })
	days := slices.Sorted(maps.Keys(found))
	slices.Reverse(days)
	return days, err
}

// isChecksum reports whether text is the MD5 of content. No page shows its form: both usual ones,
// hex and Base64, are accepted, and also with the name of the file behind it, as md5sum writes it.
func isChecksum(text, content []byte) bool {
	sum := md5.Sum(content) //nolint:gosec // see the import
	given, _, _ := bytes.Cut(bytes.TrimSpace(bytes.TrimPrefix(text, byteOrderMark)), []byte(" "))
	return bytes.EqualFold(given, hex.AppendEncode(nil, sum[:])) || bytes.Equal(given, base64.StdEncoding.AppendEncode(nil, sum[:]))
}

// RunReport looks for the report of a one-time job that has just started. Reports that were there
// before, of a job that had the same id on another day, do not count.
type RunReport struct {
	client  *Client
	place   ReportPlace
	started time.Time
	before  map[string]manifestVersion // by day
}

// NewRunReport reads which reports are there before the one-time job starts. Its error is the same
// as that of a later look, such as a missing permission.
func (c *Client) NewRunReport(ctx context.Context, place ReportPlace, now time.Time) (*RunReport, error) {
	r := &RunReport{client: c, place: place, started: now, before: map[string]manifestVersion{}}
	for _, day := range r.days(now) {
		switch object, err := c.GetObject(ctx, place.Bucket, place.ManifestKey(day)); {
		case err == nil:
			r.before[day] = versionOf(object)
		case !IsNoSuchKey(err):
			return nil, err
		}
	}
	return r, nil
}

// days returns the days on which COS may have delivered by now, in any time zone.
func (r *RunReport) days(now time.Time) []string {
	var days []string
	last := now.Add(maxZone).UTC().Format(DayFormat)
	for t := r.started.Add(-maxZone).UTC(); ; t = t.AddDate(0, 0, 1) {
		day := t.Format(DayFormat)
		if day > last {
			return days
		}
		days = append(days, day)
	}
}

// Await looks for the report until it is there and complete, and calls waiting before each pause.
// It ends with ctx, whose error has the failure of the last look as its cause, or when COS refuses
// the look.
func (r *RunReport) Await(ctx context.Context, waiting func()) (*Report, error) {
	var found *Report
	var last error
	err := r.client.poll(ctx, func() (bool, error) {
		report, failure := r.look(ctx)
		if ctx.Err() == nil || report != nil || isAnswered(failure) { // else the end says more
			found, last = report, failure
		}
		if isRefusal(last) {
			return false, last
		}
		return found != nil, nil
	}, waiting)
	if err != nil && last != nil && !isRefusal(last) {
		err = fmt.Errorf("%w; the last look failed: %w", err, last)
	}
	return found, err
}

func (r *RunReport) look(ctx context.Context) (*Report, error) {
	for _, day := range r.days(time.Now()) {
		if report, err := r.client.report(ctx, r.place, day, r.before[day]); report != nil || err != nil {
			return report, err
		}
	}
	return nil, nil //nolint:nilnil // not yet
}

// isRefusal reports whether a look that fails so will fail again.
func isRefusal(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code != "" && !e.IsPassing() || errors.Is(err, credentials.ErrNoCredentials)
}

// isAnswered reports whether a call failed with a response.
func isAnswered(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status != 0
}
