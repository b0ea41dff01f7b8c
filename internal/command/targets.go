package command

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/traffic"
)

// ParseTarget reads the http or https URL of a provider. Its errors repeat the URL as it is; OneLine masks a password in it.
func ParseTarget(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Hostname() == "" {
		return nil, withoutScheme(text)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		shown, _, _ := strings.Cut(text, "#") // a fragment is sent to nobody, so it may be anything
		return nil, fmt.Errorf("target %q: want only scheme, host and path", shown)
	}
	return u, nil
}

// withoutScheme explains a target that is no URL with a scheme: it is a document, or lacks http://. What stands before an @ may
// be a password, also where the URL cannot be parsed, and is not shown.
func withoutScheme(target string) error {
	if at := strings.LastIndex(target, "@"); at >= 0 {
		return fmt.Errorf("target %q: want a URL without user and password, such as http://127.0.0.1:8080",
			traffic.Redacted+target[at:])
	}
	host, _, _ := strings.Cut(target, "/")
	_, port, hasPort := strings.Cut(host, ":")
	switch {
	case IsDocument(target):
		return fmt.Errorf("target %q: want a URL; is it a document? Give it with --document %s", target, target)
	case hasPort && port != "" && strings.Trim(port, "0123456789") == "":
		return fmt.Errorf("target %q: did you mean http://%s?", target, target)
	}
	return fmt.Errorf("target %q: want a URL such as http://127.0.0.1:8080", target)
}

// IsDocument reports whether an argument is meant as a file with an OpenAPI document.
func IsDocument(arg string) bool {
	return slices.Contains(DocumentExtensions(), strings.TrimPrefix(filepath.Ext(arg), "."))
}

// DocumentExtensions returns the extensions of files with an OpenAPI document.
func DocumentExtensions() []string { return []string{"yaml", "yml", "json"} }
