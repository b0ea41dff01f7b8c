package recordings_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// boats is a document of another API.
const boats = `
openapi: 3.0.3
info: {title: Boats, version: '1'}
security: [{Key: []}]
paths:
  /harbours/{harbour}/boats/{boat}:
    parameters:
      - {name: harbour, in: path, required: true, schema: {type: string, pattern: '^[a-z]+-[0-9]+$'}}
      - {name: boat, in: path, required: true, schema: {type: string, format: uuid}}
    get:
      operationId: showBoat
      parameters:
        - {name: size, in: query, schema: {type: integer}}
        - {name: X-Owner-Id, in: header, schema: {type: integer}}
      responses:
        '200':
          description: It.
          headers: {X-Trace: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}
        '404': {description: None.}
    put:
      operationId: changeBoat
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}
      responses:
        '204': {description: Changed.}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: Boats}}
  schemas:
    Boat:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid}
        ownerId: {type: integer, format: int64, minimum: 1}
        name: {type: string}
        kind: {type: string, enum: [sailing-boat]}
`

const (
	harbour = "bremen-4711"
	boat    = "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112"
	secret  = "key-of-the-harbour-master"
)

func boatJudges(t testing.TB) []*contract.Judge {
	t.Helper()
	doc, err := spec.Read("boats.yaml", []byte(boats), nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Fatal(err)
	}
	return []*contract.Judge{judge}
}

// showBoat is an exchange with this body.
func showBoat(body string) contract.Exchange {
	return contract.Exchange{
		Request: contract.Request{Method: "GET", Target: "/harbours/" + harbour + "/boats/" + boat,
			Header: http.Header{"Boats": {secret}, "Host": {"boats.example"}, "X-Owner-Id": {"9000000017"}}},
		Response: contract.Response{Status: 200, Body: []byte(body),
			Header: http.Header{"Content-Type": {"application/json"}, "X-Trace": {"trace of " + boat}}},
	}
}

// recorded writes exchanges into a new folder.
func recorded(t *testing.T, exchanges ...contract.Exchange) (folder, summary string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "recordings")
	recorder, err := recordings.NewRecorder(folder, boatJudges(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, ex := range exchanges {
		if err := recorder.Write(capture(ex)); err != nil {
			t.Fatal(err)
		}
	}
	return folder, strings.ReplaceAll(recorder.Summary(), folder, "DIR")
}

func capture(ex contract.Exchange) recordings.Capture {
	return recordings.Capture{
		Exchange: ex, Origin: "https://boats.example:8443/base", Started: time.Date(2026, 2, 27, 1, 2, 3, 0, time.UTC), Principal: "reader",
	}
}

// filesOf returns all files of a folder.
func filesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		data, err := fs.ReadFile(os.DirFS(folder), entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v, %v", entry.Name(), info.Mode(), err)
		}
		files[entry.Name()] = string(data)
	}
	return files
}

