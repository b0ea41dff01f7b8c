// Package coding decodes the Content-Encoding of a body (RFC 9110, 8.4) within limits. A body of a few kilobytes that
// would unpack to gigabytes uses little memory and time.
//
// The codings are undone one after the other, the last applied first. Each decoder writes to one reused buffer and stops
// at the first byte above the limit. The package does not know what is in a body.
package coding

import (
	"errors"
	"slices"
	"strings"
)

// Errors of [Decode].
var (
	ErrUnknown  = errors.New("unknown content coding")
	ErrTooLarge = errors.New("the decoded body is too large")
)

var errCorrupt = errors.New("the body does not match its content coding")

// maxCodings is how many codings a body may have. Real bodies have one, and each further one multiplies the work.
const maxCodings = 4

// Decode returns a body without its codings. The encodings are the values of Content-Encoding, such as "gzip" or
// "deflate, gzip", in the order in which the codings were applied. A body without a coding is returned unchanged. The
// known codings are
//
//	gzip, x-gzip   RFC 1952
//	deflate        with a zlib header, or without one, as many servers send it
//	br             RFC 7932
//	zstd           RFC 8878, with a window of at most 8 MB
//	identity       no coding
//
// The error is [ErrUnknown], also for more than 4 codings; [ErrTooLarge] if a coding yields more than limit bytes; any other
// error means that the bytes do not match their coding.
func Decode(encodings []string, body []byte, limit int) ([]byte, error) {
	codings := codingsOf(encodings)
	if len(codings) > maxCodings {
		return nil, ErrUnknown
	}
	d := decoders.Get().(*decoder)
	defer decoders.Put(d)
	for _, coding := range slices.Backward(codings) {
		var err error
		if body, err = d.decode(coding, body, limit); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// codingsOf lists the codings in lower case. It omits identity, and the empty elements that a list may have (RFC 9110,
// 5.6.1).
func codingsOf(encodings []string) []string {
	var list []string
	for _, text := range encodings {
		for coding := range strings.SplitSeq(strings.ToLower(text), ",") {
			if coding = strings.Trim(coding, " \t"); coding != "" && coding != "identity" {
				list = append(list, coding)
			}
		}
	}
	return list
}
