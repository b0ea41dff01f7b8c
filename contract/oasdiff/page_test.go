package oasdiff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/breaking"
)

const pageHead = `# Agreement with oasdiff

[oasdiff](https://github.com/oasdiff/oasdiff) 1.37.0 compares two documents by rules, one for each kind of change.
` + "`quotaspec breaking`" + ` compares them by exchanges that one document accepts and the other refuses.
Both compare the pairs of this page, and each pair counts by the worst that each finds.
They agree if that means the same: *breaking* and ERR, *possibly breaking* and WARN, and *compatible*, *editorial*, INFO or nothing.
` + "`make agreement-oasdiff`" + ` compares them.
It fails if a disagreement is of no class below, if a class has none, or if this page is wrong.
` + "`cd contract/oasdiff && go test . -args -update`" + ` writes the page.
The names of oasdiff's rules stand on this page and in its test only; no finding of ours has them.

`

// pageOf writes the page.
func pageOf(list []compared) string {
	b := &strings.Builder{}
	b.WriteString(pageHead)
	b.WriteString("## Pairs\n\n| pairs | number | agree | disagree |\n|---|--:|--:|--:|\n")
	for _, g := range groups {
		b.WriteString(pairsRow(g.name+": "+g.says, those(list, func(c compared) bool { return c.group == g.name })))
	}
	b.WriteString(pairsRow("all", list))
	b.WriteString("\n## Levels\n\n| quotaspec | " + strings.Join(theirLevels, " | ") + " |\n")
	b.WriteString("|---|" + strings.Repeat("--:|", len(theirLevels)) + "\n")
	for _, our := range ourLevels {
		fmt.Fprintf(b, "| %s |", our)
		for _, their := range theirLevels {
			is := func(c compared) bool { return c.ours.level == our && c.theirs.level == their }
			fmt.Fprintf(b, " %d |", len(those(list, is)))
		}
		b.WriteString("\n")
	}
	return b.String() + classTables(list) + kindsTable(list) + changesTable(list)
}

func pairsRow(name string, list []compared) string {
	agreed := len(those(list, compared.agrees))
	return fmt.Sprintf("| %s | %d | %d | %d |\n", name, len(list), agreed, len(list)-agreed)
}

// classTables list the classes of disagreements, by who is right.
func classTables(list []compared) string {
	b := &strings.Builder{}
	b.WriteString("\n## Disagreements\n\nWho is right is judged as the owner of a program would that was built for the old document.\n" +
		"A row has an example and the number of pairs like it.\n")
	for _, right := range rights {
		rows := ""
		for i, k := range classes {
			alike := those(list, func(c compared) bool { return c.class == i })
			if k.right != right || len(alike) == 0 {
				continue
			}
			c := alike[0]
			rows += fmt.Sprintf("| %d | %s: %s | %s: %s | %s, %s | %s |\n", len(alike), c.ours.level, code(c.ours.ids),
				c.theirs.level, code(c.theirs.ids), c.group, strings.ReplaceAll(c.name, "|", `\|`), k.reason)
		}
		if rows != "" {
			fmt.Fprintf(b, "\n### Right: %s\n\n", right)
			b.WriteString("| pairs | quotaspec | oasdiff | for example | reason |\n|--:|---|---|---|---|\n" + rows)
		}
	}
	return b.String()
}

// kindsTable lists our kinds of findings.
func kindsTable(list []compared) string {
	b := &strings.Builder{}
	b.WriteString("\n## Findings\n\nThe pairs in which quotaspec has a finding of this kind, whether it is the worst or not.\n\n")
	b.WriteString("| finding | means | pairs | agree | disagree |\n|---|---|--:|--:|--:|\n")
	for _, kind := range breaking.Kinds() {
		name := fmt.Sprintf("`%s` | %s", kind.ID, kind.Means)
		b.WriteString(pairsRow(name, those(list, func(c compared) bool { return slices.Contains(c.all, kind.ID) })))
	}
	return b.String()
}

// changesTable lists the changes by hand with what both find.
func changesTable(list []compared) string {
	b := &strings.Builder{}
	b.WriteString("\n## Changes by hand\n\n| change | quotaspec | oasdiff | agree |\n|---|---|---|---|\n")
	for _, c := range list {
		if c.group == "mutants" || c.group == "neutral" {
			continue
		}
		words := map[bool]string{true: "yes", false: "no"}
		fmt.Fprintf(b, "| %s: %s | %s: %s | %s: %s | %s |\n", c.group, c.name, c.ours.level, code(c.ours.ids),
			c.theirs.level, code(c.theirs.ids), words[c.agrees()])
	}
	return b.String()
}

// those are the pairs of which a condition is true.
func those(list []compared, is func(compared) bool) []compared {
	return slices.DeleteFunc(slices.Clone(list), func(c compared) bool { return !is(c) })
}

// code writes at most three ids.
func code(ids []string) string {
	const most = 3
	switch {
	case len(ids) == 0:
		return "–"
	case len(ids) > most:
		return fmt.Sprintf("`%s` and %d more", strings.Join(ids[:most], "`, `"), len(ids)-most)
	}
	return "`" + strings.Join(ids, "`, `") + "`"
}
