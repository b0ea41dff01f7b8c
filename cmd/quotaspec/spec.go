package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/openapi"
)

func newSpec() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:       "spec " + strings.Join(openapi.Names(), "|"),
		Short:     "Print a document",
		Long:      "Print an OpenAPI document: as it stands in the repository (yaml), or for tools that read no YAML (json).",
		ValidArgs: openapi.Names(),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("spec takes one document: %s", strings.Join(openapi.Names(), " or "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			source, err := openapi.Source(args[0])
			if err != nil {
				return err
			}
			switch format {
			case "yaml":
			case "json":
				if source, err = asJSON(args[0]); err != nil {
					return err
				}
			default:
				return fmt.Errorf("unknown format %q: it is yaml or json", format)
			}
			_, err = cmd.OutOrStdout().Write(source)
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "yaml", "yaml or json")
	return cmd
}

func asJSON(name string) ([]byte, error) {
	doc, err := openapi.Embedded(name)
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(doc.Root, "", "  ")
	return append(text, '\n'), err
}
