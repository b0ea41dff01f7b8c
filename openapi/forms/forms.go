// Package forms writes the two documents in the forms in which they are published: as OpenAPI 3.0 or 3.1, with or without our
// extensions.
//
// The hand-written file is OpenAPI 3.0 with extensions. The other forms are made from its text, line by line: package spec
// says on which line each part stands, a line that has another spelling in the other form is replaced, and a part that the
// form does not have is cut out. So comments, order and layout stay those of the file. For example, in OpenAPI 3.1
//
//	type: integer                 type: [integer, 'null']
//	nullable: true         is
//
// Members in braces are edited in their line. A part that cannot be edited so, such as a value in braces that goes on in the next
// line, is an error that names its line.
package forms

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Form is a form of a document. Form{OpenAPI: "3.0"} is the file as it is.
type Form struct {
	OpenAPI string // one of Versions
	Plain   bool   // without our extensions, which are the keys that begin with x-, and without the prose about them
}

// Versions returns the values of Form.OpenAPI, the one of the file first.
func Versions() []string { return []string{"3.0", "3.1"} }

// All returns each form, the one of the file first.
func All() []Form {
	all := []Form{}
	for _, version := range Versions() {
		all = append(all, Form{OpenAPI: version}, Form{OpenAPI: version, Plain: true})
	}
	return all
}

// String returns what distinguishes the form from the file: "", "-plain", "-3.1" or "-3.1-plain". Names of files end with it.
func (f Form) String() string {
	name := ""
	if f.OpenAPI != "3.0" {
		name = "-" + f.OpenAPI
	}
	if f.Plain {
		name += "-plain"
	}
	return name
}

// YAML returns a document of package openapi in a form. An unknown name is an error.
func YAML(name string, form Form) ([]byte, error) {
	source, err := openapi.YAML(name)
	if err != nil {
		return nil, err
	}
	return convert("openapi/"+name+".yaml", source, form)
}

// Document returns a document of package openapi in a form, as package spec reads it. It has the name of the file in every
// form, so that rules have the same ids; lines are those of the form.
func Document(name string, form Form) (*spec.Document, error) {
	source, err := YAML(name, form)
	if err != nil {
		return nil, err
	}
	return spec.Read("openapi/"+name+".yaml", source, nil)
}

// JSON returns a document of package openapi in a form as indented JSON, with members in the order of the file.
func JSON(name string, form Form) ([]byte, error) {
	doc, err := Document(name, form)
	if err != nil {
		return nil, err
	}
	b := &bytes.Buffer{}
	encoder := json.NewEncoder(b)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(doc.Root)
	return b.Bytes(), err
}

// convert writes a document of OpenAPI 3.0 in a form.
func convert(file string, source []byte, form Form) ([]byte, error) {
	if form.OpenAPI != "3.0" && form.OpenAPI != "3.1" {
		return nil, fmt.Errorf("unknown version %q of OpenAPI: want %s", form.OpenAPI, strings.Join(Versions(), " or "))
	}
	doc, err := spec.Read(file, source, nil)
	if err != nil {
		return nil, err
	}
	text := newLines(file, source)
	if form.OpenAPI == "3.1" {
		text.to31(doc)
	}
	if form.Plain {
		text.withoutExtensions(doc.Root, false)
		text.withoutProse(doc.Root)
	}
	return text.bytes()
}
