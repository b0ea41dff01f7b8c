package redact

import (
	"bytes"
	"mime"
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/coding"
)

// maxPlain is how many bytes a body may become when it is unpacked.
const maxPlain = 16 << 20

// body returns a body decoded and without its secrets; nil: it has one that cannot be searched.
func (p *pass) body(header http.Header, packed []byte) []byte {
	if len(packed) == 0 {
		return packed
	}
	body, err := coding.Decode(header.Values("Content-Encoding"), packed, maxPlain)
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || strings.HasPrefix(mediaType, "multipart/") || isUTF16(body) {
		return nil
	}
	clean, isJSON := p.textOrJSON(string(body), 0)
	if !isJSON {
		clean = p.labels(clean)
	}
	return []byte(clean)
}

// isUTF16 says whether a text is in an encoding in which secrets would not be found.
func isUTF16(body []byte) bool {
	return bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) || bytes.IndexByte(body[:min(4, len(body))], 0) >= 0
}
