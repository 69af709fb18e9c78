// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"errors"
	"net/url"
	"testing"
)

// TestNewHTTPRequest: keys and queries are escaped so that nobody on the way can read them otherwise.
// A call without a row in the table, and names that would change the host, are refused.
func TestNewHTTPRequest(t *testing.T) {
	t.Parallel()
	const name, path = "sourcebucket-1258888888", "https://sourcebucket-1258888888.cos.ap-shanghai.myqcloud.com/"
	here, evil, elsewhere := Bucket{"ap-shanghai", name}, Bucket{"ap-shanghai", "evil.example/a-1"}, Bucket{"evil.example/", name}
	job := here.Job("nightly")
	for _, test := range []struct {
		request request
		want    string // "": refused
	}{
		{request{op: GetObject, bucket: here, key: "a b+c/ü?#%41"}, path + "a%20b%2Bc/%C3%BC%3F%23%2541"},
		{listRequest(here, "a b+/"), path + "?inventory&continuation-token=a%20b%2B%2F"},
		{jobRequest(GetInventory, job, nil), path + "?inventory&id=nightly"},
		{request{op: ListObjects, bucket: here, query: encodeQuery(url.Values{"prefix": {"a b+c"}}), last: true}, path + "?prefix=a%20b%2Bc"},
		{serviceRequest(BucketFilter{TagKey: "a b", TagValue: "+"}, "c d"), "https://service.cos.myqcloud.com/?marker=c%20d&tagkey=a%20b&tagvalue=%2B"},
		{serviceRequest(BucketFilter{Region: elsewhere.Region}, ""), ""},
		{jobRequest(GetInventory, here.Job("a&b"), nil), ""},
		{jobRequest(GetInventory, evil.Job("a"), nil), ""},
		{request{op: "PutBucket", bucket: here}, ""},
		{listRequest(evil, ""), ""},
		{listRequest(elsewhere, ""), ""},
		{request{op: GetObject, bucket: elsewhere, key: "a"}, ""},
		{request{op: HeadBucket, bucket: evil}, ""},
	} {
		h, err := New(Config{}).newHTTPRequest(test.request)
		switch {
		case test.want == "":
			var value *ValueError
			if _, known := operations[test.request.op]; err == nil || errors.As(err, &value) != known {
				t.Errorf("%+v: %+v, %v", test.request, h, err)
			}
		case err != nil || h.URL.String() != test.want || h.Close != test.request.last:
			t.Errorf("%+v: %+v, %v", test.request, h, err)
		}
	}
}
