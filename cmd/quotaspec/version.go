package main

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the version of a release. "make build" sets it.
var version = ""

// newVersion returns the verb version.
func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the tool and of the documents",
		Long:  "Print the versions of the tool and of the documents. --version prints the tool's alone.",
		Example: `  quotaspec version
  quotaspec --version`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			fmt.Fprintf(cmd.OutOrStdout(), "quotaspec %s\n", toolVersion())
			docs, err := embeddedDocuments()
			for _, doc := range docs {
				fmt.Fprintf(cmd.OutOrStdout(), "%s %s (%s)\n", doc.Name, doc.InfoVersion, doc.Title)
			}
			return err
		},
	}
}

// toolVersion returns version, or what the Go toolchain recorded in the binary if it is not set.
func toolVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return cmp.Or(version, info.Main.Version, "(devel)")
	}
	return cmp.Or(version, "(devel)")
}
