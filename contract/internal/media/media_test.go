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
		{"a type", "application/json", "application/json", nil, nil},
		{"in upper case", "Application/JSON", "application/json", nil, nil},
		{"with white space around it", " text/plain\t", "text/plain", nil, nil},
		{"a suffix", "application/problem+json", "application/problem+json", nil, nil},
		{"a parameter", "application/json;charset=utf-8", "application/json", map[string]string{"charset": "utf-8"}, nil},
		{"its name in upper case", "text/plain; CHARSET=UTF-8", "text/plain", map[string]string{"charset": "UTF-8"}, nil},
		{"white space before semicolons", "a/b ; c=d \t; e=f ", "a/b", map[string]string{"c": "d", "e": "f"}, nil},
		{"a text in quotes", `multipart/mixed; boundary="a b;c=\"d\\"; x="";y=z`, "multipart/mixed", map[string]string{"boundary": `a b;c="d\`, "x": "", "y": "z"}, nil},
		{"semicolons alone", "a/b;; c=d; ;", "a/b", map[string]string{"c": "d"}, nil},

		{"nothing", "", "", nil, ErrName},
		{"no subtype", "json", "", nil, ErrName},
		{"an empty subtype", "application/", "", nil, ErrName},
		{"two slashes", "a/b/c", "", nil, ErrName},
		{"a blank in it", "application/ json", "", nil, ErrName},
		{"two types", "a/b, c/d", "", nil, ErrName},
		{"a parameter without value", "a/b; c", "", nil, ErrParameter},
		{"an empty value", "a/b; c=", "", nil, ErrParameter},
		{"blanks around the equals sign", "a/b; c = d", "", nil, ErrParameter},
		{"two words", "a/b; c=d e", "", nil, ErrParameter},
		{"a quote without end", `a/b; c="d`, "", nil, ErrParameter},
		{"a quote with an escaped end", `a/b; c="d\"`, "", nil, ErrParameter},
		{"a control character", "a/b; c=\"\x01\"", "", nil, ErrParameter},
		{"text behind the quotes", `a/b; c="d"e`, "", nil, ErrParameter},
		{"more parameters than anybody sends", "a/b" + strings.Repeat(";", maxParams+1), "", nil, ErrParameter},
		{"a parameter twice", "a/b; c=d; C=d", "", nil, ErrDuplicate},
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
		{"the same", []string{"text/plain", "application/json"}, "application/json", "application/json"},
		{"another case", []string{"Application/JSON"}, "application/json", "Application/JSON"},
		{"parameters that the document does not name", []string{"application/json"}, "application/json; version=2", "application/json"},
		{"nothing", []string{"application/json"}, "application/problem+json", ""},
		{"no key", nil, "application/json", ""},
		{"a key that is none", []string{"json", "*"}, "application/json", ""},

		{"the parameter of the first", []string{"a/b; version=1", "a/b; version=2"}, "a/b; version=1", "a/b; version=1"},
		{"the parameter of the second", []string{"a/b; version=1", "a/b; version=2"}, "a/b;version=\"2\"", "a/b; version=2"},
		{"the parameter of none", []string{"a/b; version=1", "a/b; version=2"}, "a/b; version=3", ""},
		{"no parameter", []string{"a/b; version=1"}, "a/b", ""},
		{"with a parameter before without", []string{"a/b", "a/b; version=2"}, "a/b; version=2", "a/b; version=2"},
		{"without, where that with one does not match", []string{"a/b; version=1", "a/b"}, "a/b; version=2", "a/b"},
		{"values have case", []string{"a/b; profile=X"}, "a/b; profile=x", ""},
		{"two parameters before one", []string{"a/b; c=1", "a/b; c=1; d=2"}, "a/b; d=2; c=1", "a/b; c=1; d=2"},

		{"a charset", []string{"text/plain; charset=utf-8", "text/plain; charset=latin1"}, "text/plain; charset=LATIN1", "text/plain; charset=latin1"},
		{"the usual charset is not named", []string{"application/json; charset=utf-8"}, "application/json", "application/json; charset=utf-8"},
		{"a charset without its hyphen", []string{"a/b; charset=utf-8"}, "a/b; charset=UTF8", "a/b; charset=utf-8"},
		{"another charset", []string{"text/plain; charset=utf-8"}, "text/plain; charset=latin1", ""},

		{"exact before ranges", []string{"*/*", "a/*", "a/*+json", "a/b+json"}, "a/b+json", "a/b+json"},
		{"a suffix before the subtype", []string{"*/*", "a/*", "a/*+json"}, "a/b+json", "a/*+json"},
		{"the subtype before all", []string{"*/*", "a/*", "a/*+json"}, "a/b+xml", "a/*"},
		{"all", []string{"a/*", "*/*"}, "b/a", "*/*"},
		{"a suffix alone is no match", []string{"a/*+json"}, "a/json", ""},
		{"a suffix with nothing before it", []string{"a/*+json"}, "a/+json", ""},
		{"a star within a word", []string{"a/b*", "a*/b"}, "a/bc", ""},
		{"a range with a parameter", []string{"a/*; v=1", "a/*"}, "a/b; v=1", "a/*; v=1"},
		{"exact before a range with a parameter", []string{"a/*; v=1", "a/b"}, "a/b; v=1", "a/b"},
		{"of equal ones the first", []string{"a/b", "A/b"}, "a/b", "a/b"},
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
		"text/csv": Other, "text/xml": Other, "text/x+xml": Other, "application/xml": Other, "application/octet-stream": Other, "image/png": Other,
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

// TestNoAllocation holds that the media type of a right exchange costs nothing.
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
