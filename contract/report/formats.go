package report

import (
	"io"

	"github.com/quotaspec/quotaspec/internal/text"
)

// Format is one way to write a report.
type Format struct {
	Name  string // as in --report json=FILE
	Write func(io.Writer, *Report) error
}

// Formats lists the formats in the order of the help text. Each of them lists every check and the state of every part of the
// documents. The same report gives the same bytes.
func Formats() []Format {
	return []Format{
		{"text", func(w io.Writer, r *Report) error { return Text(w, r, true) }},
		{"json", JSON},
		{"junit", JUnit},
		{"markdown", Markdown},
		{"sarif", SARIF},
		{"html", HTML},
	}
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
