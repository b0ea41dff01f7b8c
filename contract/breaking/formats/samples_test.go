package formats_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/breaking/formats"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// pets are the two documents of testdata with their judges.
type pets struct {
	old, new           *spec.Document
	oldJudge, newJudge *contract.Judge
}

func loadPets(t *testing.T) pets {
	t.Helper()
	load := func(file string) (*spec.Document, *contract.Judge) {
		doc, err := spec.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		judge, err := contract.New(doc)
		if err != nil {
			t.Fatal(err)
		}
		return doc, judge
	}
	p := pets{}
	p.old, p.oldJudge = load("testdata/old/pets.yaml")
	p.new, p.newJudge = load("testdata/pets.yaml")
	return p
}

// witness judges an exchange by both documents.
func (p pets) witness(side contract.Side, origin string, ex contract.Exchange) *breaking.Witness {
	judged := contract.Provider
	if side == contract.Provider {
		judged = contract.Consumer
	}
	refusals := func(j *contract.Judge) (list []contract.Finding) {
		for _, f := range j.Check(ex).Findings {
			if f.Fails(judged, spec.Recorded) {
				list = append(list, f)
			}
		}
		return list
	}
	return &breaking.Witness{Exchange: ex, Origin: origin, Old: refusals(p.oldJudge), New: refusals(p.newJudge)}
}

// exchange is a request with the header X-Key, and its response.
func exchange(request, sent string, status int, received string) contract.Exchange {
	method, target, _ := strings.Cut(request, " ")
	ex := contract.Exchange{
		Request:  contract.Request{Method: method, Target: target, Header: http.Header{"X-Key": {"******"}}, Body: []byte(sent)},
		Response: contract.Response{Status: status, Header: http.Header{}, Body: []byte(received)},
	}
	if sent != "" {
		ex.Request.Header.Set("Content-Type", "application/json")
	}
	if received != "" {
		ex.Response.Header.Set("Content-Type", "application/json")
	}
	return ex
}

const schemas = "/components/schemas/"

// comparison is what a comparison of the two documents gives, made by hand.
func comparison(t *testing.T) *breaking.Comparison {
	t.Helper()
	p := loadPets(t)
	oldAt, newAt := p.old.Root.At, p.new.Root.At
	list := "/paths/~1pets/get"
	return &breaking.Comparison{Old: p.old, New: p.new, Findings: []breaking.Finding{
		{
			ID: "enum/added", Level: breaking.Breaking, Side: contract.Consumer, Check: "listPets/200", Also: []string{"getPet/200"},
			Pointer: "/response/body/*/kind", Says: `"bird" is new`,
			Old: oldAt(schemas + "Pet/properties/kind/enum"), New: newAt(schemas + "Pet/properties/kind/enum"),
			Witness: p.witness(contract.Consumer, "schema", exchange("GET /pets", "", 200, `[{"id": 1, "kind": "bird"}]`)),
		},
		{
			ID: "status/removed", Level: breaking.Breaking, Side: contract.Consumer, Check: "getPet/404",
			Pointer: "/response/status", Says: "404 is gone", Old: oldAt("/paths/~1pets~1{petId}/get/responses/404"),
			Witness: p.witness(contract.Consumer, "entry 7 of traffic.har", exchange("GET /pets/7", "", 404, "")),
		},
		{
			ID: "bound/lowered", Level: breaking.Breaking, Side: contract.Provider, Check: "listPets/request",
			Pointer: "/request/query/limit", Says: "maximum 100 is now 50",
			Old: oldAt(list + "/parameters/0/schema/maximum"), New: newAt(list + "/parameters/0/schema/maximum"),
			Witness: p.witness(contract.Provider, "schema", exchange("GET /pets?limit=51", "", 200, "[]")),
		},
		{
			ID: "bound/added", Level: breaking.Breaking, Side: contract.Provider, Check: "addPet/request",
			Pointer: "/request/body/notes", Says: "maxItems 3 is new",
			Old: oldAt(schemas + "NewPet/properties/notes"), New: newAt(schemas + "NewPet/properties/notes/maxItems"),
			Witness: p.witness(contract.Provider, "example of the request body",
				exchange("POST /pets", `{"kind": "cat", "notes": [`+strings.Repeat(`"she likes fish and sleeps all day", `, 20)+`""]}`, 201, "")),
		},
		{
			ID: "security/loosened", Level: breaking.PossiblyBreaking, Side: contract.Provider, Check: "listPets/request",
			Also: []string{"addPet/request", "getPet/request"}, Says: "requests need no credentials any more", Old: oldAt("/security"),
			Why:   "no exchange shows it: a request with credentials is right by both documents",
			Probe: "GET /pets without credentials",
		},
		{
			ID: "property/removed", Level: breaking.PossiblyBreaking, Side: contract.Consumer, Check: "listPets/200",
			Also: []string{"getPet/200"}, Pointer: "/response/body/*/tag", Says: "the optional member is not documented any more",
			Old: oldAt(schemas + "Pet/properties/tag"), New: newAt(schemas + "Pet/properties"),
			Why: "the new schema is open, so that it still allows the member with any value",
			Witness: p.witness(contract.Consumer, "schema",
				exchange("GET /pets", "", 200, `[{"id": 1, "kind": "cat", "tag": 7}]`)),
		},
		{
			ID: "enum/added", Level: breaking.Compatible, Side: contract.Provider, Check: "addPet/request",
			Pointer: "/request/body/kind", Says: `"bird" is new`,
			Old: oldAt(schemas + "NewPet/properties/kind/enum"), New: newAt(schemas + "NewPet/properties/kind/enum"),
			Witness: p.witness(contract.Provider, "schema", exchange("POST /pets", `{"kind":"bird"}`, 201, "")),
		},
		{
			ID: "prose/changed", Level: breaking.Editorial, Check: "info", Says: "description is new", New: newAt("/info/description"),
		},
	}}
}

