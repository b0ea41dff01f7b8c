package interop

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// need skips the test if a command is absent. In CI that is a failure.
func need(t *testing.T, commands ...string) {
	t.Helper()
	for _, command := range commands {
		if _, err := exec.LookPath(command); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
}

// quickJava makes short programs start sooner.
const quickJava = "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

// step is one command of a tool.
type step struct {
	folder string
	env    []string // added to the environment: NAME=VALUE
	args   []string // the command and its arguments
	input  string   // its standard input
}

// stepLimit is far more than the slowest step takes: an installation on a busy machine.
const stepLimit = 15 * time.Minute

// run runs the command and returns its output, standard error included, and its exit code. That the command cannot be started
// ends the test.
func (s step) run(t *testing.T) (output string, exit int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), s.args[0], s.args[1:]...)
	command.Dir = s.folder
	command.Env = append(os.Environ(), s.env...)
	command.Stdin = strings.NewReader(s.input)
	command.WaitDelay = time.Minute // so that a step which is killed ends, whatever it has started; what a busy machine reads late counts
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	timer := time.AfterFunc(stepLimit, func() { _ = command.Process.Kill() })
	defer timer.Stop()
	var failed *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &failed) {
		t.Fatalf("%s: %v\n%s", strings.Join(s.args, " "), err, &out)
	}
	return out.String(), command.ProcessState.ExitCode()
}

// must runs the command and returns its output. Any exit code but 0 ends the test.
func (s step) must(t *testing.T) string {
	t.Helper()
	out, exit := s.run(t)
	if exit != 0 {
		t.Fatalf("%s: exit %d\n%s", strings.Join(s.args, " "), exit, out)
	}
	return out
}

var listening = regexp.MustCompile(`listening on (http://[0-9.:]+)`)

// start starts a command that says "listening on URL", and returns that URL. The command ends with the test.
func (s step) start(t *testing.T) (url string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), s.args[0], s.args[1:]...)
	command.Dir, command.Env = s.folder, append(os.Environ(), s.env...)
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	timer := time.AfterFunc(2*time.Minute, func() { _ = command.Process.Kill() })
	defer timer.Stop()
	log := ""
	for lines := bufio.NewScanner(out); lines.Scan(); log += lines.Text() + "\n" {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return found[1]
		}
	}
	t.Fatalf("%s does not listen:\n%s", s.args[0], log)
	return ""
}

// inShell is a step that runs a script of bash.
func inShell(folder string, env []string, script string) step {
	return step{folder: folder, env: env, args: []string{"bash", "-euo", "pipefail", "-c", script}}
}

// unsafeWord finds the characters that mean something to a shell.
var unsafeWord = regexp.MustCompile(`[^\w@%+=:,./-]`)

// shell writes a command as one types it into a shell.
func shell(words []string) string {
	quoted := []string{}
	for _, w := range words {
		if w == "" || unsafeWord.MatchString(w) {
			w = "'" + w + "'"
		}
		quoted = append(quoted, w)
	}
	return strings.Join(quoted, " ")
}
