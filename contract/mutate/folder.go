package mutate

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

//go:embed right/*.http inventory/*.txt equivalents.txt
var embedded embed.FS

// What a folder of recordings may hold beside them.
const (
	rightFolder     = "right"           // exchanges of which every byte is known, with which nothing is wrong
	inventoryFolder = "inventory"       // rows as Inventory makes them, one file a document
	equivalentsFile = "equivalents.txt" // mutants that nobody can notice
)

// Embedded is the contracts of this repository, with what is held against them.
func Embedded() ([]Contract, *Equivalents, error) {
	all, err := recordings.Embedded()
	if err != nil {
		return nil, nil, err
	}
	contracts := []Contract{}
	for _, name := range openapi.Names() {
		source, err := openapi.Source(name)
		if err != nil {
			return nil, nil, err
		}
		contracts = append(contracts, Contract{File: path.Join("openapi", name+".yaml"), Source: source, Recordings: all})
	}
	return complete(contracts, embedded, "contract/mutate/")
}

// Load is the contract of somebody else: a document, and a folder with recordings and what else is held against it.
func Load(file string, source []byte, folder fs.FS) ([]Contract, *Equivalents, error) {
	all, err := recordings.Load(folder)
	if err != nil {
		return nil, nil, err
	}
	return complete([]Contract{{File: file, Source: source, Recordings: all}}, folder, "")
}

// complete reads what stands in a folder beside the recordings.
func complete(contracts []Contract, folder fs.FS, shown string) ([]Contract, *Equivalents, error) {
	cases, err := readRight(folder)
	if err != nil {
		return nil, nil, err
	}
	for i := range contracts {
		contracts[i].Cases = cases
		name := strings.TrimSuffix(path.Base(contracts[i].File), path.Ext(contracts[i].File))
		data, err := optional(folder, path.Join(inventoryFolder, name+".txt"))
		if err != nil {
			return nil, nil, err
		}
		contracts[i].Inventory = strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' || r == '\r' })
	}
	data, err := optional(folder, equivalentsFile)
	if err != nil {
		return nil, nil, err
	}
	equivalents, err := ParseEquivalents(shown+equivalentsFile, data)
	return contracts, equivalents, err
}

func optional(folder fs.FS, file string) ([]byte, error) {
	data, err := fs.ReadFile(folder, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// readRight reads the exchanges that are right. A file holds a request without a body, an empty line, and the response. Its
// lines end as lines do in files; the body is one line, and its end is none of it.
func readRight(folder fs.FS) ([]Case, error) {
	files, err := fs.Glob(folder, rightFolder+"/*.http")
	if err != nil {
		return nil, err
	}
	cases := []Case{}
	for _, file := range files {
		data, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		asked, rest, _ := bytes.Cut(data, []byte("\n\n"))
		head, body, _ := bytes.Cut(rest, []byte("\n\n"))
		c := Case{Name: strings.TrimSuffix(path.Base(file), ".http"), Base: true}
		if c.Exchange.Request, err = contract.ParseRequest(onTheWire(asked, nil)); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if c.Exchange.Response, err = contract.ParseResponse(onTheWire(head, bytes.TrimSuffix(body, []byte("\n")))); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func onTheWire(head, body []byte) []byte {
	head = bytes.ReplaceAll(head, []byte("\n"), []byte("\r\n"))
	return append(append(head, "\r\n\r\n"...), body...)
}
