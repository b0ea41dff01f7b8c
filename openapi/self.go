package openapi

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// checkSelfSchemas finds a schema that is a part of itself without a way out: by $ref, allOf, anyOf, oneOf or not it leads
// back to itself for one and the same value, so that nobody can ever say whether a value is right. A schema that contains
// itself in a member or an element is another matter: values end.
func (t *tree) checkSelfSchemas() error {
	const open, closed = 1, 2
	state := map[string]int{}
	var visit func(pointer string) error
	visit = func(pointer string) error {
		switch state[pointer] {
		case closed:
			return nil
		case open:
			return t.errorAt(t.lines[pointer], "#%s is a part of itself: $ref, allOf, anyOf, oneOf or not lead back to it", pointer)
		}
		state[pointer] = open
		for _, part := range t.samePlace(pointer) {
			if err := visit(part); err != nil {
				return err
			}
		}
		state[pointer] = closed
		return nil
	}
	for _, pointer := range t.order {
		if isData(pointer) {
			continue
		}
		if err := visit(pointer); err != nil {
			return err
		}
	}
	return nil
}

// samePlace lists the schemas that speak of the same value as the schema at a pointer.
func (t *tree) samePlace(pointer string) []string {
	parts := []string{}
	n := t.nodes[pointer]
	if n == nil || n.Kind != yaml.MappingNode {
		return parts
	}
	if ref := t.nodes[pointer+"/$ref"]; ref != nil && ref.Kind == yaml.ScalarNode {
		return append(parts, strings.TrimPrefix(ref.Value, "#"))
	}
	if t.nodes[pointer+"/not"] != nil {
		parts = append(parts, pointer+"/not")
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		list := t.nodes[pointer+"/"+keyword]
		if list == nil || list.Kind != yaml.SequenceNode {
			continue
		}
		for i := range list.Content {
			parts = append(parts, pointer+"/"+keyword+"/"+strconv.Itoa(i))
		}
	}
	return parts
}
