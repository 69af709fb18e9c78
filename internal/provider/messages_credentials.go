// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// credentialsFault reports why there are no credentials: the source, what is wrong with it or what
// STS returned, and what to do.
func credentialsFault(err error) diag.Diagnostic {
	const summary = "Unable to Obtain Credentials"
	fault := &credentials.Error{Problem: err.Error()}
	errors.As(err, &fault)
	from := "The credential configuration is invalid."
	if fault.Origin != "" {
		from = fmt.Sprintf("Credential source: %s.", fault.Origin)
	}
	said := sentence(capitalized(fault.Problem))
	if fault.RequestID != "" {
		said += "\nRequest id: " + fault.RequestID
	}
	detail := strings.Join([]string{from, said, fault.Remedy}, "\n\n")
	return aboutSetting(fault.Setting, diag.NewErrorDiagnostic(summary, detail))
}

// describeKeysFailure says in a clause why there are no credentials.
func describeKeysFailure(fault *credentials.Error) string {
	var b strings.Builder
	if fault.Origin != "" {
		fmt.Fprintf(&b, "the credential source is %s, and ", fault.Origin)
	}
	b.WriteString(fault.Problem)
	if fault.RequestID != "" {
		fmt.Fprintf(&b, " (request id of STS: %s)", fault.RequestID)
	}
	return b.String()
}

// unusedSource warns that the configuration names a credential source but another one takes
// precedence, perhaps one of the environment that nobody thinks of.
func unusedSource(attribute credentials.Setting, value string, used *credentials.Found) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(settingPath(attribute), "Source of Credentials Not Used", fmt.Sprintf(
		"%s is %s, but the credentials come from %s, a source that takes precedence. Remove one of the two.", attribute, untrusted.Quote(value), used.Origin))
}

// environmentRole warns that the configuration's keys only serve to assume a role that the
// environment names.
func environmentRole(arn string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("secret_id"), "Role of the Environment Assumed", fmt.Sprintf(
		"The configuration has secret_id and secret_key, and %s in the environment is %s. The provider assumes that role with these keys. "+
			"Unset %[1]s to use the keys themselves, or write assume_role into the configuration to use the role without this warning.", envAssumeRoleARN, untrusted.Text(arn)))
}

// aboutSetting gives a diagnostic the path of a setting. One that is about a variable of the
// environment gets none. An empty path would keep the CLI from showing the block.
func aboutSetting(setting credentials.Setting, d diag.Diagnostic) diag.Diagnostic {
	if setting == "" {
		return d
	}
	return diag.WithPath(settingPath(setting), d)
}

// settingPath returns the path of the attribute.
func settingPath(setting credentials.Setting) path.Path {
	p := path.Empty()
	for name := range strings.FieldsFuncSeq(string(setting), func(r rune) bool { return r == '.' }) {
		p = p.AtName(name)
	}
	return p
}
