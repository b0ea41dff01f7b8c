package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
)

// progress says how many checks or changes are done, and the operation of the last one. On a terminal it overwrites one line and erases it
// at the end. Elsewhere, such as in the log of a CI job, it writes a line now and then, so that a long run is not silent:
//
//	17 of 73  listPets
//	quotaspec: 170 of 730 checks done, the last of listPets
type progress struct {
	mu         sync.Mutex
	out        io.Writer
	things     string // checks, changes
	isTerminal bool
	pause      time.Duration // between two updates
	shown      int           // the highest count shown
	lastUpdate time.Time
}

const (
	terminalPause = 100 * time.Millisecond // between two updates on a terminal
	logPause      = 10 * time.Second       // between two lines elsewhere, and before the first
	progressWidth = 78                     // characters of the line on a terminal
)

// pauseInLog is a variable for the tests: what they read on stderr must not depend on the seconds that a run takes.
var pauseInLog = logPause

// newProgress returns a progress of things, such as checks, that begins now.
func newProgress(log io.Writer, things string) *progress {
	p := &progress{out: log, things: things, pause: pauseInLog, lastUpdate: time.Now()}
	f, _ := command.Unwrapped(log).(*os.File) // Stat of a nil file is an error
	if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		p.out, p.isTerminal = f, true // a VisibleWriter would show \r
		p.pause, p.lastUpdate = terminalPause, time.Time{}
	}
	return p
}

// show shows the count if the last update is long enough ago. Goroutines may call it concurrently and in any order.
func (p *progress) show(done, all int, operation string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if done <= p.shown || time.Since(p.lastUpdate) < p.pause {
		return
	}
	p.shown, p.lastUpdate = done, time.Now()
	if !p.isTerminal {
		fmt.Fprintf(p.out, "quotaspec: %d of %d %s done, the last of %s\n", done, all, p.things, operation)
		return
	}
	line := text.VisibleLine(fmt.Sprintf("%d of %d  %s", done, all, operation))
	fmt.Fprintf(p.out, "\r\x1b[K%s", text.Shorten(line, progressWidth))
}

// showCheck is show with the operation of a check: listPets of listPets/plain, GET /pets of GET /pets/plain.
func (p *progress) showCheck(done, all int, check string) {
	if end := strings.LastIndexByte(check, '/'); end > 0 {
		check = check[:end]
	}
	p.show(done, all, check)
}

// end erases the line on a terminal.
func (p *progress) end() {
	if p.isTerminal && p.shown > 0 {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
