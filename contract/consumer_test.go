package contract_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	trips    = "/v2/trips?from=2026-05-01"
	bookings = "/v2/trips/7/bookings"
	booking  = `{"passenger":{"lastName":"Doe"},"seats":2}`
	login    = "user=doe&passphrase=long+enough"
)

// requestFault is a request with something wrong, or with nothing if want is empty.
type requestFault struct {
	name, request string
	isUnknown     bool     // the path is not in the document
	want          []string // the findings that fail the consumer: id, pointer and what the document says
}

// asks returns a request with the usual credentials and no body. Given headers replace the usual ones of the same name.
func asks(method, target string, headers ...string) string {
	return sends(method, target, "", headers...)
}

// sends returns a request with a body.
func sends(method, target, body string, headers ...string) string {
	head := method + " " + target + " HTTP/1.1\r\nHost: api.rail.example\r\n"
	usual := []string{"Authorization: Bearer secret-of-the-reader"}
	if body != "" {
		usual = append(usual, fmt.Sprintf("Content-Length: %d", len(body)), "Content-Type: application/json")
	}
	given := strings.Join(headers, "\r\n") + "\r\n"
	for _, h := range usual {
		if name, _, _ := strings.Cut(h, ":"); !strings.Contains("\r\n"+given, "\r\n"+name+":") {
			head += h + "\r\n"
		}
	}
	if len(headers) > 0 {
		head += given
	}
	return head + "\r\n" + body
}

// books returns a request with the header that its operation requires.
func books(body string, headers ...string) string {
	return sends("POST", bookings, body, append([]string{"Booking-Key: " + parcelID}, headers...)...)
}

// logsIn returns a request with a form, of an operation without credentials.
func logsIn(form string) string {
	return sends("POST", "/v2/logins", form, "Content-Type: application/x-www-form-urlencoded")
}

// checkFault judges a request with a right response. What is wrong with it must fail the consumer at each threshold, with the
// place in the document, and never the provider.
func checkFault(t *testing.T, judge *contract.Judge, fault requestFault, response string) {
	t.Helper()
	result := checkRaw(t, judge, fault.request, response)
	var got []string
	for _, f := range result.Findings {
		if f.Fails(contract.Consumer, spec.Recorded) {
			got = append(got, f.ID+" "+f.Pointer+": "+f.Want)
		}
	}
	if diff := cmp.Diff(fault.want, got); diff != "" {
		t.Errorf("findings of the consumer (-want +got):\n%s", diff)
	}
	for _, grade := range []spec.Grade{spec.Documented, spec.Recorded, spec.Inferred, spec.Undocumented} {
		err := result.ErrFor(contract.Consumer, grade)
		if both := result.ErrFor(contract.Both, grade); fmt.Sprint(both) != fmt.Sprint(err) {
			t.Errorf("both sides, fail on %s: got %v, want %v", grade, both, err)
		}
		if fails := len(fault.want) > 0; (err != nil) != fails {
			t.Errorf("the consumer, fail on %s: got %v, want an error: %t", grade, err, fails)
		}
		for _, f := range result.Findings {
			if err != nil && f.Fails(contract.Consumer, grade) && !strings.Contains(err.Error(), f.Place()) {
				t.Errorf("the error does not name %s:\n%v", f.Place(), err)
			}
		}
		provider := result.ErrFor(contract.Provider, grade)
		if isRight := provider == nil || fault.isUnknown && errors.Is(provider, contract.ErrUnknown); !isRight {
			t.Errorf("the provider, fail on %s: got %v", grade, provider)
		}
	}
	for _, f := range result.Findings {
		if strings.Contains(f.Want+f.Got+f.Pointer, "secret-of-the-") {
			t.Errorf("a secret is shown: %+v", f)
		}
	}
}

// TestRequestFaults judges requests with one fault each by a document unlike ours, and requests that are right.
func TestRequestFaults(t *testing.T) {
	judge, err := contract.Load("testdata/bookings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		kind   string
		faults []requestFault
	}{
		{kind: "right", faults: rightRequests},
		{kind: "line", faults: lineFaults},
		{kind: "query", faults: queryFaults},
		{kind: "header", faults: headerFaults},
		{kind: "body", faults: bodyFaults},
		{kind: "misspelt member", faults: misspeltMembers},
	} {
		for _, fault := range test.faults {
			t.Run(test.kind+"/"+fault.name, func(t *testing.T) {
				checkFault(t, judge, fault, "HTTP/1.1 204 No Content\r\n\r\n")
			})
		}
	}
}

// TestOtherHeaders checks that a header that the document does not have is a warning if it is no misspelling: it may be for a
// proxy. A header is no misspelling of one that the request has.
func TestOtherHeaders(t *testing.T) {
	judge, err := contract.Load("testdata/bookings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		headers []string
	}{
		{name: "another", headers: []string{"Shop-Trace: 1"}},
		{name: "near a parameter that was sent", headers: []string{"Rail-Currency: CHF", "Rail-Curency: CHF"}},
		{name: "near a credential that was sent", headers: []string{"Authorisation: Bearer secret-of-the-reader"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := checkRaw(t, judge, asks("GET", trips, test.headers...), "HTTP/1.1 204 No Content\r\n\r\n")
			if len(result.Findings) != 1 || result.Findings[0].ID != "header/undocumented" {
				t.Errorf("got %v", result.Findings)
			}
			if err := result.ErrFor(contract.Consumer, spec.Inferred); err != nil {
				t.Errorf("got %v", err)
			}
			if err := result.ErrFor(contract.Consumer, spec.Undocumented); err == nil {
				t.Error("no error, even if all that is undocumented fails")
			}
		})
	}
}
