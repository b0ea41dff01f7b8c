package probe

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
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
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A probe is sent byte by byte on a connection of its own, and whatever comes back is captured. An http.Client would hide what
// the judge has to see: it repairs paths, merges headers, undoes chunks, and fails without a response on a malformed one.
//
//	Probe.Request → request (base path, common headers, credentials) → validate → encode → connection
//	connection → receive → contract.ParseResponse → Exchange

const (
	// maxMessage is the most bytes of a response that are read.
	maxMessage = 20 << 20
	// grace is how long to wait after a complete message for more bytes, or for the connection to close.
	grace = 250 * time.Millisecond
)

// ErrUnreachable is the error of a target to which no connection can be made.
var ErrUnreachable = errors.New("unreachable")

// ErrToken is the error of a principal that cannot get its credential.
var ErrToken = errors.New("no token")

// Target is the address of a provider.
type Target struct {
	URL     *url.URL      // http or https; paths of the document begin after its path
	Timeout time.Duration // of one request, from dialling to the last byte
	// CAs are the certificate authorities to trust; nil: those of the system.
	CAs *x509.CertPool
	// UserAgent is the header User-Agent of every request; "" means quotaspec.
	UserAgent string
}

// Run sends the request of a probe and returns the exchange; for a Repeat it sends two, and the first response is Previous, the
// first request PreviousRequest. A bad response is no error but a framing error in the exchange. Errors are ErrUnreachable,
// ErrToken, failed authentication, a request that cannot be sent, and a cancelled context.
func (t Target) Run(ctx context.Context, p Probe, principals Principals) (contract.Exchange, error) {
	first, err := t.send(ctx, p, principals[p.Role])
	if err != nil || p.Kind != spec.Repeat {
		return first, err
	}
	second, err := t.send(ctx, p, principals[p.Role])
	second.Previous, second.PreviousRequest = &first.Response, &first.Request
	return second, err
}

// reachTimeout is how long Reach waits for a response. A missing response is no error there: the probes will report it.
const reachTimeout = 2 * time.Second

// Reach connects to the target and sends one request. It returns whether there was a response, and an error if the connection
// fails or if the response is not HTTP.
func (t Target) Reach(ctx context.Context) (responded bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	conn, err := t.dial(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(min(reachTimeout, t.Timeout)))
	_, _ = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n", t.URL.Host, t.userAgent())
	raw, err := io.ReadAll(io.LimitReader(conn, 4<<10))
	if _, isAlert := alertOf(err); isAlert { // in TLS 1.3 it follows the handshake
		return false, fmt.Errorf("%w: TLS: %w", ErrUnreachable, DescribeTLS(err))
	}
	if len(raw) < len("HTTP/1.1 200") {
		return len(raw) > 0, nil
	}
	if _, err := contract.ParseResponse(raw); err != nil {
		return true, errors.New("the response is not HTTP")
	}
	return true, nil
}

// send sends the request of a probe with the current credential of the principal, and again with a new one if the provider
// responds that this one is not valid (401). The second response counts.
func (t Target) send(ctx context.Context, p Probe, principal Principal) (contract.Exchange, error) {
	mayExpire := principal.Token != nil && p.scheme != nil
	if mayExpire {
		token, err := principal.Token(ctx, "")
		if err != nil {
			return contract.Exchange{}, fmt.Errorf("%w: %w", ErrToken, err)
		}
		principal.Credential = token
	}
	ex, err := t.sendOnce(ctx, p, principal)
	isRefused := err == nil && ex.Response.Status == http.StatusUnauthorized
	if !isRefused || !mayExpire || p.Kind == spec.ExpiredCredentials {
		return ex, err
	}
	token, err := principal.Token(ctx, principal.Credential)
	switch {
	case err != nil:
		return ex, fmt.Errorf("%w: %w", ErrToken, err)
	case token == principal.Credential:
		return ex, nil
	}
	principal.Credential = token
	return t.sendOnce(ctx, p, principal)
}

// sendOnce sends one request and makes an exchange of what comes back. No response, half a response and bytes that are not HTTP
// are framing errors of the exchange, for the judge to report.
func (t Target) sendOnce(ctx context.Context, p Probe, principal Principal) (contract.Exchange, error) {
	request, err := t.request(p, principal)
	ex := contract.Exchange{Request: request, Probe: p.Kind, Invented: p.invented}
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
	_, writeErr := conn.Write(encode(ex.Request))
	// The document does not know the base path of the target.
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
	isTruncated := strings.HasPrefix(string(raw), version) || strings.HasPrefix(version, string(raw))
	switch {
	case len(raw) == 0:
		ex.Response.AddFramingError(contract.NoResponse, networkError(ctx, cmp.Or(err, writeErr, io.EOF)).Error())
	case len(raw) > maxMessage:
		ex.Response.AddFramingError(contract.Endless, fmt.Sprintf("more than %d MiB", maxMessage>>20))
	case parseErr != nil && isTruncated:
		ex.Response.AddFramingError(contract.Unfinished, "the head is incomplete")
	case parseErr != nil:
		ex.Response.AddFramingError(contract.NotHTTP, fmt.Sprintf("%.40q", raw[:min(len(raw), 40)]))
	case err != nil:
		ex.Response.AddFramingError(contract.Unfinished, networkError(ctx, err).Error())
	}
	return ex, nil
}

