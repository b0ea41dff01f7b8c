package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/quotaspec/quotaspec/contract/report"
)

// output is a report to be written to a file.
type output struct {
	write_ func(io.Writer, *report.Report) error
	file   string
}

func formatNames() string { return "text" }

// parseReports reads FORMAT=FILE.
func parseReports(values []string) ([]output, error) {
	list := []output{}
	for _, value := range values {
		format, file, ok := strings.Cut(value, "=")
		if !ok || file == "" {
			return nil, fmt.Errorf("report %q: want FORMAT=FILE", value)
		}
		_ = format
		list = append(list, output{nil, file})
	}
	return list, nil
}

func (o output) write(r *report.Report) error {
	f, err := os.Create(o.file)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	err = o.write_(f, r)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
