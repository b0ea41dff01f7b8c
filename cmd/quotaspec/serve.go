package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/server"
	"github.com/quotaspec/quotaspec/server/page"
)

// serveFlags are the flags of serve.
type serveFlags struct {
	listen, data, log, strict string
	allowSamples              bool
	options                   server.Options // run adds Data, Log and Refuse
}

// newServe returns the verb serve.
func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:        "serve",
		Short:      "Serve the reference provider",
		SuggestFor: []string{"mock"},
		Long: `Serve both operations as the documents describe them, with sample data or your own.
/docs is a page where you can try them, /docs/promises lists their promises, error codes
and sources, and /healthz returns 200.

With --prefer, a request selects a documented response or delays it (RFC 7240):
"Prefer: code=404", "Prefer: example=policy", "Prefer: delay=250" (milliseconds).

With --strict, each request is judged as verify --side consumer does. What is wrong with it
is returned in headers X-Quotaspec-Finding and logged. --strict=refuse also answers it with
400 instead of 200 or 403.`,
		Example: `  quotaspec serve
  quotaspec serve --listen 127.0.0.1:9090 --data accounts.yaml
  quotaspec serve --prefer --strict`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	variants, _ := server.Variants()
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`ADDRESS` to listen on")
	flags.StringVar(&f.data, "data", "", "read accounts and principals from this YAML `FILE` (docs/data.schema.json)")
	flags.StringVar(&f.log, "log", "text", "`FORMAT` in which requests are logged to stderr: text, json or off")
	flags.BoolVar(&f.options.Prefer, "prefer", false, "let a request choose or delay its response with the header Prefer")
	flags.StringVar(&f.strict, "strict", "",
		"judge each request and report what is wrong with it; with the `MODE` refuse, refuse it too")
	flags.Lookup("strict").NoOptDefVal = strictReport
	flags.StringSliceVar(&f.options.Variants, "variant", nil,
		"respond in an unusual way that the contract allows (repeatable `NAME`): "+strings.Join(variants, ", "))
	flags.IntVar(&f.options.RateLimit, "rate-limit", 0, "`NUMBER` of requests per second that each principal may send (default no limit)")
	flags.BoolVar(&f.allowSamples, "allow-sample-credentials", false,
		"listen beyond loopback with the public sample credentials")
	command.CompleteFiles(cmd, "data", "yaml", "yml", "json")
	command.CompleteFlag(cmd, "log", logFormats...)
	command.CompleteFlag(cmd, "strict", strictReport, strictRefuse)
	command.CompleteFlag(cmd, "variant", variants...)
	return cmd
}

// run checks the flags and the data before it listens, so that a wrong flag is an error and not a server that is wrong. The
// address is checked before the data is served to anybody: the sample credentials are public, so they need loopback or a flag.
// What it prints names the address that it got, since the port may have been 0.
func (f *serveFlags) run(cmd *cobra.Command) error {
	if f.options.RateLimit < 0 {
		return command.Usage(fmt.Errorf("--rate-limit %d: want a number of requests per second, or 0 for no limit", f.options.RateLimit))
	}
	err := cmp.Or(checkStrict(f.strict), checkVariants(f.options.Variants))
	if err != nil {
		return command.Usage(err)
	}
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
	provider, err := f.provider(cmd.Context())
	if err != nil {
		return err
	}
	// The page fills in the sample token if the data accepts it. It lists the sample credentials only with the sample data,
	// since a data file may be a team's own.
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
		return listenError(f.listen, err)
	}
	if samples {
		printSamples(cmd, listener.Addr().String())
	} else {
		fmt.Fprintf(cmd.OutOrStdout(), "quotaspec serves http://%s with the data of %s.\n", listener.Addr(), f.data)
	}
	runtime.GC() // HeapAlloc is then the size of the data
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent(memory.HeapAlloc)))
	return server.Serve(cmd.Context(), listener, withPages(provider, docs))
}

// gcPercent returns the percentage for debug.SetGCPercent with so many bytes of live data. Collecting garbage delays requests,
// so 64 MB of it may come together, or as much as there is data. Go itself starts collecting at 4 MB.
func gcPercent(live uint64) int {
	const garbage, least = 64 << 20, 4 << 20
	return int(max(100, 100*garbage/max(live, least)))
}

// withPages serves /healthz and /docs, which are no part of the contract, and leaves all other requests to the provider.
func withPages(provider, docs http.Handler) http.Handler {
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

// checkVariants returns an error if a value of --variant is unknown.
func checkVariants(names []string) error {
	known, _ := server.Variants()
	for _, name := range names {
		if !slices.Contains(known, name) {
			return text.Unknown("variant", name, known)
		}
	}
	return nil
}

// logFormats are the values of --log.
var logFormats = []string{"text", "json", "off"}

// accessLog returns the logger of a format, and nil for off.
func accessLog(format string, to io.Writer) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(to, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, nil)), nil
	case "off":
		return nil, nil
	}
	return nil, command.Usage(text.Unknown("log format", format, logFormats))
}

// maxData is the size limit of a data file in bytes: some 40,000 accounts, which take a gigabyte of memory while they are read.
const maxData = 32 << 20

// read returns the data to serve. It accepts regular files only: a pipe may block, and its size is unknown.
func (f *serveFlags) read() (*server.Data, error) {
	if f.data == "" {
		sample := server.Sample()
		return &sample, nil
	}
	if info, err := os.Stat(f.data); err == nil {
		switch {
		case !info.Mode().IsRegular():
			return nil, fmt.Errorf("read the data: %s is not a regular file", f.data)
		case info.Size() > maxData:
			return nil, fmt.Errorf("read the data: %s has %d bytes: want at most %d MB", f.data, info.Size(), maxData>>20)
		}
	}
	text, err := os.ReadFile(f.data)
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	return server.ReadData(f.data, text)
}

// checkListen returns an error if the address is not HOST:PORT, or not on loopback unless that is allowed.
func checkListen(listen string, allowed bool) error {
	host, err := hostToListen(listen)
	if err != nil {
		return err
	}
	if allowed || isLoopback(host) {
		return nil
	}
	return fmt.Errorf("listen address %q is not on loopback: serve your own credentials with --data, "+
		"or the public sample credentials with --allow-sample-credentials", listen)
}

// hostToListen returns the host of an address to listen on.
func hostToListen(listen string) (string, error) {
	host, _, err := net.SplitHostPort(listen)
	switch {
	case err == nil:
		return host, nil
	case listen != "" && strings.Trim(listen, "0123456789") == "":
		return "", fmt.Errorf("listen address %q: want HOST:PORT: did you mean 127.0.0.1:%s?", listen, listen)
	}
	return "", fmt.Errorf("listen address %q: want HOST:PORT", listen)
}

// isLoopback reports whether a host is localhost or an address of the loopback network. Other names are not resolved.
func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback() // no address, and so not on loopback, for a name
}

const tokenHeader = "X-Auth-Token"

// errWindowsInUse is the error of Windows for an address in use (WSAEADDRINUSE). There syscall.EADDRINUSE is a number that Go
// invented and Windows never returns; no other system has an error 10048.
const errWindowsInUse = syscall.Errno(10048)

// listenError is the error of an address on which serve or proxy cannot listen.
func listenError(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, errWindowsInUse) {
		return fmt.Errorf("%s is in use: choose another address with --listen", address)
	}
	return fmt.Errorf("listen: %w", err)
}
