package openapi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const smallJSON = `{
	"openapi": "3.0.3",
	"info": {"title": "Things \/ \ud83d\ude80 \u4e91", "version": "1.0.0"},
	"paths": {
		"/things": {
			"get": {
				"operationId": "listThings",
				"x-evidence": {"grade": "recorded", "source": "wild"},
				"responses": {
					"200": {"description": "All things.", "content": {"application/json": {
						"schema": {"type": "integer"},
						"examples": {"seven": {"value": 7}}
					}}}
				}
			}
		}
	}
}
`

// A document in JSON is as good as one in YAML, with each escape that JSON has.
func TestJSON(t *testing.T) {
	d, err := Load("small.json", []byte(smallJSON))
	if err != nil {
		t.Fatal(err)
	}
	if want := "Things / 🚀 云"; d.T.Info.Title != want {
		t.Errorf("title: got %q, want %q", d.T.Info.Title, want)
	}
	if diff := cmp.Diff(Evidence{Recorded, []string{"wild"}}, d.Operation("listThings").Evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if got, want := d.Place("/paths/~1things/get"), "small.json:6"; got != want {
		t.Errorf("place: got %s, want %s", got, want)
	}
}

func TestFaultsOfJSON(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"ours", `"grade": "recorded"`, `"grade": "seen"`, "small.json:8: x-evidence: unknown grade"},
		{"kin-openapi's", `{"type": "integer"}`, `{"type": "integre"}`, "small.json:11: "},
		{"of its syntax", `"operationId": "listThings",`, `"operationId": "listThings"`, "small.json:8: "},
		{"of its end", "\t\t}\n\t}\n}\n", "\t\t}\n\t}\n", "small.json:"},
	}
	plain := strings.Replace(smallJSON, `\/ \ud83d\ude80`, "and", 1)
	for _, test := range tests {
		got := errorText("small.json", replace(t, plain, test.old, test.new))
		if !strings.HasPrefix(got, test.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\n got %q\nwant %q…", test.name, got, test.want)
		}
	}
}
