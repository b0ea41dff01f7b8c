package interop

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
)

// reader is a tool that reads documents, and reports what is wrong with them by an exit code other than 0.
type reader struct {
	name, module string
	args         []string // the command; the documents follow
	env          []string
	oneByOne     bool           // it takes one document at a time
	accepts      *regexp.Regexp // what it prints once for each document that it has read
}

var allReaders = []reader{
	{
		name: "Redocly lint", module: "@redocly/cli", args: []string{"redocly", "lint", "--extends", "recommended-strict"},
		env: []string{"REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true"}, accepts: regexp.MustCompile(`: validated in `),
	},
	{
		name: "Spectral", module: "@stoplight/spectral-cli", args: []string{"spectral", "lint", "--ruleset", "spectral.yaml", "--verbose"},
		accepts: regexp.MustCompile(`(?m)^Linting `),
	},
	{
		name: "openapi-spec-validator", module: "openapi-spec-validator", args: []string{"openapi-spec-validator"},
		accepts: regexp.MustCompile(`(?m): OK$`),
	},
	{
		name: "openapi-examples-validator", module: "openapi-examples-validator", args: []string{"openapi-examples-validator"},
		oneByOne: true, accepts: regexp.MustCompile(`Total examples found: (28|15)\n`),
	},
	{
		name: "swagger-parser", module: "swagger-parser", args: []string{"java", "-cp", "CLASSPATH", "ReadDocuments.java"},
		env: []string{quickJava}, accepts: regexp.MustCompile(`: read, [78] responses`),
	},
}

// documentFaults are planted into ims.yaml: old is replaced by new, and a tool that sees it says something like report.
var documentFaults = []struct {
	title, old, new string
	report          *regexp.Regexp
}{
	{
		title: "a response without `description`", old: "          description: The quota.\n", new: "",
		report: regexp.MustCompile(`description`),
	},
	{
		title: "an example with a text for a number", old: "quota: 20, min: 1", new: "quota: many, min: 1",
		report: regexp.MustCompile(`(?i)integer|number`),
	},
}

// readers runs each reader with all published forms of the documents, and with faulty ones.
func readers(t *testing.T) (markdown string) {
	in := install(t, "readers")
	published := in.writeForms(t)
	cells, exchanges := make([][]string, len(allReaders)), ""
	t.Run("run", func(t *testing.T) {
		for i, reader := range allReaders {
			cells[i] = make([]string, len(documentFaults)*len(forms.Versions()))
			t.Run(reader.name, func(t *testing.T) {
				t.Parallel()
				reader.readAll(t, in, published)
				for k := range cells[i] {
					cells[i][k] = reader.readFaulty(t, in, k)
				}
			})
		}
		t.Run("openapi-core", func(t *testing.T) {
			t.Parallel()
			exchanges = openapiCore(t, in)
		})
	})
	return readersPage(t, in, len(published), cells) + exchanges
}

// writeForms writes the documents in all published forms, and returns their names.
func (in installation) writeForms(t *testing.T) (names []string) {
	t.Helper()
	for _, document := range openapi.Names() {
		for _, form := range forms.All() {
			name := document + form.String()
			asYAML, err := forms.YAML(document, form)
			if err != nil {
				t.Fatal(err)
			}
			asJSON, err := forms.JSON(document, form)
			if err != nil {
				t.Fatal(err)
			}
			in.write(t, name+".yaml", asYAML)
			in.write(t, name+".json", asJSON)
			names = append(names, name+".yaml", name+".json")
		}
	}
	return names
}

func (in installation) write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(in.folder, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// read runs the reader with these documents.
func (r reader) read(t *testing.T, in installation, documents ...string) (output string, exit int) {
	t.Helper()
	return in.step(t, slices.Concat(r.args, documents), r.env).run(t)
}

// readAll expects that the reader reads every document and reports nothing.
func (r reader) readAll(t *testing.T, in installation, documents []string) {
	t.Helper()
	batches := [][]string{documents}
	if r.oneByOne {
		batches = nil
		for _, d := range documents {
			batches = append(batches, []string{d})
		}
	}
	for _, batch := range batches {
		out, exit := r.read(t, in, batch...)
		if n := len(r.accepts.FindAllString(out, -1)); exit != 0 || n != len(batch) {
			t.Errorf("exit %d, %d of %d documents read:\n%s", exit, n, len(batch), out)
		}
	}
}

// readFaulty plants a fault, and says whether the reader reports it. The faults are numbered: all of OpenAPI 3.0, then of 3.1.
func (r reader) readFaulty(t *testing.T, in installation, number int) (cell string) {
	t.Helper()
	fault, version := documentFaults[number%len(documentFaults)], forms.Versions()[number/len(documentFaults)]
	right, err := forms.YAML("ims", forms.Form{OpenAPI: version})
	if err != nil {
		t.Fatal(err)
	}
	wrong := bytes.Replace(right, []byte(fault.old), []byte(fault.new), 1)
	if bytes.Equal(right, wrong) {
		t.Fatalf("ims.yaml has no %q", fault.old)
	}
	name := fmt.Sprintf("%s-fault-%d.yaml", r.module[strings.LastIndex(r.module, "/")+1:], number)
	in.write(t, name, wrong)
	out, exit := r.read(t, in, name)
	switch reported := fault.report.MatchString(out); {
	case exit == 0:
		return "no"
	case !reported:
		t.Errorf("%s: exit %d, but not for the fault:\n%s", fault.title, exit, out)
	}
	return "yes"
}

func readersPage(t *testing.T, in installation, published int, cells [][]string) string {
	t.Helper()
	page := fmt.Sprintf(`## Readers and linters

Each tool reads the %d published files of the documents: OpenAPI 3.0 and 3.1, with and without our extensions, as YAML and JSON.
It must find nothing wrong with any of them. The table shows which faults it reports when they are planted into the document of IMS:

| tool | version | wrong |`, published)
	rule := "\n|---|---|---|"
	for _, version := range forms.Versions() {
		for _, fault := range documentFaults {
			page += " " + version + ": " + fault.title + " |"
			rule += "---|"
		}
	}
	page += rule + "\n"
	commands := ""
	for i, r := range allReaders {
		if !strings.Contains(strings.Join(cells[i], " "), "yes") {
			t.Errorf("%s reports no fault at all", r.name)
		}
		page += fmt.Sprintf("| %s | %s | nothing | %s |\n", r.name, in.version(t, r.module), strings.Join(cells[i], " | "))
		commands += fmt.Sprintf("- %s: `%s FILE`\n", r.name, shell(r.args))
	}
	return page + "\n" + commands + readersNotes
}

const readersNotes = `
The ruleset of Spectral is ` + "`extends: spectral:oas`" + `.
` + "`CLASSPATH`" + ` has swagger-parser.
[ReadDocuments.java](../contract/interop/testdata/readers/ReadDocuments.java) prints its messages.
openapi-examples-validator reads the 28 examples of IAM and the 15 of IMS in each file.
It counts those of ` + "`components/responses`" + ` twice.

`
