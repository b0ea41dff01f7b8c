package media

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       string
		params     map[string]string
		err        error
	}{
		{name: "a type", text: "application/json", want: "application/json"},
		{name: "in upper case", text: "Application/JSON", want: "application/json"},
		{name: "with white space around it", text: " text/plain\t", want: "text/plain"},
		{name: "a suffix", text: "application/problem+json", want: "application/problem+json"},
		{name: "a parameter", text: "application/json;charset=utf-8", want: "application/json", params: map[string]string{"charset": "utf-8"}},
		{name: "its name in upper case", text: "text/plain; CHARSET=UTF-8", want: "text/plain", params: map[string]string{"charset": "UTF-8"}},
		{name: "white space before semicolons", text: "a/b ; c=d \t; e=f ", want: "a/b", params: map[string]string{"c": "d", "e": "f"}},
		{
			name: "a text in quotes", text: `multipart/mixed; boundary="a b;c=\"d\\"; x="";y=z`, want: "multipart/mixed",
			params: map[string]string{"boundary": `a b;c="d\`, "x": "", "y": "z"},
		},
		{name: "semicolons alone", text: "a/b;; c=d; ;", want: "a/b", params: map[string]string{"c": "d"}},

		{name: "nothing", text: "", want: "", err: errName},
		{name: "no subtype", text: "json", want: "", err: errName},
		{name: "an empty subtype", text: "application/", want: "", err: errName},
		{name: "two slashes", text: "a/b/c", want: "", err: errName},
		{name: "a blank in it", text: "application/ json", want: "", err: errName},
		{name: "two types", text: "a/b, c/d", want: "", err: errName},
		{name: "a parameter without value", text: "a/b; c", want: "", err: errParameter},
		{name: "an empty value", text: "a/b; c=", want: "", err: errParameter},
		{name: "blanks around the equals sign", text: "a/b; c = d", want: "", err: errParameter},
		{name: "two words", text: "a/b; c=d e", want: "", err: errParameter},
		{name: "a quote without end", text: `a/b; c="d`, want: "", err: errParameter},
		{name: "a quote with an escaped end", text: `a/b; c="d\"`, want: "", err: errParameter},
		{name: "a control character", text: "a/b; c=\"\x01\"", want: "", err: errParameter},
		{name: "text behind the quotes", text: `a/b; c="d"e`, want: "", err: errParameter},
		{name: "more parameters than the limit", text: "a/b" + strings.Repeat(";", maxParams+1), want: "", err: errParameter},
		{name: "a parameter twice", text: "a/b; c=d; C=d", want: "", err: errDuplicate},
	} {
		got, err := Parse(test.text)
		if got.Name != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: got %q and %v, want %q and %v", test.name, got.Name, err, test.want, test.err)
		}
		for name, want := range test.params {
			if value, ok := got.Param(name); value != want || !ok {
				t.Errorf("%s: %s: got %q, want %q", test.name, name, value, want)
			}
		}
		if _, ok := got.Param("none"); ok {
			t.Errorf("%s: has a parameter that is not there", test.name)
		}
	}
}

