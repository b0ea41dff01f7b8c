package oasdiff

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract/mutate"
)

// ourDocuments are copies of our two documents, in testdata. They stay as they are when the documents change, so that a new
// operation makes no new disagreements to judge.
var ourDocuments = []string{"iam-2.0.0", "ims-2.0.0"}

// mutantPairs are our documents and mutants of them: of each operator one, at another place for each operator.
func mutantPairs(t *testing.T, folder string) []pair {
	t.Helper()
	list := []pair{}
	for _, name := range ourDocuments {
		document := textOf(t, "testdata/"+name+".yaml")
		made, err := mutate.Documents(mutate.Contract{File: name + ".yaml", Document: []byte(document)})
		if err != nil {
			t.Fatal(err)
		}
		operators, byOperator := []string{}, map[string][]mutate.DocumentMutant{}
		for _, m := range made {
			if byOperator[m.Operator] == nil {
				operators = append(operators, m.Operator)
			}
			byOperator[m.Operator] = append(byOperator[m.Operator], m)
		}
		old := write(t, folder, made[0].Of+".json", withoutTags(t, document))
		for i, operator := range operators {
			if p, ok := mutantPair(t, folder, old, byOperator[operator], i); ok {
				list = append(list, p)
			}
		}
	}
	return list
}

// mutantPair is the original with the first mutant after number i that loads in both. Some operators make none: of a rule that
// needs the probe that they take away, of a component that is referenced.
func mutantPair(t *testing.T, folder, old string, made []mutate.DocumentMutant, i int) (pair, bool) {
	t.Helper()
	for k := range made {
		m := made[(i+k)%len(made)]
		file := write(t, folder, fmt.Sprintf("%s-%d.json", m.Of, i), string(m.JSON()))
		if bothLoad(file) {
			return pair{group: "mutants", name: strings.Join(strings.Fields(m.String()), " "), old: old, new: file}, true
		}
	}
	return pair{}, false
}

// withoutTags takes the tags out of a document, since mutants have none. Mutants have no prose and no examples either, which
// both find editorial.
func withoutTags(t *testing.T, document string) string {
	t.Helper()
	var root map[string]any
	if err := yaml.Unmarshal([]byte(document), &root); err != nil {
		t.Fatal(err)
	}
	var without func(value any) any
	without = func(value any) any {
		return each(value, func(key string, value any) any {
			if list, isList := value.([]any); isList && key == "tags" && len(list) > 0 {
				return nil
			}
			return without(value)
		})
	}
	return textOfJSON(t, without(root))
}
