package exporter

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/exporter-toolkit/web"
)

// shutdownGrace is how long open scrapes may take after the context has ended.
const shutdownGrace = 10 * time.Second

// Handler serves /metrics, /healthz, and a page that links them.
func (e *Exporter) Handler() (http.Handler, error) {
	landing, err := web.NewLandingPage(web.LandingConfig{
		Name: "quotaspec exporter", Description: "Quotas of Huawei Cloud accounts as Prometheus metrics", Version: e.options.Version,
		Profiling: "false",
		Links: []web.LandingLinks{
			{Address: "metrics", Text: "Metrics"},
			{Address: "healthz", Text: "Health", Description: "200 while the exporter runs"},
		},
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(e, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{\"status\":\"ok\"}\n")
	})
	mux.Handle("GET /{$}", landing)
	return mux, nil
}

// CheckWebConfig returns an error if a file cannot be the webConfig of Serve.
func CheckWebConfig(file string) error {
	if file == "" {
		return nil
	}
	return web.Validate(file)
}

// Serve serves until the context ends. Then it completes the scrapes that it has. The file webConfig has the certificate and the
// passwords, in the format of exporter-toolkit, and is read anew for each connection; "": neither.
func (e *Exporter) Serve(ctx context.Context, listener net.Listener, webConfig string) error {
	handler, err := e.Handler()
	if err != nil {
		return err
	}
	quiet := slog.New(warnings{e.options.Log.Handler()})
	s := &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(quiet.Handler(), slog.LevelDebug), // of clients: not logged
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
	}
	done := make(chan error, 1)
	go func() { done <- web.Serve(listener, s, &web.FlagConfig{WebConfigFile: &webConfig}, quiet) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	err = s.Shutdown(grace)
	if serveErr := <-done; !errors.Is(serveErr, http.ErrServerClosed) {
		return serveErr
	}
	return err
}

// warnings passes on warnings and errors alone: exporter-toolkit logs several lines at the start.
type warnings struct{ slog.Handler }

// Enabled reports whether lines of this level are passed on.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}
