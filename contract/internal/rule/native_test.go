package rule_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// evaluator evaluates a rule: a rule.Program, or a rule of a group.
type evaluator interface {
	Evaluate(*rule.Variables) (applies, holds bool, err error)
}

// inGroup is a rule of a group.
type inGroup struct {
	*rule.Group
	at int
}

func (g inGroup) Evaluate(v *rule.Variables) (applies, holds bool, err error) {
	g.Bind(v, v.Self)
	return g.Group.Evaluate(g.at, v)
}

// evaluators are a rule with its closures, and the same rule for cel-go alone.
type evaluators struct {
	expr          string
	native, byCEL evaluator
}

// both are the variables of one exchange, for each evaluator. They must be separate, since each converts what it
// needs.
type both struct{ native, cel rule.Variables }

// agree evaluates a rule with both evaluators and reports a difference.
func (b *both) agree(t *testing.T, p evaluators, about string) {
	t.Helper()
	if got, want := resultOf(p.native, &b.native), resultOf(p.byCEL, &b.cel); got != want {
		t.Errorf("%s\nof %s:\ngot  %+v\nwant %+v, as cel-go gives", p.expr, about, got, want)
	}
}

// resultOf returns the result of a rule without the text of the error: if a map has several errors, cel-go may
// report any of them.
func resultOf(program evaluator, v *rule.Variables) (o struct{ applies, holds, failed bool }) {
	var err error
	o.applies, o.holds, err = program.Evaluate(v)
	o.failed = err != nil
	return o
}

// comparison and swapped make mutants of a rule: each match is replaced once.
var (
	comparison = regexp.MustCompile(`==|!=|<=|>=| < | > | in |&&|\|\||\.all|\.exists_one|\.exists\b|[0-9]+|"[a-z_]+"`)
	swapped    = map[string]string{
		"==": "!=", "!=": "==", "<=": ">", ">=": "<", " < ": " >= ", " > ": " <= ", "&&": "||", "||": "&&",
		".all": ".exists", ".exists": ".all", ".exists_one": ".exists", " in ": " == ",
	}
)

// rulesOf returns the rules of a document, and mutants of them: those of package mutate, and others. They are one group.
func rulesOf(t *testing.T, name string, of rule.Scope) []evaluators {
	env, err := rule.NewEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	programs, texts := []*rule.Program{}, []string{}
	add := func(expr string) bool {
		program, err := env.Compile(expr, of)
		if err == nil && !slices.Contains(texts, expr) {
			programs, texts = append(programs, program), append(texts, expr)
		}
		return err == nil
	}
	for i, doc := range documentsOf(t, name) {
		for _, r := range doc.Rules {
			if r.Expr == "" || (r.Scope == spec.ScopeSchema) != (of == rule.OfValue) {
				continue
			}
			if !add(r.Expr) && i == 0 {
				t.Errorf("%s does not compile", r.ID)
			}
			if i > 0 {
				continue
			}
			for _, at := range comparison.FindAllStringIndex(r.Expr, -1) {
				instead, ok := swapped[r.Expr[at[0]:at[1]]]
				if !ok {
					instead = "2"
				}
				add(r.Expr[:at[0]] + instead + r.Expr[at[1]:]) // some do not compile
			}
		}
	}
	group, pairs := rule.NewGroup(programs...), []evaluators{}
	for i, program := range programs {
		pairs = append(pairs, evaluators{texts[i], inGroup{group, i}, program.ByCEL()})
	}
	return pairs
}

// documentsOf returns a document, and its mutants in which a rule is changed.
func documentsOf(t *testing.T, name string) []*spec.Document {
	doc, err := openapi.Embedded(name)
	if err != nil {
		t.Fatal(err)
	}
	source, err := openapi.YAML(name)
	if err != nil {
		t.Fatal(err)
	}
	made, err := mutate.Documents(mutate.Contract{File: name + ".yaml", Document: source})
	if err != nil {
		t.Fatal(err)
	}
	documents := []*spec.Document{doc}
	for _, m := range made {
		if !slices.Contains([]string{"rule negated", "rule's comparison swapped"}, m.Operator) {
			continue
		}
		mutant, err := spec.Read(name+".json", m.JSON(), nil)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, mutant)
	}
	if len(documents) < 20 {
		t.Errorf("%s has only %d mutants of rules", name, len(documents)-1)
	}
	return documents
}

