package redact

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxPlain is how many bytes a body may become when it is unpacked.
const maxPlain = 16 << 20

// body returns a body decoded and without its secrets; nil: it has one that cannot be searched.
func (p *pass) body(header http.Header, packed []byte) []byte {
	if len(packed) == 0 {
		return packed
	}
	body, ok := Unpack(header, packed)
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if !ok || strings.HasPrefix(mediaType, "multipart/") || isUTF16(body) {
		return nil
	}
	clean := p.text(string(body), 0)
	if !json.Valid([]byte(clean)) {
		clean = p.labels(clean)
	}
	return []byte(clean)
}

// Unpack undoes the Content-Encoding of a body. It is not ok if that is unknown, the body is not in it, or more than 16
// MiB come out.
func Unpack(header http.Header, packed []byte) (plain []byte, ok bool) {
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