func TestBest(t *testing.T) {
	for _, test := range []struct {
		name string
		keys []string
		of   string
		want string // "": nothing
	}{
		{name: "the same", keys: []string{"text/plain", "application/json"}, of: "application/json", want: "application/json"},
		{name: "another case", keys: []string{"Application/JSON"}, of: "application/json", want: "Application/JSON"},
		{
			name: "parameters that the document does not name", keys: []string{"application/json"},
			of: "application/json; version=2", want: "application/json",
		},
		{name: "nothing", keys: []string{"application/json"}, of: "application/problem+json", want: ""},
		{name: "no key", of: "application/json", want: ""},
		{name: "a key that is none", keys: []string{"json", "*"}, of: "application/json", want: ""},

		{name: "the parameter of the first", keys: []string{"a/b; version=1", "a/b; version=2"}, of: "a/b; version=1", want: "a/b; version=1"},
		{
			name: "the parameter of the second", keys: []string{"a/b; version=1", "a/b; version=2"}, of: "a/b;version=\"2\"",
			want: "a/b; version=2",
		},
		{name: "the parameter of none", keys: []string{"a/b; version=1", "a/b; version=2"}, of: "a/b; version=3", want: ""},
		{name: "no parameter", keys: []string{"a/b; version=1"}, of: "a/b", want: ""},
		{name: "with a parameter before without", keys: []string{"a/b", "a/b; version=2"}, of: "a/b; version=2", want: "a/b; version=2"},
		{name: "without, where that with one does not match", keys: []string{"a/b; version=1", "a/b"}, of: "a/b; version=2", want: "a/b"},
		{name: "values have case", keys: []string{"a/b; profile=X"}, of: "a/b; profile=x", want: ""},
		{name: "two parameters before one", keys: []string{"a/b; c=1", "a/b; c=1; d=2"}, of: "a/b; d=2; c=1", want: "a/b; c=1; d=2"},

		{
			name: "a charset", keys: []string{"text/plain; charset=utf-8", "text/plain; charset=latin1"},
			of: "text/plain; charset=LATIN1", want: "text/plain; charset=latin1",
		},
		{
			name: "the usual charset is not named", keys: []string{"application/json; charset=utf-8"}, of: "application/json",
			want: "application/json; charset=utf-8",
		},
		{name: "a charset without its hyphen", keys: []string{"a/b; charset=utf-8"}, of: "a/b; charset=UTF8", want: "a/b; charset=utf-8"},
		{name: "another charset", keys: []string{"text/plain; charset=utf-8"}, of: "text/plain; charset=latin1", want: ""},

		{name: "exact before ranges", keys: []string{"*/*", "a/*", "a/*+json", "a/b+json"}, of: "a/b+json", want: "a/b+json"},
		{name: "a suffix before the subtype", keys: []string{"*/*", "a/*", "a/*+json"}, of: "a/b+json", want: "a/*+json"},
		{name: "the subtype before all", keys: []string{"*/*", "a/*", "a/*+json"}, of: "a/b+xml", want: "a/*"},
		{name: "all", keys: []string{"a/*", "*/*"}, of: "b/a", want: "*/*"},
		{name: "a suffix alone is no match", keys: []string{"a/*+json"}, of: "a/json", want: ""},
		{name: "a suffix with nothing before it", keys: []string{"a/*+json"}, of: "a/+json", want: ""},
		{name: "a star within a word", keys: []string{"a/b*", "a*/b"}, of: "a/bc", want: ""},
		{name: "a range with a parameter", keys: []string{"a/*; v=1", "a/*"}, of: "a/b; v=1", want: "a/*; v=1"},
		{name: "exact before a range with a parameter", keys: []string{"a/*; v=1", "a/b"}, of: "a/b; v=1", want: "a/b"},
		{name: "of equal ones the first", keys: []string{"a/b", "A/b"}, of: "a/b", want: "a/b"},
	} {
		content := []*spec.MediaType{}
		for _, key := range test.keys {
			content = append(content, &spec.MediaType{Name: key})
		}
		of, err := Parse(test.of)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if m := Best(content, of); m != nil {
			got = m.Name
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestKind(t *testing.T) {
	for text, want := range map[string]Kind{
		"application/json": JSON, "application/problem+json; charset=utf-8": JSON, "Application/GEO+JSON": JSON, "image/svg+json": JSON,
		"text/plain": Text, "text/html": Text, "text/markdown": Text,
		"text/csv": Other, "text/xml": Other, "text/x+xml": Other, "application/xml": Other, "application/octet-stream": Other,
		"image/png":                         Other,
		"application/x-www-form-urlencoded": Form, "multipart/form-data; boundary=a": FormData, "multipart/mixed": Other,
		"application/x-ndjson": Lines, "application/jsonl": Lines, "application/json-seq": Records, "application/geo+json-seq": Records,
		"text/event-stream": Events,
	} {
		parsed, err := Parse(text)
		if got := parsed.Kind(); got != want || err != nil {
			t.Errorf("%s: got %d and %v, want %d", text, got, err, want)
		}
	}
}

// TestNoAllocation tests that a media type in lower case costs no allocation.
func TestNoAllocation(t *testing.T) {
	content := []*spec.MediaType{{Name: "application/json; version=1"}, {Name: "application/json"}}
	got := testing.AllocsPerRun(10, func() {
		parsed, err := Parse("application/json; charset=utf-8")
		if err != nil || Best(content, parsed) != content[1] || parsed.Kind() != JSON {
			t.Fatal(parsed, err)
		}
	})
	if got != 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`a/b; c="d\"e"; f=g`)
	f.Add("application/json;charset=utf-8;")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := Parse(text)
		if err == nil && rankOf(parsed, parsed) < exact {
			t.Errorf("%q does not match itself", text)
		}
	})
}

// TestUsualTypes checks that the types of most bodies, which Parse knows by heart, are parsed as all others.
func TestUsualTypes(t *testing.T) {
	for _, parameters := range []string{"", "; charset=utf-8", ";charset=utf-8", ";charset=UTF-8", "; charset=UTF-8"} {
		usual, err := Parse("application/json" + parameters)
		same, _ := Parse(" application/json" + parameters) // the space takes the long way
		if usual != same || err != nil {
			t.Errorf("%s: got %v, %v, want %v", parameters, usual, err, same)
		}
	}
}
