package probe

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A lifecycle creates a thing, reads, changes and deletes it, one request after the other. The id is known only once the thing
// exists, so that each request is derived when its turn comes, as the plain request of its operation with that id:
//
//	createPet/lifecycle-create         POST   /pets      201 {"id": 7}
//	getPet/lifecycle-read              GET    /pets/7    200
//	updatePet/lifecycle-change         PUT    /pets/7    200, with another name in the body
//	getPet/lifecycle-read-changed      GET    /pets/7    200, with that name
//	deletePet/lifecycle-delete         DELETE /pets/7    204
//	deletePet/lifecycle-delete-again   DELETE /pets/7    404, or again 204
//	getPet/lifecycle-read-deleted      GET    /pets/7    404

// Resource is a kind of thing that a document lets its callers create: a POST on a path, and operations on that path with an id.
type Resource struct {
	Create *spec.Operation
	items  []*spec.Operation // of the path with the id, in the order of the document
	id     *spec.Parameter
}

// Resources lists the resources of a document. What others belong to comes first: /stores before /stores/{store}/pets.
func Resources(doc *spec.Document) []Resource {
	list := []Resource{}
	for _, op := range doc.Operations {
		if op.Method != http.MethodPost || op.Refused != nil || !namesNew(op) {
			continue
		}
		if r := (Resource{Create: op}); r.findItems(doc) {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b Resource) int {
		return cmp.Compare(len(templateOf(a.Create)), len(templateOf(b.Create)))
	})
	return list
}

// namesNew reports whether a success of an operation can say what was created: it has a body or the header Location.
func namesNew(op *spec.Operation) bool {
	return slices.ContainsFunc(op.Responses, func(r *spec.Response) bool {
		isLocation := func(h *spec.Header) bool { return strings.EqualFold(h.Name, "Location") }
		return strings.HasPrefix(r.Status, "2") && (len(r.Content) > 0 || slices.ContainsFunc(r.Headers, isLocation))
	})
}

// findItems finds the operations on one thing. It reports whether there are any.
func (r *Resource) findItems(doc *spec.Document) bool {
	collection := templateOf(r.Create)
	for _, op := range doc.Operations {
		path := templateOf(op)
		isItem := len(path) == len(collection)+1 && isSlot(path[len(path)-1]) && alike(collection, path[:len(collection)])
		if !isItem || op.Refused != nil || len(r.items) > 0 && op.Path != r.items[0].Path {
			continue
		}
		name := strings.Trim(path[len(path)-1], "{}")
		at := slices.IndexFunc(op.Parameters, func(p *spec.Parameter) bool { return p.In == "path" && p.Name == name })
		if at >= 0 {
			r.items, r.id = append(r.items, op), op.Parameters[at]
		}
	}
	return len(r.items) > 0
}

// item is the operation on one thing with a method, or nil.
func (r Resource) item(method string) *spec.Operation {
	for _, op := range r.items {
		if op.Method == method {
			return op
		}
	}
	return nil
}

// Concerns reports whether an operation needs a thing of the resource: its path begins with that of one.
func (r Resource) Concerns(op *spec.Operation) bool {
	item, path := templateOf(r.items[0]), templateOf(op)
	return len(path) >= len(item) && alike(item, path[:len(item)])
}

// templateOf lists the segments of the path of an operation.
func templateOf(op *spec.Operation) []string { return segments(pathOf(op)) }

// isSlot reports whether a segment of a template is a parameter and nothing else.
func isSlot(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.Index(segment, "}") == len(segment)-1
}

// alike reports whether two templates have the same segments, whatever the names of their parameters.
func alike(a, b []string) bool {
	return slices.EqualFunc(a, b, func(a, b string) bool { return a == b || isSlot(a) && isSlot(b) })
}

// Stage is a place in a lifecycle, and the name of its checks.
type Stage string

// The stages, in their order.
const (
	Create      Stage = "lifecycle-create"
	Read        Stage = "lifecycle-read"
	Change      Stage = "lifecycle-change"
	ReadChanged Stage = "lifecycle-read-changed"
	ReadPatched Stage = "lifecycle-read-patched" // after PATCH, if there is a PUT too
	Delete      Stage = "lifecycle-delete"
	DeleteAgain Stage = "lifecycle-delete-again"
	ReadDeleted Stage = "lifecycle-read-deleted"
)

