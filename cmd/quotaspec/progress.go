package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress shows on a terminal how many checks are done: "17 of 73", overwritten in place and erased at the end.
type progress struct {
	mu         sync.Mutex
	out        *os.File // nil if the output is not a terminal
	shown      int      // the highest count shown
	lastUpdate time.Time
}

// newProgress returns a progress that shows nothing unless log is a terminal.
func newProgress(log io.Writer) *progress {
	p := &progress{}
	f, _ := unwrapped(log).(*os.File) // Stat of a nil file is an error
	if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		p.out = f
	}
	return p
}

// show shows the count at most ten times a second. Goroutines may call it concurrently and in any order.
func (p *progress) show(done, all int, _ string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out != nil && done > p.shown && time.Since(p.lastUpdate) > 100*time.Millisecond {
		p.shown, p.lastUpdate = done, time.Now()
		fmt.Fprintf(p.out, "\r%d of %d", done, all)
	}
}

// end erases the count.
func (p *progress) end() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
