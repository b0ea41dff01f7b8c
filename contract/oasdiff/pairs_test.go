package oasdiff

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pair is two documents, as files, of which one may be split into several.
type pair struct {
	group    string // one of groups
	name     string
	old, new string // paths
}

// groups are the kinds of pairs, in the order of the page.
var groups = []struct{ name, says string }{
	{name: "seven", says: "the seven changes for which `breaking` was made, to a small document"},
	{name: "single", says: "single changes of all kinds to the same document, forth and back"},
	{name: "3.1", says: "single changes to a document of OpenAPI 3.1, forth and back"},
	{name: "mutants", says: "mutants of version 2.0.0 of our two documents: of each operator one of each document"},
	{name: "neutral", says: "rewrites of these documents that mean the same"},
}

// patch replaces a text of a document, which occurs once.
type patch struct{ name, old, new string }

func (p patch) apply(t *testing.T, document string) string {
	t.Helper()
	if n := strings.Count(document, p.old); n != 1 {
		t.Fatalf("%s: the document has %q %d times, want once", p.name, p.old, n)
	}
	return strings.Replace(document, p.old, p.new, 1)
}

// allPairs writes the documents of all pairs into a folder.
func allPairs(t *testing.T) []pair {
	t.Helper()
	folder := t.TempDir()
	pets, pets31 := textOf(t, "testdata/pets.yaml"), textOf(t, "testdata/pets31.yaml")
	list := patched(t, folder, "seven", pets, sevenChanges)
	for _, single := range []struct {
		group, document string
		changes         []patch
	}{
		{group: "single", document: pets, changes: singleChanges},
		{group: "3.1", document: pets31, changes: newerChanges},
	} {
		for _, p := range patched(t, folder, single.group, single.document, single.changes) {
			list = append(list, p, pair{group: p.group, name: p.name + ", back", old: p.new, new: p.old})
		}
	}
	list = append(list, mutantPairs(t, folder)...)
	return append(list, neutralPairs(t, folder)...)
}

// patched makes a pair of each change to a document.
func patched(t *testing.T, folder, group, document string, changes []patch) []pair {
	t.Helper()
	old := write(t, folder, group+".yaml", document)
	list := []pair{}
	for i, change := range changes {
		file := write(t, folder, fmt.Sprintf("%s-%d.yaml", group, i), change.apply(t, document))
		list = append(list, pair{group: group, name: change.name, old: old, new: file})
	}
	return list
}

// write writes a file and returns its path.
func write(t *testing.T, folder, name, text string) string {
	t.Helper()
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func textOf(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
