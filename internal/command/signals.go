package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// SignalContext returns a context that the first Ctrl-C or SIGTERM cancels. The verb then stops and reports what it has judged.
// The second signal ends the process at once, with 128 plus the number of the signal as exit code, since some work does not
// watch the context: reading a file, judging a value, redacting a body.
func SignalContext() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		os.Exit(128 + int((<-signals).(syscall.Signal))) // Notify got only such signals
	}()
	return ctx
}
