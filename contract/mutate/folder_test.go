package mutate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/mutate"
)

// TestLoad holds that a contract gets what the folder has under the name of its document, behind its own cases, and keeps
// the rest.
func TestLoad(t *testing.T) {
	const exchange = "GET /things HTTP/1.1\nHost: localhost\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\n{}\n"
	folder := fstest.MapFS{
		"exchanges/things/right.http": {Data: []byte(exchange)},
		"exchanges/things/wrong.http": {Data: []byte("# want status/undocumented\n" + exchange)},
		"exchanges/other/right.http":  {Data: []byte(exchange)},
		"inventory/things.txt":        {Data: []byte("row a: b\r\nrow c: d\n")},
		"equivalents.txt":             {Data: []byte("a mutant # nobody sees it\n")},
	}
	contracts := []mutate.Contract{
		{File: "api/things.yaml", Cases: []mutate.Case{{Name: "own"}}},
		{File: "bare.yaml"},
	}
	loaded, equivalents, err := mutate.Load(contracts, folder, "folder/")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, c := range loaded {
		got = append(got, "document "+c.File)
		for _, k := range c.Cases {
			got = append(got, fmt.Sprintf("case %s, base %t, want %v", k.Name, k.Seed, k.Want))
		}
		got = append(got, c.Inventory...)
	}
	want := []string{
		"document api/things.yaml", "case own, base false, want []",
		"case things/right, base true, want []", "case things/wrong, base false, want [{status/undocumented  }]",
		"row a: b", "row c: d", "document bare.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`folder/equivalents.txt:1: nothing matches "a mutant"`}, equivalents.Unmatched()); diff != "" {
		t.Errorf("equivalents (-want +got):\n%s", diff)
	}
}

// TestLoadRefuses holds that what cannot be read is one line that names the file.
func TestLoadRefuses(t *testing.T) {
	for _, test := range []struct{ name, file, text, want string }{
		{"an exchange of one part", "exchanges/things/a.http", "GET / HTTP/1.1\n", "exchanges/things/a.http: want a request and a response, or two, with empty lines between heads and bodies"},
		{"no reason", "equivalents.txt", "a mutant\n", "folder/equivalents.txt:1: want a pattern, then # and the reason"},
		{"an open end", "equivalents.txt", "a mut* # nobody sees it\n", `folder/equivalents.txt:1: the pattern "a mut*" ends in *`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := mutate.Load([]mutate.Contract{{File: "things.yaml"}}, fstest.MapFS{test.file: {Data: []byte(test.text)}}, "folder/")
			if got := fmt.Sprint(err); err == nil || !strings.HasPrefix(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
