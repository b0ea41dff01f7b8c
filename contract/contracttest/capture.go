package contracttest

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
)

// maxBody is how many bytes of a body are copied: as many as the judge takes.
const maxBody = 16 << 20

// capture is the copy of a body that somebody else reads or writes. The copy of a body beyond maxBody is dropped.
type capture struct {
	mu       sync.Mutex
	data     []byte
	size     int64 // of all that came, copied or not
	sawEnd   bool
	isClosed bool // take was called
}

// Write copies the next bytes of the body. It never fails.
func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.size += int64(len(p)); {
	case c.isClosed:
	case c.size > maxBody:
		c.data = nil
	default:
		c.data = append(c.data, p...)
	}
	return len(p), nil
}

// end says that the reader has seen the end of the body.
func (c *capture) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sawEnd = true
}

// take returns the body, and whether it is whole; nothing is copied after it. A reader need not have seen the end: a body is
// whole, too, if it has the announced length, or if it is one value in JSON, whatever white space would follow. The decoder of
// encoding/json stops after the value and never asks for the end:
//
//	json.NewDecoder(resp.Body).Decode(&pet)
//
// An announced length of 0 or less is none: http.Request and the responses of mocks have 0, too, if the length is unknown.
func (c *capture) take(announced int64, mediaType string) (body []byte, isWhole bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.isClosed = true
	if c.size > maxBody {
		return nil, false
	}
	hasLength := announced > 0 && c.size == announced
	isValue := isJSON(mediaType) && isObjectOrArray(c.data)
	return c.data, c.sawEnd || hasLength || isValue
}

// isJSON reports whether a media type is JSON. Of a text, [1] may be the beginning.
func isJSON(mediaType string) bool {
	mediaType, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
	mediaType = strings.TrimSpace(mediaType)
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// isObjectOrArray reports whether a text is a whole object or array. Of a number, one cannot know: 12 may be the start of 123.
func isObjectOrArray(data []byte) bool {
	for _, b := range data {
		switch b {
		case ' ', '\t', '\r', '\n':
		case '{', '[':
			return json.Valid(data)
		default:
			return false
		}
	}
	return false
}

// tee copies a body while it is read.
type tee struct {
	io.ReadCloser
	copy  *capture
	atEnd func() // called at the end, at an error and at Close; may be nil
}

func (b *tee) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		_, _ = b.copy.Write(p[:n])
	}
	if err == io.EOF {
		b.copy.end()
	}
	if err != nil && b.atEnd != nil {
		b.atEnd()
	}
	return n, err
}

func (b *tee) Close() error {
	err := b.ReadCloser.Close()
	if b.atEnd != nil {
		b.atEnd()
	}
	return err
}

// start returns the first bytes of the body, at most n.
func (c *capture) start(n int) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.data[:min(n, len(c.data))]
}
