package deploy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The file NOTICE of each module with a command is made here: go list names the packages that are linked into the command on each
// released system, their modules are in the module cache, and the licences are the files in the folders of these packages and above
// them. Modules with the same text share it.

// A released command is the package cmd/NAME of a module.
type released struct{ name, module string }

// commands are those of a release, each with its own archives.
var commands = []released{
	{name: "quotaspec", module: ".."},
	{name: "quotaspec-fleet", module: "../contract/fleet"},
}

// systems are those of a release.
var systems = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// noticeHead is for the name of a command.
const noticeHead = `%[1]s
Copyright the quotaspec authors

%[1]s is licensed under the Apache License 2.0 (LICENSE). Its binary also contains the software below.
`

// swaggerUI is the version that the module swgui embeds. Its licences are copied from the npm package swagger-ui-dist, since
// the module has none of them: for another version, copy them again.
const swaggerUI = "5.29.1"

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

// TestNotice fails if a NOTICE is not what the modules say; -update ("make notice") writes it.
func TestNotice(t *testing.T) {
	for _, command := range commands {
		t.Run(command.name, func(t *testing.T) {
			notice, file := noticeOf(command.name, licences(t, command)), filepath.Join(command.module, "NOTICE")
			if *update {
				if err := os.WriteFile(file, []byte(notice), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if read(t, file) != notice {
				t.Error("NOTICE is out of date: run make notice")
			}
		})
	}
}

// licences returns the names of the parts of a command by the text of a licence.
func licences(t *testing.T, command released) map[string][]string {
	t.Helper()
	byText := map[string][]string{}
	add := func(part, file string) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " \t")
		}
		key := strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
		if !slices.Contains(byText[key], part) {
			byText[key] = append(byText[key], part)
		}
	}
	for module, folders := range linked(t, command) {
		files := licenceFiles(t, folders)
		for _, file := range files {
			add(module, file)
		}
		if len(files) == 0 {
			t.Errorf("%s has no licence", module)
		}
		switch module {
		case "golang.org/x/sys": // Go's own text, which some packages of Go leave out
			add("the standard library of Go", filepath.Join(folders[0], "LICENSE"))
		case "github.com/swaggest/swgui":
			checkSwaggerUI(t, folders[0])
			add("Swagger UI "+swaggerUI, "../LICENSE")
			for _, name := range []string{
				"swagger-ui.NOTICE.txt", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui-standalone-preset.js.LICENSE.txt",
			} {
				add("Swagger UI "+swaggerUI, filepath.Join("licences", name))
			}
		}
	}
	return byText
}

// linked returns the folders of the packages of others that are linked into a command, by module; the first is that of the module.
func linked(t *testing.T, command released) map[string][]string {
	t.Helper()
	type goPackage struct {
		Dir    string
		Module *struct {
			Path, Dir string
			Main      bool
			Replace   *struct{ Path string } // by a folder of ours
		}
	}
	lists := make([][]byte, len(systems))
	var wait sync.WaitGroup
	for i, system := range systems {
		wait.Go(func() {
			goos, goarch, _ := strings.Cut(system, "/")
			list := exec.Command("go", "list", "-deps", "-json=Dir,Module", "./cmd/"+command.name)
			list.Dir, list.Env = command.module, append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
			out, err := list.Output()
			if err != nil {
				t.Errorf("%s: go list: %v", system, err)
			}
			lists[i] = out
		})
	}
	wait.Wait()
	folders := map[string][]string{}
	for _, list := range lists {
		for read := json.NewDecoder(bytes.NewReader(list)); read.More(); {
			var p goPackage
			if err := read.Decode(&p); err != nil {
				t.Fatal(err)
			}
			if p.Module == nil || p.Module.Main || p.Module.Replace != nil {
				continue
			}
			path := p.Module.Path
			if folders[path] == nil {
				folders[path] = []string{p.Module.Dir}
			}
			folders[path] = append(folders[path], p.Dir)
		}
	}
	if len(folders) < 20 {
		t.Fatalf("got only %d modules", len(folders))
	}
	return folders
}

// licenceFiles returns the licences in the folders of packages and in those above them, up to that of the module, folders[0].
func licenceFiles(t *testing.T, folders []string) []string {
	t.Helper()
	seen := map[string]bool{}
	files := []string{}
	for _, dir := range folders {
		for ; strings.HasPrefix(dir, folders[0]) && !seen[dir]; dir = filepath.Dir(dir) {
			seen[dir] = true
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				if licenceFile.MatchString(entry.Name()) && entry.Type().IsRegular() && filepath.Ext(entry.Name()) != ".go" {
					files = append(files, filepath.Join(dir, entry.Name()))
				}
			}
		}
	}
	return files
}

// checkSwaggerUI fails if swgui embeds another version than that of the licences.
func checkSwaggerUI(t *testing.T, module string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(module, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "[v"+swaggerUI+"]") {
		t.Errorf("swgui embeds another Swagger UI than %s: copy its licences into deploy/licences", swaggerUI)
	}
}

// noticeOf writes the texts, those of most parts first.
func noticeOf(name string, byText map[string][]string) string {
	texts := slices.Collect(maps.Keys(byText))
	for _, text := range texts {
		slices.Sort(byText[text])
	}
	slices.SortFunc(texts, func(a, b string) int {
		return cmp.Or(-cmp.Compare(len(byText[a]), len(byText[b])), slices.Compare(byText[a], byText[b]), cmp.Compare(a, b))
	})
	var b strings.Builder
	fmt.Fprintf(&b, noticeHead, name)
	for _, text := range texts {
		fmt.Fprintf(&b, "\n%s\n\n%s\n\n%s", strings.Repeat("=", 100), strings.Join(byText[text], "\n"), text)
	}
	return b.String()
}

// TestLicenceFiles tests that the licence of a folder inside a module is found, too.
func TestLicenceFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("one system is enough")
	}
	module := t.TempDir()
	inner := filepath.Join(module, "a", "b")
	if err := os.MkdirAll(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"LICENSE", "license.go", "a/COPYING.txt", "a/b/NOTICE"} {
		if err := os.WriteFile(filepath.Join(module, filepath.FromSlash(name)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := len(licenceFiles(t, []string{module, inner}))
	if got != 3 {
		t.Errorf("got %d files, want LICENSE, COPYING.txt and NOTICE", got)
	}
}
