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

// shutdownGrace is how long open requests may take after the shutdown began. It is longer than the longest delay of Prefer.
const shutdownGrace = longestDelay + 5*time.Second

// HTTPServer returns a server for a handler. It disconnects slow clients and passes "OPTIONS *" to the handler, to which
// net/http itself would respond with 200. Limits of size beyond those of the gateway are net/http's own.
func HTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:                      h,
		ErrorLog:                     log.New(io.Discard, "", 0), // it would print the errors of clients
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
