package probe

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	// maxMessage is how long an answer may be, in bytes; of a longer one no more is read.
	maxMessage = 20 << 20
	// grace is how long a provider has to send bytes beyond the message that it announced, or to close.
	grace = 250 * time.Millisecond
)

// ErrUnreachable is given where no connection could be made.
var ErrUnreachable = errors.New("unreachable")

// Target is a provider.
type Target struct {
	URL     *url.URL
	Timeout time.Duration // of one request, from the dialling to the last byte
}

// Run makes the request of a probe, twice where that is the point, and returns what was exchanged.
func (t Target) Run(ctx context.Context, p Probe, principals Principals) (contract.Exchange, error) {
	first, err := t.send(ctx, p, principals[p.Role])
	if err != nil || p.Kind != spec.Repeat {
		return first, err
	}
	second, err := t.send(ctx, p, principals[p.Role])
	second.Previous = &first.Response
	return second, err
}

// greeting bounds how long Reach waits for a first answer. One that does not come is for the probes to find.
const greeting = 2 * time.Second

// Reach says whether the target can be connected to and does not answer in something else than HTTP.
func (t Target) Reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	conn, err := t.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(min(greeting, t.Timeout)))
	_, _ = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: quotaspec\r\nConnection: close\r\n\r\n", t.URL.Host)
	raw, _ := io.ReadAll(io.LimitReader(conn, 4<<10))
	if len(raw) < len("HTTP/1.1 200") {
		return nil
	}
	if _, err := contract.ParseResponse(raw); err != nil {
		return errors.New("it speaks no HTTP")
	}
	return nil
}

// send makes one request on a connection of its own and keeps every byte of the answer: an http.Client would hide faults.
func (t Target) send(ctx context.Context, p Probe, who Principal) (contract.Exchange, error) {
	request, err := t.request(p, who)
	ex := contract.Exchange{Request: request, Probe: p.Kind}
	if err != nil {
		return ex, err
	}
	parent := ctx
	ctx, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	conn, err := t.dial(ctx)
	if err != nil {
		return ex, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })
	defer stop()
	_, writeErr := conn.Write(wire(ex.Request))
	// The base path of the target is the provider's own; the document does not know it.
	ex.Request.Target = strings.TrimPrefix(ex.Request.Target, t.base())
	raw, err := receive(ctx, conn, ex.Request.Method)
	if parent.Err() != nil {
		return ex, parent.Err()
	}
	response, parseErr := contract.ParseResponse(raw)
	if parseErr == nil {
		ex.Response = response
	}
	const version = "HTTP/1."
	isBegun := strings.HasPrefix(string(raw), version) || strings.HasPrefix(version, string(raw))
	switch {
	case len(raw) == 0:
		ex.Response.AddFramingError(contract.NoResponse, plain(ctx, cmp.Or(err, writeErr, io.EOF)).Error())
	case len(raw) > maxMessage:
		ex.Response.AddFramingError(contract.Endless, fmt.Sprintf("more than %d MiB", maxMessage>>20))
	case parseErr != nil && isBegun:
		ex.Response.AddFramingError(contract.Unfinished, "no whole head of an answer")
	case parseErr != nil:
		ex.Response.AddFramingError(contract.NotHTTP, fmt.Sprintf("%.40q", raw[:min(len(raw), 40)]))
	case err != nil:
		ex.Response.AddFramingError(contract.Unfinished, plain(ctx, err).Error())
	}
	return ex, nil
}

// request is what is sent for a probe: with the headers that every request has, the credentials, and the target's own path.
func (t Target) request(p Probe, who Principal) (contract.Request, error) {
	r := p.Request
	r.Header = p.Request.Header.Clone()
	r.Header.Set("Host", t.URL.Host)
	r.Header.Set("Connection", "close")
	r.Header.Set("Accept", accepted(p.Operation))
	r.Header.Set("User-Agent", "quotaspec")
	r.Target = t.base() + p.Request.Target
	switch {
	case who.Authenticate == nil && who.Credential != "" && p.way != nil:
		show(&r, p.way, who.Credential)
	case who.Authenticate != nil:
		if err := authenticate(t.URL, &r, who.Authenticate); err != nil {
			return r, fmt.Errorf("authenticate: %w", err)
		}
	}
	return r, sendable(r)
}

