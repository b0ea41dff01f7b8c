package deploy

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestActionInputs runs the second step of the action alone, with inputs that a stranger may give, and a command that prints its
// arguments.
func TestActionInputs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the shell that the runner has is not everywhere")
	}
	for _, test := range []struct {
		name, args, summary, sarif string
		code                       int
		out                        string
	}{
		{name: "quotes", args: `rules --only '*/a b' "c d" e\ f`, out: "[rules][--only][*/a b][c d][e f]\n"},
		{name: "lines", args: "rules \\\n  --unproven\n", out: "[rules][--unproven]\n"},
		{
			name: "nothing expands", args: `rules $HOME * $(touch injected) ; touch injected`,
			out: "[rules][$HOME][*][$(touch][injected)][;][touch][injected]\n",
		},
		{name: "an open quote", args: `rules 'a`, code: 2, out: "args: a quote is not closed"},
		{name: "spaces only", args: "  ", code: 2, out: "args: want a verb"},
		{name: "summary", args: "verify", summary: "true", out: "[verify][--report][markdown="},
		{name: "no summary", args: "verify", summary: "false", out: "[verify]\n"},
		{name: "sarif", args: "breaking a b", summary: "false", sarif: "a b.sarif", out: "[breaking][a][b][--report][sarif=a b.sarif]\n"},
		{name: "sarif of another verb", args: "rules", sarif: "a.sarif", code: 2, out: "only verify and breaking write SARIF"},
		{name: "a verb that does not end", args: "proxy --upstream http://127.0.0.1:1", code: 2, out: "runs until it is stopped"},
		{name: "empty words", args: `rules "" a ''`, out: "[rules][][a][]\n"},
		{name: "a quote over two lines", args: "rules 'a\nb'", code: 2, out: "args: a quote is not closed in its line"},
		{name: "exit code of another verb", args: "fail 7", code: 7, out: "::error title=quotaspec::fail: exit code 7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			program := "#!/bin/sh\nprintf '[%s]' \"$@\"; echo\n[ \"$1\" != fail ] || exit \"$2\"\n"
			if err := os.WriteFile(filepath.Join(folder, "quotaspec"), []byte(program), 0o755); err != nil {
				t.Fatal(err)
			}
			out, code := execute(t, folder, []string{
				"ARGS=" + test.args, "SUMMARY=" + test.summary, "SARIF=" + test.sarif, "RUNNER_TEMP=" + folder,
				"GITHUB_OUTPUT=" + filepath.Join(folder, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(folder, "summary"),
				"PATH=" + folder + string(os.PathListSeparator) + os.Getenv("PATH"),
			}, "bash", absolute(t, "action/run.sh"))
			if code != test.code || !strings.Contains(out, test.out) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, test.code, test.out, out)
			}
			if _, err := os.Stat(filepath.Join(folder, "injected")); err == nil {
				t.Error("an input was run")
			}
		})
	}
}

// testInstall runs the first step of the action alone.
func (k kit) testInstall(t *testing.T) {
	for _, test := range []struct {
		name, wanted, ref string
		code              int
		out, version      string
	}{
		{name: "the release of a ref", ref: "v1.0.0", version: "1.0.0"},
		{name: "the latest release of a major version", ref: "v1", version: "1.0.0"},
		{name: "the latest release is of another major version", ref: "v2", version: "2", out: "compiling the action's source"},
		{name: "a branch", ref: "feature/x y", version: "feature-x-y", out: "compiling the action's source"},
		{name: "a version", wanted: "1.0.0", ref: "main", version: "1.0.0"},
		{name: "the latest version", wanted: "latest", ref: "main", version: "1.0.0"},
		{name: "an unknown version", wanted: "v9.9.9", ref: "v1", code: 2, out: "release v9.9.9 could not be installed"},
		{name: "no version", wanted: "v1; touch x", ref: "v1", code: 2, out: "want a release such as v1.2.0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			out, code := execute(t, folder, []string{
				"WANTED=" + test.wanted, "ACTION_REF=" + test.ref, "ACTION_PATH=" + absolute(t, ".."), "RUNNER_TEMP=" + folder,
				"GITHUB_OUTPUT=" + filepath.Join(folder, "output"), "GITHUB_PATH=" + filepath.Join(folder, "path"),
				"QUOTASPEC_RELEASES=" + k.releases, "GOPROXY=off",
				"GOOS=plan9", "GOARCH=mips", "GO111MODULE=off", // of a job that compiles something else
			}, "bash", absolute(t, "action/install.sh"))
			if code != test.code || !strings.Contains(out, test.out) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, test.code, test.out, out)
			}
			output, _ := os.ReadFile(filepath.Join(folder, "output"))
			if want := "version=" + test.version + "\n"; test.code == 0 && string(output) != want {
				t.Errorf("output %q, want %q", output, want)
			}
		})
	}
}
