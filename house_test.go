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

// TestImportLaw holds who may know whom. Server, client and contract share the documents and their reader, and the
// vendor's signature algorithm; nothing else: the judge and the judged must have no further code in common, or one bug satisfies
// both.
func TestImportLaw(t *testing.T) {
	cli := []string{"github.com/spf13/cobra"}
	judging := []string{"github.com/getkin/kin-openapi", "cel.dev/cel-go"}
	echo := []string{"github.com/labstack/echo"}
	for _, law := range []struct {
		room  string
		never []string
		why   string
	}{
		{"openapi", slices.Concat([]string{module}, echo, cli, []string{"cel.dev/cel-go"}), "the documents know nobody, and evaluate no rule"},
		{"gen/iam", slices.Concat([]string{module}, echo, cli, judging), "it is compiled into users' programs"},
		{"gen/ims", slices.Concat([]string{module}, echo, cli, judging), "it is compiled into users' programs"},
		{"internal/signature", slices.Concat([]string{module}, echo, cli, judging), "it is compiled into users' programs"},
		{"internal/text", slices.Concat([]string{module}, echo, cli, judging), "it fits texts for printing, and knows no subject"},
		{"client", slices.Concat(rooms("openapi", "contract", "server", "cmd", "gen/iamserver", "gen/imsserver", "internal/text"), echo, cli, judging), "it is compiled into users' programs"},
		{"contract", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract/"), echo, cli), "the judge shares no code with the judged"},
		{"contract/internal/coding", slices.Concat([]string{module}, echo, cli, judging), "it unpacks any body, and knows no document"},
		{"contract/internal/kin", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract"), echo, cli, []string{"cel.dev/cel-go"}), "it knows schemas, and evaluates no rule"},
		{"contract/internal/pointer", slices.Concat([]string{module}, echo, cli, judging), "it knows JSON pointers, and no document"},
		{"contract/internal/redact", slices.Concat([]string{module}, echo, cli, judging), "it takes secrets out of any text, and knows no document"},
		{"contract/internal/rule", slices.Concat([]string{module}, echo, cli, judging[:1]), "it evaluates texts over values, and knows no document"},
		{"contract/internal/strictjson", slices.Concat([]string{module}, echo, cli, judging), "it knows JSON, and no document"},
		{"contract/internal/wire", slices.Concat([]string{module}, echo, cli, judging), "it reads any message, and knows no document"},
		{"contract/corpus", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract/recordings", "contract/probe", "contract/report"), echo, cli), "a source of exchanges"},
		{"contract/recordings", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract/probe", "contract/report"), echo, cli), "a source of exchanges"},
		{"contract/probe", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract/recordings", "contract/report"), echo, cli), "a source of exchanges"},
		{"contract/mutate", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract/report", "contract/traffic"), echo, cli), "the score shares no code with the judged"},
		{"contract/traffic", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract/recordings", "contract/probe", "contract/report"), echo, cli), "a source of exchanges"},
		{"contract/report", slices.Concat(rooms("gen", "server", "client", "internal/signature", "cmd", "contract/recordings", "contract/probe"), echo, cli), "reports do not know where exchanges come from"},
		{"server", slices.Concat(rooms("contract", "client", "cmd", "internal/text"), cli, []string{"cel.dev/cel-go"}), "the judged shares no code with the judge"},
		{"server/page", slices.Concat(rooms("contract", "client", "cmd", "gen", "internal"), echo, cli, []string{"cel.dev/cel-go"}), "a page knows the documents alone"},
		{"server/servertest", slices.Concat(rooms("contract", "client", "cmd", "internal/text"), cli, []string{"cel.dev/cel-go"}), "it is the server in a test"},
	} {
		t.Run(law.room, func(t *testing.T) {
			for _, dep := range dependencies(t, "./"+law.room) {
				if dep == module+law.room || strings.HasPrefix(law.room, "contract") && strings.HasPrefix(dep, module+"contract/internal/") {
					continue
				}
				for _, never := range law.never {
					if dep == never || strings.HasPrefix(dep, strings.TrimSuffix(never, "/")+"/") {
						t.Errorf("%s imports %s: %s", law.room, dep, law.why)
					}
				}
			}
		})
	}
}

// TestSpecImports holds that the reader of documents needs the standard library and a YAML library, and nothing else.
func TestSpecImports(t *testing.T) {
	got := strings.Fields(goList(t, "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./openapi/spec"))
	want := []string{"go.yaml.in/yaml/v3", module + "openapi/spec"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestEchoStaysInside holds that the move to another echo is one package and one line of configuration.
func TestEchoStaysInside(t *testing.T) {
	for _, pkg := range strings.Fields(goList(t, "-f", "{{range .Imports}}{{$.ImportPath}}={{.}} {{end}}", "./...")) {
		importer, imported, _ := strings.Cut(pkg, "=")
		room := strings.TrimPrefix(importer, module)
		if strings.Contains(imported, "labstack/echo") && !slices.Contains([]string{"server", "gen/iamserver", "gen/imsserver"}, room) {
			t.Errorf("%s imports %s", room, imported)
		}
	}
}

// TestClientModules holds how much a user's build grows by the client.
func TestClientModules(t *testing.T) {
	modules := []string{}
	for _, m := range strings.Fields(goList(t, "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./client")) {
		if !slices.Contains(modules, m) && m != strings.TrimSuffix(module, "/") {
			modules = append(modules, m)
		}
	}
	if len(modules) > 5 {
		t.Errorf("got %d modules beyond the standard library, want at most 5: %s", len(modules), strings.Join(modules, ", "))
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
		for name := range doc.T.Components.Schemas {
			words = append(words, name)
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

func rooms(names ...string) []string {
	return mapped(names, func(name string) string { return module + name })
}

func mapped(list []string, f func(string) string) []string {
	other := []string{}
	for _, s := range list {
		other = append(other, f(s))
	}
	return other
}

func dependencies(t *testing.T, pkg string) []string {
	t.Helper()
	return strings.Fields(goList(t, "-deps", pkg))
}

// goList does not ask git, which refuses a clone that belongs to another user.
func goList(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-buildvcs=false"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
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
