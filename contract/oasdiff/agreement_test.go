package oasdiff

import (
	"flag"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract/breaking"
)

var update = flag.Bool("update", false, "write docs/agreement-oasdiff.md")

const page = "../../docs/agreement-oasdiff.md"

// compared is a pair with what both find.
type compared struct {
	pair
	ours, theirs opinion
	all          []string // all ids of ours
	class        int      // index of the class of the disagreement; -1: they agree, or there is none
	err          error
}

func (c compared) agrees() bool { return agree(c.ours.level, c.theirs.level) }

// TestAgreement compares all pairs by both. Every disagreement is of a class that says who is right, and every class occurs.
func TestAgreement(t *testing.T) {
	list := compare(allPairs(t))
	for _, c := range list {
		t.Logf("%s, %s: ours %s; theirs %s", c.group, c.name, c.ours, c.theirs)
		switch {
		case c.err != nil:
			t.Errorf("%s, %s: %v", c.group, c.name, c.err)
		case c.class < 0 && !c.agrees():
			t.Errorf("%s, %s: no class of this disagreement\n  ours:   %s\n  theirs: %s", c.group, c.name, c.ours, c.theirs)
		}
	}
	checkTables(t, list)
	text := pageOf(list)
	if *update && !t.Failed() {
		if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := textOf(t, page); got != text && !t.Failed() {
		t.Errorf("%s is not what the comparisons say: run go test . -args -update", page)
	}
}

// checkTables checks that every class has a disagreement and a right side, and that a pair shows each kind of finding.
func checkTables(t *testing.T, list []compared) {
	t.Helper()
	for i, k := range classes {
		if !slices.Contains(rights, k.right) {
			t.Errorf("the class %s %s: right is %q, want one of %q", k.ours, k.our, k.right, rights)
		}
		if !slices.ContainsFunc(list, func(c compared) bool { return c.class == i }) {
			t.Errorf("the class %s %s, %s %s %s has no disagreement", k.ours, k.our, k.theirs, k.their, k.pair)
		}
	}
	for _, kind := range breaking.Kinds() {
		if !slices.ContainsFunc(list, func(c compared) bool { return slices.Contains(c.all, kind.ID) }) {
			t.Errorf("no pair has a finding %s", kind.ID)
		}
	}
}

// compare compares the pairs, on all cores.
func compare(pairs []pair) []compared {
	list := make([]compared, len(pairs))
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		group.Go(func() {
			for i := worker; i < len(pairs); i += workers {
				list[i] = compareOne(pairs[i])
			}
		})
	}
	group.Wait()
	return list
}

func compareOne(p pair) compared {
	c := compared{pair: p, class: -1}
	if c.ours, c.all, c.err = ours(p); c.err != nil {
		return c
	}
	if c.theirs, c.err = theirs(p); c.err == nil && !c.agrees() {
		c.class = slices.IndexFunc(classes, c.is)
	}
	return c
}

// is reports whether the disagreement is of a class.
func (c compared) is(k class) bool {
	return c.ours.level == k.ours && c.theirs.level == k.theirs && c.ours.matches(k.our) && c.theirs.matches(k.their) &&
		(k.pair == "" || matches(k.pair, c.name))
}

func (o opinion) matches(pattern string) bool {
	return pattern == "" || slices.ContainsFunc(o.ids, func(id string) bool { return matches(pattern, id) })
}

// matches reports whether a text is of one of several patterns. A * stands for any text; path.Match has none for a slash.
func matches(patterns, text string) bool {
	hidden := strings.NewReplacer("/", "\x00", "[", "(", "]", ")")
	for pattern := range strings.SplitSeq(patterns, "|") {
		if ok, err := path.Match(hidden.Replace(pattern), hidden.Replace(text)); ok && err == nil {
			return true
		}
	}
	return false
}

// TestClassesMatch holds that a disagreement of another level, id or pair is of another class.
func TestClassesMatch(t *testing.T) {
	k := class{ours: "breaking", our: "status/*|header/*", theirs: "INFO", their: "response-*", pair: "a *"}
	c := compared{
		pair: pair{name: "a 404 is removed"}, ours: opinion{level: "breaking", ids: []string{"enum/added", "status/removed"}},
		theirs: opinion{level: "INFO", ids: []string{"response-removed"}},
	}
	for _, test := range []struct {
		name   string
		change func(*compared)
		want   bool
	}{
		{name: "the same", change: func(*compared) {}, want: true},
		{name: "our level", change: func(c *compared) { c.ours.level = "compatible" }},
		{name: "our ids", change: func(c *compared) { c.ours.ids = []string{"enum/added"} }},
		{name: "their level", change: func(c *compared) { c.theirs.level = "WARN" }},
		{name: "their ids", change: func(c *compared) { c.theirs.ids = nil }},
		{name: "the pair", change: func(c *compared) { c.name = "the 404 is removed" }},
	} {
		other := c
		test.change(&other)
		if got := other.is(k); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}
