package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress counts on a terminal what is done.
type progress struct {
	mu         sync.Mutex
	out        *os.File // nil: nobody watches
	most       int      // that was done
	lastUpdate time.Time
}

func newProgress(log io.Writer) *progress {
	p := &progress{}
	if f, ok := unwrapped(log).(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.out = f
		}
	}
	return p
}

// show shows how much is done, ten times a second at most. Several goroutines may call it.
func (p *progress) show(done, all int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out != nil && done > p.most && time.Since(p.lastUpdate) > 100*time.Millisecond {
		p.most, p.lastUpdate = done, time.Now()
		fmt.Fprintf(p.out, "\r%d of %d", done, all)
	}
}

func (p *progress) end() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
