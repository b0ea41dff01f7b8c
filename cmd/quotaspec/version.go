package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
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
			docs, err := embeddedDocuments()
			for _, doc := range docs {
				fmt.Fprintf(cmd.OutOrStdout(), "%s %s (%s)\n", doc.Name, doc.InfoVersion, doc.Title)
			}
			return err
		},
	}
}

// toolVersion returns version, or else what the Go toolchain recorded in the binary: the version of the module after "go
// install", that of the commit after "go build", and devel if it recorded none. It begins with no v and fits into a User-Agent.
func toolVersion() string {
	recorded := version
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

// userAgent returns the User-Agent of all requests that this command makes up. The proxy passes on that of its client.
func userAgent() string { return "quotaspec/" + toolVersion() }
