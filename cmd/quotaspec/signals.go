package main

import (
	"context"
	"os"
	"os/signal"
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
		os.Exit(128 + int(second.(syscall.Signal))) // as all are that Notify was given
	}()
	return ctx
}
