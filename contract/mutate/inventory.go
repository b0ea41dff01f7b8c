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

// InventoryOf lists what the bytes of a document say and no exchange shows, one row a thing, and the probes that are derived
// from it. A row is the kind of the thing, where it stands, and what it says.
func InventoryOf(file string, source []byte) ([]string, error) {
	judge, err := parse(file, source)
	if err != nil {
		return nil, err
	}
	return inventoryOf(judge, withoutProse(judge.Document().Root)), nil
}

func inventoryOf(judge *contract.Judge, root *spec.Node) []string {
	return append(documentRows(site{node: root}, "document"), probeRows(judge)...)
}

// documentRows are the rows of a node, and of those below it.
func documentRows(s site, k kind) []string {
	rows := []string{}
	if k == "data" {
		return rows
	}
	if !s.has("$ref") || k.named() {
		if what, says := row(s, k); what != "" {
			rows = append(rows, strings.TrimRight(what+" "+s.pointer+": "+says, " "))
		}
	}
	for _, e := range s.entries() {
		rows = append(rows, documentRows(e, k.below(e.key))...)
	}
	return rows
}

// listed are the keys whose values the row of a kind lists.
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

// row is what the inventory says of a node itself. There is no row if what is "".
func row(s site, k kind) (what, says string) {
	says = scalars(s, listed[k]...)
	switch k {
	case "parameter":
		if schema, ok := s.at("schema"); ok { // in a path or a header it is a text to a judge, and has a type to a generator
			says += " " + scalars(schema, "type")
		}
		if examples, ok := s.at("examples"); ok { // of bodies, recordings hold them
			says += " examples=" + strings.Join(namedValues(examples), ",")
		}
	case "content", "schemas":
		if s.pointer != "/components/schemas" {
			return "names", strings.Join(s.keys(), " ")
		}
	case "authorization":
		return "authorization", scalars(s, s.keys()...)
	case "source":
		return "page", says
	case "schema":
		if says = strings.TrimSpace(says + " " + scalars(s, hints(s)...)); says == "" {
			return "", ""
		}
	}
	if listed[k] == nil {
		return "", ""
	}
	return string(k), says
}

// scalars writes the values of some keys of an object, of those that are there.
func scalars(s site, keys ...string) string {
	words := []string{}
	for _, key := range keys {
		if child, ok := s.at(key); ok {
			words = append(words, key+"="+strings.Join(child.texts(), ","))
		}
	}
	return strings.Join(words, " ")
}

// namedValues writes named examples, each as its name and its value.
func namedValues(examples site) []string {
	list := []string{}
	for _, e := range examples.entries() {
		if value, ok := e.at("value"); ok {
			list = append(list, e.key+"="+strings.Join(value.texts(), "+"))
		}
	}
	return list
}

// probeRows are the probes of a document with the statuses that its faults name.
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
				row += ", answered " + strings.Join(statuses, " or ")
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// principals have all that probes ask for: the values of the path's parameters are each one's own.
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

// rowsOf takes rows apart into keys and what they say.
func rowsOf(rows []string) (map[string]string, error) {
	byKey := map[string]string{}
	for _, row := range rows {
		key, says, ok := strings.Cut(row, ": ")
		if !ok {
			key, says = strings.TrimSuffix(row, ":"), ""
		}
		if _, twice := byKey[key]; twice || key == "" {
			return nil, fmt.Errorf("inventory: the row %q stands there twice", key)
		}
		byKey[key] = says
	}
	return byKey, nil
}

// holds compares an inventory with the rows of the document itself: a row that differs there would notice every mutant. The
// error names the first such row.
func holds(file string, want map[string]string, rows []string) error {
	changed := changedRows(want, rows)
	if len(changed) == 0 {
		return nil
	}
	row := changed[0]
	got, _ := rowsOf(rows)
	why := fmt.Sprintf("says %q, the document says %q", want[row], got[row])
	if _, there := got[row]; !there {
		why = "is not in the document"
	} else if _, listed := want[row]; !listed {
		why = "is missing"
	}
	return fmt.Errorf("%s: the row %q %s; rows that differ: %d", file, row, why, len(changed))
}

// changedRows lists the keys of rows that are missing, new or say something else.
func changedRows(want map[string]string, rows []string) []string {
	got, err := rowsOf(rows)
	if err != nil {
		return []string{err.Error()}
	}
	changed := slices.DeleteFunc(slices.Sorted(maps.Keys(want)), func(key string) bool {
		says, ok := got[key]
		return ok && says == want[key]
	})
	added := slices.DeleteFunc(slices.Sorted(maps.Keys(got)), func(key string) bool {
		_, ok := want[key]
		return ok
	})
	return append(changed, added...)
}
