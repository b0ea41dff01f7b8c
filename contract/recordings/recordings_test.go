package recordings_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

func embedded(t *testing.T) []recordings.Recording {
	t.Helper()
	all, err := recordings.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func documents(t *testing.T) []*spec.Document {
	t.Helper()
	list := []*spec.Document{}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, doc)
	}
	return list
}

// TestExamplesAreRecorded checks that every named example of the documents has one recording, which equals it.
func TestExamplesAreRecorded(t *testing.T) {
	all, examples := embedded(t), map[string]bool{}
	found := map[*spec.Node]int{} // recordings of each example
	for _, doc := range documents(t) {
		for _, op := range doc.Operations {
			for _, r := range op.Responses {
				for _, media := range r.Content {
					for _, example := range media.Examples {
						id := op.ID + "/" + example.Name
						examples[id] = true
						isOther := func(r recordings.Recording) bool { return r.Operation+"/"+r.Example != id }
						found := slices.DeleteFunc(slices.Clone(all), isOther)
						if len(found) != 1 {
							t.Errorf("%s: got %d recordings, want 1", id, len(found))
							continue
						}
						got := []any{fmt.Sprint(found[0].Status), found[0].ContentType, decoded(t, found[0].Body)}
						text, err := json.Marshal(example.Value.Value())
						if err != nil {
							t.Fatal(err)
						}
						of := 0 // this operation
						for _, recorded := range all {
							if recorded.Operation+"/"+recorded.Example != id {
								continue
							}
							of++
							got := []any{fmt.Sprint(recorded.Status), recorded.ContentType, decoded(t, recorded.Body)}
							if diff := cmp.Diff([]any{r.Status, media.Name, decoded(t, text)}, got); diff != "" {
								t.Errorf("%s: status, media type and body (-document +recording):\n%s", id, diff)
							}
						}
						if found[example.Value] += of; of > 1 {
							t.Errorf("%s: got %d recordings, want 1", id, of)
						}
					}
				}
			}
		}
	}
	for example, n := range found {
		if n == 0 {
			t.Errorf("%s: no recording", example.Place())
		}
	}
	for _, r := range all {
		if id := r.Operation + "/" + r.Example; r.Example != "" && !examples[id] {
			t.Errorf("%s: no document has the example %s", r.File, id)
		}
	}
}

// TestManifest compares the manifest with the folder and the documents.
func TestManifest(t *testing.T) {
	docs := documents(t)
	named, rows := map[string]bool{}, map[string]bool{}
	for _, r := range embedded(t) {
		named[r.File] = true
		row := r.Operation + "/" + r.Name()
		if rows[row] {
			t.Errorf("duplicate row %s", row)
		}
		rows[row] = true
		if !slices.ContainsFunc(docs, func(d *spec.Document) bool { return d.Operation(r.Operation) != nil }) {
			t.Errorf("%s: no document has the operation %q", r.File, r.Operation)
		}
		if r.Kind == recordings.Captured && (r.Status == 200 || r.Of == "") {
			t.Errorf("%s: captured with status %d of %q: no 200 and no response of these two operations was captured", r.File, r.Status, r.Of)
		}
		if r.Kind == recordings.Constructed && r.Source != "quotaspec" {
			t.Errorf("%s: constructed, with the source %q", r.File, r.Source)
		}
	}
	files, err := fs.Glob(os.DirFS("."), "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files: %v", len(files), err)
	}
	for _, file := range files {
		if !named[file] {
			t.Errorf("the manifest does not name %s", file)
		}
	}
}

var placeholder = regexp.MustCompile(`%\(?[A-Za-z_]*\)?[sd]|\{[a-z_]+\}|<[a-z_ ]+>|\$\{`)

// TestBodies compares the bodies with the placeholders and redactions in the manifest.
func TestBodies(t *testing.T) {
	for _, r := range embedded(t) {
		if found := placeholder.Find(r.Body); found != nil {
			t.Errorf("%s: placeholder %s in the body", r.File, found)
		}
		body := decoded(t, r.Body)
		if len(r.Filled) > 0 {
			if want := filled(t, r); !contains(body, want) {
				t.Errorf("%s: the body does not contain %q", r.File, want)
			}
		}
		for _, member := range r.Redactions {
			object, ok := body.(map[string]any)
			if value, has := object[member]; ok && has && strings.Trim(fmt.Sprint(value), "*x") != "" {
				t.Errorf("%s: %s is listed as redacted, but is %v", r.File, member, value)
			}
		}
	}
}

// filled is the vendor's message with the values of the manifest for its placeholders.
func filled(t *testing.T, r recordings.Recording) string {
	t.Helper()
	for _, doc := range documents(t) {
		if op := doc.Operation(r.Operation); op != nil && op.Response(r.Status).Codes != nil {
			for _, known := range op.Response(r.Status).Codes.Codes {
				n := 0
				message := placeholder.ReplaceAllStringFunc(known.Message, func(found string) string {
					n++
					name, named := strings.CutPrefix(found, "%(")
					if name, _, _ = strings.Cut(name, ")"); !named {
						name = strconv.Itoa(n)
					}
					if r.Filled[name] == "" {
						t.Errorf("%s: no value for the placeholder %s", r.File, found)
					}
					return r.Filled[name]
				})
				if n == len(r.Filled) && contains(decoded(t, r.Body), known.Code) {
					return message
				}
			}
		}
	}
	t.Errorf("%s: no code of the document has %d placeholders", r.File, len(r.Filled))
	return ""
}

// contains reports whether a text is the value of a member, at any depth.
func contains(value any, text string) bool {
	if object, ok := value.(map[string]any); ok {
		for _, member := range object {
			if contains(member, text) {
				return true
			}
		}
	}
	return value == any(text)
}

// TestResults checks that the judge finds exactly what the manifest lists for each recording, and only in requests.
func TestResults(t *testing.T) {
	for _, doc := range documents(t) {
		judge, err := contract.New(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range embedded(t) {
			if doc.Operation(r.Operation) == nil {
				continue
			}
			result := judge.Check(r.Exchange())
			var breaks []string
			for _, f := range result.Findings {
				breaks = append(breaks, f.ID)
				if !f.Request() {
					t.Errorf("%s: %s", r.File, f)
				}
			}
			if diff := cmp.Diff(r.Breaks, breaks); diff != "" {
				t.Errorf("%s: findings (-manifest +judge):\n%s", r.File, diff)
			}
			if !result.Judged || result.Operation != r.Operation || len(result.Errors) > 0 || len(result.Passed()) == 0 {
				t.Errorf("%s: judged %t as %q, %d rules passed, errors %v",
					r.File, result.Judged, result.Operation, len(result.Passed()), result.Errors)
			}
		}
	}
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return value
}
