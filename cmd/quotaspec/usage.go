package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/command"
)

// knownVerb refuses a verb that does not exist. A URL or a document in place of the verb is for verify.
func knownVerb(root *cobra.Command, args []string) error {
	if len(args) > 0 && (isURL(args[0]) || command.IsDocument(args[0])) {
		return command.Usage(fmt.Errorf("unknown command %q: did you mean quotaspec verify URL --document FILE?", args[0]))
	}
	return command.UnknownVerb(root, args)
}

// noArgs refuses arguments, and says what is meant. A URL is that of --upstream, if the verb has it.
func noArgs(cmd *cobra.Command, args []string) error {
	err := command.NoArgs(cmd, args)
	switch {
	case err == nil:
		return nil
	case isURL(args[0]) && cmd.Flags().Lookup("upstream") != nil:
		return fmt.Errorf("%w: did you mean --upstream %s?", err, args[0])
	case command.IsDocument(args[0]) && cmd.Name() == "serve":
		return fmt.Errorf("%w: it serves the two quota endpoints, not other documents", err)
	}
	return err
}

// atMostOneURL refuses a second argument, which is often a document.
func atMostOneURL(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return command.Usage(fmt.Errorf("verify takes one URL, got %d arguments: give a document with --document FILE", len(args)))
	}
	return nil
}

// isURL reports whether an argument is meant as a URL.
func isURL(arg string) bool { return strings.Contains(arg, "://") }
