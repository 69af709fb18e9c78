// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"errors"
	"net/http"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// class says what the failure of an attempt means.
type class struct {
	passing bool // another attempt may succeed
	notDone bool // COS did not carry out the request, though it was sent
}

// class is the only place that classifies failures: by the code of COS, else by the status.
func (e *Error) class() class {
	passing, _ := retryablehttp.DefaultRetryPolicy(context.Background(), &http.Response{StatusCode: e.Status}, nil)
	switch {
	case e.Status == 0:
		return class{passing: !isFinal(e.Err)}
	case e.IsThrottled():
		return class{passing: true, notDone: true}
	case e.Code == CodeOperationAborted:
		return class{passing: e.Op != PostInventory, notDone: true}
	case e.Code == CodeRequestTimeout:
		return class{passing: true}
	case e.Code == "" && !e.IsRedirect():
		return class{passing: passing} // somebody else answered, before or after COS
	}
	return class{passing: passing, notDone: !passing}
}

// IsPassing reports whether another attempt may succeed: after network errors and after responses
// that say that COS is busy, never after a response that finds fault with the request.
func (e *Error) IsPassing() bool { return e.class().passing }

// IsThrottled reports whether COS refused the request because of a rate limit.
func (e *Error) IsThrottled() bool {
	return e.Code == CodeSlowDown || e.Code != "" && e.Status == http.StatusTooManyRequests
}

// IsRedirect reports whether the response redirects to another address. None is followed.
func (e *Error) IsRedirect() bool {
	return e.Status >= http.StatusMultipleChoices && e.Status < http.StatusBadRequest
}

// isFinal reports whether another attempt would end in the same error.
func isFinal(err error) bool {
	var over *BudgetError
	return errors.As(err, &over) || network.IsFinal(err) || errors.Is(err, credentials.ErrNoCredentials) || errors.Is(err, ErrCredentialSource)
}
