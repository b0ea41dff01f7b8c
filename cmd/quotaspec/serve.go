package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/server"
)

// shutdownGrace is how long requests that were begun may take to end.
const shutdownGrace = 5 * time.Second

// serveFlags is how the provider was asked for.
type serveFlags struct {
	listen       string
	data         string
	prefer       bool
	allowSamples bool
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the reference provider",
		Long: `Serve both operations as the documents describe them: on sample data, or on yours.

With --prefer a request can ask for any documented answer (RFC 7240):
"Prefer: code=404" or "Prefer: example=policy".`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, err := f.read()
			if err != nil {
				return err
			}
			samples := data.HasSampleCredentials()
			if err := checkListen(f.listen, f.allowSamples || !samples); err != nil {
				return err
			}
			handler, err := server.New(server.Options{Data: data, Prefer: f.prefer})
			if err != nil {
				return err
			}
			listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", f.listen)
			if err != nil {
				return fmt.Errorf("listen: %w", err)
			}
			if samples {
				printSamples(cmd, listener.Addr().String())
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "quotaspec serves http://%s with the data of %s.\n", listener.Addr(), f.data)
			}
			return serve(cmd.Context(), listener, handler)
		},
	}
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "address to listen on")
	cmd.Flags().StringVar(&f.data, "data", "", "YAML `file` with accounts and principals (docs/data.schema.json); by default, the sample")
	cmd.Flags().BoolVar(&f.prefer, "prefer", false, `obey "Prefer: code=…" and "Prefer: example=…"`)
	cmd.Flags().BoolVar(&f.allowSamples, "allow-sample-credentials", false, "listen beyond loopback although everybody knows the credentials")
	return cmd
}

// read returns what is served.
func (f *serveFlags) read() (*server.Data, error) {
	if f.data == "" {
		sample := server.Sample()
		return &sample, nil
	}
	text, err := os.ReadFile(f.data)
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	return server.ReadData(f.data, text)
}

// checkListen refuses to show known credentials to a network.
func checkListen(listen string, allowed bool) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("listen address %q: want HOST:PORT", listen)
	}
	if allowed || isLoopback(host) {
		return nil
	}
	return fmt.Errorf("listen address %q is beyond loopback and the credentials are samples that everybody knows: say --allow-sample-credentials if you mean it", listen)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func printSamples(cmd *cobra.Command, address string) {
	fmt.Fprintf(cmd.OutOrStdout(), `quotaspec serves http://%[1]s with sample data and sample credentials: never use them for real.

  %-15[2]s may ask for both quotas
  %-15[3]s may not ask for image quotas
  %-15[4]s belongs to another account, %[7]s
  %-15[5]s is expired

  curl -i -H 'X-Auth-Token: %[2]s' 'http://%[1]s/v3.0/OS-QUOTA/domains/%[6]s'
  curl -i -H 'X-Auth-Token: %[2]s' 'http://%[1]s/v1/cloudimages/quota'
`, address, server.ReaderToken, server.LimitedToken, server.StrangerToken, server.ExpiredToken, server.SampleDomainID, server.StrangerDomainID)
}

// serve answers until the context ends, and then finishes what it began.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	s := server.HTTPServer(handler)
	done := make(chan error, 1)
	go func() { done <- s.Serve(listener) }()
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
