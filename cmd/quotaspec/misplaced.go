package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/report"
)

// misplaced is an error if a provider of another API answered every probe with 404 and its URL lacks the base path of the
// document's servers: then nothing of the API was asked. It takes those answers out of the report.
func (v *verification) misplaced() error {
	if v.document == "" || v.asked == nil {
		return nil
	}
	at, base := v.asked.at, v.asked.judge.BasePath()
	path := strings.TrimSuffix(at.Path, "/")
	probed := func(c report.Check) bool { return c.Source == report.Probes && c.Status != report.Skip }
	found := func(c report.Check) bool { return probed(c) && c.HTTP != http.StatusNotFound }
	switch {
	case base == "" || strings.HasSuffix(path, base):
		return nil
	case !slices.ContainsFunc(v.report.Checks, probed) || slices.ContainsFunc(v.report.Checks, found):
		return nil
	}
	v.report.Checks = slices.DeleteFunc(v.report.Checks, probed)
	meant := *at
	if meant.Path, meant.RawPath = base, ""; !strings.HasPrefix(base, path+"/") {
		meant.Path = path + base
	}
	return fmt.Errorf("%s: nothing was judged: every request was answered 404: did you mean %s?", at, &meant)
}
