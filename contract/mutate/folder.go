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

// The contents of a folder, all optional. NAME is the name of the document's file without extension.
const (
	exchangesFolder = "exchanges"       // exchanges/NAME/*.http: complete HTTP messages
	inventoryFolder = "inventory"       // inventory/NAME.txt: rows in the format of InventoryOf
	equivalentsFile = "equivalents.txt" // mutants that behave like the original
)

// Load adds to each contract the exchanges and the inventory that a folder has for its document, and reads the equivalents of
// all contracts. The prefix is the folder's path, for messages about the equivalents. Errors name the file.
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

// optional reads a file, or nothing if it does not exist.
func optional(folder fs.FS, file string) ([]byte, error) {
	data, err := fs.ReadFile(folder, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// readExchanges reads the exchanges of a document. A file has lines that begin with #, a request without a body, and a
// response: a head, an empty line and a body of one line. For the probe repeat, the previous response follows.
//
//	# want schema/enum documented
//	GET /things HTTP/1.1
//	Host: localhost
//
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//
//	{"kind": "unknown"}
//
// "# want ID GRADE" is an expected finding, of any grade if none is given. "# probe KIND" makes the request a probe. Each
// line "# each A B" makes one exchange, in which A replaces {1} and B replaces {2}. Such exchanges are no seeds: their mutants
// would all be alike. Other lines with # are comments.
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
		directives, _ := directivesOf(text)
		each := directives["each"]
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

// directivesOf splits the leading lines with # off a text. It returns the rest of each line by its first word.
func directivesOf(text string) (directives map[string][]string, rest string) {
	directives = map[string][]string{}
	for strings.HasPrefix(text, "#") {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		key, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), " ")
		directives[key] = append(directives[key], value)
	}
	return directives, text
}

// filledIn replaces {1}, {2} and so on by words.
func filledIn(text string, words []string) string {
	for i, word := range words {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i+1), word)
	}
	return text
}

func readExchange(text string) (c Case, err error) {
	directives, text := directivesOf(text)
	for _, want := range directives["want"] {
		id, grade, _ := strings.Cut(want, " ")
		c.Want = append(c.Want, Want{ID: id, Grade: grade})
	}
	for _, kind := range directives["probe"] {
		c.Exchange.Probe = spec.Probe(kind)
	}
	c.Seed = len(c.Want) == 0 && c.Exchange.Probe == ""
	parts := strings.Split(strings.TrimSuffix(text, "\n"), "\n\n")
	if len(parts) != 3 && len(parts) != 5 {
		return c, errors.New("want a request and one or two responses, with an empty line after each head and each body")
	}
	if c.Exchange.Request, err = contract.ParseRequest(message(parts[0], "")); err != nil {
		return c, err
	}
	if c.Exchange.Response, err = contract.ParseResponse(message(parts[1], parts[2])); err != nil || len(parts) == 3 {
		return c, err
	}
	previous, err := contract.ParseResponse(message(parts[3], parts[4]))
	c.Exchange.Previous = &previous
	return c, err
}

func message(head, body string) []byte {
	return []byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)
}
