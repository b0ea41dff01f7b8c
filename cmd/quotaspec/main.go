// Command quotaspec judges, serves and prints the contract of Huawei Cloud's two quota endpoints: two OpenAPI documents. It
// also judges any other HTTP API by the API's own document.
//
// Each verb has a file of its own with three parts: newVerb declares its flags and help, a struct holds the flags, and the
// method run does the work. A run of verify or proxy goes from the flags to the judges, to the exchanges (verification.go,
// proxy.go), to the report files and to the exit code. What quotaspec-fleet has too, such as the flags of judging, the report
// files and the exit codes, is in package internal/command. Its function Run starts a verb, prints its error in one line and
// returns the exit code; main only adds the process.
//
// This and internal/command are the only packages that print, exit or read the environment. They contain no judging: what a verb
// does beyond flags, files and texts belongs to the packages that it imports.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	_ "golang.org/x/crypto/x509roots/fallback" // certificate authorities for systems without any, such as the image

	"github.com/quotaspec/quotaspec/internal/command"
)

// main runs the command in this process.
func main() {
	os.Exit(run(command.SignalContext(), os.Args[1:], os.Stdout, os.Stderr))
}

// run runs the command with its arguments and returns the exit code. The verb quotas has codes of its own, and prints an error
// as a line for Nagios if that is its format.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return command.Run(ctx, newRoot(), args, stdout, stderr, func(verb *cobra.Command, message string) int {
		if verb.Name() != quotasVerb {
			return command.Fail(verb, message)
		}
		if wantsNagios(args) {
			if _, err := fmt.Fprintln(verb.OutOrStdout(), nagiosLine(exitUnknown, message)); err == nil {
				return exitUnknown
			}
		}
		command.Fail(verb, message)
		return exitUnknown
	})
}

// newRoot returns the command with all its verbs. Without a verb it prints the help.
func newRoot() *cobra.Command {
	return command.AddVerbs(&cobra.Command{
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
		Version: toolVersion(),
		Args:    knownVerb,
	}, newVerify(), newServe(), newProxy(), newBreaking(), newQuotas(), newExporter(),
		newMutate(), newRules(), newSpec(), newVersion())
}
