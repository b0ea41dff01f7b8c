package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Three providers keep their documents, and have ten faults each that can be switched on: a shop and a notebook in Go, and
// bookings in FastAPI with the document that FastAPI generates. With one fault, verify must report it, at the right operation,
// and nothing else. Without a fault, it must report nothing.

// fault is one of the ten kinds of faults. Each provider has each kind once, at an operation of its own choice.
type faultKind string

const (
	wrongSuccess   faultKind = "wrong-success-status"
	missingMember  faultKind = "missing-member"
	otherType      faultKind = "wrong-type"
	nullMember     faultKind = "null"
	failsOnInput   faultKind = "500-on-bad-input"
	acceptsInvalid faultKind = "invalid-input-accepted"
	undocumented   faultKind = "undocumented-status"
	contentType    faultKind = "content-type"
	openToAll      faultKind = "authentication-not-enforced"
	filterIgnored  faultKind = "filter-ignored"
)

var allFaults = []faultKind{
	wrongSuccess, missingMember, otherType, nullMember, failsOnInput, acceptsInvalid, undocumented, contentType, openToAll, filterIgnored,
}

// faultSet are the faults that are switched on.
type faultSet map[faultKind]bool

// faultyAPI is a provider with its faults, and how to judge it.
type faultyAPI struct {
	name, framework string
	document        string // file, or path on the provider
	header          string // the header with the credential
	credential      string
	start           func(t *testing.T, on ...faultKind) (url string)
	faults          map[faultKind]seeded
	hidden          []hiding
}

// seeded is where a provider has a fault, and by which findings it shows.
type seeded struct {
	what      string
	operation string
	status    string   // that its findings got, if they are about a status; empty: any
	shows     []string // ids of findings; one at least must be reported, and no others
}

// hiding is a pair of faults of which only the first shows if both are switched on.
type hiding struct {
	by, hides faultKind
	why       string
}

// ids are ids of findings, status those about the status.
func ids(list ...string) []string { return list }

func statusIDs(names ...string) (list []string) { return prefixed("status/", names) }

var (
	succeeding      = statusIDs("valid-request", "undocumented")
	failing         = statusIDs("server-error", "invalid-parameter", "undocumented")
	unauthenticated = statusIDs("no-credentials", "malformed-credentials", "unknown-credentials", "expired-credentials")
	unlisted        = statusIDs("undocumented")
	filtered        = ids("filter/ignored")
)

// faultyAPIs are the providers in Go, and the one in Python if its interpreter is given.
func faultyAPIs() []faultyAPI {
	list := []faultyAPI{faultyShop(), faultyNotes()}
	if *providersPython != "" {
		list = append(list, faultyBookings())
	}
	return list
}

// startInProcess starts a provider with faults.
func startInProcess(handler func(faultSet) http.Handler) func(*testing.T, ...faultKind) string {
	return func(t *testing.T, on ...faultKind) string {
		t.Helper()
		faults := faultSet{}
		for _, f := range on {
			faults[f] = true
		}
		provider := httptest.NewServer(handler(faults))
		t.Cleanup(provider.Close)
		return provider.URL
	}
}

// reported is a finding in a JSON report.
type reported struct{ operation, id, pointer, got string }

func (r reported) String() string {
	return fmt.Sprintf("%s: %s at %s, got %s", r.operation, r.id, r.pointer, r.got)
}

// verify judges the provider with faults. It returns the findings of the JSON report, warnings included, and the text report.
func (api faultyAPI) verify(t *testing.T, on ...faultKind) (code int, found []reported, out string) {
	t.Helper()
	args, written := api.args(t, api.start(t, on...))
	code, out, errs := quotaspec(t, args...)
	if errs != "" {
		t.Errorf("stderr: %s", errs)
	}
	return code, foundIn(t, written), out
}

// args are the arguments of verify, which also writes a JSON report.
func (api faultyAPI) args(t *testing.T, url string) (args []string, written string) {
	t.Helper()
	document := api.document
	if strings.HasPrefix(document, "/") {
		document = url + document
	}
	t.Setenv("QS_FAULTS", api.credential)
	written = filepath.Join(t.TempDir(), "report.json")
	return []string{
		"verify", url, "--document", document, "--allow-changes", "--fail-on", "inferred", "--report", "json=" + written,
		"--config", writeFile(t, "quotaspec.yaml", "principals: {reader: {token_env: QS_FAULTS}}"),
	}, written
}

// foundIn returns the findings of a JSON report, warnings included.
func foundIn(t *testing.T, file string) (found []reported) {
	t.Helper()
	type finding struct{ ID, Pointer, Got string }
	var report struct {
		Checks []struct {
			Operation          string
			Failures, Warnings []finding
		}
	}
	readJSON(t, file, &report)
	for _, c := range report.Checks {
		for _, f := range slices.Concat(c.Failures, c.Warnings) {
			found = append(found, reported{c.Operation, f.ID, f.Pointer, f.Got})
		}
	}
	return found
}

// isOf reports whether a finding is about a fault, as far as it says what it got.
func (s seeded) isOf(r reported) bool {
	isStatus := s.status == "" || r.got == "" || r.got == s.status
	return r.operation == s.operation && slices.Contains(s.shows, r.id) && isStatus
}

// problems compares the findings of a provider with its faults: each fault has a finding, each finding has a fault.
func (api faultyAPI) problems(found []reported, on ...faultKind) (problems []string) {
	for _, f := range on {
		if !slices.ContainsFunc(found, api.faults[f].isOf) {
			problems = append(problems, fmt.Sprintf("not found: %s: %s", f, api.faults[f].what))
		}
	}
	for _, r := range found {
		isExplained := func(f faultKind) bool { return api.faults[f].isOf(r) }
		if !slices.ContainsFunc(on, isExplained) {
			problems = append(problems, "no such fault: "+r.String())
		}
	}
	return problems
}

// TestFaults judges each provider right and with each fault.
func TestFaults(t *testing.T) {
	for _, api := range faultyAPIs() {
		t.Run(api.name+"/right", func(t *testing.T) {
			code, found, out := api.verify(t)
			for _, p := range api.problems(found) {
				t.Error(p)
			}
			if code != exitPassed {
				t.Errorf("exit %d, want %d:\n%s", code, exitPassed, out)
			}
		})
		for _, f := range allFaults {
			t.Run(fmt.Sprintf("%s/%s", api.name, f), func(t *testing.T) {
				code, found, out := api.verify(t, f)
				for _, p := range api.problems(found, f) {
					t.Error(p)
				}
				if code != exitFailed {
					t.Errorf("exit %d, want %d:\n%s", code, exitFailed, out)
				}
			})
		}
	}
}
