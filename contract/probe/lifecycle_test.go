package probe_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
)

// makerOf makes a maker for paths, each with the methods that follow it.
func makerOf(t *testing.T, paths ...string) probe.Maker {
	t.Helper()
	text := "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths:\n"
	for _, path := range paths {
		words := strings.Fields(path)
		text += "  " + words[0] + ":\n    parameters:\n"
		for _, part := range strings.Split(words[0], "/") {
			if name, isParameter := strings.CutPrefix(part, "{"); isParameter {
				text += "      - {name: " + strings.TrimSuffix(name, "}") + ", in: path, required: true, schema: {type: string, example: x1}}\n"
			}
		}
		text = strings.TrimSuffix(text, "    parameters:\n")
		for _, method := range words[1:] {
			text += "    " + method + ":\n      operationId: " + method + " " + words[0] + "\n" + `
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [ownerId, state, size, title]
              properties:
                ownerId: {type: string}
                state: {type: string, enum: [open, closed]}
                size: {type: integer}
                title: {type: string, maxLength: 20}
      responses: {'201': {description: Made., content: {application/json: {schema: {}}}}}
`
		}
	}
	file := filepath.Join(t.TempDir(), "openapi.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	judge, err := contract.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return probe.Maker{Judge: judge}
}

// TestSteps lists the steps of the resources of documents.
func TestSteps(t *testing.T) {
	for _, test := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{name: "all", paths: []string{"/pets post", "/pets/{id} get put patch delete"}, want: []string{
			"post /pets/lifecycle-create", "get /pets/{id}/lifecycle-read",
			"put /pets/{id}/lifecycle-change", "get /pets/{id}/lifecycle-read-changed",
			"patch /pets/{id}/lifecycle-change", "get /pets/{id}/lifecycle-read-patched",
			"delete /pets/{id}/lifecycle-delete", "delete /pets/{id}/lifecycle-delete-again", "get /pets/{id}/lifecycle-read-deleted",
		}},
		{name: "no read", paths: []string{"/pets post", "/pets/{id} delete"}, want: []string{
			"post /pets/lifecycle-create", "delete /pets/{id}/lifecycle-delete", "delete /pets/{id}/lifecycle-delete-again",
		}},
		{name: "outer ones first, slashes at the end", paths: []string{"/a/{x}/b/ post", "/a/{y}/b/{z}/ get", "/a post", "/a/{x} get"}, want: []string{
			"post /a/lifecycle-create", "get /a/{x}/lifecycle-read", "post /a/{x}/b//lifecycle-create", "get /a/{y}/b/{z}//lifecycle-read",
		}},
		{name: "no path with an id", paths: []string{"/pets post", "/pets/search get", "/dogs/{id} get"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, r := range probe.Resources(makerOf(t, test.paths...).Judge.Document()) {
				for _, step := range r.Steps() {
					got = append(got, step.ID())
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCreated finds what a response says that it has created.
func TestCreated(t *testing.T) {
	for _, test := range []struct {
		name           string
		item           string // path; /pets/{id} if empty
		status         int
		location, body string
		id             string // "" if there is none
		certain        bool
	}{
		{name: "an id", status: 201, body: `{"id": 7, "name": "x"}`, id: "7", certain: true},
		{name: "an envelope", status: 201, body: `{"data": {"id": "a7"}}`, id: "a7", certain: true},
		{name: "a Location", status: 201, location: "/pets/a%20b", id: "a b", certain: true},
		{name: "a Location with a base path", status: 201, location: "https://api.example.com/v1/pets/7?x=1", id: "7", certain: true},
		{name: "a Location elsewhere", status: 201, location: "/jobs/9", body: `{"id": 7}`, id: "7", certain: true},
		{name: "a Location without an id", status: 201, location: "/pets/", body: `{"id": 7}`, id: "7", certain: true},
		{name: "accepted", status: 202, body: `{"id": 7}`, id: "7", certain: true},
		{name: "status 200", status: 200, body: `{"id": 7}`, id: "7"},
		{name: "a search", status: 200, body: `{"items": [{"id": 7}]}`, id: "7"},
		{name: "status 200 with the tag", status: 200, body: `{"id": 7, "title": "x-TAG"}`, id: "7", certain: true},
		{name: "only a name", status: 201, body: `{"name": "x"}`},
		{name: "nothing", status: 201},
		{name: "a refusal", status: 409, body: `{"id": 7}`},
		{name: "a secret", item: "/pets/{token}", status: 201, location: "/pets/Zk7Leak", body: `{"token": "Zk7Leak"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			item := test.item
			if item == "" {
				item = "/pets/{id}"
			}
			m := makerOf(t, "/pets post", item+" get")
			ex := contract.Exchange{
				Request:  contract.Request{Method: "POST", Target: "/pets?x=1"},
				Response: contract.Response{Status: test.status, Header: http.Header{"Location": {test.location}}, Body: []byte(test.body)},
			}
			thing, certain, ok := m.Created(probe.Resources(m.Judge.Document())[0], ex, "TAG")
			if ok != (test.id != "") || certain != test.certain || ok && thing.ID != test.id {
				t.Errorf("got %q, certain %t, ok %t", thing.ID, certain, ok)
			}
			if ok && !thing.IsAt("/pets/"+strings.ReplaceAll(test.id, " ", "%20")) {
				t.Error("it is elsewhere")
			}
		})
	}
}

// TestChangedBody tests which members of a body a change and a tag alter.
func TestChangedBody(t *testing.T) {
	m := makerOf(t, "/pets post", "/pets/{id} get put")
	r := probe.Resources(m.Judge.Document())[0]
	created := m.Create(r, "")
	thing, _, _ := m.Created(r, contract.Exchange{
		Request:  created.Request,
		Response: contract.Response{Status: 201, Body: []byte(`{"id": "7"}`)},
	}, "")
	for _, test := range []struct {
		name, want string
		probe      probe.Probe
	}{
		{name: "plain", probe: created, want: `{"ownerId":"text","size":1,"state":"open","title":"text"}`},
		{name: "tagged", probe: m.Create(r, "tag"), want: `{"ownerId":"text","size":1,"state":"open","title":"text-tag"}`},
		{name: "tag too long", probe: m.Create(r, "a-tag-beyond-the-maximum"), want: `{"ownerId":"text","size":1,"state":"open","title":"imum"}`},
		{
			name: "changed", probe: m.Step(probe.Step{Stage: probe.Change, Operation: r.Steps()[2].Operation}, thing),
			want: `{"ownerId":"text","size":1,"state":"open","title":"text-changed"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(test.probe.Request.Body); got != test.want || test.probe.Skip != "" {
				t.Errorf("got %s, want %s; skip %q", got, test.want, test.probe.Skip)
			}
		})
	}
	if got := m.Step(r.Steps()[1], thing).Request.Target; got != "/pets/7" {
		t.Errorf("got the target %s", got)
	}
}
