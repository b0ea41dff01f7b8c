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
	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

//go:embed exchanges/*/*.http inventory/*.txt equivalents.txt
var embedded embed.FS

// What a folder of recordings may hold beside them.
const (
	exchangesFolder = "exchanges"       // exchanges of which every byte is known, one folder a document
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
	contracts, equivalents, err := complete(contracts, embedded, "contract/mutate/")
	if err != nil {
		return nil, nil, err
	}
	published, err := corpus.Cases()
	if err != nil {
		return nil, nil, err
	}
	for i := range contracts {
		for _, c := range published {
			if strings.HasSuffix(contracts[i].File, "/"+c.Document+".yaml") {
				contracts[i].Cases = append(contracts[i].Cases, ofCorpus(c))
			}
		}
	}
	return contracts, equivalents, nil
}

// ofCorpus is a case of the published corpus.
func ofCorpus(c corpus.Case) Case {
	made := Case{Name: c.Name, Exchange: c.Exchange}
	for _, w := range c.Want {
		made.Want = append(made.Want, Want{w.ID, w.Pointer, w.Grade})
	}
	return made
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
	for i := range contracts {
		name := strings.TrimSuffix(path.Base(contracts[i].File), path.Ext(contracts[i].File))
		var err error
		if contracts[i].Cases, err = readExchanges(folder, name); err != nil {
			return nil, nil, err
		}
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
	if err != nil {
		return nil, nil, err
	}
	return contracts, equivalents, equivalents.checkEnds()
}

func optional(folder fs.FS, file string) ([]byte, error) {
	data, err := fs.ReadFile(folder, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// readExchanges reads exchanges. A file holds lines that begin with #, a request without a body, and the response: each a
// head, an empty line and a body of one line, whose end is none of it. For the probe repeat the answer before comes last.
// "# want ID GRADE" names what the judge must find, at any grade if none is named, and "# probe KIND" says who asked.
// "# each A B" makes an exchange of its own, in which A stands for {1} and B for {2}, and of which no mutants are made: they
// would all be alike. Other lines of the kind are remarks.
func readExchanges(folder fs.FS, document string) ([]Case, error) {
	files, err := fs.Glob(folder, path.Join(exchangesFolder, document, "*.http"))
	if err != nil {
		return nil, err
	}
	cases := []Case{}
	for _, file := range files {
		data, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		text := string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
		for _, words := range eachOf(text) {
			c, err := readExchange(filledIn(text, words))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			c.Base = c.Base && words == nil
			c.Name = strings.Join(append([]string{document + "/" + strings.TrimSuffix(path.Base(file), ".http")}, words...), "-")
			cases = append(cases, c)
		}
	}
	return cases, nil
}

// eachOf lists the words of each exchange that a file makes: of one without words, where no line says "# each".
func eachOf(text string) (each [][]string) {
	for strings.HasPrefix(text, "#") {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		if words, ok := strings.CutPrefix(line, "# each "); ok {
			each = append(each, strings.Fields(words))
		}
	}
	if len(each) == 0 {
		return [][]string{nil}
	}
	return each
}

// filledIn puts words where a text has {1}, {2} and so on.
func filledIn(text string, words []string) string {
	for i, word := range words {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i+1), word)
	}
	return text
}

func readExchange(text string) (c Case, err error) {
	for strings.HasPrefix(text, "#") {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		switch key, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), " "); key {
		case "want":
			id, grade, _ := strings.Cut(value, " ")
			c.Want = append(c.Want, Want{ID: id, Grade: grade})
		case "probe":
			c.Exchange.Probe = value
		}
	}
	c.Base = len(c.Want) == 0 && c.Exchange.Probe == ""
	parts := strings.Split(strings.TrimSuffix(text, "\n"), "\n\n")
	if len(parts) != 3 && len(parts) != 5 {
		return c, fmt.Errorf("want a request and a response, or two, with empty lines between heads and bodies")
	}
	if c.Exchange.Request, err = contract.ParseRequest(onTheWire(parts[0], "")); err != nil {
		return c, err
	}
	if c.Exchange.Response, err = contract.ParseResponse(onTheWire(parts[1], parts[2])); err != nil || len(parts) == 3 {
		return c, err
	}
	before, err := contract.ParseResponse(onTheWire(parts[3], parts[4]))
	c.Exchange.Previous = &before
	return c, err
}

func onTheWire(head, body string) []byte {
	return []byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)
}
