package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/contract/known"
	"github.com/quotaspec/quotaspec/internal/text"
)

// knownFile has the flags --known-failing and --write-known-failing, and what is in their file.
type knownFile struct {
	read, write string // the files that the flags name
	text        string // of the file, as it was; "" if there is none
	lines       []known.Line
}

func (k *knownFile) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&k.read, "known-failing", "",
		"read failures that are expected from this `FILE`, as lines \"ID [FINDING [PLACE]] [until=YYYY-MM-DD] # reason\"; "+
			"one that does not occur fails the run")
	flags.StringVar(&k.write, "write-known-failing", "",
		"write the failures of this run to `FILE`, for --known-failing; the reasons of lines that it has stay")
}

// load reads the file of --known-failing, or that of --write-known-failing if it exists, and checks that it can be written.
func (k *knownFile) load() error {
	isBoth := k.read != "" && k.write != ""
	if isBoth && !newOutput("", k.read).same(newOutput("", k.write)) {
		return usage(errors.New("--known-failing and --write-known-failing name different files: " +
			"want the same one, or one of the flags"))
	}
	file := cmp.Or(k.write, k.read)
	if file == "" {
		return nil
	}
	if k.write != "" {
		if err := newOutput("", k.write).check(); err != nil {
			return fmt.Errorf("write the known failures: %w", err)
		}
	}
	lines, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && k.read == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the known failures: %w", err)
	}
	k.text = string(lines)
	k.lines, err = known.Parse(file, k.text)
	return err
}

// replace writes the new text of the file, and says on w what changed.
func (k *knownFile) replace(lines string, added, removed int, w io.Writer) error {
	if err := os.WriteFile(k.write, []byte(lines), 0o644); err != nil { // #nosec G306 -- it belongs into a repository
		return fmt.Errorf("write the known failures: %w", err)
	}
	fmt.Fprintf(w, "quotaspec: %s: %s added, %d removed; --known-failing %s expects these failures\n",
		k.write, text.Count(added, "line", "lines"), removed, shellQuote(k.write))
	return nil
}

// logExpired logs which known failures have expired, in one line.
func (k *knownFile) logExpired(w io.Writer) {
	places := []string{}
	for _, l := range k.lines {
		if k.write == "" && l.Expired(time.Now()) {
			places = append(places, l.Place)
		}
	}
	switch n := len(places); {
	case n == 1:
		fmt.Fprintf(w, "quotaspec: %s: the known failure has expired and is ignored\n", places[0])
	case n > maxNamed:
		fmt.Fprintf(w, "quotaspec: %s and %d more: these known failures have expired and are ignored\n",
			strings.Join(places[:maxNamed], ", "), n-maxNamed)
	case n > 1:
		fmt.Fprintf(w, "quotaspec: %s: these known failures have expired and are ignored\n", strings.Join(places, ", "))
	}
}