// TestRecorder compares a folder with a request that has a body, a response without one, and a header that was sent twice.
func TestRecorder(t *testing.T) {
	change := contract.Exchange{
		Request: contract.Request{Method: "PUT", Target: "/harbours/" + harbour + "/boats/" + boat,
			Header: http.Header{"Boats": {secret}, "Content-Type": {"application/json"}},
			Body:   []byte(`{"id":"` + boat + `","ownerId":9000000017}`)},
		Response: contract.Response{Status: 204, Header: http.Header{"Vary": {"Accept", "Origin"}}},
	}
	folder, summary := recorded(t, showBoat(`{"id":"`+boat+`","ownerId":9000000017,"name":"of `+harbour+`"}`), change)
	const id = "12000000-1200-4000-9200-000012000000"
	want := map[string]string{
		"showBoat-200.json":           `{"id":"` + id + `","ownerId":1300000013,"name":"of hhgggg-0011"}`,
		"changeBoat-204.txt":          "",
		"changeBoat-204.request.json": `{"id":"` + id + `","ownerId":1300000013}`,
		recordings.Manifest: `# yaml-language-server: $schema=https://raw.githubusercontent.com/quotaspec/quotaspec/main/docs/manifest.schema.json
#
# Recordings of live traffic, one row each. Credentials were removed, and ids were replaced by stand-ins such as
# 11000000110000001100000011000000: the same id has the same stand-in everywhere.

- file: showBoat-200.json
  operation: showBoat
  request:
    method: GET
    path: /harbours/hhgggg-0011/boats/` + id + `
    principal: reader
    headers:
      Host: boats.example
      X-Owner-Id: "1300000013"
  status: 200
  content_type: application/json
  headers:
    X-Trace: trace of ` + id + `
  kind: captured
  source: https://boats.example:8443
  date: "2026-02-27"
  redactions: [Boats, ids (replaced by stand-ins)]

- file: changeBoat-204.txt
  operation: changeBoat
  request:
    method: PUT
    path: /harbours/hhgggg-0011/boats/` + id + `
    principal: reader
    content_type: application/json
    body: changeBoat-204.request.json
  status: 204
  headers:
    Vary:
      - Accept
      - Origin
  kind: captured
  source: https://boats.example:8443
  date: "2026-02-27"
  redactions: [Boats, ids (replaced by stand-ins)]
`,
	}
	if diff := cmp.Diff(want, filesOf(t, folder)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if summary != "2 new recordings in DIR" {
		t.Errorf("got the summary %q", summary)
	}
	all, err := recordings.Load(os.DirFS(folder))
	if err != nil || len(all) != 2 {
		t.Fatalf("got %d recordings, %v", len(all), err)
	}
	for _, r := range all {
		if result := boatJudges(t)[0].Check(r.Exchange()); !result.Judged || len(result.Findings) > 0 {
			t.Errorf("%s: got %+v", r.File, result.Findings)
		}
	}
}

// TestRecorderLeavesNothing checks that no id and no credential is left in any file, however the provider repeats it.
func TestRecorderLeavesNothing(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{name: "base64", text: base64.StdEncoding.EncodeToString([]byte("boat:" + boat))},
		{name: "base64 for URLs", text: base64.RawURLEncoding.EncodeToString([]byte("??" + boat))},
		{name: "hexadecimal", text: hex.EncodeToString([]byte(boat))},
		{name: "escaped for a URL", text: "https://h/" + strings.ReplaceAll(boat, "-", "%2D")},
		{name: "upper case", text: strings.ToUpper(boat)},
		{name: "JSON in JSON", text: `{\"a\":\"` + boat + `\"}`},
		{name: "escaped for JSON", text: strings.ReplaceAll(boat, "-", `\u002d`)},
		{name: "the secret", text: secret},
		{name: "the secret in base64", text: base64.StdEncoding.EncodeToString([]byte("x" + secret))},
		{name: "the harbour in base64", text: base64.StdEncoding.EncodeToString([]byte(harbour))},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder, summary := recorded(t, showBoat(`{"id":"`+boat+`","name":"a `+test.text+` b"}`))
			if summary != "1 new recording in DIR" {
				t.Errorf("got %s", summary)
			}
			for name, text := range filesOf(t, folder) {
				for _, spelling := range append(spellingsOf(boat, harbour, secret), test.text) {
					if strings.Contains(strings.ToLower(text), strings.ToLower(spelling)) {
						t.Errorf("%s has %s:\n%s", name, spelling, text)
					}
				}
			}
		})
	}
}

// spellingsOf returns spellings of secrets: as they are, in hexadecimal and in base64 at any offset.
func spellingsOf(secrets ...string) []string {
	list := []string{}
	for _, s := range secrets {
		list = append(list, s, strings.ReplaceAll(s, "-", "%2d"), strings.ReplaceAll(s, "-", `\u002d`), hex.EncodeToString([]byte(s)))
		for before := range 3 {
			encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + s))
			list = append(list, encoded[(before*8+5)/6:len(encoded)-2])
		}
	}
	return list
}

