package traffic

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The versions of Pact write the same message in different ways:
//
//	2   "query": "tag=a&tag=b",        "headers": {"Accept": "a/b"},    "body": {"id": 1}
//	3   "query": {"tag": ["a", "b"]},  "headers": {"Accept": "a/b"},    "body": {"id": 1}
//	4   "query": {"tag": ["a", "b"]},  "headers": {"Accept": ["a/b"]},  "body": {"content": {"id": 1}, "contentType": "a/b"}
//
// The reader takes each form in any version, except for bodies, where an object with a content may be a body of its own.

type pactRequest struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Query  json.RawMessage `json:"query"`
	pactMessage
}

type pactResponse struct {
	Status *int `json:"status"`
	pactMessage
}

type pactMessage struct {
	Headers map[string]json.RawMessage `json:"headers"`
	Body    json.RawMessage            `json:"body"`
}

// pactBody is a body of version 4.
type pactBody struct {
	Content     json.RawMessage `json:"content"`
	ContentType string          `json:"contentType"`
	Encoded     json.RawMessage `json:"encoded"` // false, or the coding of a content that is a text
}

// target returns the path and the query as a client would send them.
func (r *pactRequest) target() (string, error) {
	path := escapeUnprintable(r.Path)
	var query string
	switch {
	case len(r.Query) == 0 || isNull(string(r.Query)):
	case isString(string(r.Query)):
		query = escapeUnprintable(strings.TrimPrefix(stringOf(string(r.Query)), "?"))
	default:
		var lists map[string]json.RawMessage
		if json.Unmarshal(r.Query, &lists) != nil {
			return "", errors.New("request.query: want a text or an object")
		}
		parts := []string{}
		for _, name := range slices.Sorted(maps.Keys(lists)) {
			values, err := textsOf(lists[name])
			if err != nil {
				return "", fmt.Errorf("request.query: %q: %w", name, err)
			}
			for _, value := range values {
				parts = append(parts, escapeQuery(name)+"="+escapeQuery(value))
			}
		}
		query = strings.Join(parts, "&")
	}
	if query == "" {
		return path, nil
	}
	return path + "?" + query, nil
}

// escapeQuery encodes a name or a value. A comma stays, since it may separate the values of a list.
func escapeQuery(s string) string {
	return strings.NewReplacer("+", "%20", "%2C", ",").Replace(url.QueryEscape(s))
}

// escapeUnprintable encodes what no client can send, such as spaces: files with paths in plain text have them.
func escapeUnprintable(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || c == '#' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// textsOf returns the texts of a text or a list of texts. Numbers and booleans count as texts, and null as an empty one.
func textsOf(raw json.RawMessage) ([]string, error) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	texts := []string{}
	for _, element := range list {
		switch element[0] {
		case '{', '[':
			return nil, errors.New("want a text or a list of texts")
		case '"':
			texts = append(texts, stringOf(string(element)))
		case 'n':
			texts = append(texts, "")
		default:
			texts = append(texts, string(element))
		}
	}
	return texts, nil
}

// read returns the headers and the body. The error begins with the name of the member.
func (m *pactMessage) read(isVersion4 bool) (http.Header, []byte, error) {
	header := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		values, err := textsOf(m.Headers[name])
		if err != nil {
			return nil, nil, fmt.Errorf("headers: %q: %w", name, err)
		}
		for _, value := range values {
			header.Add(name, strings.TrimSpace(value))
		}
	}
	content, encoded := m.Body, ""
	if isVersion4 && len(m.Body) > 0 && !isNull(string(m.Body)) {
		var body pactBody
		if err := json.Unmarshal(m.Body, &body); err != nil {
			return nil, nil, fmt.Errorf("body: %w", pactError(m.Body, err))
		}
		content, encoded = body.Content, stringOf(string(body.Encoded))
		if header.Get("Content-Type") == "" && body.ContentType != "" {
			header.Set("Content-Type", body.ContentType)
		}
	}
	data, err := bodyOfPact(content, encoded, header.Get("Content-Type"))
	if err != nil {
		return nil, nil, fmt.Errorf("body: %w", err)
	}
	return header, data, nil
}

// bodyOfPact returns the bytes of a body. A text is the body itself. Under a JSON type it may be JSON, which was written as a
// text, or the value of a JSON string.
func bodyOfPact(content json.RawMessage, encoded, mediaType string) ([]byte, error) {
	switch {
	case len(content) == 0 || isNull(string(content)):
		return nil, nil
	case !isString(string(content)):
		return content, nil
	}
	text := []byte(stringOf(string(content)))
	isJSON := strings.Contains(strings.ToLower(mediaType), "json")
	switch {
	case strings.EqualFold(encoded, "base64"):
		data, err := base64.StdEncoding.DecodeString(string(text))
		if err != nil {
			return nil, errors.New("content is not base64")
		}
		return data, nil
	case isJSON && len(bytes.TrimSpace(text)) > 0 && !json.Valid(text):
		return content, nil
	}
	return text, nil
}
