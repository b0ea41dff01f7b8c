package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A page that is executed is one session of bash in a new folder, with quotaspec in the path. Its marks are, in the order of
// the page:
//
//	<!-- file: NAME -->      the block below is a file of that name
//	<!-- files: PAGE -->     the files of another page, the last one of each name
//	<!-- setup: COMMAND -->  a command that readers do not see
//	<!-- run: session -->    the block below has commands ("$ …"), each with what it prints
//
// A command that ends with & runs until the end of the page; wait_for PORT waits until it listens.
var pageMark = regexp.MustCompile("<!-- (file|files|setup|run): (.*) -->\n(?:```[a-z]*\n((?:.*\n)*?)```\n)?")

// prelude begins each session. It separates the outputs of the commands by a control character, and keeps their exit codes.
const prelude = `exec 2>&1
trap 'kill $(jobs -p) 2>/dev/null' EXIT
next() { local code=$?; printf '\036'; return $code; }
wait_for() { until (: < /dev/tcp/127.0.0.1/$1) 2>/dev/null; do kill -0 $! || exit; sleep 0.05; done; }
`

// TestPages runs the sessions of the tutorial, of the how-to pages and of docs/test-my-consumer.md, and compares what they print.
func TestPages(t *testing.T) {
	for _, tool := range []string{"bash", "python3", "curl", "git", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	if testing.Short() {
		t.Skip("it starts some fifty processes")
	}
	guides, err := filepath.Glob("../../docs/how-to/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("no how-to pages: %v", err)
	}
	for _, file := range append(guides, "../../docs/tutorial.md", consumersPage) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".md"), func(t *testing.T) {
			t.Parallel()
			page := readPage(t, file)
			got := page
			if len(sessionBlocks(page)) > 0 {
				got = runPage(t, file, page)
			}
			switch {
			case got == page:
			case *update:
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			default:
				t.Errorf("%s shows another output, -update writes it (-page +got):\n%s", file, cmp.Diff(page, got))
			}
		})
	}
}

func readPage(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sessionBlocks returns the blocks of a page that its session runs.
func sessionBlocks(page string) []string {
	list := []string{}
	for _, m := range pageMark.FindAllStringSubmatch(page, -1) {
		if m[1] == "run" && m[2] == "session" {
			list = append(list, m[3])
		}
	}
	return list
}

// pageFiles returns the files of a page by name: the last one of each.
func pageFiles(page string) map[string]string {
	files := map[string]string{}
	for _, m := range pageMark.FindAllStringSubmatch(page, -1) {
		if m[1] == "file" {
			files[m[2]] = m[3]
		}
	}
	return files
}

// runPage runs the session of a page and returns the page with what its commands print.
func runPage(t *testing.T, file, page string) string {
	t.Helper()
	outputs := strings.Split(pageOutput(t, pageScript(t, file, page)), "\036")[1:] // what a setup prints first is no output
	return pageMark.ReplaceAllStringFunc(page, func(mark string) string {
		m := pageMark.FindStringSubmatch(mark)
		if m[1] != "run" || m[2] != "session" {
			return mark
		}
		block := ""
		for _, command := range commandsOf(m[3]) {
			if len(outputs) == 0 {
				t.Fatalf("the session ended before %s", command)
			}
			output := outputs[0]
			outputs = outputs[1:]
			if output != "" && !strings.HasSuffix(output, "\n") {
				output += "\n"
			}
			block += "$ " + command + "\n" + output
		}
		return strings.Replace(mark, "\n"+m[3]+"```\n", "\n"+block+"```\n", 1)
	})
}

// commandsOf returns the commands of a block. One goes on after a line that ends with a backslash.
func commandsOf(block string) []string {
	list := []string{}
	goesOn := false
	for line := range strings.Lines(block) {
		line = strings.TrimSuffix(line, "\n")
		command, begins := strings.CutPrefix(line, "$ ")
		switch {
		case goesOn:
			list[len(list)-1] += "\n" + line
		case begins:
			list = append(list, command)
		default:
			continue // output
		}
		goesOn = strings.HasSuffix(line, `\`)
	}
	return list
}

// pageScript returns the session of a page: a script for bash.
func pageScript(t *testing.T, file, page string) string {
	t.Helper()
	script := prelude
	write := func(name, text string) {
		script += fmt.Sprintf("mkdir -p \"$(dirname '%s')\"; cat > '%s' << 'END OF FILE'\n%sEND OF FILE\n", name, name, text)
	}
	for _, m := range pageMark.FindAllStringSubmatch(page, -1) {
		switch {
		case m[1] == "file":
			write(m[2], m[3])
		case m[1] == "files":
			for name, text := range pageFiles(readPage(t, filepath.Join(filepath.Dir(file), m[2]))) {
				write(name, text)
			}
		case m[1] == "setup":
			script += m[2] + "\n"
		case m[2] == "session":
			for _, command := range commandsOf(m[3]) {
				script += "next\n" + command + "\n"
			}
		}
	}
	return script
}

// Flags that a session adds: serve, proxy and exporter listen on ports that may be in use where the tests run, and there a request
// may take long.
var (
	ofVerb     = regexp.MustCompile(`\bquotaspec (serve|proxy|verify|exporter)\b`)
	addedFlags = strings.NewReplacer("serve", "serve --listen 127.0.0.1:8080", "proxy", "proxy --listen 127.0.0.1:8081",
		"verify", "verify --timeout 5m", "exporter", "exporter --listen 127.0.0.1:9746")
)

// pageOutput runs a script in a new folder, with free ports in place of those of the page, and returns what it prints, with the
// ports of the page, and without what differs from run to run.
func pageOutput(t *testing.T, script string) string {
	t.Helper()
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	script = ofVerb.ReplaceAllStringFunc(script, addedFlags.Replace)
	free, back := freePorts(t)
	command := exec.CommandContext(t.Context(), "bash", "-c", free.Replace(script))
	command.Dir = t.TempDir()
	command.Env = append(os.Environ(), "REPOSITORY="+repository, "GOFLAGS=-mod=mod", "LC_ALL=C",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := command.CombinedOutput()
	t.Logf("%v\n%s", err, out)
	text := back.Replace(string(out))
	for _, varies := range []struct{ pattern, by string }{
		{pattern: `(?m)^bash: line \d+: .*Terminated.*\n`},         // a job that the page killed
		{pattern: `\(\d+\.\d+s\)`, by: "(0.00s)"},                  // of go test
		{pattern: `(?m)(\t)\d+\.\d+s$`, by: "${1}0.01s"},           // of go test
		{pattern: `until=\d{4}-\d\d-\d\d`, by: "until=2027-02-24"}, // of --write-known-failing
		{pattern: `found on \d{4}-\d\d-\d\d`, by: "found on 2026-11-26"},
		{pattern: `entry \d+( of [^:]+)?: `, by: "entry 1${1}: "}, // which request ends first
	} {
		text = regexp.MustCompile(varies.pattern).ReplaceAllString(text, varies.by)
	}
	return strings.ReplaceAll(text, "\r", "")
}
