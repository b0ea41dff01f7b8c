package formats

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// conclusion is the comparison in a word or two, and says is the same in a sentence.
//
//	breaking            3 changes break consumers, 2 break providers
//	version unchanged   nothing breaks, but 4 changes ask for a new version
//	passed              nothing breaks (2 possibly), 1 tolerated
func (v *view) conclusion() (word, says string) {
	consumers, providers := len(v.of(breaksConsumers)), len(v.of(breaksProviders))
	notes := v.notes()
	switch {
	case v.Error != "":
		return "not compared", v.Error
	case consumers > 0 && providers > 0:
		other := text.Count(providers, "breaks providers", "break providers")
		return "breaking", text.Count(consumers, "change breaks consumers, ", "changes break consumers, ") + other
	case consumers > 0:
		return "breaking", text.Count(consumers, "change breaks consumers", "changes break consumers")
	case providers > 0:
		return "breaking", text.Count(providers, "change breaks providers", "changes break providers")
	case len(v.Stale) > 0:
		lines := text.Count(len(v.Stale), "line of tolerated findings matches", "lines of tolerated findings match")
		return "stale", "nothing breaks" + notes + ", but " + lines + " nothing"
	case v.version.Unchanged:
		return "version unchanged", "nothing breaks" + notes + ", but info.version is still " + named(v.version.Old)
	case len(v.findings) == 0:
		return "passed", "the documents promise the same"
	}
	return "passed", "nothing breaks" + notes
}

// notes says what does not fail the comparison and somebody should still read: " (2 changes possibly break, 1 is tolerated)".
func (v *view) notes() string {
	notes := []string{}
	for _, row := range []struct {
		group     group
		one, many string
	}{
		{possibly, "change possibly breaks", "changes possibly break"},
		{unused, "change is not used by the traffic", "changes are not used by the traffic"},
		{tolerated, "change is tolerated", "changes are tolerated"},
	} {
		if n := len(v.of(row.group)); n > 0 {
			notes = append(notes, text.Count(n, row.one, row.many))
		}
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, ", ") + ")"
}

// versions says what the change means for info.version:
//
//	1.2.0, unchanged, which fails: the change asks for 2.0.0 at least (major)
//	1.2.0 → 2.0.0; the change asks for 2.0.0 at least (major)
//	1.2.0 → 1.2.1, which is not enough: the change asks for 2.0.0 at least (major)
//	1.2.0 → 1.1.0, which is lower (is OLD the older document?): the change asks for 2.0.0 at least (major)
//	2024-01 → 2024-02; the change asks for a new version (minor)
func (v *view) versions() string {
	line, asked := named(v.version.Old)+" → "+named(v.version.New), "a new version"
	separator := "; "
	switch {
	case v.version.Unchanged:
		line, separator = named(v.version.Old), ", unchanged, which fails: "
	case v.version.Old == v.version.New:
		line, separator = named(v.version.Old), ", unchanged; "
	case v.version.Lower:
		separator = ", which is lower (is OLD the older document?): "
	case !v.version.Enough:
		separator = ", which is not enough: "
	}
	if v.version.Asked == "none" {
		return line
	}
	if v.version.Least != "" {
		asked = v.version.Least + " at least"
	}
	return fmt.Sprintf("%s%sthe change asks for %s (%s)", line, separator, asked, v.version.Asked)
}

// used says how much of the traffic counts; "" if there is none.
func (v *view) used() string {
	if v.Exchanges == 0 {
		return ""
	}
	line := text.Count(v.Exchanges, "exchange", "exchanges")
	if v.Foreign > 0 {
		line += fmt.Sprintf(", %d of operations that neither document has", v.Foreign)
	}
	return line
}

// named is a version for people: a document may have none.
func named(version string) string { return cmp.Or(version, "(none)") }

// title names a document: Pets 1.2.0
func title(d *spec.Document) string {
	return cmp.Or(strings.TrimSpace(cmp.Or(d.Title, d.Name)+" "+d.InfoVersion), "no document")
}

// place is where the change is in the documents:
//
//	pets.yaml:41 (was old/pets.yaml:40)      changed
//	pets.yaml:41                             new
//	old/pets.yaml:40, not in pets.yaml       removed
func (v *view) place(f finding) string {
	switch {
	case f.New != nil && f.Old != nil:
		return f.New.Place().String() + " (was " + f.Old.Place().String() + ")"
	case f.New != nil:
		return f.New.Place().String()
	case f.Old != nil:
		return f.Old.Place().String() + ", not in " + v.New.File
	}
	return ""
}

// line is a finding in one line, which begins like the line that tolerates it:
//
//	listPets/200 enum/added /response/body/*/kind: "bird" is new
//	listPets/request security/loosened: requests need no credentials any more
func (f finding) line() string {
	out := f.Check + " " + f.ID
	if f.Pointer != "" {
		out += " " + f.Pointer
	}
	if f.Says != "" {
		out += ": " + f.Says
	}
	return out
}

// ifPossibly is the level of a finding that possibly breaks, for lists that have other levels, too; "" for other findings.
func (f finding) ifPossibly() string {
	if f.Level == breaking.PossiblyBreaking {
		return " (possibly breaking)"
	}
	return ""
}

// also names the other checks with the same change, limit at most: getPet/200, findPets/200 and 2 more.
func (f finding) also(limit int) string {
	rest := len(f.Also) - limit
	if rest <= 0 {
		return strings.Join(f.Also, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(f.Also[:limit], ", "), rest)
}
