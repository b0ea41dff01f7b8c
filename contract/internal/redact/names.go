package redact

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// secretWords mark a name as that of a secret if it contains one. Case, hyphens, underscores and dots do not
// matter.
var secretWords = []string{
	"token", "secret", "password", "passwd", "passphrase", "signature", "credential",
	"apikey", "accesskey", "privatekey", "sessionid",
}

// separators are ignored in names.
var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// maxName is the number of bytes of a name that are searched. Longer names are text.
const maxName = 1 << 10

// isSecretName reports whether a value with this name is secret.
func isSecretName(name string) bool {
	if name = strings.ToLower(name[:min(len(name), maxName)]); strings.ContainsAny(name, "-_.") {
		name = separators.Replace(name)
	}
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// IsCredential reports whether the value of a header with this name is secret. More names may be given in addition
// to the well-known ones.
func IsCredential(name string, more []string) bool {
	switch name = http.CanonicalHeaderKey(name); {
	case strings.HasSuffix(name, "Authorization"), name == "Cookie", name == "Set-Cookie":
		return true
	case strings.HasPrefix(name, "Access-Control-"): // these contain names of headers, or say whether credentials are allowed
		return false
	}
	return isSecretName(name) || contains(more, name)
}

// isMisspelt reports whether a name is almost that of a secret in a list: a consumer that sends X-Auth-Tokn has sent its token.
func isMisspelt(name string, names []string) bool {
	return len(name) <= maxName && slices.ContainsFunc(names, func(n string) bool { return text.Edits(name, n) != text.Far })
}

// contains reports whether a name is in a list, ignoring case.
func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
