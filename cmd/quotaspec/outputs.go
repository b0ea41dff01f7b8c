package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/quotaspec/quotaspec/contract/report"
)

// output is a report to be written to a file.
type output struct {
	format report.Format
	file   string
}

// parseReports reads FORMAT=FILE.
func parseReports(values []string) ([]output, error) {
	list := []output{}
	for _, value := range values {
		name, file, ok := strings.Cut(value, "=")
		if !ok || file == "" {
			return nil, fmt.Errorf("report %q: want FORMAT=FILE", value)
		}
		format, err := report.ParseFormat(name)
		if err != nil {
			return nil, fmt.Errorf("report %q: %w", value, err)
		}
		list = append(list, output{format, file})
	}
	return list, nil
}

func (o output) write(r *report.Report) error {
	f, err := os.Create(o.file)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	err = o.format.Write(f, r)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
