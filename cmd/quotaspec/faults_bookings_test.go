package main

import (
	"bufio"
	"flag"
	"os/exec"
	"strings"
	"testing"
)

var providersPython = flag.String("providers", "", "the `PYTHON` that has testdata/providers/requirements.txt: also judge bookings.py")

// faultyBookings says where bookings.py has its faults.
func faultyBookings() faultyAPI {
	const key = "key-of-the-hotel"
	return faultyAPI{
		name: "bookings", framework: "Python, FastAPI", document: "/openapi.json", header: "X-Hotel-Key: " + key,
		credential: key, start: startBookings,
		faults: map[faultKind]seeded{
			wrongSuccess:   {what: "deleteBooking answers 200, not 204", operation: "deleteBooking", status: "200", shows: succeeding},
			missingMember:  {what: "listRooms omits the beds", operation: "listRooms", shows: ids("schema/required")},
			otherType:      {what: "showBooking writes the nights as text", operation: "showBooking", shows: ids("schema/type")},
			nullMember:     {what: "listBookings has a guest that is null", operation: "listBookings", shows: ids("schema/type")},
			failsOnInput:   {what: "listRooms answers 500 to a limit that is no number", operation: "listRooms", status: "500", shows: failing},
			acceptsInvalid: {what: "changeBooking accepts 0 nights", operation: "changeBooking", shows: statusIDs("invalid-parameter")},
			undocumented:   {what: "showRoom answers 410 for an unknown room", operation: "showRoom", status: "410", shows: unlisted},
			contentType:    {what: "getHealth says text/plain", operation: "getHealth", shows: ids("media-type/undocumented")},
			openToAll:      {what: "listBookings needs no key", operation: "listBookings", shows: unauthenticated},
			filterIgnored:  {what: "listRooms ignores kind", operation: "listRooms", shows: filtered},
		},
		hidden: []hiding{
			{by: missingMember, hides: filterIgnored, why: "a filter is not judged by a body that breaks its schema"},
		},
	}
}

// startBookings starts bookings.py. It ends when its input does.
func startBookings(t *testing.T, on ...faultKind) (url string) {
	t.Helper()
	names := []string{}
	for _, f := range on {
		names = append(names, string(f))
	}
	provider := exec.CommandContext(t.Context(), *providersPython, "testdata/providers/bookings.py", strings.Join(names, ","))
	var errs strings.Builder
	provider.Stderr = &errs
	input, err := provider.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := provider.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := provider.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		_ = provider.Wait()
	})
	url, err = bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("bookings.py: %v: %s", err, errs.String())
	}
	return strings.TrimSpace(url)
}
