package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// language is one page of docs/use-from with the clients that its commands generate.
type language struct {
	name, page string
	source     string // the folder of testdata/generators: locks, and a program that calls each client
	prepare    func(t *testing.T, folder string) (env []string)
	compile    [][]string // commands, once the page has generated the clients
	checked    string     // what these commands are, for docs/interop.md
	clients    []generated
}

// generated are the clients of one generator, for both documents.
type generated struct {
	name    string
	version [2]string // a file, and what stands before the version in it
	call    []string  // the program; the file of cases is its last argument
	cannot  map[string]string
}

const (
	usePages   = "../../docs/use-from"
	downloads  = usePages + "/java.md" // shows how to download openapi-generator
	closedEnum = "`type` of the request is an enum"
)

var jarVersion = [2]string{filepath.Join("docs", "java.md"), "openapi-generator-cli-"}

var languages = []language{
	{
		name: "Python", page: "python.md", source: "python",
		prepare: func(t *testing.T, folder string) []string {
			const clients = "iam-python:ims-python"
			return []string{"PATH=" + python(t, folder) + ":" + os.Getenv("PATH"), "PYTHONPATH=" + clients, "MYPYPATH=" + clients}
		},
		compile: [][]string{{"mypy", "--strict", "--follow-imports=silent", "openapi_python_client.py", "openapi_generator.py"}},
		checked: "`mypy --strict` of the calls",
		clients: []generated{
			{
				name: "openapi-python-client", version: [2]string{"requirements.txt", "openapi-python-client=="},
				call: []string{"python", "openapi_python_client.py"}, cannot: map[string]string{wrongType: closedEnum},
			},
			{
				name: "openapi-generator python", version: jarVersion,
				call: []string{"python", "openapi_generator.py"}, cannot: map[string]string{wrongType: closedEnum},
			},
		},
	},
	{
		name: "TypeScript", page: "typescript.md", source: "typescript",
		prepare: func(t *testing.T, folder string) []string { npm(t, folder); return nil },
		compile: [][]string{{"npx", "tsc", "-p", "."}},
		checked: "`tsc`, `strict` and `noUncheckedIndexedAccess`",
		clients: []generated{
			{
				name: "openapi-typescript, openapi-fetch", version: npmVersion("openapi-typescript"),
				call: []string{"node", "out/openapi-fetch.js"}, cannot: map[string]string{wrongType: closedEnum},
			},
			{
				name: "openapi-generator typescript-fetch", version: jarVersion,
				call: []string{"node", "out/typescript-fetch.js"}, cannot: map[string]string{wrongType: closedEnum},
			},
			{
				name: "hey-api openapi-ts", version: npmVersion("@hey-api/openapi-ts"),
				call: []string{"node", "out/hey-api.js"}, cannot: map[string]string{wrongType: closedEnum},
			},
			{
				name: "orval, client `fetch`", version: npmVersion("orval"),
				call: []string{"node", "out/orval.js"}, cannot: map[string]string{wrongType: closedEnum},
			},
		},
	},
	{
		name: "Java", page: "java.md", source: "java",
		prepare: func(t *testing.T, _ string) []string { need(t, "javac"); return nil },
		compile: [][]string{{"javac", "-Xlint:all", "-Werror", "-d", "classes", "-cp", javaClasses, "Probe.java"}},
		checked: "Maven; `javac -Xlint:all -Werror` of the calls",
		clients: []generated{{
			name: "openapi-generator java, library `native`", version: jarVersion,
			call: []string{"java", "-cp", "classes:" + javaClasses, "Probe"}, cannot: map[string]string{wrongType: closedEnum},
		}},
	},
	{
		name: "Go", page: "go.md", source: "go",
		prepare: func(*testing.T, string) []string { return []string{"GOFLAGS=-mod=mod", "GOWORK=off"} },
		compile: [][]string{
			{"go", "vet", "./...", "./_ogen", "./_openapi"},
			{"go", "build", "-o", "bin/", "./_ogen", "./_openapi"},
		},
		checked: "`go vet`",
		clients: []generated{
			{
				name: "ogen", version: [2]string{"go.mod", "github.com/ogen-go/ogen v"},
				call:   []string{"bin/_ogen"},
				cannot: map[string]string{noCredentials: "it sends no request without credentials"},
			},
			{name: "openapi-generator go", version: jarVersion, call: []string{"bin/_openapi"}},
		},
	},
	{
		name: "Rust", page: "rust.md", source: "rust",
		prepare: prepareCargo,
		compile: [][]string{{"cargo", "build", "--quiet"}},
		checked: "`rustc -D warnings`",
		clients: []generated{{
			name: "openapi-generator rust", version: jarVersion,
			call: []string{"cargo", "run", "--quiet", "--package", "probe", "--"}, cannot: map[string]string{wrongType: closedEnum},
		}},
	},
}

