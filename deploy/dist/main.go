// Command dist writes the files that are published beside the programs: the two documents in all forms, the corpus as an
// archive, and SHA256SUMS. The same tree and version give the same bytes.
//
// It is run in the root of the repository by "make dist".
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	flags.SetOutput(stderr)
	version := flags.String("version", "devel", "the `VERSION` in the name of the corpus; a leading v is dropped")
	to := flags.String("to", "dist", "the `FOLDER` to write into")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	names, err := write(*to, ".", strings.TrimPrefix(*version, "v"))
	if err != nil {
		fmt.Fprintln(stderr, "dist:", err)
		return 2
	}
	fmt.Fprintf(stdout, "%s: %s\n", *to, strings.Join(names, " "))
	return 0
}

// write writes all files into a folder, from those of the repository at root, and returns their names. An archive of another
// version is removed from the folder, so that the folder has what SHA256SUMS lists.
func write(to, root, version string) ([]string, error) {
	archive := "corpus-" + version
	files := append(documents(), file{name: archive + ".tar.gz", make: func() ([]byte, error) { return pack(root, archive) }})
	sums := &strings.Builder{}
	files = append(files, file{name: "SHA256SUMS", make: func() ([]byte, error) { return []byte(sums.String()), nil }})
	if err := os.MkdirAll(to, 0o755); err != nil { //nolint:gosec // everybody may read it
		return nil, err
	}
	old, err := filepath.Glob(filepath.Join(to, "corpus-*.tar.gz"))
	if err != nil {
		return nil, err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return nil, err
		}
	}
	names := []string{}
	for _, f := range files {
		data, err := f.make()
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(sums, "%x  %s\n", sha256.Sum256(data), f.name)
		if err := os.WriteFile(filepath.Join(to, f.name), data, 0o644); err != nil { //nolint:gosec // everybody may read it
			return nil, err
		}
		names = append(names, f.name)
	}
	return names, nil
}

// file is a file to publish.
type file struct {
	name string
	make func() ([]byte, error)
}

// documents returns the files of the two documents: iam.yaml, iam.json, iam-plain.yaml, iam-3.1.yaml and so on.
func documents() []file {
	files := []file{}
	for _, name := range openapi.Names() {
		for _, form := range forms.All() {
			files = append(files,
				file{name: name + form.String() + ".yaml", make: func() ([]byte, error) { return forms.YAML(name, form) }},
				file{name: name + form.String() + ".json", make: func() ([]byte, error) { return forms.JSON(name, form) }},
			)
		}
	}
	return files
}
