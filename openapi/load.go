package openapi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// LoadFile reads a document from disk.
func LoadFile(file string) (*Document, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	return Load(file, data)
}

// Load reads a document. What is wrong with it comes as one line with file and line: YAML, references, the OpenAPI
// document itself, our extensions. Rules are read, not compiled.
func Load(file string, data []byte) (*Document, error) {
	t, err := parseTree(file, data)
	if err != nil {
		return nil, err
	}
	if err := t.checkReferences(); err != nil {
		return nil, err
	}
	if v := t.nodes["/openapi"]; v == nil || !strings.HasPrefix(v.Value, "3.0.") {
		return nil, t.errorAt(max(1, t.lines["/openapi"]), "want an OpenAPI 3.0 document")
	}
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromData(data)
	if err != nil {
		return nil, t.foreignError(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation()); err != nil {
		return nil, t.foreignError(err)
	}
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	d := &Document{Name: name, File: file, T: doc, lines: t.lines, schemas: map[*openapi3.Schema]string{}}
	pointers := map[string]bool{}
	err = doc.WalkSchemas(func(pointer string, ref *openapi3.SchemaRef) error {
		pointer = t.resolve(pointer)
		d.schemas[ref.Value], pointers[pointer] = pointer, true
		return nil
	})
	if err != nil {
		return nil, t.foreignError(err)
	}
	ext, err := t.extensions(func(pointer string) bool { return pointers[pointer] })
	if err != nil {
		return nil, err
	}
	d.evidence, d.Rules = ext.evidence, ext.rules
	if err := d.addOperations(t, ext); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Document) addOperations(t *tree, ext *extensions) error {
	seen := map[string]bool{}
	for _, pointer := range t.order {
		if !operationPointer.MatchString(pointer) {
			continue
		}
		segments := strings.Split(pointer, "/")
		path, method := unescape(segments[2]), strings.ToUpper(segments[3])
		item := d.T.Paths.Value(path)
		spec := item.GetOperation(method)
		op := &Operation{
			ID: spec.OperationID, Method: method, Path: path, Pointer: pointer, Spec: spec,
			Evidence:      d.Evidence(pointer, Evidence{Documented, []string{d.File}}),
			Authorization: ext.authorization[pointer],
		}
		if op.ID == "" {
			op.ID = method + " " + path
		}
		if seen[op.ID] {
			return t.errorAt(t.lines[pointer], "operationId %q stands here twice", op.ID)
		}
		seen[op.ID] = true
		op.Parameters = parameters(parent(pointer), item.Parameters, pointer, spec.Parameters)
		d.addResponses(op, t, ext)
		d.Operations = append(d.Operations, op)
	}
	for _, r := range d.Rules {
		r.ID = d.Name + "/" + r.ID
		for _, op := range d.Operations {
			if r.Holder == op.Pointer {
				r.ID = op.ID + strings.TrimPrefix(r.ID, d.Name)
			}
		}
	}
	return nil
}

// parameters joins those of the path with those of the operation, which win.
func parameters(pathPointer string, ofPath openapi3.Parameters, opPointer string, ofOperation openapi3.Parameters) []Parameter {
	list := []Parameter{}
	add := func(pointer string, refs openapi3.Parameters, skip openapi3.Parameters) {
		for i, ref := range refs {
			if skip.GetByInAndName(ref.Value.In, ref.Value.Name) != nil {
				continue
			}
			at := fmt.Sprintf("%s/parameters/%d", pointer, i)
			if ref.Ref != "" {
				at = strings.TrimPrefix(ref.Ref, "#")
			}
			list = append(list, Parameter{ref.Value, at})
		}
	}
	add(pathPointer, ofPath, ofOperation)
	add(opPointer, ofOperation, nil)
	return list
}

func (d *Document) addResponses(op *Operation, t *tree, ext *extensions) {
	prefix := op.Pointer + "/responses/"
	for _, pointer := range t.order {
		status, ok := strings.CutPrefix(pointer, prefix)
		if !ok || strings.Contains(status, "/") || strings.HasPrefix(status, "x-") {
			continue
		}
		ref := op.Spec.Responses.Value(status)
		at := pointer
		if ref.Ref != "" {
			at = strings.TrimPrefix(ref.Ref, "#")
		}
		op.Responses = append(op.Responses, &Response{
			Status: status, Pointer: at, Spec: ref.Value, Codes: ext.codes[at],
			Evidence: d.Evidence(at, op.Evidence),
		})
	}
}

// foreignError puts an error of kin-openapi into one line, with the place where that is known.
func (t *tree) foreignError(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if origin := originOf(err); origin != nil && origin.Key != nil {
		return t.errorAt(origin.Key.Line, "%s", text)
	}
	return errors.New(t.file + ": " + text)
}

// originOf finds the innermost place that an error of kin-openapi carries: many of its types have a field for it, and no
// interface says so.
func originOf(err error) (found *openapi3.Origin) {
	for ; err != nil; err = errors.Unwrap(err) {
		v := reflect.Indirect(reflect.ValueOf(err))
		if v.Kind() != reflect.Struct {
			continue
		}
		if field := v.FieldByName("Origin"); field.IsValid() {
			if origin, ok := field.Interface().(*openapi3.Origin); ok && origin != nil {
				found = origin
			}
		}
		e, ok := err.(*openapi3.SchemaError) //nolint:errorlint // the loop unwraps
		if ok && e.Schema != nil && e.Schema.Origin != nil {
			found = e.Schema.Origin
		}
	}
	return found
}

func unescape(token string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
}
