package traffic

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// Writer writes entries as a HAR 1.2. Each entry is one line and one call of Write, so that a file that was never closed can be
// read up to its last entry. Methods may be called concurrently.
//
// No credential reaches the file. The Writer learns the values of headers, parameters and JSON members with secret names, and
// replaces them by Redacted wherever they stand, in this exchange and all later ones:
//
//	X-Auth-Token: s3cr3t-value   GET /a?echo=s3cr3t-value
//	X-Auth-Token: REDACTED       GET /a?echo=REDACTED
//
// A body that cannot be searched (an unknown Content-Encoding, multipart, UTF-16) is left out. ReadHAR reads such a file so
// that nothing that was replaced or left out is judged.
type Writer struct {
	mu     sync.Mutex
	w      io.Writer
	redact *redact.Redactor
	secret []string // names of NewWriter
	closed bool
	err    error

	separator string // before the next entry
}

// NewWriter begins a HAR. The creator is the program that writes it. Each secret is a further name of a header, parameter or
// member whose value must not be written, or a template that names parts of a path (/sessions/{token}), as Judge.Credentials
// lists them.
func NewWriter(w io.Writer, creator, version string, secret ...string) (*Writer, error) {
	har := &Writer{w: w, redact: redact.New(secret...), secret: secret, separator: "\n"}
	head := encode(object{"name": creator, "version": version})
	return har, har.write(`{"log":{"version":"1.2","creator":` + head + `,"pages":[],"entries":[`)
}

// Write appends an entry. After an error it writes nothing more and returns that error.
func (w *Writer) Write(e Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.err != nil:
		return w.err
	case w.closed:
		return errors.New("write the HAR: it is closed")
	}
	line := w.separator + encode(w.entry(e))
	w.separator = ",\n"
	return w.write(line)
}

// Close ends the HAR. It does not close the underlying writer.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || w.err != nil {
		return w.err
	}
	w.closed = true
	return w.write("\n]}}\n")
}

func (w *Writer) write(text string) error {
	if _, err := io.WriteString(w.w, text); err != nil {
		w.err = fmt.Errorf("write the HAR: %w", err)
	}
	return w.err
}

// encode returns a value as JSON in one line. It cannot fail for the values of a HAR.
func encode(value any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(value)
	return strings.TrimSuffix(out.String(), "\n")
}

type object = map[string]any

// entry converts an entry to HAR. JSON objects are maps, which are written in the order of their keys: the same traffic gives
// the same file. What HAR has no member for is in members with an underscore, which other readers skip:
//
//	_skip                 why the exchange cannot be judged
//	postData._encoding    base64 for a body that is not UTF-8; incomplete for one that was not recorded whole
//	request._credentials  none for a request that was sent without: a browser removes them, so their absence says nothing
func (w *Writer) entry(e Entry) object {
	ex := withoutSecrets(w.redact, e.Exchange)
	origin := w.redact.Hide(e.Origin)
	w.redact.Forget()
	milliseconds := float64(e.Took) / float64(time.Millisecond)
	request := object{
		"method": ex.Request.Method, "url": origin + ex.Request.Target, "httpVersion": "HTTP/1.1", "cookies": []any{},
		"headers": pairs(ex.Request.Header), "queryString": queryString(ex.Request.Target),
		"headersSize": -1, "bodySize": len(ex.Request.Body),
	}
	if w.hasNoCredential(e.Exchange) {
		request["_credentials"] = noCredentials
	}
	post := object{"mimeType": ex.Request.Header.Get("Content-Type"), "params": []any{}, "text": ""}
	switch {
	case ex.Unrecorded&(contract.UnrecordedRequest|contract.UnrecordedRequestBody) != 0:
		post["_encoding"] = "incomplete" // ReadHAR rejects a body whose encoding it does not know
		request["postData"] = post
	case len(ex.Request.Body) > 0:
		setText(post, "_encoding", ex.Request.Body) // our own: HAR has no binary request
		request["postData"] = post
	default:
		request["bodySize"] = len(e.Exchange.Request.Body) // not 0 if the body was left out
	}
	response := object{
		"status": ex.Response.Status, "statusText": http.StatusText(ex.Response.Status), "httpVersion": "HTTP/1.1",
		"cookies": []any{}, "headers": pairs(ex.Response.Header), "redirectURL": ex.Response.Header.Get("Location"),
		"headersSize": -1, "bodySize": -1, "content": content(e, ex.Response.Header.Get("Content-Type"), ex.Response.Body),
	}
	entry := object{
		"startedDateTime": e.Started.Format(time.RFC3339Nano), "time": milliseconds, "request": request, "response": response,
		"cache": object{}, "timings": object{"send": 0, "wait": milliseconds, "receive": 0},
	}
	if e.Skip != "" {
		entry["_skip"] = e.Skip
	}
	return entry
}

// hasNoCredential reports whether a request was recorded whole and sent without credentials: without a header whose name is
// that of a credential, or one of those that NewWriter was given. X-Auth-Tokn is none, though its value may be replaced too.
func (w *Writer) hasNoCredential(ex contract.Exchange) bool {
	if ex.Unrecorded&(contract.UnrecordedCredentials|contract.UnrecordedRequestHeaders|contract.UnrecordedRequest) != 0 {
		return false
	}
	for name := range ex.Request.Header {
		if redact.IsCredential(name, w.secret) {
			return false
		}
	}
	return true
}

// content is the body of a response. It has no text if the exchange had a body that was left out.
func content(e Entry, mediaType string, body []byte) object {
	content := object{"size": len(body), "mimeType": mediaType}
	if hadBody := len(e.Exchange.Response.Body) > 0 || e.Skip != ""; hadBody && len(body) == 0 {
		content["size"] = -1
	} else {
		setText(content, "encoding", body)
	}
	return content
}

// setText sets the text of a body. Bytes that are not UTF-8 are written in base64, which the member of the given name says.
func setText(o object, encoding string, body []byte) {
	if utf8.Valid(body) {
		o["text"] = string(body)
		return
	}
	o["text"], o[encoding] = base64.StdEncoding.EncodeToString(body), "base64"
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// pairs lists headers in the order of their names.
func pairs(header http.Header) []harPair {
	list := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			list = append(list, harPair{name, value})
		}
	}
	return list
}

// queryString lists the parameters of a query, which is already redacted.
func queryString(target string) []harPair {
	list := []harPair{}
	_, query, _ := strings.Cut(target, "?")
	for pair := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(pair, "="); pair != "" {
			list = append(list, harPair{unescapeQuery(name), unescapeQuery(value)})
		}
	}
	return list
}

func unescapeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
