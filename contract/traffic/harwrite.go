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

// Writer writes entries as a HAR 1.2, each in one line and with one call of Write, so that a file that was never closed can
// be read up to its last entry. It may be used concurrently.
//
// No credential reaches the file: the values of headers, parameters and JSON members whose names call them secret are
// replaced by Redacted, and so is every other place where one of these values stands, in any exchange from then on. A body
// that cannot be looked into (an unknown Content-Encoding, multipart, UTF-16) is left out. ReadHAR reads such a file so that
// nothing that was replaced is judged.
type Writer struct {
	mu     sync.Mutex
	w      io.Writer
	redact *redact.Redactor
	closed bool
	err    error

	separator string // before the next entry
}

// NewWriter begins a HAR. The creator is the program that writes it, and secret are further names (of headers, parameters
// and members) whose values must not be written, and templates that give the parts of a path their names
// (/sessions/{token}), as Judge.Credentials lists them.
func NewWriter(w io.Writer, creator, version string, secret ...string) (*Writer, error) {
	har := &Writer{w: w, redact: redact.New(secret...), separator: "\n"}
	head := encode(object{"name": creator, "version": version})
	return har, har.write(`{"log":{"version":"1.2","creator":` + head + `,"pages":[],"entries":[`)
}

// Write appends an entry. After an error nothing more is written.
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

// Close ends the HAR; it does not close what it is written to.
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

// encode writes a value as JSON in one line. All that a HAR is made of here can be written.
func encode(value any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(value)
	return strings.TrimSuffix(out.String(), "\n")
}

type object = map[string]any

// entry is the entry as HAR has it. Maps are written sorted, so that a file is the same for the same traffic.
func (w *Writer) entry(e Entry) object {
	ex := withoutSecrets(w.redact, e.Exchange)
	origin := w.redact.Hide(e.Origin)
	w.redact.Forget()
	milliseconds := float64(e.Took) / float64(time.Millisecond)
	request := object{
		"method": ex.Request.Method, "url": origin + ex.Request.Target, "httpVersion": "HTTP/1.1", "cookies": []any{},
		"headers": pairs(ex.Request.Header), "queryString": queryString(ex.Request.Target), "headersSize": -1, "bodySize": len(ex.Request.Body),
	}
	switch body := ex.Request.Body; {
	case ex.Unrecorded&contract.UnrecordedRequest != 0: // ReadHAR takes no body in an encoding that it does not know
		request["postData"] = object{"mimeType": ex.Request.Header.Get("Content-Type"), "params": []any{}, "text": "", "_encoding": "incomplete"}
	case len(body) > 0:
		post := object{"mimeType": ex.Request.Header.Get("Content-Type"), "params": []any{}, "text": string(body)}
		if !utf8.Valid(body) {
			post["text"], post["_encoding"] = base64.StdEncoding.EncodeToString(body), "base64"
		}
		request["postData"] = post
	case len(e.Exchange.Request.Body) > 0:
		request["bodySize"] = len(e.Exchange.Request.Body)
	}
	response := object{
		"status": ex.Response.Status, "statusText": http.StatusText(ex.Response.Status), "httpVersion": "HTTP/1.1", "cookies": []any{},
		"headers": pairs(ex.Response.Header), "redirectURL": ex.Response.Header.Get("Location"), "headersSize": -1, "bodySize": -1,
		"content": w.content(e, ex.Response.Header.Get("Content-Type"), ex.Response.Body),
	}
	entry := object{
		"startedDateTime": e.Started.Format(time.RFC3339Nano), "time": milliseconds, "request": request, "response": response, "cache": object{},
		"timings": object{"send": 0, "wait": milliseconds, "receive": 0},
	}
	if e.Skip != "" {
		entry["_skip"] = e.Skip
	}
	return entry
}

// content is the body of a response; without a text where there was one that must not or cannot be written.
func (w *Writer) content(e Entry, mediaType string, body []byte) object {
	content := object{"size": len(body), "mimeType": mediaType}
	switch {
	case len(body) == 0 && (len(e.Exchange.Response.Body) > 0 || e.Skip != ""):
		content["size"] = -1
	case utf8.Valid(body):
		content["text"] = string(body)
	default:
		content["text"], content["encoding"] = base64.StdEncoding.EncodeToString(body), "base64"
	}
	return content
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// pairs lists headers by their names.
func pairs(header http.Header) []harPair {
	list := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			list = append(list, harPair{name, value})
		}
	}
	return list
}

// queryString lists what stands in a query, which is already redacted.
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
