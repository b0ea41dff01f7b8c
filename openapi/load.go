package openapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
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
	data = plainJSON(data)
	t, err := parseTree(file, data)
	if err != nil {
		return nil, err
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	return t.document(loader, append(bytes.Clone(data), "\n#"...)) // the remark makes it YAML: of JSON kin-openapi keeps no origins
}

// document has kin-openapi read the data of the tree, and adds what the tree says.
func (t *tree) document(loader *openapi3.Loader, data []byte) (*Document, error) {
	doc, err := t.read(loader, data)
	if err != nil {
		return nil, err
	}
	schemas, err := t.schemas(doc)
	if err != nil {
		return nil, err
	}
	return t.view(doc, schemas)
}

// check finds what kin-openapi does not, or not with a place.
func (t *tree) check() error {
	if err := t.checkReferences(); err != nil {
		return err
	}
	if err := t.checkEmpty(); err != nil {
		return err
	}
	if err := t.checkSelfSchemas(); err != nil {
		return err
	}
	if v := t.nodes["/openapi"]; v == nil || !strings.HasPrefix(v.Value, "3.0.") {
		return t.errorAt(max(1, t.lines["/openapi"]), "want an OpenAPI 3.0 document")
	}
	return nil
}

// read has kin-openapi read the document.
func (t *tree) read(loader *openapi3.Loader, data []byte) (*openapi3.T, error) {
	doc, err := loader.LoadFromData(data)
	if err != nil {
		return nil, t.foreignError(err)
	}
	examples := openapi3.EnableExamplesValidation()
	if t.hasExternalExamples() {
		examples = openapi3.DisableExamplesValidation()
	}
	if err := doc.Validate(context.Background(), examples, openapi3.EnableSchemaFormatValidation()); err != nil {
		return nil, t.foreignError(err)
	}
	return doc, nil
}

// hasExternalExamples says whether an example stands elsewhere, by its URL: kin-openapi would hold null against the schema
// in its place.
func (t *tree) hasExternalExamples() bool {
	for pointer := range t.nodes {
		if holder, ok := strings.CutSuffix(pointer, "/externalValue"); ok && strings.HasSuffix(parent(holder), "/examples") && !isData(pointer) {
			return true
		}
	}
	return false
}

// schemas finds where each schema stands.
func (t *tree) schemas(doc *openapi3.T) (map[*openapi3.Schema]string, error) {
	pointers := map[*openapi3.Schema]string{}
	err := doc.WalkSchemas(func(pointer string, ref *openapi3.SchemaRef) error {
		pointers[ref.Value] = t.resolve(pointer)
		return nil
	})
	if err != nil {
		return nil, t.foreignError(err)
	}
	return pointers, nil
}

// view adds to kin-openapi's document what the tree says.
func (t *tree) view(doc *openapi3.T, schemas map[*openapi3.Schema]string) (*Document, error) {
	name := strings.TrimSuffix(filepath.Base(t.file), filepath.Ext(t.file))
	d := &Document{Name: name, File: t.file, T: doc, Operations: []*Operation{}, lines: t.lines, schemas: schemas}
	pointers := map[string]bool{}
	for _, pointer := range schemas {
		pointers[pointer] = true
	}
	ext, err := t.extensions(func(pointer string) bool { return pointers[pointer] })
	if err != nil {
		return nil, err
	}
	d.evidence, d.Rules, d.Sources, d.SigningHeaders = ext.evidence, ext.rules, ext.sources, ext.signing
	if err := d.addOperations(t, ext); err != nil {
		return nil, err
	}
	if err := d.nameRules(t); err != nil {
		return nil, err
	}
	return d, nil
}

// foreignError puts an error of kin-openapi into one line, with the place where that is known.
func (t *tree) foreignError(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if i := strings.LastIndex(text, "json: "); i >= 0 {
		text = text[i+len("json: "):]
	}
	var scheme *openapi3.SecurityRequirementSchemeUndefinedError
	if errors.As(err, &scheme) {
		return t.errorAt(max(1, t.lines[parent(scheme.JSONPointer)]), "%s", text)
	}
	if origin := originOf(err); origin != nil && origin.Key != nil {
		return t.errorAt(origin.Key.Line, "%s", text)
	}
	return t.errorAt(t.lineNamedIn(text), "%s", text)
}

var (
	unmarshalled = regexp.MustCompile(`cannot unmarshal (\w+) into (?:field \w+\.(?:\w+\.)*(\w+)|value of type openapi3\.(\w+))`)
	quoted       = regexp.MustCompile(`"[^"]*"`)
)

// lineNamedIn finds the node that an error without a place speaks of: the one of the wrong type, or the first scalar that it
// quotes. It is 1 if there is none.
func (t *tree) lineNamedIn(text string) int {
	kinds := map[string]yaml.Kind{"array": yaml.SequenceNode, "object": yaml.MappingNode, "string": yaml.ScalarNode, "number": yaml.ScalarNode, "bool": yaml.ScalarNode}
	m, quotes := unmarshalled.FindStringSubmatch(text), quoted.FindAllString(text, -1)
	for _, pointer := range t.order {
		node, holder := t.nodes[pointer], parent(pointer)
		if isData(pointer) {
			continue
		}
		if m != nil {
			key, above := pointer[strings.LastIndexByte(pointer, '/')+1:], holder[strings.LastIndexByte(holder, '/')+1:]
			named := key == m[2] || m[3] != "" && (key == strings.ToLower(m[3]) || above == strings.ToLower(m[3])+"s")
			if named && node.Kind == kinds[m[1]] {
				return t.lines[pointer]
			}
			continue
		}
		if node.Kind == yaml.ScalarNode && len(quotes) > 0 && quotes[len(quotes)-1] == `"`+node.Value+`"` {
			return t.lines[pointer]
		}
	}
	return 1
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

var unescaper = strings.NewReplacer("~1", "/", "~0", "~")

func unescape(token string) string { return unescaper.Replace(token) }
