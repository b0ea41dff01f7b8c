// Command quotaspec judges, serves and reads the contract of Huawei Cloud's two quota endpoints.
//
// It is the only place that prints, exits or reads the environment, and the only one that knows all packages: each verb
// has a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
)

// The exit codes of verify, mutate and rules --unproven.
const (
	exitPassed    = 0 // judged, and kept
	exitFailed    = 1 // judged, and something failed
	exitNotJudged = 2 // wrong usage, unreachable, nothing selected, nothing judged
)

func main() {
	os.Exit(run(signalContext(), os.Args[1:], os.Stdout, os.Stderr))
}

// errBroken says that a verb did what it was asked, and that the answer is no.
const errBroken = exitCode(exitFailed)

// run is the whole command but for the process around it.
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
	fmt.Fprintf(errs, "quotaspec: %s\n", oneLine(err))
	if cmd.Name() == quotasVerb {
		return exitNotAsked
	}
	return exitNotJudged
}

// exitCode ends a verb that has said what there is to say.
type exitCode int //nolint:errname // a code first of all

func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "quotaspec",
		Short: "The contract of Huawei Cloud's two quota endpoints: judge by it, serve it, read it",
		Long: `quotaspec is the contract of Huawei Cloud's two quota endpoints, as code.

It judges recordings and live providers by the two OpenAPI documents that it carries,
serves a reference provider that keeps them, and prints what they promise.`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              cobra.NoArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(newVerify(), newServe(), newProxy(), newQuotas(), newMutate(), newRules(), newSpec(), newVersion())
	return root
}

// oneLine is an error in one line, since cobra puts its suggestions below one another, and without a secret: it may name
// a URL with a password in it.
func oneLine(err error) string {
	return traffic.HideSecrets(text.OneLine(err.Error()))
}
