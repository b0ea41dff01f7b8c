package openapi

import "go.yaml.in/yaml/v3"

// mergeKeys puts the members that merge keys bring (<<: *anchor) in their place, as kin-openapi does when it reads the
// document: a member of the mapping itself wins, then the first that is merged.
func mergeKeys(n *yaml.Node, depth int) {
	if n.Kind == yaml.AliasNode || depth > maxDepth {
		return // what an alias leads to is reached at its anchor; what is nested too deep is refused later
	}
	for _, child := range n.Content {
		mergeKeys(child, depth+1)
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	own, merged := []*yaml.Node{}, []*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key, value := n.Content[i], n.Content[i+1]; key.ShortTag() == "!!merge" {
			merged = append(merged, merging(value, 0)...)
		} else {
			own = append(own, key, value)
		}
	}
	if len(merged) == 0 {
		return
	}
	there := map[string]bool{}
	for i := 0; i < len(own); i += 2 {
		there[own[i].Value] = true
	}
	for _, from := range merged {
		for i := 0; i+1 < len(from.Content); i += 2 {
			if key := from.Content[i]; !there[key.Value] {
				there[key.Value] = true
				own = append(own, key, from.Content[i+1])
			}
		}
	}
	n.Content = own
}

// merging lists the mappings that the value of a merge key names: one, or a list of them.
func merging(value *yaml.Node, depth int) []*yaml.Node {
	for value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	switch {
	case depth > 1: // a list in a list is none, and one may hold itself
		return nil
	case value.Kind == yaml.MappingNode:
		return []*yaml.Node{value}
	case value.Kind == yaml.SequenceNode:
		list := []*yaml.Node{}
		for _, item := range value.Content {
			list = append(list, merging(item, depth+1)...)
		}
		return list
	}
	return nil
}
