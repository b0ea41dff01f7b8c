package mutate

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The inventory of a document lists what no exchange can show, such as servers, grades and sources, and the probes derived
// from it. Each row is a kind, a pointer and some values:
//
//	operation /paths/~1things/get: operationId=listThings
//	probe listThings/plain: valid-request as reader, GET /things
//
// It is a copy of the document's contents: it detects that something changed, not that it is wrong.

// InventoryOf returns the rows of the inventory of a document, which is YAML or JSON. The file is for messages.
func InventoryOf(file string, document []byte) ([]string, error) {
	judge, err := newJudge(file, document)
	if err != nil {
		return nil, err
	}
	return inventoryOf(judge, withoutProse(judge.Document().Root)), nil
}

func inventoryOf(judge *contract.Judge, root *spec.Node) []string {
	return append(documentRows(site{node: root}, "document"), probeRows(judge)...)
}

// documentRows lists the rows of a node and of the nodes below it.
func documentRows(s site, k kind) []string {
	rows := []string{}
	if k == "data" {
		return rows
	}
	if !s.has("$ref") || k.named() {
		if name, values := row(s, k); name != "" {
			rows = append(rows, strings.TrimRight(name+" "+s.pointer+": "+values, " "))
		}
	}
	for _, e := range s.entries() {
		rows = append(rows, documentRows(e, k.below(e.key))...)
	}
	return rows
}

// listed are the keys whose values are in the row of a kind.
var listed = map[kind][]string{
	"server":         {"url"},
	"variable":       {"default", "enum"},
	"operation":      {"operationId", "deprecated"},
	"parameter":      {"in", "name", "required", "deprecated", "allowEmptyValue", "style", "explode", "example"},
	"header":         {"required", "deprecated", "example"},
	"schema":         {"enum", "default", "example"},
	"evidence":       {"grade", "source"},
	"rule":           {"id", "grade", "probe", "source"},
	"source":         {"title", "url", "edition"},
	"signing header": {"name", "grade", "source"},
	"code":           {"code", "when", "message"},
}

// row returns the first word and the values of a node's row. The word is "" if the node has no row. For a parameter:
//
//	parameter /paths/~1things/get/parameters/0: in=query name=limit type=integer examples=few=3
func row(s site, k kind) (name, values string) {
	values = scalars(s, listed[k]...)
	switch k {
	case "parameter":
		if schema, ok := s.at("schema"); ok { // paths and headers are text to a judge, but typed in generated code
			values += " " + scalars(schema, "type")
		}
		if examples, ok := s.at("examples"); ok { // those of bodies are compared with recordings
			values += " examples=" + strings.Join(namedValues(examples), ",")
		}
	case "content", "schemas":
		if s.pointer != "/components/schemas" {
			return "names", strings.Join(s.keys(), " ")
		}
	case "authorization":
		return "authorization", scalars(s, s.keys()...)
	case "source":
		return "page", values
	case "schema":
		if values = strings.TrimSpace(values + " " + scalars(s, hints(s)...)); values == "" {
			return "", ""
		}
	}
	if listed[k] == nil {
		return "", ""
	}
	return string(k), values
}

// scalars writes key=value for each of the keys that the object has.
func scalars(s site, keys ...string) string {
	words := []string{}
	for _, key := range keys {
		if child, ok := s.at(key); ok {
			words = append(words, key+"="+strings.Join(child.texts(), ","))
		}
	}
	return strings.Join(words, " ")
}

// namedValues writes name=value for each named example.
func namedValues(examples site) []string {
	list := []string{}
	for _, e := range examples.entries() {
		if value, ok := e.at("value"); ok {
			list = append(list, e.key+"="+strings.Join(value.texts(), "+"))
		}
	}
	return list
}

// probeRows lists the probes of a document. Probes that must fail have the statuses that the document gives for the cause.
func probeRows(judge *contract.Judge) []string {
	rows := []string{}
	for _, p := range probe.Derive(judge, principals(judge.Document())) {
		row := fmt.Sprintf("probe %s: %s", p.ID, p.Kind)
		if p.Role != probe.Anonymous {
			row += " as " + string(p.Role)
		}
		if p.Skip != "" {
			rows = append(rows, row+", skipped: "+p.Skip)
			continue
		}
		row += ", " + p.Request.Method + " " + p.Request.Target
		for _, name := range slices.Sorted(maps.Keys(p.Request.Header)) {
			row += ", " + name + ": " + strings.Join(p.Request.Header[name], ", ")
		}
		if len(p.Request.Body) > 0 {
			row += ", " + string(p.Request.Body)
		}
		if p.Kind != spec.ValidRequest && p.Kind != spec.Repeat {
			if statuses := p.Operation.Statuses(p.Kind); len(statuses) > 0 {
				row += ", status " + strings.Join(statuses, " or ")
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// principals returns one principal for each role. Each has its own values for the path parameters, so that probes of other
// accounts are derived too.
func principals(doc *spec.Document) probe.Principals {
	all := probe.Principals{}
	for _, role := range []probe.Role{probe.Reader, probe.Limited, probe.Stranger, probe.Expired, probe.Impostor} {
		values := map[string]string{}
		for _, op := range doc.Operations {
			for _, p := range op.Parameters {
				if p.In == "path" {
					values[p.Name] = "of-" + string(role)
				}
			}
		}
		all[role] = probe.Principal{Values: values, Authenticate: func(*http.Request) error { return nil }}
	}
	return all
}

// parseRows splits rows into keys and values.
func parseRows(rows []string) (map[string]string, error) {
	byKey := map[string]string{}
	for _, row := range rows {
		key, value, ok := strings.Cut(row, ": ")
		if !ok {
			key, value = strings.TrimSuffix(row, ":"), ""
		}
		if _, twice := byKey[key]; twice || key == "" {
			return nil, fmt.Errorf("inventory: duplicate row %q", key)
		}
		byKey[key] = value
	}
	return byKey, nil
}

// compareInventory compares an inventory with the rows of the unmutated document. A row that differs would kill every mutant,
// so it is an error, which names the first such row.
func compareInventory(file string, want map[string]string, rows []string) error {
	changed := changedRows(want, rows)
	if len(changed) == 0 {
		return nil
	}
	row := changed[0]
	got, _ := parseRows(rows)
	difference := fmt.Sprintf("says %q, the document says %q", want[row], got[row])
	if _, exists := got[row]; !exists {
		difference = "is not in the document"
	} else if _, listed := want[row]; !listed {
		difference = "is missing"
	}
	return fmt.Errorf("%s: the row %q %s; rows that differ: %d", file, row, difference, len(changed))
}

// changedRows lists the keys of rows that are missing or have another value, then those of new rows, each sorted.
func changedRows(want map[string]string, rows []string) []string {
	got, err := parseRows(rows)
	if err != nil {
		return []string{err.Error()}
	}
	changed := slices.DeleteFunc(slices.Sorted(maps.Keys(want)), func(key string) bool {
		value, ok := got[key]
		return ok && value == want[key]
	})
	added := slices.DeleteFunc(slices.Sorted(maps.Keys(got)), func(key string) bool {
		_, ok := want[key]
		return ok
	})
	return append(changed, added...)
}
