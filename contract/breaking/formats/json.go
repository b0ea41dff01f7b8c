package formats

import (
	"io"
	"net/http"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// SchemaID is where the schema of the JSON format is published; docs/comparison.schema.json is the same.
const SchemaID = "https://raw.githubusercontent.com/quotaspec/quotaspec/main/docs/comparison.schema.json"

// FormatVersion changes when programs that read the JSON format must change.
const FormatVersion = 1

// maxAlsoInJSON is how many other checks of a finding are named. A change of an error that all operations share is also in
// thousands of checks, and there may be thousands of such changes.
const maxAlsoInJSON = 100

// The JSON format. Every member is always present, and a list is never null. A place, a witness or a response that does not
// exist is null.
type (
	jsonComparison struct {
		Schema        string        `json:"$schema"`
		FormatVersion int           `json:"format_version"`
		Tool          jsonTool      `json:"tool"`
		Documents     jsonDocuments `json:"documents"`
		Conclusion    string        `json:"conclusion"`
		Says          string        `json:"says"`
		Passed        bool          `json:"passed"`
		Error         string        `json:"error"`
		Level         string        `json:"level"`
		Version       jsonVersion   `json:"version"`
		Findings      []jsonFinding `json:"findings"`
		Stale         []string      `json:"stale"`
		Exchanges     int           `json:"exchanges"`
		Foreign       int           `json:"foreign"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonDocuments struct {
		Old jsonDocument `json:"old"`
		New jsonDocument `json:"new"`
	}
	jsonDocument struct {
		Title   string `json:"title"`
		Version string `json:"version"`
		File    string `json:"file"`
	}
	jsonVersion struct {
		Old       string `json:"old"`
		New       string `json:"new"`
		Asked     string `json:"asked"`
		Least     string `json:"least"`
		Unchanged bool   `json:"unchanged"`
		Enough    bool   `json:"enough"`
		Lower     bool   `json:"lower"`
	}
	jsonFinding struct {
		ID        string        `json:"id"`
		Level     string        `json:"level"`
		Side      contract.Side `json:"side"`
		Check     string        `json:"check"`
		Operation string        `json:"operation"`
		Also      []string      `json:"also"`
		AlsoCount int           `json:"also_count"`
		Pointer   string        `json:"pointer"`
		Says      string        `json:"says"`
		Old       *jsonPlace    `json:"old"`
		New       *jsonPlace    `json:"new"`
		Witness   *jsonWitness  `json:"witness"`
		Why       string        `json:"why"`
		Probe     string        `json:"probe"`
		Unused    bool          `json:"unused"`
		Tolerated bool          `json:"tolerated"`
		Known     string        `json:"known"`
	}
	jsonPlace struct {
		File    string `json:"file"`
		Line    int    `json:"line"`
		Column  int    `json:"column"`
		Pointer string `json:"pointer"`
	}
	jsonWitness struct {
		Origin   string        `json:"origin"`
		Request  jsonRequest   `json:"request"`
		Response *jsonResponse `json:"response"`
		Old      jsonVerdict   `json:"old"`
		New      jsonVerdict   `json:"new"`
	}
	jsonRequest struct {
		Method string      `json:"method"`
		Target string      `json:"target"`
		Header http.Header `json:"headers"`
		Body   string      `json:"body"`
	}
	jsonResponse struct {
		Status int         `json:"status"`
		Header http.Header `json:"headers"`
		Body   string      `json:"body"`
	}
	jsonVerdict struct {
		Accepts  bool         `json:"accepts"`
		Findings []jsonBroken `json:"findings"`
	}
	jsonBroken struct {
		ID      string `json:"id"`
		Grade   string `json:"grade"`
		Pointer string `json:"pointer"`
		Place   string `json:"place"`
		Want    string `json:"want"`
		Got     string `json:"got"`
	}
)

// JSON writes a comparison for programs, in the format of docs/comparison.schema.json.
func JSON(w io.Writer, c *breaking.Comparison, o Options) error {
	v := newView(c, o)
	word, says := v.conclusion()
	return text.WriteJSON(w, jsonComparison{
		Schema: SchemaID, FormatVersion: FormatVersion, Tool: jsonTool{"quotaspec", v.Options.Version},
		Documents:  jsonDocuments{newJSONDocument(v.Old), newJSONDocument(v.New)},
		Conclusion: word, Says: says, Passed: v.passed(), Error: v.Error, Level: v.Level().String(),
		Version:  jsonVersion(v.version),
		Findings: mapped(v.findings, newJSONFinding), Stale: append([]string{}, v.Stale...),
		Exchanges: v.Exchanges, Foreign: v.Foreign,
	})
}

func newJSONDocument(d *spec.Document) jsonDocument {
	return jsonDocument{d.Title, d.InfoVersion, d.File}
}

func newJSONFinding(f finding) jsonFinding {
	return jsonFinding{
		ID: f.ID, Level: f.Level.String(), Side: f.Side,
		Check: f.Check, Operation: f.Operation(), Also: append([]string{}, f.Also[:min(len(f.Also), maxAlsoInJSON)]...), AlsoCount: len(f.Also),
		Pointer: f.Pointer, Says: f.Says, Old: newJSONPlace(f.Old), New: newJSONPlace(f.New), Witness: newJSONWitness(f.Witness),
		Why: f.Why, Probe: f.Probe, Unused: f.Unused, Tolerated: f.group == tolerated, Known: f.known,
	}
}

func newJSONPlace(n *spec.Node) *jsonPlace {
	if n == nil {
		return nil
	}
	place := n.Place()
	return &jsonPlace{place.File, place.Line, place.Column, n.Pointer()}
}

func newJSONWitness(w *breaking.Witness) *jsonWitness {
	if w == nil {
		return nil
	}
	ex := w.Exchange
	out := &jsonWitness{
		Origin: w.Origin, Old: newJSONVerdict(w.Old), New: newJSONVerdict(w.New),
		Request: jsonRequest{ex.Request.Method, ex.Request.Target, headers(ex.Request.Header), string(ex.Request.Body)},
	}
	if hasResponse(ex) {
		out.Response = &jsonResponse{ex.Response.Status, headers(ex.Response.Header), string(ex.Response.Body)}
	}
	return out
}

// headers is never nil, so that JSON has {} instead of null.
func headers(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}

func newJSONVerdict(findings []contract.Finding) jsonVerdict {
	return jsonVerdict{len(findings) == 0, mapped(findings, func(f contract.Finding) jsonBroken {
		return jsonBroken{f.ID, f.Evidence.Grade.String(), f.Pointer, f.Place(), f.Want, f.Got}
	})}
}
