package main

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/command"
)

// version is the version of a release, with or without a leading v. The release and "make build" set it.
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
			docs, err := command.LoadDocuments(cmd.Context(), http.DefaultClient, "")
			for _, doc := range docs {
				fmt.Fprintf(cmd.OutOrStdout(), "%s %s (%s)\n", doc.Name, doc.InfoVersion, doc.Title)
			}
			return err
		},
	}
}

// toolVersion returns version, or else what the Go toolchain recorded.
func toolVersion() string { return command.Version(version) }

// userAgent returns the User-Agent of all requests that this command makes up. The proxy passes on that of its client.
func userAgent() string { return "quotaspec/" + toolVersion() }
