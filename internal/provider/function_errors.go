// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// argumentError returns the error for an argument.
func argumentError(position int64, value string, err error) *function.FuncError {
	if err == nil {
		return nil
	}
	return function.NewArgumentFuncError(position, fmt.Sprintf("%q: %v", value, err)) // Terraform ends it with a period
}
