// Package formats writes a comparison of two documents: as text for a terminal, as Markdown for the comment on a pull request,
// as JSON for programs, and as SARIF for code scanning. One file a format.
//
// The findings of a comparison are sorted into groups first (groups.go): what breaks consumers, what breaks providers, what is
// tolerated, and so on. From the groups follows whether the comparison passes. The formats only write this down.
//
// The package makes no finding. It knows no file, no flag and no git. Exchanges must come without secrets, as witnesses do.
package formats

import (
	"io"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/internal/text"
)

// HelpPage explains the levels and the ids of findings; docs/breaking.md is the same.
const HelpPage = "https://github.com/quotaspec/quotaspec/blob/main/docs/breaking.md"

// Options are what a comparison does not know. The zero value is right for two documents and nothing else.
type Options struct {
	// Verbose makes the text list every finding, also the compatible and the editorial ones, and show bodies whole.
	Verbose bool
	// Known returns the reason for which a finding is tolerated, and whether it is; nil: none is. It is asked about findings
	// that break or may break.
	Known func(breaking.Finding) (reason string, ok bool)
	// Stale are the lines of the file of tolerated findings that match no finding. They fail the comparison.
	Stale []string
	// Error is one line: why the documents could not be compared. The comparison may then be nil or without documents. Empty:
	// they were compared.
	Error string

	Version string // of quotaspec; empty: unknown
	Folder  string // the absolute path of the working directory, for the locations in SARIF; empty: unknown
}

// Format is one way to write a comparison. The same comparison gives the same bytes.
type Format struct {
	Name  string // as in --report json=FILE
	Write func(io.Writer, *breaking.Comparison, Options) error
}

// Formats lists the formats in the order of the help text.
func Formats() []Format {
	return []Format{{"text", Text}, {"json", JSON}, {"markdown", Markdown}, {"sarif", SARIF}}
}

// FormatNames lists the names of the formats.
func FormatNames() []string {
	return mapped(Formats(), func(f Format) string { return f.Name })
}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, text.Unknown("format", name, FormatNames())
}

// Passed reports whether a comparison passes: no finding breaks anybody, except those that are tolerated or not used by the
// traffic; each tolerated finding still occurs; and the version of a document with changes was raised.
func Passed(c *breaking.Comparison, o Options) bool { return newView(c, o).passed() }

// mapped returns the results of f for each element. It is never nil, so that JSON has [] instead of null.
func mapped[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}
