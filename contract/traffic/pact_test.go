package traffic

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// shownPact is what a test compares of an interaction.
type shownPact struct {
	At         string
	Request    string // method, target, headers and body
	Response   string
	Unrecorded contract.Unrecorded
	Skip       Reason
}

func shownPacts(t *testing.T, file string) (list []shownPact) {
	t.Helper()
	for e, err := range ReadHAR(strings.NewReader(file)) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Skip != "" {
			list = append(list, shownPact{Skip: e.Skip})
			continue
		}
		if !e.Exchange.Expected {
			t.Errorf("%s is not marked as expected", e.Interaction)
		}
		lines := func(header map[string][]string, body []byte) string {
			var b strings.Builder
			for _, name := range sortedNames(header) {
				b.WriteString("\n" + name + ": " + strings.Join(header[name], " | "))
			}
			if len(body) > 0 {
				b.WriteString("\n" + string(body))
			}
			return b.String()
		}
		request, response := e.Exchange.Request, e.Exchange.Response
		shown := shownPact{At: e.Interaction.String(), Unrecorded: e.Exchange.Unrecorded}
		shown.Request = request.Method + " " + request.Target + lines(request.Header, request.Body)
		if response.Status != 0 {
			shown.Response = strings.TrimSpace(lines(response.Header, response.Body))
		}
		list = append(list, shown)
	}
	return list
}

// TestReadPact tests that the three versions are read alike: the files in testdata have the same interactions.
func TestReadPact(t *testing.T) {
	const (
		framing = contract.UnrecordedFraming
		noToken = contract.UnrecordedFraming | contract.UnrecordedCredentials
	)
	want := []shownPact{
		{
			At:       `interaction 1 "a request for small shops" (given "two shops exist")`,
			Request:  "GET /shops?kind=small&tag=a%26b&tag=c,d\nAccept: application/json\nHost: localhost\nX-Auth-Token: token-of-a-test",
			Response: "Content-Type: application/json\n[{\"id\": 1.0, \"name\": \"é\"}]", Unrecorded: framing,
		},
		{
			At:       `interaction 2 "a new shop"`,
			Request:  "POST /shops/a%20b\nContent-Type: application/json\nHost: localhost\n{\"name\": \"x\"}",
			Response: "Location: /shops/3", Unrecorded: noToken,
		},
		{
			At:       `interaction 3 "a text"`,
			Request:  "PUT /notes\nContent-Type: text/plain\nHost: localhost\n{\"no\": JSON",
			Response: "Content-Type: application/json\n\"done\"", Unrecorded: noToken,
		},
	}
	for _, version := range []string{"2", "3", "4"} {
		t.Run(version, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "pact-v"+version+".json"))
			if err != nil {
				t.Fatal(err)
			}
			want := want
			if version == "4" {
				binary := shownPact{
					At: `interaction 4 "bytes"`, Request: "PUT /notes\nContent-Type: image/png\nHost: localhost\n\x89PNG", Unrecorded: noToken,
				}
				want = append(want[:len(want):len(want)], binary, shownPact{Skip: NotHTTP})
			}
			if diff := cmp.Diff(want, shownPacts(t, string(data))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestReadPactErrors tests that an error is one line that names the interaction and the member, and no value.
func TestReadPactErrors(t *testing.T) {
	const right = `{"description":"a","request":{"method":"GET","path":"/a"}}`
	pact := func(interactions string) string {
		return `{"consumer":{"name":"a"},"interactions":[` + interactions + `]}`
	}
	for _, test := range []struct{ name, file, want string }{
		{name: "no JSON", file: "{\"consumer\":{},\n\"interactions\":[nope]}", want: "not JSON at line 2"},
		{name: "cut off", file: "{\"consumer\":{},\n\"interactions\":[{\"a\":", want: "cut off at line 2"},
		{name: "no interactions", file: pact(""), want: "no interactions in it"},
		{name: "messages only", file: `{"consumer":{},"messages":[{}],"provider":{}}`, want: "no interactions in it"},
		{name: "too many", file: pact("{}" + strings.Repeat(",{}", 10_000)), want: "10001 interactions in it, more than 10000"},
		{name: "no list", file: `{"consumer":{},"interactions":{}}`, want: "interactions: want a list, got object"},
		{name: "no object", file: pact("7"), want: "interaction 1: want an object, got number"},
		{name: "no request", file: pact(right + `,{"description":"b"}`), want: `interaction 2 "b": request is missing`},
		{name: "no method", file: pact(`{"description":"b","request":{}}`), want: `interaction 1 "b": request.method is missing`},
		{
			name: "a method of another type", file: pact(`{"description":"b","request":{"method":7}}`),
			want: `interaction 1 "b": request.method: want a text, got number`,
		},
		{
			name: "no path", file: pact(`{"request":{"method":"GET","path":"a"}}`),
			want: `interaction 1: request.path is missing or does not begin with a slash`,
		},
		{
			name: "a wrong query", file: pact(`{"request":{"method":"GET","path":"/a","query":7}}`),
			want: "interaction 1: request.query: want a text or an object",
		},
		{
			name: "a wrong parameter", file: pact(`{"request":{"method":"GET","path":"/a","query":{"b":[{}]}}}`),
			want: `interaction 1: request.query: "b": want a text or a list of texts`,
		},
		{
			name: "a wrong header", file: pact(`{"request":{"method":"GET","path":"/a"},"response":{"headers":{"B":{}}}}`),
			want: `interaction 1: response.headers: "B": want a text or a list of texts`,
		},
		{
			name: "a list of headers", file: pact(`{"request":{"method":"GET","path":"/a","headers":[]}}`),
			want: "interaction 1: request.headers: want an object, got array",
		},
		{
			name: "a wrong status", file: pact(`{"request":{"method":"GET","path":"/a"},"response":{"status":"200"}}`),
			want: "interaction 1: response.status: want a whole number, got string",
		},
		{
			name: "a wrong body of version 4", want: "interaction 1: request.body: want an object, got array",
			file: pact(`{"type":"Synchronous/HTTP","request":{"method":"GET","path":"/a","body":[]}}`),
		},
		{
			name: "a body that is not base64", want: "interaction 1: request.body: content is not base64",
			file: pact(`{"type":"Synchronous/HTTP","request":{"method":"GET","path":"/a","body":{"content":"%","encoded":"base64"}}}`),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, err := range ReadHAR(strings.NewReader(test.file)) {
				if err != nil {
					got = err.Error()
				}
			}
			if want := "read the Pact file: " + test.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestReadPactStops tests that the reader ends with the loop.
func TestReadPactStops(t *testing.T) {
	const one = `{"request":{"method":"GET","path":"/a"}}`
	n := 0
	for _, err := range ReadHAR(strings.NewReader(`{"provider":{},"interactions":[` + one + "," + one + `]}`)) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		break
	}
	if n != 1 {
		t.Errorf("got %d entries", n)
	}
}

func sortedNames(header map[string][]string) []string { return slices.Sorted(maps.Keys(header)) }
