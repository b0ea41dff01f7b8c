package server

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// variant is an unusual response that the contract allows: a consumer must accept it like the usual one.
type variant struct {
	name string
	says string
	make func(r *http.Request, a *outgoing)
}

// outgoing is a response before it is sent.
type outgoing struct {
	header  http.Header
	status  int
	body    []byte
	chunked bool          // without Content-Length
	piece   int           // bytes per write; 0: all
	lasts   time.Duration // all pauses between the writes together
}

// variants lists the values of --variant, in the order in which they are applied.
var variants = []variant{
	{"used-absent", "used of mapping is left out instead of null", rewriting(func(v any) {
		if q, ok := v.(map[string]any); ok && q["used"] == nil {
			delete(q, "used")
		}
	})},
	{"other-order", "lists in reverse order, members by name", rewriting(func(v any) {
		if list, ok := v.([]any); ok {
			slices.Reverse(list)
		}
	})},
	{"largest-integers", "every number is 2147483647", rewriting(numbers(math.MaxInt32))},
	{"smallest-integers", "every number is 0", rewriting(numbers(0))},
	{"additional-members", "every object has an undocumented member", rewriting(func(v any) {
		if object, ok := v.(map[string]any); ok {
			object["x_addition"] = "tomorrow"
		}
	})},
	{"additional-headers", "an undocumented header", func(_ *http.Request, a *outgoing) {
		a.header.Set("X-Addition", "tomorrow")
	}},
	{"compressed", "gzip if the client accepts it", compress},
	{"chunked", "in chunks, without Content-Length", func(_ *http.Request, a *outgoing) {
		a.header.Del("Content-Length")
		a.chunked, a.piece = true, cmp.Or(a.piece, 100)
	}},
	{"slow", "in pieces, with pauses of 0.3 seconds together", func(_ *http.Request, a *outgoing) {
		a.piece, a.lasts = max(1, len(a.body)/3), 300*time.Millisecond
	}},
	{"byte-by-byte", "each byte by itself", func(_ *http.Request, a *outgoing) { a.piece = 1 }},
	{"no-keep-alive", "the connection is closed after each response", func(_ *http.Request, a *outgoing) {
		a.header.Set("Connection", "close")
	}},
	{"header-case", "header names in lower case", func(_ *http.Request, a *outgoing) { // last: others set headers
		for name, values := range a.header {
			if name != "Content-Length" && name != "Connection" { // net/http must find these
				delete(a.header, name)
				a.header[strings.ToLower(name)] = values
			}
		}
		a.header["Content-Type"] = nil // else net/http would guess one
	}},
}

// Variants returns the names that Options.Variants accepts, and a description of each.
func Variants() (names, says []string) {
	for _, v := range variants {
		names, says = append(names, v.name), append(says, v.says)
	}
	return names, says
}

// varied applies the named variants to each response of a handler. An unknown name is an error that lists the known ones.
func varied(next http.Handler, names []string) (http.Handler, error) {
	known, _ := Variants()
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown variant %q: there are %s", name, strings.Join(known, ", "))
		}
	}
	if len(names) == 0 {
		return next, nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		buffered := &recorder{outgoing: outgoing{header: http.Header{}, status: http.StatusOK}}
		next.ServeHTTP(buffered, r)
		for _, v := range variants {
			if slices.Contains(names, v.name) {
				v.make(r, &buffered.outgoing)
			}
		}
		buffered.send(w)
	}), nil
}

// recorder buffers a response.
type recorder struct{ outgoing }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { r.body = append(r.body, p...); return len(p), nil }

func (a *outgoing) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	if len(a.body) > 0 && !a.chunked { // as net/http would
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	control := http.NewResponseController(w)
	size := cmp.Or(a.piece, max(1, len(a.body)))
	pause := a.lasts / time.Duration(len(a.body)/size+1)
	for piece := range slices.Chunk(a.body, size) {
		if _, err := w.Write(piece); err != nil {
			return
		}
		if a.piece > 0 && control.Flush() != nil {
			return
		}
		time.Sleep(pause)
	}
}

// rewriting decodes a JSON body, changes each list and object in it, innermost first, and encodes it again.
func rewriting(change func(any)) func(*http.Request, *outgoing) {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, item := range v {
				walk(item)
			}
		}
		change(v)
	}
	return func(_ *http.Request, a *outgoing) {
		var v any
		decoder := json.NewDecoder(bytes.NewReader(a.body))
		decoder.UseNumber()
		if decoder.Decode(&v) != nil {
			return // the response to HEAD
		}
		walk(v)
		if text, err := json.Marshal(v); err == nil {
			text = append(text, '\n')
			a.body = text
		}
	}
}

// numbers sets the numbers of a quota; a missing used stays missing.
func numbers(n int32) func(any) {
	return func(v any) {
		q, _ := v.(map[string]any)
		for name, old := range q {
			if _, number := old.(json.Number); number {
				q[name] = n
			}
		}
	}
}

func compress(r *http.Request, a *outgoing) {
	if !acceptsGzip(r.Header) || len(a.body) == 0 {
		return
	}
	var b bytes.Buffer // writing to it cannot fail
	z := gzip.NewWriter(&b)
	_, _ = z.Write(a.body)
	_ = z.Close()
	a.header.Set("Content-Encoding", "gzip")
	a.header.Add("Vary", "Accept-Encoding")
	a.body = b.Bytes()
}

// gzipElement is the element of a list that names gzip, with its weight if it has one.
var gzipElement = regexp.MustCompile(`(?i)(?:^|,)\s*gzip\s*(;[^,]*)?(?:,|$)`)

// acceptsGzip reports whether Accept-Encoding names gzip, in any line of it, without a weight or with one above 0.
// An invalid weight counts as 0.
func acceptsGzip(h http.Header) bool {
	found := gzipElement.FindStringSubmatch(strings.Join(h.Values("Accept-Encoding"), ","))
	if found == nil || found[1] == "" {
		return found != nil
	}
	_, digits, _ := strings.Cut(found[1], "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	return err == nil && q > 0
}
