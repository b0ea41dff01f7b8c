package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// OpenAPI cannot say that a parameter filters a list. It is inferred where a query parameter with an enum and a member of the
// listed objects have the same name and share values. Then the list has only objects with a value that was asked for:
//
//	status: {in: query, enum: [new, sold, all]}    pets: [{status: {enum: [new, sold]}}]
//	?status=sold    {"pets": [{"status": "new"}]}    filter/ignored at /response/body/pets/0/status
//	?status=all     {"pets": [{"status": "new"}]}    no finding: no pet can be all
//
// The list is the body, or the only member of the body that lists such objects.

// filter is a query parameter that filters the list in a response.
type filter struct {
	parameter parameterField
	list      string   // the member of the body that has the list; "": the body is the list
	member    string   // of the objects in the list
	values    []string // that the member may have
}

// filtersOf returns the filters of an operation that one media type of its successes shows.
func filtersOf(parameters []parameterField, body *spec.Schema) []filter {
	found := []filter{}
	for _, p := range parameters {
		if p.In != "query" || p.Schema == nil {
			continue
		}
		lists := []filter{}
		if member, values := memberFor(p.Parameter, body); member != "" {
			lists = append(lists, filter{p, "", member, values})
		}
		for _, name := range propertiesOf(body) {
			if member, values := memberFor(p.Parameter, body.Property(name)); member != "" {
				lists = append(lists, filter{p, name, member, values})
			}
		}
		if len(lists) == 1 {
			found = append(found, lists[0])
		}
	}
	return found
}

// memberFor returns the member of the objects in a list that has the name of a parameter and shares values with it. It is ""
// if there is none, or if the schema is no list.
func memberFor(p *spec.Parameter, list *spec.Schema) (member string, values []string) {
	asked := append(enumOf(p.Schema), enumOf(itemsOf(p.Schema))...)
	object := itemsOf(list)
	for _, name := range propertiesOf(object) {
		values := enumOf(object.Property(name))
		isShared := slices.ContainsFunc(asked, func(value string) bool { return slices.Contains(values, value) })
		if isShared && plainName(name) == plainName(p.Name) {
			return name, values
		}
	}
	return "", nil
}

// plainName writes a name as all conventions do: petStatus and pet_status are petstatus.
func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// itemsOf returns the schema of the elements of a list, or nil.
func itemsOf(list *spec.Schema) *spec.Schema {
	for s := range list.Parts {
		if s.Items != nil {
			return s.Items
		}
	}
	return nil
}

// enumOf returns the values that the enums of a schema list, as texts.
func enumOf(schema *spec.Schema) []string {
	values := []string{}
	for s := range schema.Parts {
		for _, n := range s.Enum {
			if n.Kind != spec.Null {
				values = append(values, n.Text)
			}
		}
	}
	return values
}

// judgeFilters finds the objects of a list that have another value than the request asked for.
func judgeFilters(s *subject, b body, out *findings) {
	if s.ex.Response.Status/100 != 2 || s.ex.Expected || s.ex.Unrecorded&UnrecordedRequest != 0 {
		return
	}
	for _, f := range s.response.filters[b.schema] {
		if asked := f.asked(s, out); len(asked) > 0 {
			f.judge(b, asked, out)
		}
	}
}

// asked returns the values of the parameter in the request. There are none if the member cannot have each of them.
func (f filter) asked(s *subject, out *findings) []string {
	raw := parameter.Raw{Query: s.query, Parameters: s.op.Parameters}
	value, n, problem := parameter.Read(f.parameter.Parameter, raw, f.parameter.accepts(out.budget))
	if n != 1 || problem != "" || !value.Exists() {
		return nil
	}
	sent := []string{}
	if value.Kind() != strictjson.Array {
		sent = append(sent, value.Text())
	}
	for _, element := range value.Elements() {
		sent = append(sent, element.Text())
	}
	if slices.ContainsFunc(sent, func(text string) bool { return !slices.Contains(f.values, text) }) {
		return nil
	}
	return sent
}

func (f filter) judge(b body, asked []string, out *findings) {
	list, at := b.value, "/response/body/"
	if f.list != "" {
		list, at = list.Member(f.list), at+pointer.Escape(f.list)+"/"
	}
	if list.Kind() != strictjson.Array {
		return
	}
	for i, object := range list.Elements() {
		value := object.Member(f.member)
		isScalar := value.Exists() && value.Kind() < strictjson.Array
		if !isScalar || b.hasFailed(object) || slices.Contains(asked, value.Text()) {
			continue
		}
		out.add(Finding{
			ID: "filter/ignored", Evidence: spec.Weaker(f.parameter.place.Evidence, inferredFilter),
			Pointer: fmt.Sprint(at, i, "/", pointer.Escape(f.member)), Node: f.parameter.Node,
			Want: strings.Join(asked, " or ") + ", as the parameter " + f.parameter.Name + " asks", Got: value.Compact(),
		})
	}
}

// inferredFilter is the evidence that a parameter filters a list: its name and its enum.
var inferredFilter = spec.Evidence{Grade: spec.Inferred, Source: []string{"the parameter and the member have one name and share values"}}
