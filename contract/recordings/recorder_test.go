package recordings_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
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

// TestRecorderDecodes checks that a body is recorded decoded, without the headers of its coding and of the connection.
func TestRecorderDecodes(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(`{"id":"` + boat + `"}`)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	ex := showBoat(packed.String())
	for name, value := range map[string]string{
		"Content-Encoding": "gzip", "Connection": "close", "Keep-Alive": "timeout=5", "Transfer-Encoding": "chunked", "Date": "today",
	} {
		ex.Response.Header.Set(name, value)
	}
	folder, _ := recorded(t, ex)
	all, err := recordings.Load(os.DirFS(folder))
	if err != nil || len(all) != 1 {
		t.Fatalf("got %d recordings, %v", len(all), err)
	}
	if want := `{"id":"12000000-1200-4000-9200-000012000000"}`; string(all[0].Body) != want {
		t.Errorf("got %s, want %s", all[0].Body, want)
	}
	want := http.Header{"Date": {"today"}, "X-Trace": {"trace of 12000000-1200-4000-9200-000012000000"}}
	if diff := cmp.Diff(want, all[0].Headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
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
