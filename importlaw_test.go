package quotaspec_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
)

const module = "github.com/quotaspec/quotaspec/"

// TestImportLaw holds each package to the packages of ours that it may know, and to the libraries that it may pull into a
// build, both also through others. Server, client and contract share the documents and their reader, and the vendor's signature
// algorithm; nothing else: if the judge and the judged had more code in common, one bug would satisfy both. What judges knows
// neither our documents nor data about them, so it takes any document.
//
// A name that ends in /... stands for a package and all below it. A package without a row is an error; the command may know all.
func TestImportLaw(t *testing.T) {
	const judge = "contract contract/internal/... internal/text openapi/spec"
	const running = judge + " contract/probe contract/traffic contract/known contract/report contract/verify"
	const judging = "cel-go"
	laws := []struct{ packages, ours, libraries, why string }{
		{packages: "openapi/spec internal/text internal/signature", why: "they know no package of ours"},
		{packages: "openapi", ours: "openapi/spec", why: "the documents know their reader alone"},
		{packages: "openapi/forms", ours: "openapi openapi/spec", why: "it edits the text of the documents, and judges nothing"},
		{packages: "deploy", why: "it has tests alone"},
		{packages: "deploy/dist", ours: "openapi/...", why: "it packs files, and judges nothing"},

		{packages: "gen/iam gen/ims", why: "they are compiled into users' programs"},
		{packages: "gen/iamserver", ours: "gen/iam", libraries: "echo", why: "a stub knows its models"},
		{packages: "gen/imsserver", ours: "gen/ims", libraries: "echo", why: "a stub knows its models"},
		{packages: "client", ours: "gen/iam gen/ims internal/signature", why: "it is compiled into users' programs"},
		{
			packages:  "server",
			ours:      "openapi/... gen/... internal/signature",
			libraries: "echo",
			why:       "the judged shares no code with the judge",
		},
		{packages: "server/page", ours: "openapi/...", why: "a page knows the documents alone"},
		{
			packages:  "server/servertest",
			ours:      "server openapi/... gen/... internal/signature",
			libraries: "echo",
			why:       "it is the server in a test",
		},

		{
			packages: "contract/internal/coding contract/internal/pointer contract/internal/wire",
			why:      "they know bytes and texts, and no document",
		},
		{
			packages: "contract/internal/strictjson",
			ours:     "contract/internal/decimal contract/internal/pointer",
			why:      "it knows JSON, and no document",
		},
		{packages: "contract/internal/decimal", why: "it knows numbers, and no document"},
		{packages: "contract/internal/pattern", why: "it knows regular expressions, and no document"},
		{
			packages: "contract/internal/format",
			ours:     "contract/internal/decimal contract/internal/pattern",
			why:      "it knows texts, and no document",
		},
		{
			packages:  "contract/internal/rule",
			ours:      "contract/internal/decimal contract/internal/strictjson contract/internal/pointer",
			libraries: "cel-go",
			why:       "it evaluates texts over values, and knows no document",
		},
		{
			packages: "contract/internal/media",
			ours:     "contract/internal/wire openapi/spec",
			why:      "it knows media types, and no body",
		},
		{
			packages: "contract/internal/parameter",
			ours:     "contract/internal/decimal contract/internal/media contract/internal/pointer contract/internal/strictjson contract/internal/wire openapi/spec",
			why:      "it reads texts into values, and judges none",
		},
		{
			packages: "contract/internal/bodies",
			ours:     "contract/internal/decimal contract/internal/media contract/internal/parameter contract/internal/pointer contract/internal/strictjson contract/internal/wire openapi/spec",
			why:      "it reads bytes into values, and judges none",
		},
		{
			packages: "contract/internal/schema",
			ours:     "openapi/spec contract/internal/decimal contract/internal/format contract/internal/pattern contract/internal/pointer contract/internal/strictjson",
			why:      "it knows schemas and values, and evaluates no rule",
		},
		{
			packages: "contract/internal/sample",
			ours:     "contract/internal/media contract/internal/pattern contract/internal/wire openapi/spec",
			why:      "it makes values of schemas, and knows neither the judge nor who sends them",
		},
		{
			packages: "contract/internal/redact",
			ours:     "contract/internal/coding contract/internal/pointer internal/text",
			why:      "it takes secrets out of any text, and knows no document",
		},
		{packages: "contract/internal/markdown", ours: "internal/text", why: "it knows texts, and no report"},
		{packages: "contract/internal/sarif", ours: "openapi/spec", why: "it knows places in documents, and no report"},
		{
			packages:  "contract",
			ours:      judge,
			libraries: judging,
			why:       "the judge shares no code with the judged, and does not know where exchanges come from",
		},
		{
			packages:  "contract/probe contract/traffic",
			ours:      judge,
			libraries: judging,
			why:       "sources of exchanges know the judge, and not each other",
		},
		{
			packages:  "contract/report",
			ours:      judge,
			libraries: judging,
			why:       "reports do not know where exchanges come from",
		},
		{
			packages: "contract/known",
			ours:     "contract/internal/pointer",
			why:      "a line names checks and findings by their ids, whoever has them",
		},
		{
			packages:  "contract/verify",
			ours:      running,
			libraries: judging,
			why:       "documents, recordings and providers are handed to a run",
		},
		{
			packages:  "contract/contracttest",
			ours:      judge + " contract/report",
			libraries: judging,
			why:       "it is compiled into users' tests, and knows neither the command nor sources of exchanges",
		},
		{
			packages:  "contract/mutate",
			ours:      judge + " contract/probe",
			libraries: judging,
			why:       "it makes mutants of any document",
		},
		{
			packages:  "contract/breaking",
			ours:      judge + " contract/probe contract/mutate",
			libraries: judging,
			why:       "documents and traffic are handed to a comparison",
		},
		{
			packages:  "contract/breaking/formats",
			ours:      judge + " contract/breaking contract/probe contract/mutate",
			libraries: judging,
			why:       "formats write a comparison, and make none",
		},
		{
			packages:  "internal/quotas",
			ours:      judge + " openapi contract/traffic client gen/iam gen/ims internal/signature",
			libraries: judging,
			why:       "it asks and compares; the redactor of contract/traffic keeps secrets out of its messages, and nothing is judged",
		},
		{
			packages:  "internal/exporter",
			ours:      judge + " openapi contract/traffic client gen/iam gen/ims internal/signature internal/quotas",
			libraries: judging,
			why:       "it serves what internal/quotas asks for",
		},
		{
			packages:  "internal/command",
			ours:      running + " openapi",
			libraries: judging + " cobra",
			why:       "commands share it, and it knows none of them",
		},
		{
			packages:  "contract/recordings contract/corpus",
			ours:      judge,
			libraries: judging,
			why:       "data about our services needs the judge's reader of messages alone",
		},
		{
			packages:  "contract/corpus/scores",
			ours:      judge + " contract/corpus",
			libraries: judging,
			why:       "it counts what validators say, and runs none",
		},
		{
			packages:  "contract/corpus/mutants",
			ours:      judge + " contract/probe contract/mutate contract/recordings contract/corpus openapi",
			libraries: judging,
			why:       "contracts of our documents for mutate",
		},

		{
			packages:  "contract/fleet",
			ours:      running,
			libraries: judging + " franz-go",
			why:       "it hands exchanges of a topic to a run, and knows neither the command nor our services",
		},
		{packages: "contract/fleet/internal/broker", libraries: "franz-go", why: "it starts a broker, whoever tests with it"},
		{
			packages:  "contract/fleet/cmd/quotaspec-fleet",
			ours:      running + " contract/fleet internal/command openapi",
			libraries: judging + " franz-go cobra",
			why:       "a worker needs neither the reference server nor a client of our services",
		},
	}
	deps := map[string][]string{}
	for _, folder := range []string{".", "contract/fleet"} {
		for _, line := range strings.Split(strings.TrimSpace(goList(t, folder, "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./...")), "\n") {
			name, all, _ := strings.Cut(line, " ")
			deps[strings.TrimPrefix(name, module)] = strings.Fields(all)
		}
	}
	known := []string{}
	for _, law := range laws {
		for _, name := range strings.Fields(law.packages) {
			known = append(known, name)
			t.Run(name, func(t *testing.T) {
				if _, isListed := deps[name]; !isListed {
					t.Error("there is no such package")
				}
				ours := strings.Fields(law.ours)
				for _, dep := range deps[name] {
					path, isOurs := strings.CutPrefix(dep, module)
					if isOurs && !slices.ContainsFunc(ours, func(pattern string) bool { return isBelow(path, pattern) }) {
						t.Errorf("%s imports %s: %s", name, path, law.why)
					}
					if library := libraryOf(dep); library != "" && !slices.Contains(strings.Fields(law.libraries), library) {
						t.Errorf("%s pulls %s into a build, by %s: %s", name, library, dep, law.why)
					}
				}
			})
		}
	}
	for name := range deps {
		if name != strings.TrimSuffix(module, "/") && !strings.HasPrefix(name, "cmd/") && !slices.Contains(known, name) {
			t.Errorf("%s has no row", name)
		}
	}
}

