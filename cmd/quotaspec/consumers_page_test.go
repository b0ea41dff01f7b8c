package main

import (
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const consumersPage = "../../docs/test-my-consumer.md"

var (
	commandBlock = regexp.MustCompile("<!-- run: ([a-z ]+) -->\n```sh\n((?:.*\n)*?)```\n")
	outputBlock  = regexp.MustCompile("<!-- output -->\n```\n((?:.*\n)*?)```\n")
)

// pageCommands returns the commands of docs/test-my-consumer.md by their names, with the outputs in the order of the page. Each
// block of commands must have a name.
func pageCommands(t *testing.T) (commands map[string]string, outputs []string) {
	t.Helper()
	page, err := os.ReadFile(consumersPage)
	if err != nil {
		t.Fatal(err)
	}
	commands = map[string]string{}
	for _, m := range commandBlock.FindAllStringSubmatch(string(page), -1) {
		commands[m[1]] = m[2]
	}
	if blocks := strings.Count(string(page), "```sh\n"); len(commands) != blocks {
		t.Fatalf("the page has %d blocks of commands, and %d names", blocks, len(commands))
	}
	for _, m := range outputBlock.FindAllStringSubmatch(string(page), -1) {
		outputs = append(outputs, m[1])
	}
	return commands, outputs
}

// wrongConsumers are the checks that fail for the seven wrong requests of each consumer.
var wrongConsumers = map[string][]string{
	"python wrong": {
		"ims/traffic=PUT-404:method/undocumented",
		"showDomainQuota/traffic=200:parameter/undocumented",
		"showDomainQuota/traffic=400:parameter/enum",
		"showDomainQuota/traffic=401:credentials/missing",
		"showDomainQuota/traffic=404:path/near-miss",
		"showImageQuota/traffic=200:body/undocumented",
		"showImageQuota/traffic=401:credentials/missing,header/near-miss",
	},
	"typescript wrong": {
		"iam/traffic=DELETE-404:method/undocumented",
		"showDomainQuota/traffic=200:parameter/undocumented",
		"showDomainQuota/traffic=400:parameter/doubled",
		"showDomainQuota/traffic=400:parameter/enum",
		"showDomainQuota/traffic=401:credentials/missing",
		"showImageQuota/traffic=401:credentials/missing,header/near-miss",
		"showImageQuota/traffic=404:path/near-miss",
	},
}

// besides are requests that a right consumer may send to the same host: a login, a preflight and the icon of a page.
const besides = `curl --silent --output /dev/null --data '{"auth":{}}' http://127.0.0.1:8081/v3/auth/tokens
curl --silent --output /dev/null --request OPTIONS -H 'Origin: http://127.0.0.1:3000' \
  -H 'Access-Control-Request-Method: GET' http://127.0.0.1:8081/v1/cloudimages/quota
curl --silent --output /dev/null http://127.0.0.1:8081/favicon.ico
`

// TestConsumersPage tests that each block of commands on the page has a name that TestConsumers runs.
func TestConsumersPage(t *testing.T) {
	commands, outputs := pageCommands(t)
	names := slices.Sorted(maps.Keys(commands))
	want := []string{"har", "python", "python wrong", "start", "stop", "strict", "typescript", "typescript wrong"}
	if diff := cmp.Diff(want, names); diff != "" || len(outputs) != 2 {
		t.Errorf("%d outputs, want 2, and commands (-want +got):\n%s", len(outputs), diff)
	}
}

// TestConsumers runs the commands of docs/test-my-consumer.md for each consumer, right and wrong, and compares the checks that
// fail: in the report of the proxy, and in that of verify for the traffic that the proxy recorded.
func TestConsumers(t *testing.T) {
	if !*withConsumers {
		t.Skip("make test-consumers runs it")
	}
	commands, outputs := pageCommands(t)
	path := filepath.Dir(buildCommand(t))
	for _, test := range []struct {
		name, run, side string
		failed          []string // in the report of the proxy
	}{
		{name: "Python", run: "python", side: "consumer"},
		{name: "Python, wrong", run: "python wrong", side: "consumer", failed: wrongConsumers["python wrong"]},
		{name: "Python, wrong, the provider is judged", run: "python wrong", side: "provider"},
		{name: "TypeScript", run: "typescript", side: "consumer"},
		{name: "TypeScript, wrong", run: "typescript wrong", side: "consumer", failed: wrongConsumers["typescript wrong"]},
		{name: "TypeScript, wrong, the provider is judged", run: "typescript wrong", side: "provider"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := copyConsumer(t, strings.TrimSuffix(test.run, " wrong"))
			out := bash(t, path, folder, consumerScript(commands, test.run, test.side))
			code := exitPassed
			if len(test.failed) > 0 {
				code = exitFailed
			}
			for _, line := range []string{fmt.Sprintf("\nproxy: exit %d\n", code), fmt.Sprintf("\nhar: exit %d\n", code)} {
				if !strings.Contains(out, line) {
					t.Errorf("no %q in\n%s", line, out)
				}
			}
			if diff := cmp.Diff(test.failed, failedChecks(t, filepath.Join(folder, "report.json"))); diff != "" {
				t.Errorf("report of the proxy (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.failed, failedChecks(t, filepath.Join(folder, "har.json"))); diff != "" {
				t.Errorf("report of the HAR (-want +got):\n%s", diff)
			}
			if test.name == "Python, wrong" {
				compareOutput(t, 0, outputs, wrongEntry(t, filepath.Join(folder, "report.txt")))
			}
		})
	}
	t.Run("strict", func(t *testing.T) {
		out := bash(t, path, t.TempDir(), commands["strict"])
		varying := regexp.MustCompile(`(?m)^(?:Date|X-Request-Id): .*\n`)
		compareOutput(t, 1, outputs, varying.ReplaceAllString(strings.ReplaceAll(out, "\r", ""), ""))
	})
}

// consumerScript is what the page says, with one consumer and one side. It prints the exit codes of the proxy and of verify.
func consumerScript(commands map[string]string, run, side string) string {
	beside := besides
	if strings.HasSuffix(run, " wrong") {
		beside = ""
	}
	return strings.ReplaceAll("trap 'kill $serve' EXIT\n"+commands["start"]+
		"set -e\n"+commands[run]+beside+"set +e\n"+
		commands["stop"]+"code=$?; echo; echo proxy: exit $code\n"+
		strings.TrimSuffix(commands["har"], "\n")+" --report json=har.json\ncode=$?; echo; echo har: exit $code\n",
		"--side consumer", "--side "+side)
}

// wrongEntry returns the entry of a report that the page shows.
func wrongEntry(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^FAIL   showDomainQuota/traffic=200.*\n(?:.+\n)+`).FindString(string(text))
}

// copyConsumer copies a consumer to a new folder, so that npm changes nothing here.
func copyConsumer(t *testing.T, language string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "consumers", language))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// bash runs a script with the command in the path, and with free ports in place of those of the page. It returns the output
// with the ports of the page. That the script succeeds is for the caller to check.
func bash(t *testing.T, path, folder, script string) string {
	t.Helper()
	free, back := freePorts(t)
	command := exec.CommandContext(t.Context(), "bash", "-c", free.Replace(script))
	command.Dir = folder
	command.Env = append(os.Environ(), "PATH="+path+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := command.CombinedOutput()
	t.Logf("%s\n%v", out, err)
	reports, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range reports {
		text, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file, []byte(back.Replace(string(text))), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return back.Replace(string(out))
}

// freePorts returns replacers of the ports on the page by free ones, and back.
func freePorts(t *testing.T) (free, back *strings.Replacer) {
	t.Helper()
	pairs, reversed := []string{}, []string{}
	for _, port := range []string{"8080", "8081", "8082", "9000", "9746"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		_, at, _ := net.SplitHostPort(listener.Addr().String())
		pairs, reversed = append(pairs, port, at), append(reversed, at, port)
	}
	return strings.NewReplacer(pairs...), strings.NewReplacer(reversed...)
}

// compareOutput compares an output of the page with what was printed, or writes it under -update. The number of an entry
// depends on which request ends first; the first one of all waits for the proxy.
func compareOutput(t *testing.T, index int, outputs []string, got string) {
	t.Helper()
	got = regexp.MustCompile(`entry \d+`).ReplaceAllString(got, "entry 4")
	if diff := cmp.Diff(outputs[index], got); diff == "" {
		return
	} else if !*update {
		t.Errorf("the page shows another output, -update writes it (-page +got):\n%s", diff)
		return
	}
	page, err := os.ReadFile(consumersPage)
	if err != nil {
		t.Fatal(err)
	}
	places := outputBlock.FindAllSubmatchIndex(page, -1)
	from, to := places[index][2], places[index][3]
	if err := os.WriteFile(consumersPage, []byte(string(page[:from])+got+string(page[to:])), 0o600); err != nil {
		t.Fatal(err)
	}
}
