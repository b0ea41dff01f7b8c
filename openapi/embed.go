// Package openapi embeds the two documents, iam.yaml and ims.yaml, which the rest of the module implements and checks.
//
// YAML returns the bytes of a document, Embedded the document as package spec reads it, once for each process. The package must
// not know what reads the documents.
package openapi

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

//go:embed iam.yaml ims.yaml
var files embed.FS

// Names returns the names of the embedded documents, in the order of reports.
func Names() []string { return []string{"iam", "ims"} }

// YAML returns the bytes of an embedded document, unchanged. The error of an unknown name lists the names.
func YAML(name string) ([]byte, error) {
	for _, known := range Names() {
		if name == known {
			return files.ReadFile(name + ".yaml")
		}
	}
	return nil, fmt.Errorf("unknown document %q: want %s", name, strings.Join(Names(), " or "))
}

// Embedded returns an embedded document as package spec reads it. All calls share the same document, so do not change it.
func Embedded(name string) (*spec.Document, error) {
	if load := loadOnce[name]; load != nil {
		return load()
	}
	_, err := YAML(name)
	return nil, err
}

var loadOnce = func() map[string]func() (*spec.Document, error) {
	loads := map[string]func() (*spec.Document, error){}
	for _, name := range Names() {
		loads[name] = sync.OnceValues(func() (*spec.Document, error) {
			data, err := YAML(name)
			if err != nil {
				return nil, err
			}
			return spec.Read(path.Join("openapi", name+".yaml"), data, nil)
		})
	}
	return loads
}()