// isBelow says whether a package is the one that a pattern names or, if the pattern ends in /..., one below it.
func isBelow(name, pattern string) bool {
	top, below := strings.CutSuffix(pattern, "/...")
	return name == top || below && strings.HasPrefix(name, top+"/")
}

// libraries are those that we could replace, with the packages that import them.
var libraries = []struct{ name, path, importers string }{
	{name: "echo", path: "github.com/labstack/echo", importers: "gen/iamserver gen/imsserver server"},
	{name: "kin-openapi", path: "github.com/getkin/kin-openapi"},
	{name: "cel-go", path: "cel.dev/cel-go", importers: "contract/internal/rule"},
	{name: "cobra", path: "github.com/spf13/cobra", importers: "cmd/quotaspec internal/command"},
	{name: "franz-go", path: "github.com/twmb/franz-go"}, // in contract/fleet only
}

// libraryOf names the library of a package; "" if it is of none of these.
func libraryOf(pkg string) string {
	for _, library := range libraries {
		if isBelow(pkg, library.path+"/...") {
			return library.name
		}
	}
	return ""
}

// TestLibrariesStayInside holds that another library instead of one of these changes no package but those that import it now.
// Tests may import what they compare with.
func TestLibrariesStayInside(t *testing.T) {
	importers := map[string][]string{}
	for _, line := range strings.Fields(goList(t, ".", "-f", "{{range .Imports}}{{$.ImportPath}}={{.}} {{end}}", "./...")) {
		importer, imported, _ := strings.Cut(line, "=")
		name, library := strings.TrimPrefix(importer, module), libraryOf(imported)
		if !slices.Contains(importers[library], name) {
			importers[library] = append(importers[library], name)
		}
	}
	for _, library := range libraries {
		if got := strings.Join(importers[library.name], " "); got != library.importers {
			t.Errorf("%s is imported by %q, want %q", library.name, got, library.importers)
		}
	}
}

