package contract

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// compact writes a value as JSON in one line.
func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "a value"
	}
	return strings.TrimSpace(b.String())
}

func sortedKeys[V any, M ~map[string]V](m M) []string {
	if len(m) == 0 {
		return nil
	}
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
