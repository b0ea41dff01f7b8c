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

// TestExamplesAreRecorded tests that each named example of an operation has one recording, and that they are equal. An example
// of a response that operations share needs one for one of them.
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
			t.Errorf("%s says that it is %s, which no document has", r.File, id)
		}
	}
}

// TestInventory holds the manifest, the folder and the documents to each other.
func TestInventory(t *testing.T) {
	docs := documents(t)
	named, rows := map[string]bool{}, map[string]bool{}
	for _, r := range embedded(t) {
		named[r.File] = true
		row := r.Operation + "/" + r.Name()
		if rows[row] {
			t.Errorf("%s stands in the manifest twice", row)
		}
		rows[row] = true
		if !slices.ContainsFunc(docs, func(d *spec.Document) bool { return d.Operation(r.Operation) != nil }) {
			t.Errorf("%s: no document has the operation %q", r.File, r.Operation)
		}
		if r.Kind == recordings.Captured && (r.Status == 200 || r.Of == "") {
			t.Errorf("%s: captured with status %d of %q: no 200 was ever captured, and no answer of these two operations", r.File, r.Status, r.Of)
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

// TestBodies holds the bodies to what the manifest says of them.
func TestBodies(t *testing.T) {
	for _, r := range embedded(t) {
		if found := placeholder.Find(r.Body); found != nil {
			t.Errorf("%s holds the placeholder %s", r.File, found)
		}
		body := decoded(t, r.Body)
		if len(r.Filled) > 0 {
			if want := filled(t, r); !holds(body, want) {
				t.Errorf("%s: the body does not hold %q", r.File, want)
			}
		}
		for _, member := range r.Redactions {
			object, ok := body.(map[string]any)
			if value, has := object[member]; ok && has && strings.Trim(fmt.Sprint(value), "*x") != "" {
				t.Errorf("%s: %s is said to be redacted, and is %v", r.File, member, value)
			}
		}
	}
}

// filled is the vendor's message with what the manifest puts in the place of its placeholders.
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
						t.Errorf("%s: nothing is filled in for %s", r.File, found)
					}
					return r.Filled[name]
				})
				if n == len(r.Filled) && holds(decoded(t, r.Body), known.Code) {
					return message
				}
			}
		}
	}
	t.Errorf("%s: no code of the document has %d placeholders", r.File, len(r.Filled))
	return ""
}

// holds says whether a text is the value of a member, at any depth.
func holds(value any, text string) bool {
	if object, ok := value.(map[string]any); ok {
		for _, member := range object {
			if holds(member, text) {
				return true
			}
		}
	}
	return value == any(text)
}

// TestResults holds that each recording keeps the contract, but for what the manifest says of its request.
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
			v := judge.Check(r.Exchange())
			var breaks []string
			for _, d := range v.Findings {
				breaks = append(breaks, d.ID)
				if d.Side() == contract.Provider {
					t.Errorf("%s: %s", r.File, d)
				}
			}
			if diff := cmp.Diff(r.Breaks, breaks); diff != "" {
				t.Errorf("%s: what its request breaks (-manifest +judge):\n%s", r.File, diff)
			}
			if !v.Judged || v.Operation != r.Operation || len(v.Errors) > 0 || len(v.Passed()) == 0 {
				t.Errorf("%s: judged %t as %q, %d promises kept, errors %v", r.File, v.Judged, v.Operation, len(v.Passed()), v.Errors)
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
