package formats_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/breaking/formats"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGoldens compares each format byte by byte with its golden file; -update writes the files.
func TestGoldens(t *testing.T) {
	for name, s := range samples(t) {
		for _, format := range formats.FormatNames() {
			isOfText := name == "verbose" || name == "hostile" || name == "thousand"
			if isOfText && format != "text" || name == "thousand" {
				continue
			}
			t.Run(name+"/"+format, func(t *testing.T) {
				got := s.write(t, format)
				if again := s.write(t, format); again != got {
					t.Error("the same comparison gives other bytes")
				}
				file := filepath.Join("testdata", "goldens", name+"."+format)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}
