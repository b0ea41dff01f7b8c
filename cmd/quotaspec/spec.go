package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/forms"
)

// specFormats are the values of --format.
var specFormats = []string{"yaml", "json"}

// newSpec returns the verb spec. Without flags it prints the embedded file byte for byte.
func newSpec() *cobra.Command {
	var form forms.Form
	var format string
	cmd := &cobra.Command{
		Use:   "spec " + strings.Join(openapi.Names(), "|"),
		Short: "Print an OpenAPI document",
		Long: `Print one of the two OpenAPI documents. Without flags it is the file of the repository: OpenAPI 3.0 in YAML, with our
extensions. The same document as --openapi 3.1 makes the same promises. With --plain it has the same paths, parameters,
statuses, schemas and examples, but none of the rules, error codes, sources and grades, which other tools do not read.

For code generators and mock servers, take OpenAPI 3.0: all of them read it.
For validators and editors that work with JSON Schema 2020-12, take --openapi 3.1.
For tools that refuse unknown keys, and to read the API in one sitting, add --plain.`,
		Example: `  quotaspec spec iam
  quotaspec spec iam --openapi 3.1 > iam-3.1.yaml
  quotaspec spec ims --plain --format json`,
		ValidArgs: openapi.Names(),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return command.Usage(fmt.Errorf("want one document: %s", text.Or(openapi.Names())))
			}
			if !slices.Contains(openapi.Names(), args[0]) {
				return command.Usage(text.Unknown("document", args[0], openapi.Names()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(forms.Versions(), form.OpenAPI) {
				return command.Usage(text.Unknown("version of OpenAPI", form.OpenAPI, forms.Versions()))
			}
			write := map[string]func(string, forms.Form) ([]byte, error){"yaml": forms.YAML, "json": forms.JSON}[format]
			if write == nil {
				return command.Usage(text.Unknown("format", format, specFormats))
			}
			document, err := write(args[0], form)
			if err == nil {
				_, err = cmd.OutOrStdout().Write(document)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&form.OpenAPI, "openapi", "3.0", "`VERSION` of OpenAPI: 3.0 or 3.1")
	cmd.Flags().BoolVar(&form.Plain, "plain", false, "leave out our extensions, the keys that begin with x-")
	cmd.Flags().StringVar(&format, "format", "yaml", "output `FORMAT`: yaml or json")
	command.CompleteFlag(cmd, "openapi", forms.Versions()...)
	command.CompleteFlag(cmd, "format", specFormats...)
	return cmd
}
