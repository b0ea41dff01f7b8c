package traffic

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// maxPlain is how large a body may become when it is unpacked.
const maxPlain = 16 << 20

// body returns a body decoded and without its secrets; nil: it has one that nobody can look into.
func (v *visit) body(header http.Header, packed []byte) []byte {
	if len(packed) == 0 {
		return packed
	}
	body, ok := unpackBody(header, packed)
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if !ok || strings.HasPrefix(mediaType, "multipart/") || isUTF16(body) {
		return nil
	}
	clean := v.text(string(body), 0)
	if !json.Valid([]byte(clean)) {
		clean = v.labels(clean)
	}
	return []byte(clean)
}

// unpackBody undoes the Content-Encoding.
func unpackBody(header http.Header, packed []byte) ([]byte, bool) {
	var r io.Reader = bytes.NewReader(packed)
	var err error
	switch strings.ToLower(strings.Join(header.Values("Content-Encoding"), ",")) {
	case "", "identity":
		return packed, true
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(r)
	case "deflate":
		if r, err = zlib.NewReader(r); err != nil {
			r, err = flate.NewReader(bytes.NewReader(packed)), nil
		}
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	body, err := io.ReadAll(io.LimitReader(r, maxPlain+1))
	return body, err == nil && len(body) <= maxPlain
}

// isUTF16 says whether a text is in an encoding in which secrets would not be found.
func isUTF16(body []byte) bool {
	return bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) || bytes.IndexByte(body[:min(4, len(body))], 0) >= 0
}

// maxNested is how often JSON is looked for in a string of JSON.
const maxNested = 4

// text hides in any text the secrets that are known, and what its members or parameters call secret.
func (v *visit) text(text string, nested int) string {
	switch isJSON := looksLikeJSON(text) && nested < maxNested; {
	case isJSON && json.Valid([]byte(text)):
		return v.json(text, nested+1)
	case isJSON:
		// A secret may itself have what looks like JSON: first the secrets, then the members.
		return v.parameters(v.json(hide(text, v.secrets), nested+1))
	}
	return v.parameters(hide(text, v.secrets))
}

// ends are the characters that end a parameter or begin one.
const ends = "?&;#,<>\"' \t\r\n"

// parameters hides the values of parameters such as token=abc, wherever in a text they stand.
func (v *visit) parameters(text string) string {
	if !strings.Contains(text, "=") {
		return text
	}
	var out strings.Builder
	for text != "" {
		end := strings.IndexAny(text, ends)
		if end < 0 {
			end = len(text)
		}
		piece, rest := text[:end], text[end:]
		if name, value, ok := strings.Cut(piece, "="); ok && value != "" {
			piece = name + "=" + v.parameter(unescapeQuery(name), value)
		}
		out.WriteString(piece)
		if rest != "" {
			out.WriteByte(rest[0])
			rest = rest[1:]
		}
		text = rest
	}
	return out.String()
}

func (v *visit) parameter(name, value string) string {
	plain := unescapeQuery(value)
	if v.isSecret(name) {
		v.learn(value, minPart)
		v.learn(plain, minPart)
		return Redacted
	}
	if plain != value { // perhaps a URL in a URL
		if clean := v.parameters(plain); clean != plain {
			return url.QueryEscape(clean)
		}
	}
	return value
}

func unescapeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// label is a name of a secret with its value in a text that is no JSON: password: x, <token>x</token>.
var label = regexp.MustCompile(`(?i)([\w.-]*(?:` + strings.Join(secretWords, "|") + `|api[-_]key|access[-_]key|private[-_]key)[\w.-]*["']?\s*[:=>]\s*["']?)([^\s"'<>&;,(){}\[\]]+)`)

func (v *visit) labels(text string) string {
	return label.ReplaceAllStringFunc(text, func(found string) string {
		parts := label.FindStringSubmatch(found)
		v.learn(parts[2], minPart)
		return parts[1] + Redacted
	})
}
