package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/command"
)

// The commands of a config prepare a provider for a run, and restore it afterwards:
//
//	setup:    [./seed, "docker compose up --wait"]   before the first request; one that fails ends the run
//	teardown: [./clean]                              at the end, also of a run that failed or was stopped
//
// They run one after the other, with the environment of quotaspec and QUOTASPEC_TARGET, the URL that is judged (of several
// targets all, with spaces between). What they print goes to stderr, without the credentials that the config names. A failed
// teardown is logged and changes no exit code, since the provider has been judged.

// teardownTime is how long all commands of teardown may take.
const teardownTime = time.Minute

// outputGrace is how long a command that has ended may keep its output open, as a process that it has left running does.
const outputGrace = 2 * time.Second

// setUp runs the commands of setup. The error names the first one that fails, its exit code and the last line of its stderr.
func (v *verification) setUp(ctx context.Context) error {
	if v.config == nil {
		return nil
	}
	for _, c := range v.config.Setup {
		if err := v.runCommand(ctx, c); err != nil {
			return fmt.Errorf("setup %s: %w", v.hide(strings.Join(c, " ")), err)
		}
	}
	return nil
}

// tearDown runs all commands of teardown, also if the run was stopped, and logs each that fails.
func (v *verification) tearDown(ctx context.Context) {
	if v.config == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), teardownTime)
	defer cancel()
	for _, c := range v.config.Teardown {
		if err := v.runCommand(ctx, c); err != nil {
			fmt.Fprintf(v.Options.Log, "quotaspec: teardown %s: %s\n", v.hide(strings.Join(c, " ")), command.OneLine(err))
		}
	}
}

func (v *verification) runCommand(ctx context.Context, c commandWords) error {
	out, errs := &lineWriter{to: v.Options.Log, hide: v.hide}, &lineWriter{to: v.Options.Log, hide: v.hide}
	cmd := exec.CommandContext(ctx, c[0], c[1:]...) //nolint:gosec // the user's own config names it
	cmd.Env = append(os.Environ(), "QUOTASPEC_TARGET="+strings.Join(v.targets(), " "))
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = out, errs, outputGrace
	err := cmd.Run()
	out.end()
	errs.end()
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil // it has succeeded
	}
	switch exited, hasExited := errors.AsType[*exec.ExitError](err); {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return errors.New("it was stopped after " + teardownTime.String())
	case ctx.Err() != nil:
		return errors.New("it was stopped")
	case hasExited && errs.last != "":
		return fmt.Errorf("%w: %s", exited, errs.last)
	}
	return err
}

// targets are the URLs of the live providers that the run judges, each once; none if it judges traffic or documents alone.
func (v *verification) targets() []string {
	hasTraffic := len(v.har) > 0 || v.recordings != ""
	switch {
	case v.target != nil:
		return []string{v.target.String()}
	case v.config == nil || hasTraffic:
		return nil
	}
	return slices.Compact(slices.Sorted(maps.Values(v.config.Targets)))
}

// hide replaces the credentials of the config in a text.
func (v *verification) hide(text string) string {
	return traffic.HideSecrets(text, v.config.secrets()...)
}

// secrets are the values of the environment variables that the config names.
func (c *config) secrets() []string {
	names := []string{}
	settings := []map[string]setting{c.Headers, c.Cookies}
	for _, p := range c.Principals {
		names = append(names, p.TokenEnv, p.IAMTokenEnv, p.IMSTokenEnv, p.AccessKeyEnv, p.SecretKeyEnv)
		if p.OAuth2 != nil {
			names = append(names, p.OAuth2.ClientIDEnv, p.OAuth2.ClientSecretEnv)
		}
		settings = append(settings, p.Headers, p.Cookies)
	}
	for _, list := range settings {
		for _, s := range list {
			names = append(names, s.Env)
		}
	}
	values := []string{}
	for _, name := range names {
		if value := os.Getenv(name); name != "" && value != "" {
			values = append(values, value)
		}
	}
	return values
}

// lineWriter passes whole lines on without secrets, and keeps the last one that is not blank.
type lineWriter struct {
	to   io.Writer
	hide func(string) string
	last string
	rest []byte // of an incomplete line
}

// maxLine is the most bytes of a line: a longer one is passed on in parts.
const maxLine = 64 << 10

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		end := bytes.IndexByte(w.rest, '\n') + 1
		if end == 0 && len(w.rest) > maxLine {
			end = len(w.rest)
		}
		if end == 0 {
			return len(p), nil
		}
		w.line(string(w.rest[:end]))
		w.rest = w.rest[end:]
	}
}

// end passes the last line on, which may have no line feed.
func (w *lineWriter) end() {
	if len(w.rest) > 0 {
		w.line(string(w.rest))
		w.rest = nil
	}
}

func (w *lineWriter) line(text string) {
	text = w.hide(strings.TrimRight(text, "\r\n"))
	w.last = cmp.Or(strings.TrimSpace(text), w.last)
	fmt.Fprintln(w.to, text)
}