// base is the target's own path, without the slash that paths of a document begin with.
func (t Target) base() string { return escapeTarget(strings.TrimSuffix(t.URL.EscapedPath(), "/")) }

// accepted are the media types in which an operation answers, by its document.
func accepted(op *spec.Operation) string {
	names := []string{}
	for _, r := range op.Responses {
		for _, content := range r.Content {
			names = append(names, baseType(content))
		}
	}
	slices.Sort(names)
	return cmp.Or(strings.Join(slices.Compact(names), ", "), "*/*")
}

// baseType is the name of a media type without its parameters.
func baseType(content *spec.MediaType) string {
	base, _, _ := strings.Cut(content.Name, ";")
	return strings.TrimSpace(base)
}

// authenticate lets a function for http.Request add its headers.
func authenticate(base *url.URL, r *contract.Request, add func(*http.Request) error) error {
	path, query, _ := strings.Cut(r.Target, "?")
	decoded, _ := url.PathUnescape(path) // escapeTarget left no escape in it that is none
	return add(&http.Request{
		Method: r.Method, Host: base.Host, Header: r.Header,
		Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: int64(len(r.Body)),
		URL: &url.URL{Scheme: base.Scheme, Host: base.Host, Path: decoded, RawPath: path, RawQuery: query},
	})
}

func (t Target) dial(ctx context.Context) (net.Conn, error) {
	port := cmp.Or(t.URL.Port(), map[string]string{"http": "80", "https": "443"}[t.URL.Scheme])
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(t.URL.Hostname(), port))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, plain(ctx, err))
	}
	if t.URL.Scheme != "https" {
		return conn, nil
	}
	secure := tls.Client(conn, &tls.Config{ServerName: t.URL.Hostname(), NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%w: TLS: %w", ErrUnreachable, plain(ctx, err))
	}
	return secure, nil
}

// plain says of an error of the network what matters to a reader.
func plain(ctx context.Context, err error) error {
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return errors.New("no answer in time")
	case isOp:
		return op.Err
	case errors.Is(err, io.EOF):
		return errors.New("the connection was closed")
	}
	return err
}

// wire writes a request as HTTP/1.1.
func wire(r contract.Request) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.Method, r.Target, r.Header.Get("Host"))
	for name, value := range fields(r.Header) {
		if name != "Host" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	if len(r.Body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.Body))
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	return b.Bytes()
}

// fields yields the lines of a header, sorted by their names.
func fields(header http.Header) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, name := range slices.Sorted(maps.Keys(header)) {
			for _, value := range header[name] {
				if !yield(name, value) {
					return
				}
			}
		}
	}
}

// Curl is the command for a shell that repeats the request of a probe, without a secret in it; "" if curl cannot make its
// credentials.
func (t Target) Curl(p Probe, who Principal) string {
	if (who.Authenticate != nil || who.Credential != "") && who.Curl == nil {
		return ""
	}
	at := t.URL.Scheme + "://" + t.URL.Host + t.base() + p.Request.Target
	parts := []string{"curl", "-i"}
	if strings.ContainsAny(at, "[]{}") {
		parts = append(parts, "-g") // they are no pattern
	}
	if path, _, _ := strings.Cut(at, "?"); strings.Contains(path+"/", "/./") || strings.Contains(path+"/", "/../") {
		parts = append(parts, "--path-as-is")
	}
	switch p.Request.Method {
	case http.MethodGet:
	case http.MethodHead:
		parts = append(parts, "-I")
	default:
		parts = append(parts, "-X", p.Request.Method)
	}
	parts = append(parts, who.Curl...)
	for name, value := range fields(p.Request.Header) {
		header := name + ": " + value
		if value == "" {
			header = name + ";" // curl's way to send an empty one
		}
		parts = append(parts, "-H", quote(header))
	}
	if len(p.Request.Body) > 0 {
		parts = append(parts, "--data-binary", quote(string(p.Request.Body)))
	}
	return strings.Join(append(parts, quote(at)), " ")
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