// Step is one request of a lifecycle.
type Step struct {
	Stage     Stage
	Operation *spec.Operation
}

// ID is that of the check: getPet/lifecycle-read.
func (s Step) ID() string { return s.Operation.ID + "/" + string(s.Stage) }

// kind is the kind of probe, which says how the judge expects the status.
func (s Step) kind() spec.Probe {
	if s.Stage == ReadDeleted {
		return spec.UnknownResource
	}
	return spec.ValidRequest
}

// Steps lists the steps for which the document has an operation.
func (r Resource) Steps() []Step {
	steps := []Step{}
	add := func(stage Stage, op *spec.Operation) {
		if op != nil {
			steps = append(steps, Step{stage, op})
		}
	}
	read, put, patch, remove := r.item("GET"), r.item("PUT"), r.item("PATCH"), r.item("DELETE")
	add(Create, r.Create)
	add(Read, read)
	add(Change, put)
	if put != nil {
		add(ReadChanged, read)
	}
	add(Change, patch)
	switch {
	case patch != nil && put != nil:
		add(ReadPatched, read)
	case patch != nil:
		add(ReadChanged, read)
	}
	add(Delete, remove)
	add(DeleteAgain, remove)
	if remove != nil {
		add(ReadDeleted, read)
	}
	return steps
}

// Maker derives the requests that create things, and those on what was created.
type Maker struct {
	Judge      *contract.Judge
	Principals Principals
	Values     Values // for all principals; those of a principal win
	Made       Values // ids of things that exist, by the names of members of bodies: see [Thing.Members]
}

// Create is the request that creates a thing. With a tag, the texts of its body end with the tag where the document allows it,
// for a provider that wants each name once.
func (m Maker) Create(r Resource, tag string) Probe {
	d := m.deriver(r.Create)
	return d.addEdited(m.Principals[Reader].Values, Create, spec.ValidRequest, func(request *contract.Request) {
		if tag != "" {
			d.tag(request, tag)
		}
	})
}

// addEdited makes a probe whose values are invented if those of the plain request are: an edit of free texts makes them no worse.
func (d *deriver) addEdited(values Values, stage Stage, kind spec.Probe, edit func(*contract.Request)) Probe {
	plain := *d.addFor(values, string(stage), kind, Reader, nil)
	edited := *d.addFor(values, string(stage), kind, Reader, edit)
	edited.invented = plain.invented
	return edited
}

// Tagged is a probe whose body has texts that nothing else has, for a provider that has something of that name already. ok is
// false if no text of the body is free.
func (m Maker) Tagged(p Probe, tag string) (tagged Probe, ok bool) {
	before := p.Request.Body
	p.Request.Header = p.Request.Header.Clone()
	m.deriver(p.Operation).tag(&p.Request, tag)
	return p, !bytes.Equal(before, p.Request.Body)
}

// Step is the request of a step on a thing.
func (m Maker) Step(s Step, t Thing) Probe {
	d := m.deriver(s.Operation)
	values := Values{}
	maps.Copy(values, m.Principals[Reader].Values)
	for name, value := range t.Values(s.Operation) {
		values[s.Operation.ID+"."+name] = value
	}
	return d.addEdited(values, s.Stage, s.kind(), func(request *contract.Request) {
		if s.Stage == Change {
			d.alter(request, t)
		}
	})
}

// Delete is the request that deletes a thing. ok is false if the document has none.
func (m Maker) Delete(t Thing) (p Probe, ok bool) {
	remove := t.Resource.item("DELETE")
	if remove == nil {
		return Probe{}, false
	}
	return m.Step(Step{Delete, remove}, t), true
}

// Role is the principal that sends the requests of an operation.
func (m Maker) Role(op *spec.Operation) Role {
	if m.deriver(op).requiresCredentials() {
		return Reader
	}
	return Anonymous
}

func (m Maker) deriver(op *spec.Operation) *deriver {
	return newDeriver(m.Judge, op, m.Principals, Known{Values: m.Values, Made: m.Made}, siblingValues(m.Judge.Document()))
}