// TestSpecImports holds that the reader of documents needs the standard library and a YAML library, and nothing else.
func TestSpecImports(t *testing.T) {
	got := strings.Fields(goList(t, ".", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./openapi/spec"))
	want := []string{"go.yaml.in/yaml/v3", module + "openapi/spec"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestEcho5 holds that the module with the stubs for echo v5 can be fetched by others, and that nobody else gets echo v5: it
// requires echo v5 and what that requires, replaces nothing, and the main module does not know it.
func TestEcho5(t *testing.T) {
	for _, test := range []struct {
		name, file string
		is, not    string // in the go.mod
	}{
		{name: "stubs", file: "gen/echo5/go.mod", is: "require github.com/labstack/echo/v5 ", not: "replace "},
		{name: "main module", file: "go.mod", is: "github.com/labstack/echo/v4 ", not: "github.com/labstack/echo/v5 "},
	} {
		text, err := os.ReadFile(test.file)
		if err != nil || !strings.Contains(string(text), test.is) || strings.Contains(string(text), test.not) {
			t.Errorf("%s: %v: want %q and no %q in\n%s", test.name, err, test.is, test.not, text)
		}
	}
	for _, dep := range strings.Fields(goList(t, "gen/echo5", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./...")) {
		if !isBelow(dep, module+"gen/echo5/...") && !isBelow(dep, "github.com/labstack/echo/v5/...") {
			t.Errorf("gen/echo5 imports %s: it is compiled into users' programs, with echo v5 and nothing else", dep)
		}
	}
}

// TestFleetIsAside holds that nobody downloads a client of Kafka but who runs a fleet: the main module does not know it.
func TestFleetIsAside(t *testing.T) {
	const client = "github.com/twmb/franz-go "
	for _, test := range []struct {
		file string
		want bool
	}{{file: "contract/fleet/go.mod", want: true}, {file: "go.mod"}, {file: "go.sum"}} {
		text, err := os.ReadFile(test.file)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(text), client); got != test.want {
			t.Errorf("%s: requires %s: %v, want %v", test.file, client, got, test.want)
		}
	}
}

// TestModules holds how much a user's build grows by the client, and a user's tests by contracttest. TestImportLaw holds that
// no command and no server is among it.
func TestModules(t *testing.T) {
	for _, test := range []struct {
		name    string
		modules int // at most, ours included
	}{
		{name: "client", modules: 6},
		{name: "contract/contracttest", modules: 16},
	} {
		modules := strings.Fields(goList(t, ".", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./"+test.name))
		slices.Sort(modules)
		if modules = slices.Compact(modules); len(modules) > test.modules {
			t.Errorf("%s: got %d modules, want at most %d: %s", test.name, len(modules), test.modules, strings.Join(modules, ", "))
		}
	}
}

// TestJudgeKnowsNoService holds that all the judge knows comes from the document that it is given.
func TestJudgeKnowsNoService(t *testing.T) {
	words := []string{"IAM", "IMS", "IMG", "APIGW", "huawei", "quotas", "OS-QUOTA", "cloudimages", "domain_id"}
	for _, name := range openapi.Names() {
		doc, err := openapi.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range doc.Operations {
			words = append(words, op.ID, op.Path)
		}
		for _, m := range doc.Root.At("/components/schemas").Members {
			words = append(words, m.Name)
		}
	}
	pattern := regexp.MustCompile(`(?i)"[^"]*\b(` + strings.Join(mapped(words, regexp.QuoteMeta), "|") + `)\b[^"]*"`)
	files := 0
	err := filepath.WalkDir("contract", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			code, _, _ := strings.Cut(line, "//")
			if found := pattern.FindString(code); found != "" && !strings.Contains(code, module) && !strings.Contains(code, "import") {
				t.Errorf("%s:%d: %s", path, i+1, found)
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("read %d files: %v", files, err)
	}
}

// TestListenersHaveTimeouts holds that each server of ours has a limit for the head of a request and for an idle connection:
// without them, a client that sends nothing holds a connection for ever.
func TestListenersHaveTimeouts(t *testing.T) {
	servers := 0
	err := filepath.WalkDir(".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if name := types.ExprString(n.Fun); slices.Contains([]string{"http.Serve", "http.ServeTLS", "http.ListenAndServe", "http.ListenAndServeTLS"}, name) {
					t.Errorf("%s: %s has no timeouts", files.Position(n.Pos()), name)
				}
			case *ast.CompositeLit:
				if n.Type == nil || types.ExprString(n.Type) != "http.Server" {
					break
				}
				servers++
				given := []string{}
				for _, element := range n.Elts {
					if field, ok := element.(*ast.KeyValueExpr); ok {
						given = append(given, types.ExprString(field.Key))
					}
				}
				for _, want := range []string{"ReadHeaderTimeout", "IdleTimeout"} {
					if !slices.Contains(given, want) {
						t.Errorf("%s: the server has no %s", files.Position(n.Pos()), want)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if servers == 0 {
		t.Error("no server was found")
	}
}

func mapped(list []string, f func(string) string) []string {
	other := []string{}
	for _, s := range list {
		other = append(other, f(s))
	}
	return other
}

// goList lists packages of the module of a folder. It does not ask git, which refuses a clone that belongs to another user.
func goList(t *testing.T, folder string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-buildvcs=false"}, args...)...)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list in %s: %v", folder, err)
	}
	return string(out)
}

// TestMakeIgnoresTheLocale holds that recipes read names whole, whatever the language of the machine.
func TestMakeIgnoresTheLocale(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make")
	}
	cmd := exec.Command("make", "-f", "Makefile", "-f", "-", "locale")
	cmd.Stdin = strings.NewReader("locale:\n\t@echo $$LC_ALL\n")
	cmd.Env = append(os.Environ(), "LC_ALL=tr_TR.UTF-8")
	cmd.Stderr = os.Stderr
	if out, err := cmd.Output(); err != nil || string(out) != "C\n" {
		t.Errorf("got %q, %v; want the locale C", out, err)
	}
}
