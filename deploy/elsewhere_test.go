package deploy

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const installURL = "https://raw.githubusercontent.com/quotaspec/quotaspec/main/install.sh"

// installer is the URL of install.sh in the working tree.
func installer(t *testing.T) string {
	t.Helper()
	return "file://" + filepath.ToSlash(absolute(t, "../install.sh"))
}

// testGitLab runs the jobs of docs/ci.md with the template, as a runner of GitLab does: before_script and script in one shell,
// with the variables of the job.
func (k kit) testGitLab(t *testing.T) {
	example := pageFiles(t, "../docs/ci.md")[".gitlab-ci.yml"]
	template, err := os.ReadFile("gitlab/quotaspec.yml")
	if err != nil {
		t.Fatal(err)
	}
	jobs := map[string]map[string]any{}
	for _, text := range []string{string(template), strings.Replace(example, "include:", ".include:\n  list:", 1)} {
		if err := yaml.Unmarshal([]byte(text), &jobs); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, job string
		variables []string
		fault     []string
		change    []string
		code      int
		out       string
		file, has string // that the job leaves
	}{
		{name: "provider", job: "contract", out: "kept: 29 checks", file: "quotaspec.xml", has: `failures="0"`},
		{
			name: "wrong provider", job: "contract", fault: wrongServer,
			code: 1, out: "schema/type at /response/body/*/title", file: "quotaspec.xml", has: "<failure",
		},
		{
			name: "arguments", job: "contract", variables: []string{"QUOTASPEC_ARGS=--only */plain --skip listBooks/plain"},
			out: "kept: 1 check,", file: "quotaspec.html", has: "<html",
		},
		{name: "version", job: "contract", variables: []string{"QUOTASPEC_VERSION=v1.0.0"}, out: "kept: 29 checks"},
		{name: "editorial change", job: "breaking", change: editorialDoc, file: "quotaspec.md", has: "Books"},
		{
			name: "breaking change", job: "breaking", change: breakingDoc,
			code: 1, out: "breaks consumers", file: "quotaspec.md", has: "required/removed",
		},
	} {
		for _, shell := range []string{"bash", "sh"} {
			t.Run(test.name+" in "+shell, func(t *testing.T) {
				r := newRepository(t, nil, test.fault...)
				base := r.git(t, "rev-parse", "HEAD")
				if test.change != nil {
					r.merge(t, test.change)
				}
				script, env := gitlabJob(t, jobs, test.job)
				env = append(env, "CI_PROJECT_DIR="+r.folder, "CI_MERGE_REQUEST_DIFF_BASE_SHA="+base,
					"QUOTASPEC_INSTALL="+installer(t), "QUOTASPEC_RELEASES="+k.releases)
				out, code := execute(t, r.folder, append(env, test.variables...), shell, "-e", "-c", script)
				if code != test.code || !strings.Contains(out, test.out) {
					t.Errorf("exit code %d, want %d and %q:\n%s", code, test.code, test.out, out)
				}
				if test.file != "" && !strings.Contains(r.read(t, test.file), test.has) {
					t.Errorf("%s lacks %q:\n%s", test.file, test.has, r.read(t, test.file))
				}
			})
		}
	}
}

// gitlabJob returns the script of a job and its variables, its own and those of what it extends.
func gitlabJob(t *testing.T, jobs map[string]map[string]any, name string) (script string, env []string) {
	t.Helper()
	variables, lines := map[string]any{}, map[string][]any{}
	for name != "" {
		job, ok := jobs[name]
		if !ok {
			t.Fatalf("there is no job %s", name)
		}
		own, _ := job["variables"].(map[string]any)
		maps.Copy(own, variables)
		variables = own
		for _, part := range []string{"before_script", "script"} {
			if list, ok := job[part].([]any); ok && lines[part] == nil {
				lines[part] = list
			}
		}
		name, _ = job["extends"].(string)
	}
	for _, key := range slices.Sorted(maps.Keys(variables)) {
		env = append(env, fmt.Sprintf("%s=%v", key, variables[key]))
	}
	for _, line := range append(slices.Clone(lines["before_script"]), lines["script"]...) {
		script += fmt.Sprintf("%v\n", line)
	}
	return script, env
}

// testAnyCI runs the commands of docs/ci.md for CIs without a template.
func (k kit) testAnyCI(t *testing.T) {
	commands := blocks(t, "../docs/ci.md", runBlock)
	r := newRepository(t, nil)
	r.merge(t, breakingDoc)
	for _, test := range []struct {
		block, file, has string
		code             int
	}{
		{block: "any-ci", file: "contract.xml", has: "<testsuite"},
		{block: "any-ci-breaking", code: 1, file: "breaking.md", has: "required/removed"},
	} {
		script := r.ports.Replace(strings.ReplaceAll(commands[test.block][0], installURL, installer(t)))
		out, code := execute(t, r.folder, []string{"QUOTASPEC_RELEASES=" + k.releases}, "sh", "-e", "-c", "python3 server.py &\n"+script)
		if code != test.code || !strings.Contains(r.read(t, test.file), test.has) {
			t.Errorf("%s: exit code %d, want %d:\n%s", test.block, code, test.code, out)
		}
	}
}

// testPreCommit runs the hooks by the configuration of docs/ci.md. Its repository is the working tree, as a release.
func (k kit) testPreCommit(t *testing.T) {
	source := workingTree(t)
	config := pageFiles(t, "../docs/ci.md")[".pre-commit-config.yaml"]
	home := t.TempDir()
	env := append(slices.Clone(gitEnv), "PRE_COMMIT_HOME="+home, "GOFLAGS=-trimpath -buildvcs=false -modcacherw", "CGO_ENABLED=0",
		"GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=url.file://"+filepath.ToSlash(source)+".insteadOf", "GIT_CONFIG_VALUE_0=https://github.com/quotaspec/quotaspec")
	for _, test := range []struct {
		name   string
		change []string
		code   int
		out    []string
	}{
		{name: "right", change: editorialDoc, out: []string{"OpenAPI document", "Passed"}},
		{
			name: "wrong example", change: []string{"example: b7", "example: 7"}, code: 1,
			out: []string{"hook id: quotaspec-document", "example/invalid"},
		},
		{
			name: "breaking", change: breakingDoc, code: 1,
			out: []string{"hook id: quotaspec-breaking", "required/removed"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRepository(t, map[string]string{".pre-commit-config.yaml": config})
			r.edit(t, test.change...)
			r.git(t, "add", "--all")
			out, code := execute(t, r.folder, env, filepath.Join(*actionTools, "pre-commit"), "run", "--color=never")
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			for _, text := range test.out {
				if !strings.Contains(out, text) {
					t.Errorf("no %q", text)
				}
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}

// workingTree returns a git repository with the files of the working tree and the tag v1.0.0.
func workingTree(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", "-C", "..", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	r := repository{folder: t.TempDir()}
	for _, name := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join("..", name))
		if os.IsNotExist(err) {
			continue // removed, and not yet committed
		}
		file := filepath.Join(r.folder, name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(file), 0o755)
		}
		if err == nil {
			err = os.WriteFile(file, text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	r.git(t, "init", "--quiet", "--initial-branch=main")
	r.commit(t)
	r.git(t, "tag", "v"+releaseVersion)
	return r.folder
}