// request completes the request of a probe: the target's base path, the common headers and the credentials.
func (t Target) request(p Probe, principal Principal) (contract.Request, error) {
	r := p.Request
	r.Header = p.Request.Header.Clone()
	r.Header.Set("Host", t.URL.Host)
	r.Header.Set("Connection", "close")
	r.Header.Set("Accept", accepted(p.Operation))
	r.Header.Set("User-Agent", t.userAgent())
	r.Target = t.base() + p.Request.Target
	addFields(&r, p, principal.Fields, func(f Field) string { return f.Value })
	switch {
	case principal.hasPlainCredential() && p.scheme != nil:
		addCredential(&r, p.scheme, principal.Credential)
	case principal.Authenticate != nil:
		if err := authenticate(t.URL, &r, principal.Authenticate); err != nil {
			return r, fmt.Errorf("authenticate: %w", err)
		}
	}
	return r, validate(r)
}

func (t Target) userAgent() string { return cmp.Or(t.UserAgent, "quotaspec") }

// base is the base path of the target without a final slash.
func (t Target) base() string { return escapeTarget(strings.TrimSuffix(t.URL.EscapedPath(), "/")) }

// accepted is the value of Accept: the media types of the operation's responses.
func accepted(op *spec.Operation) string {
	names := []string{}
	for _, r := range op.Responses {
		for _, content := range r.Content {
			names = append(names, sample.BaseType(content))
		}
	}
	slices.Sort(names)
	return cmp.Or(strings.Join(slices.Compact(names), ", "), "*/*")
}

// authenticate calls a function that adds headers to an http.Request.
func authenticate(base *url.URL, r *contract.Request, add func(*http.Request) error) error {
	path, query, _ := strings.Cut(r.Target, "?")
	decoded, _ := url.PathUnescape(path) // escapeTarget left only valid escapes in it
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
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, networkError(ctx, err))
	}
	if t.URL.Scheme != "https" {
		return conn, nil
	}
	config := tls.Config{
		ServerName: t.URL.Hostname(), NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12, RootCAs: t.CAs,
	}
	secure := tls.Client(conn, &config)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%w: TLS: %w", ErrUnreachable, networkError(ctx, DescribeTLS(err)))
	}
	return secure, nil
}

// networkError shortens an error of package net to what helps a reader.
func networkError(ctx context.Context, err error) error {
	op, isOp := errors.AsType[*net.OpError](err)
	plain, isPlain := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return errors.New("no response in time")
	case isPlain:
		return fmt.Errorf("%w; is it http://?", plain)
	case isOp:
		return op.Err
	case errors.Is(err, io.EOF):
		return errors.New("the connection was closed")
	}
	return err
}

// encode writes a request as HTTP/1.1.
func encode(r contract.Request) []byte {
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

// fields yields the names and values of a header, sorted by name.
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

// Curl returns a shell command that repeats the request of a probe, with the principal's Curl arguments for the credentials. It
// is "" if the principal has none, such as for signatures, and if the body is no text of one line or belongs to HEAD.
func (t Target) Curl(p Probe, principal Principal) string {
	isHeadWithBody := p.Request.Method == http.MethodHead && len(p.Request.Body) > 0 // curl -I has no body
	if isHeadWithBody || !isShellText(p.Request.Body) {
		return ""
	}
	isPlain := principal.hasPlainCredential()
	cannotShow := isPlain && principal.CredentialEnv == ""
	if principal.Curl == nil && (principal.Authenticate != nil || cannotShow) {
		return ""
	}
	at := t.URL.Scheme + "://" + t.URL.Host + t.base() + p.Request.Target
	parts := []string{"curl", "-i"}
	if strings.ContainsAny(at, "[]{}") {
		parts = append(parts, "-g") // brackets are not patterns
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
	parts = append(parts, principal.Curl...)
	shown := contract.Request{Header: p.Request.Header.Clone()}
	if shown.Header == nil {
		shown.Header = http.Header{}
	}
	addFields(&shown, p, principal.Fields, Field.shown)
	secrets := principal.Fields
	if isPlain && p.scheme != nil {
		credential := Field{Env: principal.CredentialEnv}
		if addCredential(&shown, p.scheme, credential.shown()); !strings.Contains(fmt.Sprint(shown.Header), credential.shown()) {
			return "" // it is encoded, or in the query
		}
		secrets = append(slices.Clone(secrets), credential)
	}
	for name, value := range fields(shown.Header) {
		header := name + ": " + value
		if value == "" {
			header = name + ";" // sends an empty header
		}
		parts = append(parts, "-H", quoteField(header, secrets))
	}
	if len(p.Request.Body) > 0 {
		parts = append(parts, "--data-binary", quote(string(p.Request.Body)))
	}
	return strings.Join(append(parts, quote(at)), " ")
}

// isShellText reports whether a body can be written in one line of a shell: a multipart body has line breaks.
func isShellText(body []byte) bool {
	return utf8.Valid(body) && !strings.ContainsFunc(string(body), unicode.IsControl)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
