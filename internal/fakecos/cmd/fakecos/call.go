// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // Content-MD5 is what the service demands
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func call(ctx context.Context, args []string, c console) error {
	flags := flag.NewFlagSet("fakecos call METHOD", flag.ContinueOnError)
	bucket := flags.String("bucket", "", "bucket `name`, as examplebucket-1250000000")
	id := flags.String("id", "", "job `id`; all methods but LIST need one")
	region := flags.String("region", c.getenv(envRegion), "bucket's `region` (default $"+envRegion+")")
	token := flags.String("continuation-token", "", "`token` of the LIST page to get")
	file := flags.String("file", "", "`document` PUT and POST send, - for stdin (default a job that delivers to reports-1250000000)")
	prefix := flags.String("prefix", "", "`start` of the keys that OBJECTS lists")
	key := flags.String("key", "", "`key` of the object that OBJECT gets")

	method := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		method, args = strings.ToUpper(args[0]), args[1:]
	}
	if err := parse(flags, args, c); err != nil {
		return err
	}
	target, query := &url.URL{Path: "/"}, url.Values{"inventory": {""}}
	writes := method == http.MethodPut || method == http.MethodPost
	switch method {
	case http.MethodPut, http.MethodPost, http.MethodGet, http.MethodDelete:
		if *id == "" {
			return fmt.Errorf("%s needs -id", method)
		}
		query.Set("id", *id)
	case "LIST":
		method = http.MethodGet
		query.Set("continuation-token", *token)
	case "OBJECTS":
		method, query = http.MethodGet, url.Values{"prefix": {*prefix}}
	case "OBJECT":
		if *key == "" {
			return errors.New("OBJECT needs -key")
		}
		method, target.Path, query = http.MethodGet, "/"+*key, nil
	default:
		return fmt.Errorf("the method must be PUT, GET, LIST, DELETE, POST, OBJECTS or OBJECT, not %q", method)
	}
	target.RawQuery = query.Encode()
	if *bucket == "" || *region == "" {
		return errors.New("-bucket and -region must be given")
	}
	var body []byte
	var err error
	switch {
	case *file != "" && !writes:
		return errors.New("-file goes with PUT and POST")
	case *file == "-":
		body, err = io.ReadAll(c.stdin)
	case *file != "":
		body, err = os.ReadFile(*file)
	case writes:
		body = sampleJob(*id, *region, method == http.MethodPut)
	}
	if err != nil {
		return err
	}
	request, err := newRequest(ctx, method, target, body, c.getenv)
	if err != nil {
		return err
	}
	request.Host = *bucket + ".cos." + *region + ".myqcloud.com"
	cos.AddAuthorizationHeader(c.getenv(envSecretID), c.getenv(envSecretKey), "", request, cos.NewAuthTime(5*time.Minute))
	return send(request, c.stdout)
}

// sampleJob is a daily or a one-time job that delivers to a bucket that serve makes by default.
func sampleJob(id, region string, daily bool) []byte {
	when := ""
	if daily {
		when = "<IsEnabled>true</IsEnabled><Schedule><Frequency>Daily</Frequency></Schedule>"
	}
	return []byte("<InventoryConfiguration><Id>" + id + "</Id>" + when + "<IncludedObjectVersions>All</IncludedObjectVersions>" +
		"<Destination><COSBucketDestination><Bucket>qcs::cos:" + region + "::reports-1250000000</Bucket><Format>CSV</Format>" +
		"</COSBucketDestination></Destination></InventoryConfiguration>")
}

// deliver makes the server do what the service does at night.
func deliver(ctx context.Context, args []string, c console) error {
	if err := parse(flag.NewFlagSet("fakecos deliver", flag.ContinueOnError), args, c); err != nil {
		return err
	}
	request, err := newRequest(ctx, http.MethodPost, &url.URL{Path: fakecos.DeliverPath}, nil, c.getenv)
	if err != nil {
		return err
	}
	return send(request, c.stdout)
}

func newRequest(ctx context.Context, method string, target *url.URL, body []byte, getenv func(string) string) (*http.Request, error) {
	domain := getenv(envDomain)
	if domain == "" {
		return nil, errors.New(envDomain + " is not set: fakecos serve prints it")
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(domain, "/")+target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", envDomain, err)
	}
	if body != nil {
		digest := md5.Sum(body) //nolint:gosec // see the import
		request.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(digest[:]))
		request.Header.Set("Content-Type", "application/xml")
	}
	return request, nil
}

func send(request *http.Request, stdout io.Writer) error {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	fmt.Fprintln(stdout, response.Status)
	if len(body) > 0 {
		fmt.Fprintln(stdout, strings.TrimSuffix(string(body), "\n"))
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answered %s", request.Method, response.Status)
	}
	return nil
}
