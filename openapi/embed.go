// Package openapi holds the two documents that everything else obeys, and a thin typed view of them.
//
// The documents are iam.yaml and ims.yaml, embedded as they are. The view adds to kin-openapi what our extensions say
// (docs/extensions.md) and the file and line of every node. It evaluates no rule and judges nothing, and it imports
// nothing else of this module.
package openapi

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"
)

//go:embed iam.yaml ims.yaml
var files embed.FS

// Names lists the embedded documents, in the order in which they are shown.
func Names() []string { return []string{"iam", "ims"} }

// Source returns the bytes of an embedded document, exactly as they stand in the repository.
func Source(name string) ([]byte, error) {
	for _, known := range Names() {
		if name == known {
			return files.ReadFile(name + ".yaml")
		}
	}
	return nil, fmt.Errorf("no document %q: there are %s", name, strings.Join(Names(), " and "))
}

// Embedded returns an embedded document. It is loaded once, and nobody must change it: Load makes one to change.
func Embedded(name string) (*Document, error) {
	if load := loadOnce[name]; load != nil {
		return load()
	}
	_, err := Source(name)
	return nil, err
}

var loadOnce = func() map[string]func() (*Document, error) {
	loads := map[string]func() (*Document, error){}
	for _, name := range Names() {
		loads[name] = sync.OnceValues(func() (*Document, error) {
			data, err := Source(name)
			if err != nil {
				return nil, err
			}
			return Load(path.Join("openapi", name+".yaml"), data)
		})
	}
	return loads
}()
