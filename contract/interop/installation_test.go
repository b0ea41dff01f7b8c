package interop

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// installation is a copy of a folder of testdata, with the packages that it pins and iam.yaml and ims.yaml.
type installation struct{ folder string }

// install copies the folder and installs what it pins: package-lock.json, requirements.txt and pom.xml.
func install(t *testing.T, source string) installation {
	t.Helper()
	in := installation{copyFolder(t, source)}
	if err := os.CopyFS(in.folder, os.DirFS(documentFolder(t))); err != nil {
		t.Fatal(err)
	}
	installed := t.Run("install", func(t *testing.T) {
		for _, manager := range []struct {
			file string
			run  func(t *testing.T, folder string)
		}{
			{file: "package.json", run: npm},
			{file: "requirements.txt", run: func(t *testing.T, folder string) { python(t, folder) }},
			{file: "pom.xml", run: maven},
		} {
			if _, err := os.Stat(filepath.Join(in.folder, manager.file)); err != nil {
				continue
			}
			t.Run(manager.file, func(t *testing.T) {
				t.Parallel()
				manager.run(t, in.folder)
			})
		}
	})
	if !installed {
		t.FailNow()
	}
	return in
}

// maven downloads what pom.xml of this folder pins, and writes the class path for java to the file classpath.
func maven(t *testing.T, folder string) {
	t.Helper()
	step{folder: folder, args: []string{
		"mvn", "--batch-mode", "--quiet", "dependency:build-classpath", "-Dmdep.outputFile=classpath",
	}}.must(t)
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

// shell writes a command as one types it into a shell.
func shell(args []string) string {
	words := []string{}
	for _, a := range args {
		if strings.ContainsAny(a, " *") {
			a = "'" + a + "'"
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}
