package mutate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// What a folder may hold.
const (
	exchangesFolder = "exchanges"       // exchanges of which every byte is known, one folder a document
	inventoryFolder = "inventory"       // rows as InventoryOf makes them, one file a document
	equivalentsFile = "equivalents.txt" // mutants that nobody can notice
)

// Load adds to each contract the exchanges and the inventory that a folder holds for its document, and reads the equivalents
// for all of them. The folder may have none of these. In names of files that are shown, prefix comes first.
func Load(contracts []Contract, folder fs.FS, prefix string) ([]Contract, *Equivalents, error) {
	loaded := slices.Clone(contracts)
	for i := range loaded {
		c := &loaded[i]
		name := strings.TrimSuffix(path.Base(c.File), path.Ext(c.File))
		cases, err := readExchanges(folder, name)
		if err != nil {
			return nil, nil, err
		}
		c.Cases = slices.Concat(c.Cases, cases)
		data, err := optional(folder, path.Join(inventoryFolder, name+".txt"))
		if err != nil {
			return nil, nil, err
		}
		c.Inventory = strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' || r == '\r' })
	}
	data, err := optional(folder, equivalentsFile)
	if err != nil {
		return nil, nil, err
	}
	equivalents, err := ParseEquivalents(prefix+equivalentsFile, data)
	if err != nil {
		return nil, nil, err
	}
	return loaded, equivalents, equivalents.checkEnds()
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
		remarks, _ := remarksOf(text)
		each := remarks["each"]
		if len(each) == 0 {
			each = []string{""}
		}
		for _, line := range each {
			words := strings.Fields(line)
			c, err := readExchange(filledIn(text, words))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			c.Seed = c.Seed && len(words) == 0
			c.Name = strings.Join(append([]string{document + "/" + strings.TrimSuffix(path.Base(file), ".http")}, words...), "-")
			cases = append(cases, c)
		}
	}
	return cases, nil
}

// remarksOf takes the lines that begin with # off a text: what they say, by their first word.
func remarksOf(text string) (remarks map[string][]string, rest string) {
	remarks = map[string][]string{}
	for strings.HasPrefix(text, "#") {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		key, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), " ")
		remarks[key] = append(remarks[key], value)
	}
	return remarks, text
}

// filledIn puts words where a text has {1}, {2} and so on.
func filledIn(text string, words []string) string {
	for i, word := range words {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i+1), word)
	}
	return text
}

func readExchange(text string) (c Case, err error) {
	remarks, text := remarksOf(text)
	for _, want := range remarks["want"] {
		id, grade, _ := strings.Cut(want, " ")
		c.Want = append(c.Want, Want{ID: id, Grade: grade})
	}
	for _, kind := range remarks["probe"] {
		c.Exchange.Probe = spec.Probe(kind)
	}
	c.Seed = len(c.Want) == 0 && c.Exchange.Probe == ""
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
