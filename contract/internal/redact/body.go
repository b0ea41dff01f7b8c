package redact

import (
	"bytes"
	"mime"
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/coding"
)

// maxPlain is the maximum size of a decoded body in bytes.
const maxPlain = 16 << 20

// body returns a body decoded and without secrets, or nil if it cannot be searched.
func (s *scan) body(header http.Header, packed []byte) []byte {
	if len(packed) == 0 {
		return packed
	}
	body, err := coding.Decode(header.Values("Content-Encoding"), packed, maxPlain)
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || strings.HasPrefix(mediaType, "multipart/") || isUTF16(body) {
		return nil
	}
	clean, isJSON := s.textOrJSON(string(body), 0)
	if !isJSON {
		clean = s.labels(clean)
	}
	return []byte(clean)
}

// isUTF16 reports whether a text is in an encoding in which secrets would not be found.
func isUTF16(body []byte) bool {
	hasMark := bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff"))
	return hasMark || bytes.IndexByte(body[:min(4, len(body))], 0) >= 0
}
