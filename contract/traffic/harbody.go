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
	post, header := h.Request.Post, ex.Request.Header
	length, err := strconv.Atoi(header.Get("Content-Length"))
	announced := err == nil && header.Get("Content-Encoding") == ""
	if post == nil || post.Text == nil && len(post.Params) == 0 {
		if length > 0 || h.Request.BodySize > 0 {
			ex.Unseen |= contract.UnseenRequest
		}
		return
	}
	body, ok := bodyOf(header, post.Text, post.Encoding+post.Coded)
	namesOnly := !isSet(post.Text) && len(post.Params) > 0 // they are no body: how they were escaped is lost
	switch {
	case !ok, namesOnly, announced && length != len(body):
		ex.Unseen |= contract.UnseenRequest
	default:
		ex.Request.Body = body
		if len(h.Request.Headers) == 0 && post.MimeType != "" {
			header.Set("Content-Type", post.MimeType)
		}
	}
}

// responseBody fills in the body of the response. One that was not recorded whole, or had a value replaced in it, is unseen:
// status and headers can still be judged.
func (h *harEntry) responseBody(ex *contract.Exchange) {
	r, content := &ex.Response, h.Answer.Content
	if len(h.Answer.Headers) == 0 {
		ex.Unseen |= contract.UnseenResponseHeaders
		if content.MimeType != "" {
			r.Header.Set("Content-Type", content.MimeType)
		}
	}
	for name, values := range r.Header {
		if name != "Set-Cookie" && strings.Contains(strings.Join(values, "\n"), Redacted) {
			ex.Unseen |= contract.UnseenResponseHeaders
		}
	}
	if hasNoBody(ex.Request.Method, r.Status) {
		return // a text beside a 304 comes from the browser's cache
	}
	body, ok := bodyOf(r.Header, content.Text, content.Encoding)
	length := r.Header.Get("Content-Length")
	switch {
	case !ok, content.Text == nil && length != "0", content.size() > float64(len(body)+len("\ufeff")) && isCut(body),
		len(body) == 0 && (content.size() != 0 || length != "" && length != "0"),
		bytes.Contains(body, []byte(`"`+Redacted+`"`)): // nobody knows by what schema the value was right
		ex.Unseen |= contract.UnseenResponseBody
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

// size is how long the decoded body was. mitmproxy gives the size on the wire, and the difference beside it.
func (c harContent) size() float64 {
	return float64(min(c.Size, c.Size+c.Compression))
}

// bytesOf gives the bytes of a text. A byte order mark was already lost: decoders eat it.
func bytesOf(value any, encoding string) ([]byte, bool) {
	text, ok := value.(string)
	switch {
	case value == nil:
		return nil, true
	case !ok:
		return nil, false // a recorder that decoded the body: its bytes are lost
	case encoding == "":
		return []byte(text), true
	case !strings.EqualFold(encoding, "base64"):
		return nil, false
	}
	body, err := base64.StdEncoding.DecodeString(text)
	return body, err == nil
}

// maxPlain is how many bytes a body may become when it is unpacked: as many as the judge reads.
const maxPlain = 16 << 20

// bodyOf gives the bytes of a text, undoes a Content-Encoding that the recorder left in place, and takes the header away:
// nothing is packed any more. Most recorders unpack bodies and leave the header, so a text stays as it is, and so do other
// bytes that are not in that coding.
func bodyOf(header http.Header, value any, encoding string) ([]byte, bool) {
	body, ok := bytesOf(value, encoding)
	if ok && !utf8.Valid(body) {
		plain, err := coding.Undo(header.Values("Content-Encoding"), body, maxPlain)
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
