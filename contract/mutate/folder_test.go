package mutate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/mutate"
)

// TestLoad checks that a contract gets the exchanges and the inventory of its document, after its own cases.
func TestLoad(t *testing.T) {
	const exchange = "GET /things HTTP/1.1\nHost: localhost\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\n{}\n"
	folder := fstest.MapFS{
		"exchanges/things/right.http": {Data: []byte(exchange)},
		"exchanges/things/wrong.http": {Data: []byte("# want status/undocumented\n" + exchange)},
		"exchanges/other/right.http":  {Data: []byte(exchange)},
		"inventory/things.txt":        {Data: []byte("row a: b\r\nrow c: d\n")},
		"equivalents.txt":             {Data: []byte("a mutant # no difference\n")},
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
			got = append(got, fmt.Sprintf("case %s, seed %t, want %v", k.Name, k.Seed, k.Want))
		}
		got = append(got, c.Inventory...)
	}
	want := []string{
		"document api/things.yaml", "case own, seed false, want []",
		"case things/right, seed true, want []", "case things/wrong, seed false, want [status/undocumented]",
		"row a: b", "row c: d", "document bare.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`folder/equivalents.txt:1: nothing matches "a mutant"`}, equivalents.Unmatched()); diff != "" {
		t.Errorf("equivalents (-want +got):\n%s", diff)
	}
}

// TestLoadErrors checks that errors are one line and name the file.
func TestLoadErrors(t *testing.T) {
	for _, test := range []struct{ name, file, text, want string }{
		{
			name: "an exchange without a response", file: "exchanges/things/a.http", text: "GET / HTTP/1.1\n",
			want: "exchanges/things/a.http: want a request and one or two responses, with an empty line after each head and each body",
		},
		{
			name: "no reason", file: "equivalents.txt", text: "a mutant\n",
			want: "folder/equivalents.txt:1: want a pattern, then # and the reason",
		},
		{
			name: "an open end", file: "equivalents.txt", text: "a mut* # no difference\n",
			want: `folder/equivalents.txt:1: the pattern "a mut*" ends in *`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := fstest.MapFS{test.file: {Data: []byte(test.text)}}
			_, _, err := mutate.Load([]mutate.Contract{{File: "things.yaml"}}, folder, "folder/")
			if got := fmt.Sprint(err); err == nil || !strings.HasPrefix(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
