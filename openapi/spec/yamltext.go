package spec

import (
	"bytes"
	"cmp"
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML has the library read a file, and says in our own words where it is no YAML.
func parseYAML(f *file, data []byte) *yaml.Node {
	fail := func(line int, text string) {
		panic(f.syntax(line, "%s", text))
	}
	var document yaml.Node
	if err := unmarshalYAML(data, &document); err != nil {
		fail(yamlFault(data, err.Error()))
	}
	if len(document.Content) == 0 {
		fail(1, "the file is empty")
	}
	return document.Content[0]
}

// unmarshalYAML makes an error of what the library throws, as it has at what fuzzers write.
func unmarshalYAML(data []byte, document *yaml.Node) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = errors.New("it cannot be read")
		}
	}()
	return yaml.Unmarshal(data, document)
}

// yamlFaults has our words for what the library says.
var yamlFaults = []struct{ theirs, ours string }{
	{"mapping values are not allowed", "a colon that begins a mapping where none may begin: quote the text"},
	{"cannot start any token", "a character that no value begins with, such as a tab, @ or `: quote the text"},
	{"did not find expected", "the indentation or a bracket does not fit what stands above"},
	{"found unexpected end of stream", "a text in quotes does not end"},
	{"could not find expected ':'", "a key without a colon"},
	{"unknown anchor", "an alias without its anchor"},
	{"control characters are not allowed", "a control character"},
	{"UTF-8", "bytes that are no UTF-8"},
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// yamlFault finds the line, which the library leaves out or gets wrong at times.
func yamlFault(data []byte, theirs string) (line int, text string) {
	text = "the YAML cannot be read here"
	for _, known := range yamlFaults {
		if strings.Contains(theirs, known.theirs) {
			text = known.ours
			break
		}
	}
	if m := yamlLine.FindStringSubmatch(theirs); m != nil {
		line, _ = strconv.Atoi(m[1])
		if strings.HasPrefix(m[2], "did not find expected") { // the parser counts lines from 0, the scanner from 1
			line++
		}
		return line, text
	}
	if _, rest, ok := strings.Cut(theirs, "unknown anchor '"); ok {
		name, _, _ := strings.Cut(rest, "'")
		return lineAt(data, max(0, bytes.Index(data, []byte("*"+name)))), text
	}
	at := notUTF8(data) // the library stops at the first byte that is no text
	if strings.Contains(theirs, "control characters") {
		at = bytes.IndexFunc(data, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r", r) || r == 0x7f })
	}
	return lineAt(data, max(0, at)), text
}

// scalar gives a scalar the type that its tag says. What JSON has no type for, such as a date, is its text.
func (r *yamlReader) scalar(made *Node, n *yaml.Node) {
	made.Kind, made.Text = String, n.Value
	switch n.ShortTag() {
	case "!!null":
		made.Kind, made.Text = Null, ""
	case "!!bool":
		made.Kind, made.Text = Bool, strings.ToLower(n.Value)
		if made.Text != "true" && made.Text != "false" {
			r.fail(n, "%q is neither true nor false", shortened(n.Value))
		}
	case "!!int", "!!float":
		if number := jsonNumber(n.Value); number != "" { // .inf and .nan are no numbers of JSON
			made.Kind, made.Text = Number, number
		}
	}
}

var (
	numberOfJSON = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
	numberOfYAML = regexp.MustCompile(`^([-+]?)0*([0-9]*)(?:\.([0-9]*))?([eE][-+]?[0-9]+)?$`)
)

// jsonNumber writes a number of YAML as JSON does: 0x1F as 31, +1 as 1, .5 as 0.5. No digit is lost. It is "" for any other
// text.
func jsonNumber(text string) string {
	if numberOfJSON.MatchString(text) {
		return text
	}
	text = strings.ReplaceAll(text, "_", "")
	if len(text) < 100 { // 0x, 0o, 0b
		if n, ok := new(big.Int).SetString(text, 0); ok {
			return n.String()
		}
	}
	m := numberOfYAML.FindStringSubmatch(text)
	if m == nil || !strings.ContainsAny(text, "0123456789") {
		return ""
	}
	number := strings.TrimPrefix(m[1], "+") + cmp.Or(m[2], "0")
	if m[3] != "" {
		number += "." + m[3]
	}
	return number + m[4]
}
