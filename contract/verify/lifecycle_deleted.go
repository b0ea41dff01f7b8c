package verify

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Some providers keep what was deleted, and mark it. A read after the deletion may then succeed:
//
//	before {"name": "a", "deleted": false}       after {"name": "a", "deleted": true}
//	before {"name": "a", "deletedAt": null}      after {"name": "a", "deletedAt": "2024-02-29T12:00:00Z"}
//	before {"name": "a", "status": "active"}     after {"name": "a", "status": "deleted"}

// deletedWords are parts of the names of members, and values of members, that mark what was deleted.
var deletedWords = []string{"deleted", "removed", "archived", "trashed"}

// marksDeleted reports whether the JSON of a thing has such a mark, which it had not before.
func marksDeleted(before, after []byte) bool {
	var old, now map[string]any
	if json.Unmarshal(after, &now) != nil {
		return false
	}
	_ = json.Unmarshal(before, &old) // without an earlier read, any mark counts
	for name, value := range now {
		text, _ := value.(string)
		hasMark := saysDeleted(name) && (value == true || text != "")
		isState := strings.EqualFold(name, "status") || strings.EqualFold(name, "state")
		hasMark = hasMark || isState && saysDeleted(text)
		if hasMark && !reflect.DeepEqual(old[name], value) {
			return true
		}
	}
	return false
}

func saysDeleted(text string) bool {
	return slices.ContainsFunc(deletedWords, func(word string) bool { return strings.Contains(strings.ToLower(text), word) })
}
