package mutate

import (
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strings"
	"testing"
	"time"
)

func cpu() time.Duration {
	b, _ := os.ReadFile("/proc/thread-self/schedstat")
	var n int64
	fmt.Sscan(strings.Fields(string(b))[0], &n)
	return time.Duration(n)
}
func TestProf(t *testing.T) {
	_ = exec.Command
	cs, eq, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	type st struct {
		n, ex       int
		load, judge time.Duration
	}
	by := map[string]*st{}
	for _, c := range cs {
		s, err := prepare(c)
		if err != nil {
			t.Fatal(err)
		}
		m := s.judgeExchanges()
		eq.apply(m)
		before := len(s.corpus)
		s.choose(m)
		fmt.Println(c.File, "corpus", before, len(s.corpus))
		for _, d := range documentMutants(s.whole.root, s.lean.root) {
			w := s.lean
			if d.whole {
				w = s.whole
			}
			x := by[d.operator]
			if x == nil {
				x = &st{}
				by[d.operator] = x
			}
			x.n++
			t0 := time.Now()
			doc, err := w.variants.Load(d.root())
			var j = w.judge
			if err == nil {
				j, err = w.judge.Variant(doc)
			}
			x.load += time.Since(t0)
			if err != nil {
				continue
			}
			t0 = time.Now()
			for _, h := range w.reach.concerned(d, s.corpus) {
				x.ex++
				if h.differs(doc, j.Exchange(h.exchange), d.whole) != "" {
					break
				}
			}
			x.judge += time.Since(t0)
		}
	}
	names := []string{}
	for k := range by {
		names = append(names, k)
	}
	sort.Slice(names, func(i, k int) bool {
		return by[names[i]].judge+by[names[i]].load > by[names[k]].judge+by[names[k]].load
	})
	var tl, tj time.Duration
	te := 0
	for i, k := range names {
		x := by[k]
		tl += x.load
		tj += x.judge
		te += x.ex
		if i < 40 {
			fmt.Printf("%-34s n %4d ex %6d load %v judge %v\n", k, x.n, x.ex, x.load.Round(time.Millisecond), x.judge.Round(time.Millisecond))
		}
	}
	fmt.Println(tl, tj, te)
}
