package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/page"
)

// serveFlags is how the provider was asked for.
type serveFlags struct {
	listen       string
	data         string
	log          string
	allowSamples bool
	options      server.Options // but for what the data and the log are made into
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the reference provider",
		Long: `Serve both operations as the documents describe them: on sample data, or on yours.
A page to try them is at /docs, their promises, error codes and sources are at
/docs/promises, and /healthz answers 200.

With --prefer a request can ask for any documented answer, and for it to be late
(RFC 7240): "Prefer: code=404", "Prefer: example=policy", "Prefer: delay=250" (ms).`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "address to listen on")
	cmd.Flags().StringVar(&f.data, "data", "", "YAML `file` with accounts and principals (docs/data.schema.json); by default, the sample")
	cmd.Flags().StringVar(&f.log, "log", "text", "how each request is told on stderr: text, json or off")
	cmd.Flags().BoolVar(&f.options.Prefer, "prefer", false, `obey "Prefer: code=…", "example=…" and "delay=…"`)
	cmd.Flags().StringSliceVar(&f.options.Variants, "variant", nil, "answer in an unusual way that the contract allows: "+variantNames())
	cmd.Flags().IntVar(&f.options.RateLimit, "rate-limit", 0, "requests a second that each principal may send; 0: any number")
	cmd.Flags().BoolVar(&f.allowSamples, "allow-sample-credentials", false, "listen beyond loopback although everybody knows the credentials")
	return cmd
}

func variantNames() string {
	names, _ := server.Variants()
	return strings.Join(names, ", ")
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	if f.options.RateLimit < 0 {
		return fmt.Errorf("--rate-limit %d: want requests a second, or 0 for any number", f.options.RateLimit)
	}
	var err error
	if f.options.Data, err = f.read(); err != nil {
		return err
	}
	samples := f.options.Data.HasSampleCredentials()
	if err := checkListen(f.listen, f.allowSamples || !samples); err != nil {
		return err
	}
	if f.options.Log, err = accessLog(f.log, cmd.ErrOrStderr()); err != nil {
		return err
	}
	provider, err := server.New(f.options)
	if err != nil {
		return err
	}
	// Where the sample token counts, the page fills it in. It lists the sample credentials only beside the sample data, since a
	// data file may be a team's own.
	token, credentials := "", []page.Sample{}
	if samples {
		token = server.ReaderToken
	}
	if f.data == "" {
		credentials = sampleCredentials()
	}
	docs, err := page.New(token, credentials)
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
	runtime.GC() // so that what is left is what is kept
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent(memory.HeapAlloc)))
	return server.Serve(cmd.Context(), listener, beside(provider, docs))
}

// gcPercent lets 64 MB of garbage come together before it is collected, since that makes requests wait, or as much as is kept
// where that is more. Go's own percentage begins at 4 MB.
func gcPercent(kept uint64) int {
	const garbage, least = 64 << 20, 4 << 20
	return int(max(100, 100*garbage/max(kept, least)))
}

// beside answers what is no part of the contract, and leaves the rest to the provider.
func beside(provider, docs http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case reads && r.URL.Path == "/healthz":
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "{\"status\":\"ok\"}\n")
		case reads && page.Serves(r.URL.Path):
			docs.ServeHTTP(w, r)
		default:
			provider.ServeHTTP(w, r)
		}
	})
}

// accessLog returns nil for off.
func accessLog(format string, to io.Writer) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(to, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, nil)), nil
	case "off":
		return nil, nil
	}
	return nil, fmt.Errorf("unknown log format %q: it is text, json or off", format)
}

// maxData is how large a data file may be: some 40,000 accounts, which take a gigabyte while they are read.
const maxData = 32 << 20

// read returns what is served. A pipe is not waited for, and has no size to know before it is read.
func (f *serveFlags) read() (*server.Data, error) {
	if f.data == "" {
		sample := server.Sample()
		return &sample, nil
	}
	if info, err := os.Stat(f.data); err == nil {
		switch {
		case !info.Mode().IsRegular():
			return nil, fmt.Errorf("read the data: %s is no regular file", f.data)
		case info.Size() > maxData:
			return nil, fmt.Errorf("read the data: %s has %d bytes: at most %d MB are read", f.data, info.Size(), maxData>>20)
		}
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

const tokenHeader = "X-Auth-Token"

// sampleCredentials lists the credentials of the sample data, tokens first.
func sampleCredentials() []page.Sample {
	const signature = "Authorization, as a signature"
	return []page.Sample{
		{Header: tokenHeader, Credential: server.ReaderToken, Says: "may ask for both quotas"},
		{Header: tokenHeader, Credential: server.LimitedToken, Says: "may not ask for image quotas"},
		{Header: tokenHeader, Credential: server.StrangerToken, Says: "belongs to another account, " + server.StrangerDomainID},
		{Header: tokenHeader, Credential: server.ExpiredToken, Says: "is expired"},
		{Header: signature, Credential: server.ReaderKeyID + " / " + server.ReaderSecret, Says: "may ask for both quotas"},
		{Header: signature, Credential: server.LimitedKeyID + " / " + server.LimitedSecret, Says: "may not ask for image quotas"},
	}
}

func printSamples(cmd *cobra.Command, address string) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "quotaspec serves http://%s with sample data and sample credentials: never use them for real.\n\n", address)
	for _, s := range sampleCredentials() {
		if s.Header == tokenHeader {
			fmt.Fprintf(out, "  %-15s %s\n", s.Credential, s.Says)
		}
	}
	fmt.Fprintf(out, `
  curl -i -H '%[2]s: %[3]s' 'http://%[1]s/v3.0/OS-QUOTA/domains/%[4]s'
  curl -i -H '%[2]s: %[3]s' 'http://%[1]s/v1/cloudimages/quota'

  Try it in a browser: http://%[1]s/docs
`, address, tokenHeader, server.ReaderToken, server.SampleDomainID)
}
