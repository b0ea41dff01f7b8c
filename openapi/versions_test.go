package openapi

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/versions.txt and testdata/inventory.txt anew")

// TestVersions checks that a released document changes only with its info.version. Each line of testdata/versions.txt has a
// name, a version and the SHA-256 of the document. The lines above "unreleased" never change; -update rewrites those below. To
// release, move the line "unreleased" to the end.
func TestVersions(t *testing.T) {
	const file, divider = "testdata/versions.txt", "unreleased\n"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	released, unreleased, found := strings.Cut(string(data), divider)
	if !found {
		t.Fatalf("%s: no line %q", file, strings.TrimSpace(divider))
	}
	now := ""
	for _, name := range Names() {
		source, err := YAML(name)
		if err != nil {
			t.Fatal(err)
		}
		key := name + " " + embedded(t, name).InfoVersion + " "
		line := fmt.Sprintf("%s%x\n", key, sha256.Sum256(source))
		switch {
		case strings.Contains(released, line): // unchanged since its release
		case strings.Contains(released, key):
			t.Errorf("%s.yaml is not what was released as version %s: raise info.version, say in CHANGELOG.md why, and run: go test "+
				"./openapi -run Versions -update", name, strings.Fields(key)[1])
		default:
			now += line
		}
	}
	if t.Failed() || now == unreleased {
		return
	}
	if !*update {
		t.Fatalf("the documents changed and are not released yet: run go test ./openapi -run Versions -update\n got %s\nwant %s", now, unreleased)
	}
	if err := os.WriteFile(file, []byte(released+divider+now), 0o644); err != nil {
		t.Fatal(err)
	}
}
