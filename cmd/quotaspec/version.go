package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by "make build" for a release.
var version = ""

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the tool and of the documents",
		Args:  cobra.NoArgs,
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

func toolVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
