package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// signalContext returns a context that the first Ctrl-C or SIGTERM cancels: the verb then ends in order and reports what it
// has. The second ends the process at once, with 128 and the number of the signal, because some work looks at no context:
// reading a file, judging a value, redacting a body.
func signalContext() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		second := <-signals
		unfinished.remove()
		code := 128
		if s, ok := second.(syscall.Signal); ok {
			code += int(s)
		}
		os.Exit(code)
	}()
	return ctx
}

// unfinished are the temporary files of this process.
var unfinished temporaries

// temporaries are files that are worth nothing once the process has ended. One that was removed or renamed before may stay among
// them, since nothing is there to remove then.
type temporaries struct {
	mu    sync.Mutex
	names []string
}

func (t *temporaries) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names = append(t.names, name)
}

func (t *temporaries) remove() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range t.names {
		_ = os.Remove(name) // the process ends: nobody is left to read an error
	}
}
