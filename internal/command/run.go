// Package command has what the commands of this repository share: how a command runs and prints its errors, the flags by which
// it loads documents and judges, its files of reports and of known failures, and its exit code.
//
// A command makes a root command with its verbs and passes it to Run:
//
//	root := command.AddVerbs(&cobra.Command{Use: "quotaspec", Version: command.Version(version)}, newVerify(), …)
//	os.Exit(command.Run(command.SignalContext(), root, os.Args[1:], os.Stdout, os.Stderr, command.Fail))
//
// A verb that judges has a Judging with its flags, and leaves the reports and the exit code to Judging.Report. Every text names
// the root command, so this package knows neither the commands nor their verbs. It contains no judging.
package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
)

// The exit codes of verbs. A verb may have others of its own.
const (
	ExitPassed    = 0 // judged, and everything passed
	ExitFailed    = 1 // judged, and something failed
	ExitNotJudged = 2 // wrong usage, unreachable provider, nothing selected or nothing judged
)

// ExitCode is the error of a verb that has printed everything itself: Run adds no message and exits with this code.
type ExitCode int //nolint:errname // it is a code that is also an error

func (c ExitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

// ErrFailed ends a verb that has judged and reported a failure.
const ErrFailed = ExitCode(ExitFailed)

// Run runs a root command with its arguments and returns the exit code. Everything that it prints passes a VisibleWriter. The
// error of a verb goes to fail as one line without secrets, and the result of fail is the exit code; Fail is the usual one.
func Run(
	ctx context.Context, root *cobra.Command, args []string, stdout, stderr io.Writer,
	fail func(verb *cobra.Command, message string) int,
) int {
	out, errs := NewVisibleWriter(stdout), NewVisibleWriter(stderr)
	defer out.end()
	defer errs.end()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	verb, err := root.ExecuteContextC(ctx)
	if err == nil {
		return ExitPassed
	}
	if code, ok := errors.AsType[ExitCode](err); ok {
		return int(code)
	}
	message := OneLine(err)
	if _, ok := errors.AsType[usageError](err); ok {
		message = seeHelp(message, verb)
	}
	return fail(verb, message)
}

// Fail prints the error of a verb on stderr and returns ExitNotJudged.
func Fail(verb *cobra.Command, message string) int {
	logf(verb, "%s", message)
	return ExitNotJudged
}

// logf prints a line on stderr that begins with the name of the root command.
func logf(verb *cobra.Command, format string, args ...any) {
	fmt.Fprintf(verb.ErrOrStderr(), "%s: %s\n", verb.Root().Name(), fmt.Sprintf(format, args...))
}

// AddVerbs adds its verbs to a root command, and sets what all commands have in common. Without a verb it prints the help.
// Without Args of its own, it refuses what is no verb (UnknownVerb).
func AddVerbs(root *cobra.Command, verbs ...*cobra.Command) *cobra.Command {
	root.SilenceUsage, root.SilenceErrors = true, true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentPreRunE = noEmptyFlags
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	if root.Args == nil {
		root.Args = UnknownVerb
	}
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate(root.Name() + " {{.Version}}\n")
	wrapped(root)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(verbs...)
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = unknownTopic
	}
	return root
}

// OneLine returns an error as one line without secrets. An error may have several lines, as one that joins others, and may
// quote a URL with a password.
func OneLine(err error) string {
	return traffic.HideSecrets(text.OneLine(err.Error()))
}

// Version returns the version of a release, or else what the Go toolchain recorded in the binary: the version of the module
// after "go install", that of the commit after "go build", and devel if it recorded none. It begins with no v and fits into a
// User-Agent.
func Version(release string) string {
	recorded := release
	if info, ok := debug.ReadBuildInfo(); ok {
		recorded = cmp.Or(recorded, info.Main.Version)
	}
	if recorded = strings.TrimPrefix(recorded, "v"); recorded == "" || strings.Trim(recorded, versionCharacters) != "" {
		return "devel" // the toolchain says (devel)
	}
	return recorded
}

// versionCharacters are the characters of versions in semver, as a set.
const versionCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-+"