const javaClasses = "iam-java/target/*:iam-java/target/dependency/*:ims-java/target/*"

func npmVersion(name string) [2]string {
	return [2]string{"package-lock.json", `"node_modules/` + name + `": {` + "\n" + `      "version": "`}
}

// prepareCargo keeps what cargo builds from one run to the next: the client has more than a hundred dependencies.
func prepareCargo(t *testing.T, _ string) []string {
	t.Helper()
	need(t, "cargo")
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"CARGO_TARGET_DIR=" + filepath.Join(cache, "quotaspec-interop", "cargo"), "CARGO_PROFILE_DEV_DEBUG=0", "RUSTFLAGS=-D warnings",
	}
}

// generators runs the commands of each page of docs/use-from, which generate clients from both documents, compiles these,
// and calls them.
func generators(t *testing.T) string {
	need(t, "java", "mvn", "bash")
	jar := downloadGenerator(t)
	rows := make([]string, len(languages))
	passed := t.Run("languages", func(t *testing.T) {
		for i, l := range languages {
			t.Run(l.source, func(t *testing.T) {
				t.Parallel()
				rows[i] = l.run(t, jar)
			})
		}
	})
	if !passed {
		t.FailNow()
	}
	for i, row := range rows {
		if row == "" {
			t.Skipf("%s was not run", languages[i].name)
		}
	}
	return generatorsHead + strings.Join(rows, "") + casesTable()
}

const generatorsHead = `## Generators

The commands of [docs/use-from](use-from/README.md) generate the clients, and their examples run as the pages show them.
A program then calls both operations with each client, and each value and error code that the client returns is compared.

| language | generator | version | compiled with | cases |
|---|---|---|---|---|
`

// downloadGenerator downloads openapi-generator by the command of its page.
func downloadGenerator(t *testing.T) (jar string) {
	t.Helper()
	folder := t.TempDir()
	for _, b := range blocks(t, downloads) {
		if b.mark == markRun && strings.HasPrefix(b.text, "mvn ") {
			b.runIn(t, folder, nil)
			break
		}
	}
	found, err := filepath.Glob(filepath.Join(folder, "openapi-generator-cli-*.jar"))
	if err != nil || len(found) != 1 {
		t.Fatalf("got %v, %v", found, err)
	}
	return found[0]
}

// run generates, compiles and calls the clients of a language. It returns their rows of docs/interop.md.
func (l language) run(t *testing.T, jar string) (rows string) {
	folder := copyFolder(t, filepath.Join("generators", l.source))
	if err := os.Symlink(jar, filepath.Join(folder, filepath.Base(jar))); err != nil {
		t.Fatal(err)
	}
	env := l.prepare(t, folder)
	runPage(t, filepath.Join(usePages, l.page), folder, env)
	for _, command := range l.compile {
		inShell(folder, env, shell(command)).must(t)
	}
	providers := startProviders(t)
	for _, c := range l.clients {
		rows += fmt.Sprintf("| %s | %s | %s | %s | %s |\n", l.name, c.name, c.versionIn(t, folder), l.checked, c.check(t, folder, env, providers))
	}
	return rows
}

// versionIn reads the version of the generator from the file that pins it.
func (c generated) versionIn(t *testing.T, folder string) string {
	t.Helper()
	file := filepath.Join(folder, c.version[0])
	if c.version == jarVersion {
		file = downloads
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(regexp.QuoteMeta(c.version[1]) + `([0-9]+([.][0-9]+)+)`).FindSubmatch(text)
	if found == nil {
		t.Fatalf("%s has no version of %s", file, c.name)
	}
	return string(found[1])
}
