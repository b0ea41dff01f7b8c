package command

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/quotaspec/quotaspec/contract/known"
	"github.com/quotaspec/quotaspec/internal/text"
)

// KnownFile has the flags --known-failing and --write-known-failing, and what is in their file.
type KnownFile struct {
	Write string       // the file that --write-known-failing names, "" if it is not given
	Text  string       // of the file, as it was; "" if there is none
	Lines []known.Line // of the file

	read string // the file that --known-failing names
}

// maxNamed is how many expired lines a message names.
const maxNamed = 3

// AddFlags declares the flags.
func (k *KnownFile) AddFlags(flags *pflag.FlagSet) {
	flags.StringVar(&k.read, "known-failing", "",
		"read failures that are expected from this `FILE`, as lines \"ID [FINDING [PLACE]] [until=YYYY-MM-DD] # reason\"; "+
			"one that does not occur fails the run")
	flags.StringVar(&k.Write, "write-known-failing", "",
		"write the failures of this run to `FILE`, for --known-failing; the reasons of lines that it has stay")
}

// Load reads the file of --known-failing, or that of --write-known-failing if it exists, and checks that it can be written.
func (k *KnownFile) Load() error {
	isBoth := k.read != "" && k.Write != ""
	if isBoth && !SameFile(k.read, k.Write) {
		return Usage(errors.New("--known-failing and --write-known-failing name different files: " +
			"want the same one, or one of the flags"))
	}
	file := cmp.Or(k.Write, k.read)
	if file == "" {
		return nil
	}
	if k.Write != "" {
		if err := newOutput("", k.Write).check(); err != nil {
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
	k.Text = string(lines)
	k.Lines, err = known.Parse(file, k.Text)
	return err
}

// Replace writes the new text of the file, and says on stderr what changed.
func (k *KnownFile) Replace(cmd *cobra.Command, lines string, added, removed int) error {
	if err := os.WriteFile(k.Write, []byte(lines), 0o644); err != nil { // #nosec G306 -- it belongs into a repository
		return fmt.Errorf("write the known failures: %w", err)
	}
	logf(cmd, "%s: %s added, %d removed; --known-failing %s expects these failures",
		k.Write, text.Count(added, "line", "lines"), removed, ShellQuote(k.Write))
	return nil
}

// LogExpired says on stderr which known failures have expired, in one line.
func (k *KnownFile) LogExpired(cmd *cobra.Command) {
	places := []string{}
	for _, l := range k.Lines {
		if k.Write == "" && l.Expired(time.Now()) {
			places = append(places, l.Place)
		}
	}
	switch n := len(places); {
	case n == 1:
		logf(cmd, "%s: the known failure has expired and is ignored", places[0])
	case n > maxNamed:
		logf(cmd, "%s and %d more: these known failures have expired and are ignored",
			strings.Join(places[:maxNamed], ", "), n-maxNamed)
	case n > 1:
		logf(cmd, "%s: these known failures have expired and are ignored", strings.Join(places, ", "))
	}
}
