package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
)

// seenTraffic is what the traffic of a comparison contains.
type seenTraffic struct {
	files     []string
	exchanges int
	origins   []string // scheme and host of the first maxNamed providers
}

// hasTraffic reports whether only what traffic uses counts.
func (b *comparison) hasTraffic() bool { return len(b.har) > 0 || b.recordings != "" }

// addTraffic adds all recorded exchanges. Entries that cannot be used are logged by file, in one line.
func (b *comparison) addTraffic(ctx context.Context, to *breaking.Comparer, log io.Writer) (seenTraffic, error) {
	var seen seenTraffic
	if b.recordings != "" {
		seen.files = append(seen.files, b.recordings)
		list, err := recordings.Load(os.DirFS(b.recordings))
		if err != nil {
			return seen, fmt.Errorf("%s: %w", b.recordings, err)
		}
		for _, r := range list {
			seen.exchanges++
			to.Add("recording "+r.Name(), r.Exchange())
		}
	}
	for _, file := range slices.Sorted(slices.Values(b.har)) {
		seen.files = append(seen.files, file)
		if err := seen.addHAR(ctx, file, to, log); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

// addHAR adds the entries of a file while it is read. The whole entries of a file that is cut off are used.
func (s *seenTraffic) addHAR(ctx context.Context, file string, to *breaking.Comparer, log io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read the traffic: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	read, skipped, problems := 0, 0, []string{}
	for entry, err := range traffic.ReadHAR(f) {
		_, isEntry := errors.AsType[*traffic.EntryError](err)
		isCut := errors.Is(err, io.ErrUnexpectedEOF) && read > 0
		switch {
		case ctx.Err() != nil:
			return errors.New("it was stopped")
		case isEntry, isCut:
			problems = append(problems, err.Error())
			continue
		case err != nil:
			return fmt.Errorf("%s: %w", file, err)
		}
		read++
		if entry.Skip != "" {
			skipped++
			continue
		}
		if entry.Origin != "" && len(s.origins) < maxNamed && !slices.Contains(s.origins, entry.Origin) {
			s.origins = append(s.origins, entry.Origin)
		}
		s.exchanges++
		to.Add(nameOf(entry, file), entry.Exchange)
	}
	if read == 0 && len(problems) > 0 {
		return fmt.Errorf("%s: none of its entries can be read: %s", file, problems[0])
	}
	if skipped > 0 {
		problems = append(problems, text.Count(skipped, "entry", "entries")+" without a whole HTTP exchange")
	}
	if more := len(problems) - maxNamed; more > 0 {
		problems = append(problems[:maxNamed], fmt.Sprintf("and %d more", more))
	}
	if len(problems) > 0 {
		fmt.Fprintf(log, "quotaspec: %s: not used: %s\n", file, strings.Join(problems, "; "))
	}
	return nil
}

// nameOf is the name of an entry in reports.
func nameOf(e traffic.Entry, file string) string {
	if e.Interaction != nil {
		return fmt.Sprintf("interaction %d of %s", e.Number, file)
	}
	return fmt.Sprintf("entry %d of %s", e.Number, file)
}

// foreign is the error of traffic of which neither document has anything.
func (s seenTraffic) foreign() error {
	if s.exchanges == 0 {
		return fmt.Errorf("%s: the traffic has no exchange", namesOf(s.files))
	}
	sent := cmp.Or(strings.Join(s.origins, ", "), "an unnamed host")
	return fmt.Errorf("%s: neither document has an operation of this traffic, which was sent to %s: is it that of another API?",
		namesOf(s.files), sent)
}
