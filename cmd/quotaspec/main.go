// Command quotaspec judges, serves and prints the contract of Huawei Cloud's two quota endpoints: two OpenAPI documents. It
// also judges any other HTTP API by the API's own document.
//
// Each verb has a file of its own with three parts: newVerb declares its flags and help, a struct holds the flags, and the
// method run does the work. A run of verify or proxy goes from the flags to the judges (documents.go), to the exchanges
// (verification.go, proxy.go), to the report files (outputs.go) and to the exit code (finish in verify.go). Function run below
// starts a verb, prints its error in one line and returns the exit code; main only adds the process.
//
// This is the only package that prints, exits or reads the environment. It contains no judging: what a verb does beyond flags,
// files and texts belongs to the packages that it imports.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	_ "golang.org/x/crypto/x509roots/fallback" // certificate authorities for systems without any, such as the image

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
)

// The exit codes of all verbs but quotas, which has its own.
const (
	exitPassed    = 0 // judged, and everything passed
	exitFailed    = 1 // judged, and something failed
	exitNotJudged = 2 // wrong usage, unreachable provider, nothing selected or nothing judged
)

// main runs the command in this process.
func main() {
	os.Exit(run(signalContext(), os.Args[1:], os.Stdout, os.Stderr))
}

// errFailed ends a verb that has judged and reported a failure.
const errFailed = exitCode(exitFailed)

// run runs the command with its arguments and returns the exit code. Everything that it prints passes a visibleWriter.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out, errs := &visibleWriter{to: stdout}, &visibleWriter{to: stderr}
	defer out.end()
	defer errs.end()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitPassed
	}
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	message := oneLine(err)
	if _, ok := errors.AsType[usageError](err); ok {
		message = seeHelp(message, cmd)
	}
	if cmd.Name() == quotasVerb && wantsNagios(args) {
		if _, err := fmt.Fprintln(out, nagiosLine(exitUnknown, message)); err == nil {
			return exitUnknown
		}
	}
	fmt.Fprintf(errs, "quotaspec: %s\n", message)
	if cmd.Name() == quotasVerb {
		return exitUnknown
	}
	return exitNotJudged
}

// exitCode is the error of a verb that has printed everything itself: run adds no message and exits with this code.
type exitCode int //nolint:errname // it is a code that is also an error

func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

// newRoot returns the command with all its verbs. Without a verb it prints the help.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use: "quotaspec",
		Long: `quotaspec checks any HTTP API against its own OpenAPI document.

It judges providers, consumers and captured traffic, and shows what a change of a document
breaks. It was made to prove the contract of Huawei Cloud's two quota endpoints: without
--document, it judges by these two documents. It also serves a reference provider of them.`,
		Example: `  quotaspec verify http://127.0.0.1:9000/v1 --document openapi.yaml
  quotaspec proxy --upstream http://127.0.0.1:9000/v1 --document openapi.yaml --side consumer
  quotaspec breaking main:openapi.yaml openapi.yaml
  quotaspec verify
  quotaspec serve`,
		Version:           toolVersion(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              knownVerb,
		PersistentPreRunE: noEmptyFlags,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate("quotaspec {{.Version}}\n")
	wrapped(root)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newVerify(), newServe(), newProxy(), newBreaking(), newQuotas(), newExporter(),
		newMutate(), newRules(), newSpec(), newVersion())
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = knownTopic
	}
	return root
}

// oneLine returns an error as one line without secrets. An error may have several lines, as one that joins others, and may
// quote a URL with a password.
func oneLine(err error) string {
	return traffic.HideSecrets(text.OneLine(err.Error()))
}
