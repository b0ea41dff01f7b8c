package interop

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/openapi"
)

// installation is a copy of a folder of testdata, with the packages that it pins and iam.yaml and ims.yaml.
type installation struct{ folder string }

// manager is a package manager.
type manager struct {
	file  string   // what pins the packages
	needs []string // the commands that it needs
	run   func(t *testing.T, folder string)
}

// install copies the folder and installs what it pins: package-lock.json, requirements.txt and pom.xml.
func install(t *testing.T, source string) installation {
	t.Helper()
	in := installation{copyFolder(t, source)}
	managers := []manager{
		{file: "package.json", needs: []string{"node", "npm"}, run: npm},
		{file: "requirements.txt", needs: []string{"python3"}, run: func(t *testing.T, folder string) { python(t, folder) }},
		{file: "pom.xml", needs: []string{"java", "mvn"}, run: maven},
	}
	managers = slices.DeleteFunc(managers, func(m manager) bool {
		_, err := os.Stat(filepath.Join(in.folder, m.file))
		return err != nil
	})
	for _, m := range managers {
		need(t, m.needs...) // here, since a subtest could only skip itself
	}
	installed := t.Run("install", func(t *testing.T) {
		for _, m := range managers {
			t.Run(m.file, func(t *testing.T) {
				t.Parallel()
				m.run(t, in.folder)
			})
		}
	})
	if !installed {
		t.FailNow()
	}
	return in
}

// copyFolder copies a folder of testdata to a new one, where installations may write, and adds the documents as iam.yaml and ims.yaml.
func copyFolder(t *testing.T, source string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", source))); err != nil {
		t.Fatal(err)
	}
	for _, name := range openapi.Names() {
		text, err := openapi.YAML(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name+".yaml"), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// download runs a command that installs packages.
func download(t *testing.T, folder string, args ...string) {
	t.Helper()
	if out, exit := (step{folder: folder, args: args}).run(t); exit != 0 {
		t.Fatalf("cannot install packages; is the registry reachable? %s: exit %d\n%s", shell(args), exit, out)
	}
}

// npm installs what package-lock.json of this folder pins.
func npm(t *testing.T, folder string) {
	t.Helper()
	need(t, "node", "npm")
	download(t, folder, "npm", "ci", "--loglevel=error", "--no-audit", "--no-fund")
}

// python makes a virtual environment with what requirements.txt of this folder pins, and returns its folder of commands.
func python(t *testing.T, folder string) (bin string) {
	t.Helper()
	need(t, "python3")
	environment := filepath.Join(folder, "venv")
	step{folder: folder, args: []string{"python3", "-m", "venv", environment}}.must(t)
	bin = filepath.Join(environment, "bin")
	download(t, folder, filepath.Join(bin, "pip"), "install", "--quiet", "--disable-pip-version-check", "--requirement", "requirements.txt")
	return bin
}

// maven downloads what pom.xml of this folder pins, and writes the class path for java to the file classpath.
func maven(t *testing.T, folder string) {
	t.Helper()
	download(t, folder, "mvn", "--batch-mode", "--quiet", "dependency:build-classpath", "-Dmdep.outputFile=classpath")
}

// step is a command of this installation. A program that npm or pip has installed gets its path, and the argument CLASSPATH becomes
// what Maven has written.
func (in installation) step(t *testing.T, args, env []string) step {
	t.Helper()
	args = slices.Clone(args)
	args[0] = in.command(args[0])
	if at := slices.Index(args, "CLASSPATH"); at >= 0 {
		path, err := os.ReadFile(filepath.Join(in.folder, "classpath"))
		if err != nil {
			t.Fatal(err)
		}
		args[at] = strings.TrimSpace(string(path))
	}
	return step{folder: in.folder, args: args, env: append([]string{"NO_COLOR=1"}, env...)}
}

// command returns the path of a program that npm or pip has installed, or the name itself of any other.
func (in installation) command(name string) string {
	for _, folder := range []string{"venv/bin", "node_modules/.bin"} {
		path := filepath.Join(in.folder, folder, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return name
}

// version returns the version of a package that npm, pip or Maven has installed.
func (in installation) version(t *testing.T, name string) string {
	t.Helper()
	if text, err := os.ReadFile(filepath.Join(in.folder, "node_modules", name, "package.json")); err == nil {
		var manifest struct{ Version string }
		if err := json.Unmarshal(text, &manifest); err != nil {
			t.Fatal(err)
		}
		return manifest.Version
	}
	for file, pattern := range map[string]string{
		"requirements.txt": `(?mi)^NAME==(\S+)`, "pom.xml": `<artifactId>NAME</artifactId>\s*<version>([^<]+)</version>`,
	} {
		text, _ := os.ReadFile(filepath.Join(in.folder, file)) // most folders have only one of the two
		found := regexp.MustCompile(strings.ReplaceAll(pattern, "NAME", regexp.QuoteMeta(name))).FindSubmatch(text)
		if found != nil {
			return string(found[1])
		}
	}
	t.Fatalf("no version of %s", name)
	return ""
}
