package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// schemaNode is the part of JSON Schema that the schemas of reports use.
type schemaNode struct {
	Title, Description string
	Ref                string `json:"$ref"`
	Type               any    // a text or a list of texts
	Format             string
	Const              any
	Enum               []any
	Required           []string
	Properties         map[string]*schemaNode
	Items              *schemaNode
	OneOf              []*schemaNode
	Defs               map[string]*schemaNode `json:"$defs"`
}

// schemaPage renders the schema of a report as tables: one for the report, one for each kind of object in it.
func schemaPage(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var root schemaNode
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	page := fmt.Sprintf("# %s\n\n%s%s\nThe schema for programs is [%[4]s](../%[4]s).\n",
		root.Title, strings.Replace(generated, "the code", "the schema", 1), root.Description, filepath.Base(file))
	page += "\n" + root.table("", root.Defs)
	for _, name := range slices.Sorted(maps.Keys(root.Defs)) {
		if def := root.Defs[name]; len(def.Properties) > 0 {
			page += fmt.Sprintf("\n## %s\n\n", name)
			if def.Description != "" {
				page += def.Description + "\n\n"
			}
			page += def.table("", root.Defs)
		}
	}
	return page
}

func (s *schemaNode) table(prefix string, defs map[string]*schemaNode) string {
	return "| member | type | is |\n|---|---|---|\n" + s.rows(prefix, defs)
}

// rows lists the members of an object in the order of required, with those of objects inside it.
func (s *schemaNode) rows(prefix string, defs map[string]*schemaNode) string {
	rows := ""
	names := slices.Clone(s.Required)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		member := s.Properties[name]
		says := member.Description
		if def := member.def(defs); says == "" && def != nil && len(def.Properties) == 0 {
			says = def.Description
		}
		rows += fmt.Sprintf("| `%s%s` | %s | %s |\n", prefix, name, member.words(defs), strings.ReplaceAll(says, "|", `\|`))
		rows += member.rows(prefix+name+".", defs)
		if member.Items != nil {
			rows += member.Items.rows(prefix+name+"[].", defs)
		}
	}
	return rows
}

func (s *schemaNode) def(defs map[string]*schemaNode) *schemaNode {
	return defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
}

// words says of which type a member is.
func (s *schemaNode) words(defs map[string]*schemaNode) string {
	switch def := s.def(defs); {
	case def != nil && len(def.Properties) > 0:
		name := strings.TrimPrefix(s.Ref, "#/$defs/")
		return fmt.Sprintf("[%s](#%s)", name, name)
	case def != nil:
		return def.words(defs)
	case s.Const != nil:
		return fmt.Sprintf("`%v`", s.Const)
	case len(s.Enum) > 0:
		return "one of " + codeWords(s.Enum)
	case s.Items != nil:
		return "list of " + s.Items.words(defs)
	case len(s.OneOf) > 0:
		list := []string{}
		for _, one := range s.OneOf {
			list = append(list, one.words(defs))
		}
		return strings.Join(list, " or ")
	}
	if types, ok := s.Type.([]any); ok {
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(types), " ", " or "), "[]")
	}
	return fmt.Sprint(s.Type)
}

func codeWords(values []any) string {
	list := []string{}
	for _, value := range values {
		if value == "" {
			list = append(list, "empty")
			continue
		}
		list = append(list, fmt.Sprintf("`%v`", value))
	}
	return strings.Join(list, ", ")
}
