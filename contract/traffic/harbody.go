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

// requestBody fills in the body of the request. One that was not recorded whole leaves the request unseen: the answer can
// still be judged.
func (h *harEntry) requestBody(ex *contract.Exchange) {
	post, header := h.request.post, ex.Request.Header
	length, announced := 0, false
	if text := header.Get("Content-Length"); text != "" {
		n, err := strconv.Atoi(text)
		length, announced = n, err == nil && header.Get("Content-Encoding") == ""
	}
	if post.text == nil && h.request.params == 0 {
		if length > 0 || h.request.bodySize > 0 {
			ex.Unrecorded |= contract.UnrecordedRequest
		}
		return
	}
	body, ok := bodyOf(header, post.text, post.encoding+h.request.coded)
	namesOnly := !isSet(post.text) && h.request.params > 0 // they are no body: how they were escaped is lost
	switch {
	case !ok, namesOnly, announced && length != len(body):
		ex.Unrecorded |= contract.UnrecordedRequest
	default:
		ex.Request.Body = body
		if mimeType := stringOf(post.mimeType); len(h.request.headers) == 0 && mimeType != "" {
			header.Set("Content-Type", mimeType)
		}
	}
}

// responseBody fills in the body of the response. One that was not recorded whole, or had a value replaced in it, is unseen:
// status and headers can still be judged.
func (h *harEntry) responseBody(ex *contract.Exchange) {
	r, content := &ex.Response, h.answer.content
	if len(h.answer.headers) == 0 {
		ex.Unrecorded |= contract.UnrecordedResponseHeaders
		if mimeType := stringOf(content.mimeType); mimeType != "" {
			r.Header.Set("Content-Type", mimeType)
		}
	}
	for name, values := range r.Header {
		if name != "Set-Cookie" && strings.Contains(strings.Join(values, "\n"), Redacted) {
			ex.Unrecorded |= contract.UnrecordedResponseHeaders
		}
	}
	if hasNoBody(ex.Request.Method, r.Status) {
		return // a text beside a 304 comes from the browser's cache
	}
	body, ok := bodyOf(r.Header, content.text, content.encoding)
	length := r.Header.Get("Content-Length")
	switch {
	case !ok, content.text == nil && length != "0", content.decodedSize() > float64(len(body)+len("\ufeff")) && isCut(body),
		len(body) == 0 && (content.decodedSize() != 0 || length != "" && length != "0"),
		bytes.Contains(body, []byte(`"`+Redacted+`"`)): // nobody knows by what schema the value was right
		ex.Unrecorded |= contract.UnrecordedResponseBody
	default:
		r.Body = body
	}
}

// isCut says whether a text that is shorter than its size can be a part of the body only. Recorders cut long bodies,
// and some give a wrong size: what is a JSON object or list as it stands was not cut.
func isCut(body []byte) bool {
	text := bytes.TrimSpace(body)
	return !bytes.HasPrefix(text, []byte("{")) && !bytes.HasPrefix(text, []byte("[")) || !json.Valid(text)
}

// decodedSize is how long the decoded body was. mitmproxy gives the size on the wire, and the difference beside it.
func (c harContent) decodedSize() float64 {
	return min(c.size, c.size+c.compression)
}

// bytesOf gives the bytes of a text as it is written; nil: there is none. A byte order mark was already lost: decoders eat it.
func bytesOf(value []byte, encoding string) ([]byte, bool) {
	switch {
	case value == nil:
		return nil, true
	case !isString(value):
		return nil, false // a recorder that decoded the body: its bytes are lost
	}
	inner := value[1 : len(value)-1]
	text := appendText(make([]byte, 0, len(inner)), inner)
	switch {
	case encoding == "":
		return text, true
	case !strings.EqualFold(encoding, "base64"):
		return nil, false
	}
	n, err := base64.StdEncoding.Decode(text, text)
	return text[:n], err == nil
}

// maxPlain is how many bytes a body may become when it is unpacked: as many as the judge reads.
const maxPlain = 16 << 20

// bodyOf gives the bytes of a text, undoes a Content-Encoding that the recorder left in place, and takes the header away:
// nothing is packed any more. Most recorders unpack bodies and leave the header, so a text stays as it is, and so do other
// bytes that are not in that coding.
func bodyOf(header http.Header, value []byte, encoding string) ([]byte, bool) {
	body, ok := bytesOf(value, encoding)
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

// zstdMagic is how a frame of zstd begins.
const zstdMagic = "\x28\xb5\x2f\xfd"
