package contracttest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// maxPaths is how many paths of a document the line about an unknown path lists.
const maxPaths = 3

// unknown says why an exchange was not judged, and what the documents have instead:
//
//	the document has no such path; it has /pets (openapi.yaml), /pets/{id} (openapi.yaml)
func (c *Check) unknown(result contract.Result, path string) string {
	if !result.Served {
		line, _, _ := strings.Cut(result.Err().Error(), ": give its URL")
		return line + ": give its URL to contracttest.Servers, or its path to contracttest.Ignore"
	}
	shared := map[string]int{} // segments, by path and file
	for i, judge := range c.judges {
		sent := strings.Split(strings.TrimPrefix(path, judge.BasePath()), "/")
		for _, op := range judge.Document().Operations {
			n := 0
			for _, segment := range strings.Split(op.Path, "/") {
				if segment != "" && slices.Contains(sent, segment) {
					n++
				}
			}
			if n > 0 {
				shared[op.Path+" ("+c.files[i]+")"] = n
			}
		}
	}
	if len(shared) == 0 {
		return fmt.Sprintf("the document has no such path, nor one like it (%s)", strings.Join(c.files, ", "))
	}
	paths := slices.SortedFunc(maps.Keys(shared), func(a, b string) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a, b))
	})
	return "the document has no such path; it has " + strings.Join(paths[:min(len(paths), maxPaths)], ", ")
}
