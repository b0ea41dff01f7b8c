package contracttest_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

// TestMainOfPackage checks what Main prints and returns.
func TestMainOfPackage(t *testing.T) {
	get := func(check *contracttest.Check, status int, path string) {
		handler := check.Handler(reply(status, jsonType, `{"name":"Rex"}`))
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	}
	// Else Main takes the run of these tests for one of some tests.
	for name, unset := range map[string]string{"test.run": "", "test.skip": "", "test.fuzz": "", "test.short": "false"} {
		old := flag.Lookup(name).Value.String()
		if err := flag.Set(name, unset); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, old) })
	}
	for _, test := range []struct {
		name     string
		tests    func() int
		options  []contracttest.MainOption
		code     int
		want     string
		isPrefix bool
	}{
		{name: "all is well", tests: func() int {
			check, r := start(t)
			get(check, 200, "/pets/1")
			r.wantErrors(t)
			return 0
		}},
		{name: "the tests failed", tests: func() int { return 1 }, options: []contracttest.MainOption{contracttest.MinCoverage(100)}, code: 1},
		{
			name: "nothing was judged", tests: func() int { return 0 }, code: 1,
			want: "contracttest: no exchange was judged: does every client and server use Transport or Handler?\n",
		},
		{
			name: "too little was judged", tests: func() int {
				check, r := start(t)
				get(check, 200, "/pets/1")
				r.wantErrors(t)
				return 0
			}, options: []contracttest.MainOption{contracttest.MinCoverage(16.7)}, code: 1,
			want: "contracttest: the coverage is 16.7 %, want at least 16.7 %: 1 exchange covered 4 of 24 parts of testdata/pets.yaml; " +
				"not observed: listPets, listPets limit in query, listPets 200, listPets 200 application/json, createPet, createPet 201, " +
				"createPet 400, createPet 400 text/plain, showPet 404, deletePet and 10 more\n",
		},
		{
			name: "enough was judged", tests: func() int {
				check, r := start(t)
				get(check, 200, "/pets/1")
				r.wantErrors(t)
				return 0
			}, options: []contracttest.MainOption{contracttest.MinCoverage(16.6)},
		},
		{
			name: "a handler goes on after its test", tests: func() int {
				check, r := start(t)
				r.end()
				get(check, 404, "/pets/1")
				return 0
			}, code: 1,
			want: "contracttest: after the end of TestPet: GET /pets/1: 404: body/undocumented at /response/body: want no body, got 14 bytes " +
				"(undocumented, testdata/pets.yaml:31)\n",
		},
		{
			name: "an unknown format", tests: func() int { panic("run") }, options: []contracttest.MainOption{contracttest.Report("pdf", "x")},
			code: 2, want: "contracttest: unknown format \"pdf\": want text, json, junit, markdown, sarif or html\n",
		},
		{
			name: "no folder for the report", tests: func() int { return 1 },
			options: []contracttest.MainOption{contracttest.Report("json", "none/x.json")}, code: 1,
			want: "contracttest: report none/x.json: ", isPrefix: true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stderr strings.Builder
			code := contracttest.Run(test.tests, &stderr, test.options)
			got := stderr.String()
			if test.isPrefix && strings.HasPrefix(got, test.want) {
				got = test.want
			}
			if diff := cmp.Diff(test.want, got); diff != "" || code != test.code {
				t.Errorf("code %d, want %d; stderr (-want +got):\n%s", code, test.code, diff)
			}
		})
	}
}

// TestReport checks that a report holds each kind of exchange once, with its test.
func TestReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "contract.json")
	code := contracttest.Run(func() int {
		check, r := start(t)
		client := &http.Client{Transport: check.Transport(nil)}
		for _, path := range []string{"/pets/1", "/pets/2", "/owners"} {
			call(t, client, "GET", serve(t, reply(200, jsonType, `{"name":7}`))+path, "")
		}
		r.end()
		return 1
	}, &strings.Builder{}, []contracttest.MainOption{contracttest.Report("json", file)})
	data, err := os.ReadFile(file)
	if err != nil || code != 1 {
		t.Fatal(code, err)
	}
	var got struct {
		Checks []struct{ ID, Status, Repeat string }
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	want := []struct{ ID, Status, Repeat string }{
		{ID: "pets/traffic=GET-200", Status: "fail", Repeat: "go test -run '^TestPet$'"},
		{ID: "showPet/traffic=200:schema/type", Status: "fail", Repeat: "go test -run '^TestPet$'"},
	}
	if diff := cmp.Diff(want, got.Checks); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

// TestOtherModule runs the tests of a module that is not ours, as its owner would: in random order, several at once, with one
// that fails and none that says anything else. The modules that it needs are those that we need, so nothing is downloaded.
func TestOtherModule(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/module")); err != nil {
		t.Fatal(err)
	}
	ours, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/quotaspec/quotaspec"
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(mod), "module "+module, "module example.com/pets", 1) +
		"\nrequire " + module + " v0.0.0\n\nreplace " + module + " => \"" + ours + "\"\n"
	sum, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile(pets)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"go.mod": []byte(text), "go.sum": sum, "openapi.yaml": document} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-mod=mod", "-shuffle=7", "-json=false", ".")
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	lines := []string{}
	for _, line := range strings.Split(string(out), "\n") {
		if strings.HasPrefix(line, "    check.go") {
			_, line, _ = strings.Cut(line, ": ")
		}
		line, _, _ = strings.Cut(line, " (0.")
		if !strings.HasPrefix(line, "FAIL\t") {
			lines = append(lines, line)
		}
	}
	want := []string{
		"-test.shuffle 7",
		"--- FAIL: TestMissing",
		"GET /pets/7: 404: body/undocumented at /response/body: want no body, got 19 bytes (undocumented, openapi.yaml:31)",
		"FAIL", "FAIL", "",
	}
	if diff := cmp.Diff(want, lines); diff != "" || err == nil {
		t.Errorf("%v (-want +got):\n%s\n%s", err, diff, out)
	}
	if _, err := os.Stat(filepath.Join(folder, "contract.xml")); err != nil {
		t.Error(err)
	}
}
