package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi"
)

// specFormats are the values of --format.
var specFormats = []string{"yaml", "json"}

// newSpec returns the verb spec. Its yaml is the embedded file byte for byte; its json comes from the parsed document.
func newSpec() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "spec " + strings.Join(openapi.Names(), "|"),
		Short: "Print an OpenAPI document",
		Long:  "Print one of the two OpenAPI documents, as the file in the repository (yaml) or converted (json).",
		Example: `  quotaspec spec iam
  quotaspec spec ims --format json`,
		ValidArgs: openapi.Names(),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("want one document: %s", text.Or(openapi.Names())))
			}
			if !slices.Contains(openapi.Names(), args[0]) {
				return usage(text.Unknown("document", args[0], openapi.Names()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch format {
			case "yaml":
				source, err := openapi.YAML(args[0])
				if err == nil {
					_, err = cmd.OutOrStdout().Write(source)
				}
				return err
			case "json":
				doc, err := openapi.Embedded(args[0])
				if err != nil {
					return err
				}
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(doc.Root)
			}
			return usage(text.Unknown("format", format, specFormats))
		},
	}
	cmd.Flags().StringVar(&format, "format", "yaml", "output `FORMAT`: yaml or json")
	completeFlag(cmd, "format", specFormats...)
	return cmd
}
