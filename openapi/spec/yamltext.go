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

// The YAML library names its own states and often the wrong line. The texts below say what to change in the file, and the line
// is computed from the bytes where the library gives none. Numbers are converted here too, since JSON has fewer spellings.

// parseYAML parses a file with the library, and panics with our own text for its syntax error.
func parseYAML(f *file, data []byte) *yaml.Node {
	fail := func(line int, text string) {
		panic(f.syntax(line, "%s", text))
	}
	var document yaml.Node
	if err := unmarshalYAML(data, &document); err != nil {
		fail(yamlError(data, err.Error()))
	}
	if len(document.Content) == 0 {
		fail(1, "the file is empty")
	}
	return document.Content[0]
}

// unmarshalYAML turns a panic of the library into an error. Fuzzing has found such panics.
func unmarshalYAML(data []byte, document *yaml.Node) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it cannot be read")
		}
	}()
	return yaml.Unmarshal(data, document)
}

// yamlErrors maps parts of the library's errors to our texts.
var yamlErrors = []struct{ theirs, ours string }{
	{"mapping values are not allowed", "a colon starts a mapping where none is allowed: quote the text"},
	{"cannot start any token", "a value starts with a tab, @, ` or another reserved character: quote the text"},
	{"did not find expected", "the indentation or a bracket does not match the lines above"},
	{"found unexpected end of stream", "a quoted text is not closed"},
	{"could not find expected ':'", "a key without a colon"},
	{"unknown anchor", "an alias without an anchor"},
	{"control characters are not allowed", "a control character"},
	{"UTF-8", "invalid UTF-8"},
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// YAMLProblem returns the line of a syntax error that the YAML library reports, and what to change in the file.
func YAMLProblem(data []byte, err error) (line int, text string) { return yamlError(data, err.Error()) }

// yamlError returns the line and the text of an error of the library, which sometimes has no line or a wrong one.
func yamlError(data []byte, theirs string) (line int, text string) {
	text = "invalid YAML"
	for _, known := range yamlErrors {
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
	at := notUTF8(data) // the library stops at the first invalid byte
	if strings.Contains(theirs, "control characters") {
		at = bytes.IndexFunc(data, isControl)
	}
	return lineAt(data, max(0, at)), text
}

func isControl(r rune) bool { return r == 0x7f || r < ' ' && !strings.ContainsRune("\t\n\r", r) }

// scalar sets the JSON type of a scalar by its tag. A scalar without a JSON type, such as a date, is a string.
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
		if number := jsonNumber(n.Value); number != "" { // not .inf or .nan, which JSON lacks
			made.Kind, made.Text = Number, number
		}
	}
}

var (
	numberOfJSON = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
	numberOfYAML = regexp.MustCompile(`^([-+]?)0*([0-9]*)(?:\.([0-9]*))?([eE][-+]?[0-9]+)?$`)
)

// jsonNumber converts a YAML number to JSON: 0x1F to 31, +1 to 1, .5 to 0.5. It keeps all digits. It returns "" for any other
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