// TestRecorderLeavesOut checks what is not recorded.
func TestRecorderLeavesOut(t *testing.T) {
	const good = `{"id":"` + boat + `"}`
	for _, test := range []struct {
		name, want string
		change     func(*contract.Exchange)
	}{
		{
			name: "an unknown path", want: "0 new recordings in DIR; left out: 1 of no operation",
			change: func(ex *contract.Exchange) { ex.Request.Target = "/login" },
		},
		{
			name: "an unknown method", want: "0 new recordings in DIR; left out: 1 of no operation",
			change: func(ex *contract.Exchange) { ex.Request.Method = "PATCH" },
		},
		{
			name: "no response", want: "0 new recordings in DIR; left out: 1 not recorded whole",
			change: func(ex *contract.Exchange) { ex.Response = contract.Response{} },
		},
		{
			name: "a body that was not recorded", want: "0 new recordings in DIR; left out: 1 not recorded whole",
			change: func(ex *contract.Exchange) { ex.Unrecorded |= contract.UnrecordedResponseBody },
		},
		{
			name: "several parts", want: "0 new recordings in DIR; left out: 1 with a body that cannot be searched for secrets",
			change: func(ex *contract.Exchange) { ex.Response.Header.Set("Content-Type", "multipart/mixed; boundary=x") },
		},
		{
			name: "a header that YAML cannot write", want: "0 new recordings in DIR; left out: 1 judged otherwise without their ids",
			change: func(ex *contract.Exchange) { ex.Response.Header.Set("X-Trace", "\xff") },
		},
		{
			name: "an id that is also a value of an enum", want: "0 new recordings in DIR; left out: 1 judged otherwise without their ids",
			change: func(ex *contract.Exchange) {
				ex.Request.Target = strings.Replace(ex.Request.Target, harbour, "sailing-boat", 1)
				ex.Response.Body = []byte(`{"id":"` + boat + `","kind":"sailing-boat"}`)
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			ex := showBoat(good)
			test.change(&ex)
			folder, summary := recorded(t, ex)
			if summary != test.want || len(filesOf(t, folder)) > 0 {
				t.Errorf("got %q, want %q\n%v", summary, test.want, filesOf(t, folder))
			}
		})
	}
}

