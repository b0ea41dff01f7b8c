package contracttest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Check judges the exchanges of one test. It may be used concurrently. Make it with New. What is wrong with an exchange that
// ends after its test cannot fail it any more: it fails Main, or without Main is a line on stderr.
type Check struct {
	t         testing.TB
	judges    []*contract.Judge
	files     []string
	servers   []string
	side      contract.Side // empty: that of the end
	failOn    spec.Grade
	ignored   []string
	tolerated []tolerance
	seen      *collection // for the log of -v; else nil

	mu      sync.Mutex
	ended   bool           // the test is over: t must not be used
	pending map[*call]bool // responses that the consumer has not read to their end
	running int            // requests that the handler has not yet answered
	idle    chan struct{}  // closed when none is running; nil: nobody waits
}

// judge judges an exchange by the first document that has its path, else by the first that almost has it, and fails the test.
// isRedirect says that a provider chose the URL: an unknown one is not the consumer's.
func (c *Check) judge(ex contract.Exchange, end contract.Side, isRedirect bool) {
	path, _, _ := strings.Cut(ex.Request.Target, "?")
	isIgnored := func(glob string) bool { return text.Matches(glob, path) }
	if ex.Request.IsPreflight() || slices.ContainsFunc(c.ignored, isIgnored) {
		return
	}
	judge, result := c.nearest(ex)
	if isRedirect && !result.Judged {
		return
	}
	v := verdict{judge: judge, result: result, ex: &ex, side: c.sideOf(end), test: c.t.Name()}
	for _, f := range result.Findings {
		if c.fails(f, &ex, v.side) || !result.Judged {
			v.failures = append(v.failures, f)
		} else {
			v.warnings = append(v.warnings, f)
		}
	}
	if !result.Judged && len(v.failures) == 0 {
		v.reason = c.unknown(result, path)
	}
	for _, err := range result.Errors {
		v.errors = append(v.errors, text.OneLine(err.Error()))
	}
	c.report(v)
}

// nearest returns the judge whose document has the path, with its result.
func (c *Check) nearest(ex contract.Exchange) (*contract.Judge, contract.Result) {
	judge, best := c.judges[0], c.judges[0].Check(ex)
	for _, other := range c.judges[1:] {
		if best.Judged {
			break
		}
		result := other.Check(ex)
		isNear := len(best.Findings) == 0 && len(result.Findings) > 0
		if result.Judged || isNear || !best.Served && result.Served {
			judge, best = other, result
		}
	}
	return judge, best
}

// report fails the test with one line for each failure.
func (c *Check) report(v verdict) {
	c.seen.add(v)
	ofPackage.Load().add(v)
	lines := []string{}
	for _, f := range v.failures {
		lines = append(lines, lineOf(f))
	}
	if v.result.More > 0 && len(lines) > 0 {
		lines = append(lines, fmt.Sprintf("and %d more findings", v.result.More))
	}
	lines = append(lines, v.errors...)
	if v.reason != "" {
		lines = append(lines, v.reason)
	}
	if len(lines) == 0 {
		return
	}
	head, _ := v.judge.Excerpt(*v.ex) // without secrets
	head, _, _ = strings.Cut(head, "\n")
	head = text.Shorten(head, maxWords)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range lines {
		line = fmt.Sprintf("%s: %d: %s", head, v.ex.Response.Status, line)
		if c.ended {
			late(fmt.Sprintf("after the end of %s: %s", v.test, line))
			continue
		}
		c.t.Error(line)
	}
}

// late reports a failure for which no test can fail any more: Main fails the package, and without Main it is printed.
func late(line string) {
	if all := ofPackage.Load(); all != nil {
		all.addLate(line)
		return
	}
	fmt.Fprintln(os.Stderr, "contracttest:", line)
}

// grace is how long the end of a test waits for handlers that are still busy with a response which the client already has.
const grace = time.Second

// end judges the responses that nobody read, waits for the handlers, and closes the check: t is not used after it.
func (c *Check) end() {
	c.mu.Lock()
	open := []*call{}
	for call := range c.pending {
		open = append(open, call)
	}
	c.mu.Unlock()
	for _, call := range open {
		call.finish()
	}
	c.wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.seen != nil {
		c.t.Logf("contracttest: %s", c.seen.summary())
	}
}

// begin counts a request that the handler has yet to answer.
func (c *Check) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running++
}

// done is the end of begin.
func (c *Check) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.running == 0 && c.idle != nil {
		close(c.idle)
		c.idle = nil
	}
}

// wait waits until no handler is busy, or until grace is over: a stream may never end.
func (c *Check) wait() {
	c.mu.Lock()
	if c.running == 0 {
		c.mu.Unlock()
		return
	}
	idle := make(chan struct{})
	c.idle = idle
	c.mu.Unlock()
	select {
	case <-idle:
	case <-time.After(grace):
	}
}
