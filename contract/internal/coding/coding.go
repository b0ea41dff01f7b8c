// Package coding undoes the Content-Encoding of a body (RFC 9110, 8.4) within bounds: a body of some kilobytes that would
// unpack to gigabytes costs no memory and little time.
package coding

import (
	"errors"
	"slices"
	"strings"
)

// Errors of [Decode].
var (
	ErrUnknown  = errors.New("unknown content coding")
	ErrCorrupt  = errors.New("the body is not in its content coding")
	ErrTooLarge = errors.New("the body is too large when it is unpacked")
)

// maxCodings is how many codings a body may have. Honest bodies have one, and each further one multiplies the work.
const maxCodings = 4

// Decode returns a body without its codings: gzip (also as x-gzip), deflate (with the head of zlib or without, as many servers
// send it), br (RFC 7932), zstd (RFC 8878, with a window of at most 8 MB) and identity, which is none. encodings are the values
// of Content-Encoding, such as "gzip" or "deflate, gzip", in the order in which the codings were applied. A body without a
// coding is returned as it is.
//
// The error is [ErrUnknown], also for more than 4 codings; [ErrTooLarge] if more than limit bytes come out of a coding; or it
// wraps [ErrCorrupt].
func Decode(encodings []string, body []byte, limit int) ([]byte, error) {
	codings := codingsOf(encodings)
	if len(codings) > maxCodings {
		return nil, ErrUnknown
	}
	for _, coding := range slices.Backward(codings) {
		var err error
		if body, err = decodeOnce(coding, body, limit); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// codingsOf lists codings in lower case, without identity and the empty elements that a list may have (RFC 9110, 5.6.1).
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
