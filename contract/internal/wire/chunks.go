package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// chunkReader reads a chunked body (RFC 9112, 7.1) whose bytes may still be arriving. Its fields say what comes next, so
// that it can stop at any byte and continue with the next call.
//
//	5;extension   the size in hexadecimal digits
//	hello         the data, and a line end
//	0             the last chunk
//	Trailer: x    any number of trailers
//	              an empty line
type chunkReader struct {
	lineReader
	size   int    // of the chunk whose data comes next; 0 if a line comes next
	last   bool   // trailers come next
	ended  bool   // the body was read completely
	broken string // the error after which nothing can be read
}

// read continues until the end of the body or of the bytes, and passes the data of each complete chunk to add. The problem is
// what is missing or wrong; "" if the body ended well.
func (c *chunkReader) read(raw []byte, add func([]byte)) (problem string) {
	for c.broken == "" && !c.ended {
		switch {
		case c.size > 0:
			if len(raw)-c.at-len("\r\n") < c.size {
				return "a chunk is cut off"
			}
			end := c.at + c.size
			if string(raw[end:end+len("\r\n")]) != "\r\n" {
				c.broken = "a chunk is longer than its size"
				break
			}
			add(raw[c.at:end])
			c.at, c.size = end+len("\r\n"), 0
		case c.last:
			trailer, ok := c.next(raw, "\r\n")
			if !ok {
				return "no empty line after the last chunk"
			}
			c.ended = len(trailer) == 0
		default:
			line, ok := c.next(raw, "\r\n")
			if !ok {
				return "the chunks end without the last one"
			}
			if c.size, ok = chunkSize(string(line)); !ok {
				c.broken = "a chunk without a size"
			}
			c.last = ok && c.size == 0
		}
	}
	return c.broken
}

// chunkSize reads the line before a chunk. A size takes at most 31 bits.
func chunkSize(line string) (size int, ok bool) {
	digits, _, _ := strings.Cut(line, ";")
	n, err := strconv.ParseUint(strings.TrimRight(digits, " \t"), 16, 31)
	if err != nil {
		return 0, false
	}
	return int(n), true
}

// decodeChunks returns the data of all chunks, never nil, and the first problem; "" if there is none. If a chunk is cut
// off or longer than its size, the data up to that size is included.
func decodeChunks(raw []byte) (body []byte, problem string) {
	body = []byte{}
	c := chunkReader{}
	problem = c.read(raw, func(data []byte) { body = append(body, data...) })
	switch rest := raw[c.at:]; {
	case problem != "":
		body = append(body, rest[:min(len(rest), c.size)]...)
	case len(rest) > 0:
		problem = fmt.Sprintf("%d more bytes after the last chunk", len(rest))
	}
	return body, problem
}
