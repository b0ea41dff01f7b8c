// Package openapi holds the two documents that everything else obeys, embedded as they are: iam.yaml and ims.yaml.
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

// Names lists the embedded documents, in the order in which they are shown.
func Names() []string { return []string{"iam", "ims"} }

// YAML returns the bytes of an embedded document, exactly as they stand in the repository.
func YAML(name string) ([]byte, error) {
	for _, known := range Names() {
		if name == known {
			return files.ReadFile(name + ".yaml")
		}
	}
	return nil, fmt.Errorf("no document %q: there are %s", name, strings.Join(Names(), " and "))
}

// Embedded returns an embedded document. It is read once.
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
