package traffic

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/coding"
)

// Recorders disagree about bodies. Some cut long ones, some decode them, some leave the Content-Encoding of what they unpacked.
// The rule here: a body that may not be whole is marked as unrecorded, so that the rest of its exchange is judged without it.

// requestBody sets the body of the request. If it was not recorded whole, it counts as unrecorded; the rest of the request
// can still be judged, such as the path of an upload whose body a browser leaves out.
func (h *harEntry) requestBody(ex *contract.Exchange) {
	post, header := h.request.post, ex.Request.Header
	length, announced := 0, false
	if text := header.Get("Content-Length"); text != "" {
		n, err := strconv.Atoi(text)
		length, announced = n, err == nil && header.Get("Content-Encoding") == ""
	}
	if post.text == "" && h.request.params == 0 {
		if length > 0 || h.request.bodySize > 0 {
			ex.Unrecorded |= contract.UnrecordedRequestBody
		}
		return
	}
	body, ok := h.bodyOf(header, post.text, post.encoding+h.request.ownEncoding)
	paramsOnly := !isSet(post.text) && h.request.params > 0 // not a body: their escaping is lost
	switch {
	case !ok, paramsOnly, announced && length != len(body):
		ex.Unrecorded |= contract.UnrecordedRequestBody
	default:
		ex.Request.Body = body
		if len(h.request.headers) == 0 && post.mimeType != "" {
			header.Set("Content-Type", post.mimeType)
		}
	}
}

// responseBody sets the body of the response. If it was not recorded whole, or a value in it was replaced, it counts as
// unrecorded; status and headers can still be judged.
func (h *harEntry) responseBody(ex *contract.Exchange) {
	r, content := &ex.Response, h.response.content
	if len(h.response.headers) == 0 {
		ex.Unrecorded |= contract.UnrecordedResponseHeaders
		if content.mimeType != "" {
			r.Header.Set("Content-Type", content.mimeType)
		}
	}
	for name, values := range r.Header {
		if name != "Set-Cookie" && strings.Contains(strings.Join(values, "\n"), Redacted) {
			ex.Unrecorded |= contract.UnrecordedResponseHeaders
		}
	}
	if hasNoBody(ex.Request.Method, r.Status) {
		return // the text of a 304 comes from the browser's cache
	}
	body, ok := h.bodyOf(r.Header, content.text, content.encoding)
	length := r.Header.Get("Content-Length")
	announced := content.decodedSize() != 0 || (length != "" && length != "0")
	tooShort := content.decodedSize() > float64(len(body)+len("\ufeff")) && isCut(body)
	redacted := bytes.Contains(body, []byte(`"`+Redacted+`"`)) // the schema would judge the replacement
	switch {
	case !ok, tooShort, redacted, content.text == "" && length != "0", len(body) == 0 && announced:
		ex.Unrecorded |= contract.UnrecordedResponseBody
	default:
		r.Body = body
	}
}

// isCut reports whether a text that is shorter than the recorded size may be only the beginning of the body. Recorders cut long
// bodies, and some record a wrong size: a text that is a complete JSON object or list was not cut.
func isCut(body []byte) bool {
	text := bytes.TrimSpace(body)
	return !bytes.HasPrefix(text, []byte("{")) && !bytes.HasPrefix(text, []byte("[")) || !json.Valid(text)
}

// decodedSize is the length of the decoded body in bytes. mitmproxy records the size on the wire, and the difference as
// compression.
func (c harContent) decodedSize() float64 {
	return min(c.size, c.size+c.compression)
}

// bytesOf returns the bytes of a JSON string, nil if there is none; false means that they are lost. The byte order mark of a
// body is missing from a HAR, because decoders remove it.
func (h *harEntry) bytesOf(value, encoding string) ([]byte, bool) {
	switch {
	case value == "":
		return nil, true
	case !isString(value):
		return nil, false // the recorder decoded the body
	}
	text := h.decode(value[1 : len(value)-1])
	switch {
	case encoding == "":
		return text, true
	case !strings.EqualFold(encoding, "base64"):
		return nil, false
	}
	n, err := base64.StdEncoding.Decode(text, text)
	return text[:n], err == nil
}

// The bodies of several entries share memory, except long ones.
const (
	longBody   = 8 << 10  // bytes of a body that has memory of its own
	manyBodies = 64 << 10 // bytes that others share
)

// decode decodes what stands between the quotes of a string.
func (h *harEntry) decode(inner string) []byte {
	if len(inner) > longBody {
		return appendText(nil, inner)
	}
	if cap(h.bodies)-len(h.bodies) < len(inner)+8 {
		h.bodies = make([]byte, 0, manyBodies)
	}
	begin := len(h.bodies)
	h.bodies = appendText(h.bodies, inner)
	return h.bodies[begin:len(h.bodies):len(h.bodies)]
}

// maxPlain is how many bytes an unpacked body may have: as many as the judge reads.
const maxPlain = 16 << 20

// bodyOf returns the bytes of a text, undoes a Content-Encoding that the recorder left in place, and removes the header. Most
// recorders unpack bodies but leave the header. So valid UTF-8 stays as it is, and so do bytes that are not in that coding;
// bytes that begin like gzip or zstd and cannot be unpacked are lost.
func (h *harEntry) bodyOf(header http.Header, value, encoding string) ([]byte, bool) {
	body, ok := h.bytesOf(value, encoding)
	if ok && !utf8.Valid(body) {
		plain, err := coding.Decode(header.Values("Content-Encoding"), body, maxPlain)
		switch {
		case err == nil:
			body = plain
		case errors.Is(err, coding.ErrTooLarge), bytes.HasPrefix(body, []byte(gzipMagic)), bytes.HasPrefix(body, []byte(zstdMagic)):
			ok = false
		}
	}
	header.Del("Content-Encoding")
	return body, ok
}

// zstdMagic begins a zstd frame.
const zstdMagic = "\x28\xb5\x2f\xfd"
