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

// inventoryOf lists what a document says and no exchange shows, one row a thing, and the probes that are derived from it. A
// row is the kind of the thing, where it stands, and what it says.
func inventoryOf(judge *contract.Judge, root *spec.Node) []string {
	i := inventory{}
	i.walk(site{node: root}, "document")
	return append(i.rows, probeRows(judge)...)
}

// InventoryOf is the same for the bytes of a document.
func InventoryOf(file string, source []byte) ([]string, error) {
	judge, err := parse(file, source)
	if err != nil {
		return nil, err
	}
	return inventoryOf(judge, withoutProse(judge.Document().Root)), nil
}

type inventory struct{ rows []string }

func (i *inventory) add(what string, s site, says string) {
	i.rows = append(i.rows, strings.TrimRight(what+" "+s.pointer+": "+says, " "))
}

// scalars writes the values of some keys of a mapping, of those that are there.
func scalars(s site, keys ...string) string {
	words := []string{}
	for _, key := range keys {
		if child, ok := s.at(key); ok {
			words = append(words, key+"="+strings.Join(child.texts(), ","))
		}
	}
	return strings.Join(words, " ")
}

func (i *inventory) walk(s site, k kind) {
	if k == "data" {
		return
	}
	if !s.has("$ref") || k.named() {
		i.row(s, k)
	}
	for _, e := range s.entries() {
		i.walk(e.site, k.below(e.key))
	}
}

func (i *inventory) row(s site, k kind) {
	switch k {
	case "server":
		i.add("server", s, scalars(s, "url"))
	case "variable":
		i.add("variable", s, scalars(s, "default", "enum"))
	case "operation":
		i.add("operation", s, scalars(s, "operationId", "deprecated"))
	case "parameter":
		text := scalars(s, "in", "name", "required", "deprecated", "allowEmptyValue", "style", "explode", "example")
		if schema, ok := s.at("schema"); ok { // what stands in a path or a header is a text to a judge, and has a type to a generator
			text += " " + scalars(schema, "type")
		}
		if examples, ok := s.at("examples"); ok { // of bodies, recordings hold them
			text += " examples=" + strings.Join(namedValues(examples), ",")
		}
		i.add("parameter", s, strings.TrimSpace(text))
	case "content", "schemas":
		if s.pointer != "/components/schemas" {
			i.add("names", s, strings.Join(s.keys(), " "))
		}
	case "header":
		i.add("header", s, scalars(s, "required", "deprecated", "example"))
	case "evidence":
		i.add("evidence", s, scalars(s, "grade", "source"))
	case "rule":
		i.add("rule", s, scalars(s, "id", "grade", "probe", "source"))
	case "authorization":
		i.add("authorization", s, scalars(s, s.keys()...))
	case "source":
		i.add("page", s, scalars(s, "title", "url", "edition"))
	case "signing header":
		i.add("signing header", s, scalars(s, "name", "grade", "source"))
	case "code":
		i.add("code", s, scalars(s, "code", "when", "message"))
	case "schema":
		if text := scalars(s, append([]string{"enum", "default", "example"}, hints(s)...)...); text != "" {
			i.add("schema", s, text)
		}
	}
}

// namedValues writes named examples, each as its name and its value.
func namedValues(examples site) []string {
	list := []string{}
	for _, e := range examples.entries() {
		value, _ := e.at("value")
		if value.node != nil {
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
		if p.Role != probe.Nobody {
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
	got, err := rowsOf(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
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
	keys := []string{}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if says, ok := got[key]; !ok || says != want[key] {
			keys = append(keys, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok {
			keys = append(keys, key)
		}
	}
	return keys
}
