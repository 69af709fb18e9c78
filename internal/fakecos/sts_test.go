package fakecos_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestAssumeRole_KeysOpenCOSAndSTSUntilTheyExpire(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := newServer(t, fakecos.Options{Clock: clock.Now, Roles: []fakecos.Role{{ARN: roleARN}}})
	answer := assume(t, s, clock.Now())
	key := answer.credential()
	if want := clock.Now().Unix() + 7200; answer.ExpiredTime != want || answer.Expiration != time.Unix(want, 0).UTC().Format("2006-01-02T15:04:05Z") {
		t.Errorf("expires %d, %s; want %d", answer.ExpiredTime, answer.Expiration, want)
	}

	clock.Advance(time.Unix(answer.ExpiredTime, 0).Sub(clock.Now()) - time.Second)
	wantStatus(t, listJobs(s, key, clock.Now()), http.StatusOK)
	readSTS(t, callSTS(s, "GetCallerIdentity", `{}`, key, clock.Now()), "")

	clock.Advance(time.Second)
	wantError(t, listJobs(s, key, clock.Now()), http.StatusBadRequest, "ExpiredToken")
	readSTS(t, callSTS(s, "GetCallerIdentity", `{}`, key, clock.Now()), "AuthFailure.TokenFailure")
}