// sample is a comparison with the options for its formats.
type sample struct {
	comparison *breaking.Comparison
	options    formats.Options
}

func (s sample) write(t *testing.T, format string) string {
	t.Helper()
	f, err := formats.ParseFormat(format)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := f.Write(&b, s.comparison, s.options); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// samples are comparisons of each kind, by name.
func samples(t *testing.T) map[string]sample {
	t.Helper()
	toleratesBounds := func(f breaking.Finding) (string, bool) { return "announced in May", strings.HasPrefix(f.ID, "bound/") }
	traffic := comparison(t)
	traffic.Exchanges, traffic.Foreign = 120, 3
	for i := range traffic.Findings {
		traffic.Findings[i].Unused = i > 0 && i < 5
	}
	passing := comparison(t)
	passing.New.InfoVersion = "1.3.0"
	passing.Findings = passing.Findings[4:]
	unchanged := comparison(t)
	unchanged.Findings = unchanged.Findings[5:]
	same := comparison(t)
	same.Findings = []breaking.Finding{}
	return map[string]sample{
		"breaking": {comparison: comparison(t), options: formats.Options{Version: "1.2.3"}},
		"verbose":  {comparison: comparison(t), options: formats.Options{Verbose: true}},
		"tolerated": {
			comparison: comparison(t),
			options:    formats.Options{Known: toleratesBounds, Stale: []string{"getPet/200 type/changed # old"}},
		},
		"traffic":   {comparison: traffic},
		"passing":   {comparison: passing},
		"unchanged": {comparison: unchanged},
		"same":      {comparison: same},
		"failed":    {options: formats.Options{Error: "cannot read pets.yaml: no such file"}},
		"hostile":   {comparison: hostile(t), options: formats.Options{Stale: []string{evil}, Version: evil}},
		"thousand":  {comparison: thousand(t)},
	}
}

// evil has what a terminal would obey, what ends a table, a tag or code in Markdown, and bytes that are not UTF-8.
const evil = "\x1b[2J|<b>`*[x](javascript:1)\u202e\xff\r\n</pre></details># h"

// hostile has evil texts everywhere.
func hostile(t *testing.T) *breaking.Comparison {
	c := comparison(t)
	c.Old.Title, c.New.InfoVersion = evil, evil
	for i := range c.Findings {
		f := &c.Findings[i]
		f.Check, f.Pointer, f.Says, f.Why, f.Probe, f.Also = evil, evil, evil, evil, evil, []string{evil, evil}
		if w := f.Witness; w != nil {
			w.Origin, w.Exchange.Request.Target, w.Exchange.Response.Body = evil, evil, []byte(evil+evil+evil)
			w.Exchange.Request.Header.Set("X-Evil", evil)
			w.New = append(w.New, contract.Finding{ID: "schema/type", Pointer: evil, Want: evil, Got: evil})
		}
	}
	return c
}

// thousand has a thousand findings of each level, with long texts.
func thousand(t *testing.T) *breaking.Comparison {
	c := comparison(t)
	few := c.Findings
	c.Findings = nil
	for _, f := range few {
		for i := range 200 {
			f.Check = fmt.Sprintf("operation%d/200", i)
			f.Says = strings.Repeat("a long text ", 60)
			c.Findings = append(c.Findings, f)
		}
	}
	return c
}
