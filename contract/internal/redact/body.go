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

// body returns a body decoded and without secrets, or nil if it cannot be searched. A scan that learns returns nil too.
func (s *scan) body(header http.Header, packed []byte) []byte {
	if len(packed) == 0 {
		return packed
	}
	body, err := coding.Decode(header.Values("Content-Encoding"), packed, maxPlain)
	if err != nil || isMultipart(header.Get("Content-Type")) || isUTF16(body) {
		return nil
	}
	clean, isJSON := s.textOrJSON(string(body), 0)
	if !isJSON {
		clean = s.labels(clean)
	}
	if s.learning { // nobody reads it
		return nil
	}
	return []byte(clean)
}

// isMultipart reports whether a body has several parts.
func isMultipart(contentType string) bool {
	const prefix = "multipart/"
	if contentType = strings.TrimSpace(contentType); !strings.EqualFold(contentType[:min(len(contentType), len(prefix))], prefix) {
		return false
	}
	mediaType, _, _ := mime.ParseMediaType(contentType) // which is empty if it is malformed
	return strings.HasPrefix(mediaType, prefix)
}

// isUTF16 reports whether a text is in an encoding in which secrets would not be found.
func isUTF16(body []byte) bool {
	hasMark := bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff"))
	return hasMark || bytes.IndexByte(body[:min(4, len(body))], 0) >= 0
}
