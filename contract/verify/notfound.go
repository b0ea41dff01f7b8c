package verify

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

// NotFoundError says that the providers responded to every probe as to an unknown path, so that nothing was judged.
type NotFoundError struct {
	URL   *url.URL // of the first provider
	Meant *url.URL // with the base path of the document's servers; nil: not known
	// Refused says that some were 401, to a reader whose credentials nobody has given: one without a Doubt.
	Refused bool
}

// Error asks for the right URL.
func (e *NotFoundError) Error() string {
	meant := "do the paths of the document begin at another URL?"
	if e.Meant != nil {
		meant = fmt.Sprintf("did you mean %s?", e.Meant)
	}
	return fmt.Sprintf("%s: nothing was judged: every response was 404: %s", e.URL, meant)
}

// isOfUnknownPath reports whether a response looks like that to a path that the provider does not have. Many providers look at
// the method first, and respond to OPTIONS for all paths alike.
func isOfUnknownPath(c report.Check) bool {
	method, _ := requestLine(c.Request)
	statuses := []int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}
	return method == http.MethodOptions || slices.Contains(statuses, c.HTTP)
}

// notFound is a *NotFoundError if no probe reached the API: each was answered as if its path were unknown, and one of these is so:
//
//	the URL lacks the base path of the document's servers    did you mean URL/v1?
//	a probe of a path without parameters failed with 404     do the paths begin at another URL?
//
// If the reader has credentials that need not be valid there, 401 is like 404: the provider knows neither them nor the API.
//
// A path with parameters may also get 404 since there is no such thing: /books/b7. It removes those checks from the report.
func (r *run) notFound(providers []Provider) error {
	probed := func(c report.Check) bool { return c.Suite == report.Probes && c.Status != report.Skip }
	isSample := func(at Provider) bool { reader, has := at.Principals[probe.Reader]; return has && reader.Doubt == "" }
	areSamples := slices.ContainsFunc(providers, isSample)
	refused := func(c report.Check) bool { return areSamples && c.HTTP == http.StatusUnauthorized }
	isFound := func(c report.Check) bool { return probed(c) && !isOfUnknownPath(c) && !refused(c) }
	if len(providers) == 0 || slices.ContainsFunc(r.report.Checks, isFound) {
		return nil
	}
	fixed := map[string]bool{} // ids of operations whose paths have no parameters
	for _, at := range providers {
		for _, op := range at.Judge.Document().Operations {
			fixed[op.ID] = !strings.Contains(op.Path, "{")
		}
	}
	err := &NotFoundError{URL: providers[0].URL}
	if len(providers) == 1 {
		err.Meant = withBasePath(providers[0])
	}
	isMissing := func(c report.Check) bool {
		isUnknown := c.HTTP == http.StatusNotFound || refused(c)
		isWrong := c.Status == report.Fail && fixed[c.Operation]
		proves := err.Meant != nil || isWrong
		return probed(c) && isUnknown && proves
	}
	if !slices.ContainsFunc(r.report.Checks, isMissing) {
		return nil
	}
	err.Refused = slices.ContainsFunc(r.report.Checks, refused)
	r.report.Checks = slices.DeleteFunc(r.report.Checks, probed)
	return err
}

// withBasePath returns the URL of a provider with the base path of the document's servers, or nil if it has that already.
func withBasePath(at Provider) *url.URL {
	base, path := at.Judge.BasePath(), strings.TrimSuffix(at.URL.Path, "/")
	if base == "" || strings.HasSuffix(path, base) {
		return nil
	}
	meant := *at.URL
	if meant.Path, meant.RawPath = base, ""; !strings.HasPrefix(base, path+"/") {
		meant.Path = path + base
	}
	return &meant
}
