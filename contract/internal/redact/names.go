package redact

import (
	"net/http"
	"slices"
	"strings"
)

// secretWords make a name one of a secret. Case, hyphens, underscores and dots do not matter.
var secretWords = []string{
	"token", "secret", "password", "passwd", "passphrase", "signature", "credential", "apikey", "accesskey", "privatekey", "sessionid",
}

// separators are what does not count in a name.
var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// maxName is how many bytes of a name are looked at: a longer one is text.
const maxName = 1 << 10

// isSecretName says whether what goes by this name must not be shown.
func isSecretName(name string) bool {
	if name = strings.ToLower(name[:min(len(name), maxName)]); strings.ContainsAny(name, "-_.") {
		name = separators.Replace(name)
	}
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// IsCredential says whether the value of a header must not be shown. more are names beside the well-known ones.
func IsCredential(name string, more []string) bool {
	switch name = http.CanonicalHeaderKey(name); {
	case strings.HasSuffix(name, "Authorization"), name == "Cookie", name == "Set-Cookie":
		return true
	case strings.HasPrefix(name, "Access-Control-"): // they name headers, and one says whether credentials are allowed
		return false
	}
	return isSecretName(name) || contains(more, name)
}

func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
