package breaking_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// rewrittenDocuments are ours, those of tests, and public ones where they are there.
var rewrittenDocuments = []string{
	"../../openapi/iam.yaml",
	"../../openapi/ims.yaml",
	"testdata/workshop.yaml",
	"../report/testdata/parcels.yaml",
	"../contracttest/testdata/pets.yaml",
	"../testdata/bookings.yaml",
	"../testdata/module/pets.yaml",
	"../../cmd/quotaspec/testdata/otherapi/tickets.yaml",
	"../../cmd/quotaspec/testdata/otherapi/orders.yaml",
	"../../cmd/quotaspec/testdata/otherapi/parts.yaml",
	"../../cmd/quotaspec/testdata/providers/shop.yaml",
	"../../cmd/quotaspec/testdata/providers/notes.yaml",
	public + "museum.yaml",
	public + "train-travel.yaml",
	public + "swagger-petstore3.yaml",
	public + "realworld.yml",
	public + "readme30-parameters-style.json",
	public + "readme31-schema-types.json",
	public + "oai-uspto.yaml",
	public + "oai31-tictactoe.yaml",
	public + "hydra.json",
}

// TestNeutralRewrites writes documents in other ways that say the same, 200 times at least: one way at a time, and several
// together. No finding may be above editorial.
func TestNeutralRewrites(t *testing.T) {
	count := 0
	for i, file := range rewrittenDocuments {
		data, ok := readFile(t, file)
		if !ok {
			continue
		}
		for j, way := range rewrites {
			count += compareRewritten(t, file, data, uint64(100*i+j), way)
		}
		for range 6 { // several ways together, the last a way to write files
			ways := []rewrite{}
			random := rand.New(rand.NewPCG(uint64(i), uint64(count)))
			for _, k := range random.Perm(len(rewrites))[:4] {
				ways = append(ways, rewrites[k])
			}
			count += compareRewritten(t, file, data, uint64(count), ways...)
		}
	}
	t.Logf("%d rewrites", count)
	if count < 200 {
		t.Errorf("got %d rewrites, want 200 or more", count)
	}
}

// compareRewritten compares a document with its rewriting. It returns 0 if there is nothing to rewrite.
func compareRewritten(t *testing.T, file string, data []byte, seed uint64, ways ...rewrite) int {
	t.Helper()
	old, err := spec.Read(path.Base(file), data, nil)
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return 0
	}
	r := &rewriting{root: clone(old.Root), files: map[string]*spec.Node{}, random: rand.New(rand.NewPCG(seed, 17))}
	names := []string{}
	for _, way := range ways {
		isSplit := len(r.files) > 0 // references then lead out of the document
		if !isSplit && way.do(r) {
			names = append(names, way.name)
		}
	}
	if len(names) == 0 {
		return 0
	}
	name := path.Base(file) + ", " + strings.Join(names, ", ")
	new, err := r.read(t)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return 1
	}
	for _, f := range compare(t, old, new).Findings {
		if f.Level > breaking.Editorial {
			t.Errorf("%s: %s", name, strings.Join(lines([]breaking.Finding{f}), ""))
		}
	}
	return 1
}

// read reads the rewritten document, from its files.
func (r *rewriting) read(t *testing.T) (*spec.Document, error) {
	t.Helper()
	main, name := asJSON(t, r.root), "openapi.json"
	if r.isYAML {
		var b bytes.Buffer
		e := yaml.NewEncoder(&b)
		if err := e.Encode(asYAML(r.root)); err != nil {
			t.Fatal(err)
		}
		main, name = b.Bytes(), "openapi.yaml"
	}
	doc, err := spec.Read(name, main, func(file string) ([]byte, error) {
		switch node := r.files[file]; {
		case node != nil:
			return asJSON(t, node), nil
		case file == "openapi.json":
			return main, nil
		}
		return nil, fmt.Errorf("%s: %w", file, fs.ErrNotExist)
	})
	if err != nil {
		return nil, err
	}
	for _, op := range doc.Operations {
		if op.Refused != nil {
			return nil, fmt.Errorf("%s", op.Refused)
		}
	}
	return doc, nil
}
