package server

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// shutdownGrace is how long open requests may take after shutdown began. It is longer than the longest delay of Prefer.
const shutdownGrace = longestDelay + 5*time.Second

// HTTPServer wraps a handler for a listener: slow clients are cut off, and "OPTIONS *", which net/http would answer 200 by
// itself, reaches the handler. Limits of size beyond those of the gateway are net/http's own.
func HTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:                      h,
		ErrorLog:                     log.New(io.Discard, "", 0), // it would print what clients do wrong
		DisableGeneralOptionsHandler: true,
		MaxHeaderBytes:               2 * maxHeaders,
		ReadHeaderTimeout:            10 * time.Second,
		ReadTimeout:                  time.Minute,
		WriteTimeout:                 time.Minute,
		IdleTimeout:                  2 * time.Minute,
	}
}

// Serve serves until the context ends. Then it accepts no further connections, responds to the requests it has with
// "Connection: close", and returns when all connections are closed, or with an error after 15 seconds. Idle connections are
// closed at once; a client that sends at that moment must send again.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := HTTPServer(h)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	err := s.Shutdown(grace)
	if serveErr := <-done; !errors.Is(serveErr, http.ErrServerClosed) {
		return serveErr
	}
	return err
}