// TestRecorderKeepsFindings checks that exchanges with findings have the same ones as recordings, and that those of the request
// are listed.
func TestRecorderKeepsFindings(t *testing.T) {
	ex := showBoat(`{"id":"no boat at all, and no id"}`)
	ex.Request.Target += "?size=large"
	ex.Response.Header["X-Trace"] = []string{"a", "b"}
	folder, _ := recorded(t, ex)
	all, err := recordings.Load(os.DirFS(folder))
	if err != nil || len(all) != 1 {
		t.Fatalf("got %d recordings, %v", len(all), err)
	}
	ids := func(ex contract.Exchange) []string {
		list := []string{}
		for _, f := range boatJudges(t)[0].Check(ex).Findings {
			list = append(list, f.ID)
		}
		return list
	}
	ex.Unrecorded |= contract.UnrecordedFraming | contract.UnrecordedCredentials
	if diff := cmp.Diff(ids(ex), ids(all[0].Exchange())); diff != "" || len(ids(ex)) < 3 {
		t.Errorf("findings (-live +recorded):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"parameter/type"}, all[0].Breaks); diff != "" {
		t.Errorf("breaks (-want +got):\n%s", diff)
	}
}

// TestRecorderEqual checks that exchanges that differ only in ids are one recording, also in a later run.
func TestRecorderEqual(t *testing.T) {
	folder := t.TempDir()
	write := func(first, n int, size string) string {
		recorder, err := recordings.NewRecorder(folder, boatJudges(t))
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				other := fmt.Sprintf("8c4a6b9e-2f1d-4e7a-9b3c-%012x", first+i)
				ex := showBoat(`{"id":"` + other + `","name":"` + size + `"}`)
				ex.Request.Target = strings.Replace(ex.Request.Target, boat, other, 1)
				if err := recorder.Write(capture(ex)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		return strings.ReplaceAll(recorder.Summary(), folder, "DIR")
	}
	for _, test := range []struct {
		first, n   int
		size, want string
	}{
		{first: 0, n: 1000, size: "small", want: "1 new recording in DIR; left out: 999 equal to others"},
		{first: 1000, n: 10, size: "small", want: "0 new recordings in DIR; left out: 10 equal to others"},
		{first: 0, n: 1, size: "large", want: "1 new recording in DIR"},
	} {
		if got := write(test.first, test.n, test.size); got != test.want {
			t.Errorf("from %d: got %q, want %q", test.first, got, test.want)
		}
	}
	all, err := recordings.Load(os.DirFS(folder))
	if err != nil || len(all) != 2 || all[0].Request.Path == all[1].Request.Path {
		t.Errorf("got %+v, %v, want two with other ids", all, err)
	}
}

// TestRecorderMany checks the limit for one operation and status.
func TestRecorderMany(t *testing.T) {
	exchanges := []contract.Exchange{}
	for i := range 103 {
		exchanges = append(exchanges, showBoat(fmt.Sprintf(`{"id":%q,"name":"number %d"}`, boat, i)))
	}
	folder, summary := recorded(t, exchanges...)
	if want := "100 new recordings in DIR; left out: 3 beyond 100 of one operation and status"; summary != want {
		t.Errorf("got %q, want %q", summary, want)
	}
	if all, err := recordings.Load(os.DirFS(folder)); err != nil || len(all) != 100 {
		t.Errorf("got %d recordings, %v", len(all), err)
	}
}

// TestRecorderAppends checks that an existing manifest keeps its text and its files, also if their names differ only in case.
func TestRecorderAppends(t *testing.T) {
	for _, test := range []struct{ name, manifest string }{
		{name: "rows", manifest: strings.TrimSuffix(good, "\n")},
		{name: "a remark alone", manifest: "# Nothing yet."},
		{name: "empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			old := map[string]string{
				recordings.Manifest: test.manifest, "a.json": "{}", "b.json": "[]", "ShowBoat-200.txt": "mine", "showBoat-200-2.json": "mine",
			}
			for name, text := range old {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			recorder, err := recordings.NewRecorder(folder, boatJudges(t))
			if err != nil {
				t.Fatal(err)
			}
			if err := recorder.Write(capture(showBoat(`{"id":"` + boat + `"}`))); err != nil {
				t.Fatal(err)
			}
			files := filesOf(t, folder)
			for name, text := range old {
				if !strings.HasPrefix(files[name], text) {
					t.Errorf("%s: got %q", name, files[name])
				}
			}
			all, err := recordings.Load(os.DirFS(folder))
			if err != nil || all[len(all)-1].File != "showBoat-200-3.json" {
				t.Errorf("got %+v, %v", all, err)
			}
		})
	}
}

// TestRecorderRefuses checks that nothing is written into a folder that cannot be read as recordings.
func TestRecorderRefuses(t *testing.T) {
	for _, test := range []struct{ name, manifest, text string }{
		{name: "flow style", manifest: "[{file: a.json}]", text: "no row can be added"},
		{name: "indented", manifest: "  - file: a.json\n", text: "no row can be added"},
		{name: "a mapping", manifest: "file: a.json\n", text: "no row can be added"},
		{name: "a wrong row", manifest: "- file: a.json\n", text: "missing: operation"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), recordings.Manifest)
			if err := os.WriteFile(file, []byte(test.manifest), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := recordings.NewRecorder(filepath.Dir(file), boatJudges(t))
			if got := fmt.Sprint(err); !strings.Contains(got, test.text) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want %q in it", got, test.text)
			}
			if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, []byte(test.manifest)) {
				t.Errorf("the manifest is now %q, %v", after, err)
			}
		})
	}
}

// TestRecorderFails checks that the first error is kept.
func TestRecorderFails(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "recordings")
	recorder, err := recordings.NewRecorder(folder, boatJudges(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	first := recorder.Write(capture(showBoat(`{"id":"` + boat + `"}`)))
	if err := recorder.Close(); first == nil || fmt.Sprint(err) != fmt.Sprint(first) {
		t.Errorf("got %v and %v", first, err)
	}
	if again := recorder.Write(capture(showBoat(`{}`))); !slices.Equal([]error{first}, []error{again}) {
		t.Errorf("got %v, want %v", again, first)
	}
}

// BenchmarkRecorder records lists of 10,000 resources with an id each.
func BenchmarkRecorder(b *testing.B) {
	recorder, err := recordings.NewRecorder(b.TempDir(), boatJudges(b))
	if err != nil {
		b.Fatal(err)
	}
	list := []string{}
	for i := range 10_000 {
		list = append(list, fmt.Sprintf(`{"id":"8c4a6b9e-2f1d-4e7a-9b3c-%012x","owner_id":%d,"name":"a boat"}`, i, 12345678900+i))
	}
	body := strings.Join(list, ",")
	for i := 0; b.Loop(); i++ {
		ex := showBoat(fmt.Sprintf(`{"id":%q,"name":"number %d","boats":[%s]}`, boat, i, body))
		if err := recorder.Write(capture(ex)); err != nil {
			b.Fatal(err)
		}
	}
}