// exchangesOf returns the recorded and published exchanges of a document, and mutants of them.
func exchangesOf(t *testing.T, name string) []contract.Exchange {
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	exchanges := []contract.Exchange{}
	for i, c := range contracts {
		if openapi.Names()[i] != name {
			continue
		}
		for _, known := range c.Cases {
			exchanges = append(exchanges, known.Exchange)
		}
		made, err := mutate.Exchanges(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made {
			exchanges = append(exchanges, m.Exchange())
		}
	}
	return exchanges
}

// variablesOf returns what rules see of an exchange.
func variablesOf(ex contract.Exchange) rule.Variables {
	target, err := url.Parse(ex.Request.Target)
	if err != nil {
		target = &url.URL{}
	}
	requested, _, _ := strictjson.Parse(ex.Request.Body)
	responded, _, _ := strictjson.Parse(ex.Response.Body)
	response := rule.Response{Status: ex.Response.Status, Headers: ex.Response.Header, Body: responded}
	v := rule.Variables{
		Request: rule.Request{
			Method: ex.Request.Method, Path: target.Path, Query: target.Query(), Headers: ex.Request.Header, Body: requested,
		},
		Response: response, Previous: &response,
	}
	if p := ex.Previous; p != nil {
		before, _, _ := strictjson.Parse(p.Body)
		v.Previous = &rule.Response{Status: p.Status, Headers: p.Header, Body: before}
	}
	return v
}

// TestRulesAgreeWithCEL compares both evaluators, for the rules of our documents and their mutants over all
// exchanges.
func TestRulesAgreeWithCEL(t *testing.T) {
	for _, name := range openapi.Names() {
		t.Run(name, func(t *testing.T) {
			ofExchanges, ofValues := rulesOf(t, name, rule.OfExchange), rulesOf(t, name, rule.OfValue)
			tried := map[string]bool{}
			for i, ex := range exchangesOf(t, name) {
				if testing.Short() && i%20 > 0 {
					continue // with the race detector, every twentieth is enough
				}
				about := fmt.Sprintf("%s %d %s", ex.Request.Method, ex.Response.Status, ex.Response.Body)
				v := variablesOf(ex)
				b := &both{native: v, cel: v}
				for _, p := range ofExchanges {
					b.agree(t, p, about)
				}
				for _, part := range partsOf(v.Response.Body) {
					if text := part.Compact(); !tried[text] {
						tried[text] = true
						b.native.Self, b.cel.Self = v.ResponsePart(part), v.ResponsePart(part)
						for _, p := range ofValues {
							b.agree(t, p, text)
						}
					}
				}
			}
		})
	}
}

// partsOf returns a value and all of its parts.
func partsOf(v strictjson.Value) []strictjson.Value {
	parts := []strictjson.Value{v}
	for _, member := range v.Members() {
		parts = append(parts, partsOf(member)...)
	}
	for _, element := range v.Elements() {
		parts = append(parts, partsOf(element)...)
	}
	return parts
}

// TestRulesTakeNoCEL checks that the closures decide every rule of our documents for every known exchange, except
// for errors.
func TestRulesTakeNoCEL(t *testing.T) {
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range doc.Rules {
			if r.Expr == "" {
				continue
			}
			of := rule.OfExchange
			if r.Scope == spec.ScopeSchema {
				of = rule.OfValue
			}
			program := compile(t, r.Expr, of)
			for _, known := range contracts[i].Cases {
				v := variablesOf(known.Exchange)
				parts := []strictjson.Value{{}}
				if of == rule.OfValue {
					parts = slices.DeleteFunc(partsOf(v.Response.Body), func(p strictjson.Value) bool { return p.Kind() < strictjson.Array })
				}
				for _, part := range parts {
					v.Self = v.ResponsePart(part)
					if !program.IsNative(&v) && !resultOf(program, &v).failed {
						t.Errorf("%s: %s needs cel-go for %s", known.Name, r.ID, part.Compact())
					}
				}
			}
		}
	}
}
