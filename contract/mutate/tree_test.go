package mutate

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestWrite checks that numbers and texts are written as they were read, and raw scalars as they are.
func TestWrite(t *testing.T) {
	const text = `{"b":[1.50,null,true,"<é&>"],"a":{}}`
	broken := edited(parsed(text), nil, func(n *spec.Node) { put(n, "c", raw(`"\x`)) })
	for want, tree := range map[string]*spec.Node{
		text: parsed(text),
		`{"b":[1.50,null,true,"<é&>"],"a":{},"c":"\x}`: broken,
	} {
		if diff := cmp.Diff(want, string(write(tree))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
