// Package sarif has the part of SARIF 2.1.0 that reports write: docs.oasis-open.org/sarif/sarif/v2.1.0. It knows no report.
package sarif

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Fingerprint identifies a result across runs. It does not depend on the line or on what was got, which change while the cause
// stays; it does depend on the pointer in the document. Equal results are numbered in their order.
func Fingerprint(count map[string]int, parts ...string) string {
	key := strings.Join(parts, "\x00")
	count[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, count[key]))
	return hex.EncodeToString(sum[:16])
}

// sourceRoot is the root of the repository in which the run took place.
const sourceRoot = "%SRCROOT%"

// NewFile returns the location of a file: relative to the root of the repository if the file is in it or on the web, and
// otherwise with the scheme file.
func NewFile(file, folder string) File {
	if address, err := url.Parse(file); err == nil && (address.Scheme == "http" || address.Scheme == "https") {
		return File{strings.TrimPrefix(address.EscapedPath(), "/"), sourceRoot}
	}
	if below, err := filepath.Rel(folder, file); folder != "" && err == nil && filepath.IsLocal(below) {
		file = below
	}
	uri := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		uri.Scheme, uri.Path = "file", "/"+strings.TrimPrefix(uri.Path, "/")
		return File{URI: uri.String()}
	}
	if !filepath.IsLocal(file) {
		return File{URI: uri.String()}
	}
	return File{uri.String(), sourceRoot}
}

// Region is the line of a place, and in the first line its column: a document may have one line only.
func Region(place spec.Place) map[string]int {
	region := map[string]int{"startLine": place.Line}
	if place.Line == 1 && place.Column > 1 {
		region["startColumn"] = place.Column
	}
	return region
}
